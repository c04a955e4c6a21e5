"""The group of commands, and the one place where an error becomes an exit code and words."""

from __future__ import annotations

import sys
from typing import Any

import click

from pipeline import __version__
from pipeline.cli.accessing import access
from pipeline.cli.auditing import audit
from pipeline.cli.breaching import breach
from pipeline.cli.deciding import decide
from pipeline.cli.detecting import detect
from pipeline.cli.disclosing import agreement, disclose
from pipeline.cli.evaluating import evaluate_command
from pipeline.cli.explaining import explain
from pipeline.cli.guarding import guard
from pipeline.cli.intruding import intrude
from pipeline.cli.layout import layout
from pipeline.cli.policies import policy
from pipeline.cli.recording import recalls, records, withdraw
from pipeline.cli.redacting import redact
from pipeline.cli.reviewing import review
from pipeline.cli.running import demo, run
from pipeline.cli.seeking import seek
from pipeline.cli.staffing import staff
from pipeline.cli.workspace import workspace
from pipeline.errors import StorysafeError

_INTERRUPTED = 1


class _Commands(click.Group):
    """Turns our errors into a message and an exit code: never a traceback, never a value from a document (P12)."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StorysafeError as error:
            click.echo(f"storysafe: {error.message.rstrip(chr(46))}.", err=True)
            if error.remedy:
                click.echo(f"  {error.remedy}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("storysafe: stopped. What was released before is whole and listed in internal/manifest.json.", err=True)
            click.echo("  To go on with a run, give the same command again.", err=True)
            ctx.exit(_INTERRUPTED)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:  # the text of an unforeseen error may hold a person's words
            click.echo(f"storysafe: failed unexpectedly ({type(error).__name__}); nothing unverified was released.", err=True)
            click.echo("  Please report this with the name of the error and what you ran.", err=True)
            if "--trace" in sys.argv:
                raise
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="storysafe")
@click.option("--trace", is_flag=True, hidden=True, help="Show tracebacks (they may hold personal values).")
@click.option("--as", "login", default="", help="Who is at work, on a computer that several people share (recorded).")
def main(trace: bool, login: str) -> None:
    """Case notes in; publicity, reporting and training documents out, with nobody recognised unless they agreed.

    \b
    Exit codes: 0 everything asked for was released
                3 finished, and something was held or skipped (it is listed)
                2 wrong usage        1 failed, with a message that says what to do
    """


main.add_command(run)
main.add_command(demo)
main.add_command(redact)
main.add_command(detect)
main.add_command(evaluate_command)
main.add_command(intrude)
main.add_command(layout)
main.add_command(records)
main.add_command(withdraw)
main.add_command(recalls)
main.add_command(audit)
main.add_command(seek)
main.add_command(policy)
main.add_command(decide)
main.add_command(review)
main.add_command(explain)
main.add_command(access)
main.add_command(staff)
main.add_command(workspace)
main.add_command(disclose)
main.add_command(agreement)
main.add_command(breach)
guard(main)
