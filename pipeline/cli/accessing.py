"""``storysafe access``: everything that is held about one person, for that person."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.access import Answered, answer
from pipeline.access.decided import Decided, record
from pipeline.cli.registers import settings_from, with_registers, with_workspace, workspace_from
from pipeline.cli.running import check_inputs
from pipeline.cli.staffing import opened, past_day
from pipeline.duties.access import latest_on
from pipeline.duties.staff import manager_named
from pipeline.errors import UsageError
from pipeline.records.outbox import Outbox
from pipeline.records.store import access_requests_of, access_sent
from pipeline.sources import list_sources

_DAY = click.DateTime(["%Y-%m-%d"])
_INCOMPLETE = 3


class _Access(click.Group):
    """``access CASE_REF INPUT...`` is short for ``access answer CASE_REF INPUT...``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["answer", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Access, subcommand_metavar="CASE_REF INPUT... --out DIR | decide | list | sent")
def access() -> None:
    """Answer a person who asks to see what you hold about them, with everybody else taken out of it.

    \b
    storysafe access CASE_REF INPUT... --out DIR --received 2026-11-02 --clients FILE --organisation FILE
    storysafe access decide CASE_REF DIGEST --give --worker NAME --manager NAME --why TEXT
    storysafe access list
    storysafe access sent AR-1
    """


@access.command("answer")
@click.argument("case_ref")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@click.option("--received", required=True, type=_DAY, help="The day the request came; the answer is due a month later.")
@click.option("--overwrite", is_flag=True, help="Replace what an earlier run left in the output folder.")
@with_registers
def prepare(case_ref: str, inputs: tuple[Path, ...], out: Path, received: datetime, overwrite: bool, **given: Any) -> None:
    """Write the letter and the pack for the client CASE_REF from every INPUT, the registers and the records.

    The answer is in OUT/released once nobody else stands in any byte of it.  What a manager has to decide first is
    listed in OUT/internal/for-a-manager.csv.
    """
    check_inputs(inputs, out)
    if given["clients"] is None:
        raise UsageError("a request is about a client of the client list", "Name the list with --clients.")
    if received.date() > date.today():
        raise UsageError("the day the request came lies in the future", "Write it as 2026-11-02.")
    settings = settings_from(given)
    outbox = Outbox.open(out, overwrite)
    try:
        sources = list_sources(inputs)
        with click.progressbar(length=len(sources), label="Files", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            made = answer(case_ref, sources, settings, received.date(), outbox, lambda done, total: bar.update(1))
    finally:
        outbox.close()
    _say(made, out)
    if not made.complete:
        sys.exit(_INCOMPLETE)


def _say(made: Answered, out: Path) -> None:
    request = made.request
    click.echo(f"Request {request.request_id}: due on {request.due.isoformat()}; {made.documents} documents.")
    if made.held:
        click.echo(f"The pack is held: leak-found ({made.held}); see {out / 'internal' / 'held.csv'}.", err=True)
    for path in made.first:
        click.echo(f"  {out / path}")
    if made.waiting:
        where = out / "internal" / "for-a-manager.csv"
        click.echo(f"{made.waiting} documents are not in it: a manager decides. They are listed in {where}.", err=True)
        click.echo("What was decided: storysafe access decide CASE_REF DIGEST --give, or --withhold; then run again.", err=True)
    if made.not_read:
        click.echo(f"{made.not_read} files could not be read; the pack lists them.", err=True)
    for title in made.unseen:
        click.echo(f"Nobody looked under {title!r}: give --permissions, and make the pack again.", err=True)
    later = latest_on(request.received).isoformat()
    click.echo(f"If you need longer, tell the person before it is due; then it is due on {later}.", err=True)
    click.echo(f"When the answer has gone: storysafe access sent {request.request_id}", err=True)


@access.command("list")
@click.option("--all", "every", is_flag=True, help="Also those that were answered.")
@click.option("--on", type=_DAY, help="The day to count from (today).")
@with_workspace
def list_requests(every: bool, on: datetime | None, **given: Any) -> None:
    """List the requests that wait for their answer, the one due first at the top; ends with 3 when one is overdue."""
    today = on.date() if on else date.today()
    with workspace_from(given).store() as store:
        requests = access_requests_of(store, unanswered=not every)
    late = False
    for request in requests:
        overdue = request.sent is None and request.due < today
        late = late or overdue
        state = f"sent {request.sent.isoformat()}" if request.sent else "OVERDUE" if overdue else "open"
        days = f"received {request.received.isoformat()}  due {request.due.isoformat()}"
        click.echo(f"{request.request_id}  {request.case_ref}  {days}  {state}")
    if not requests:
        click.echo("No request waits for its answer.", err=True)
    if late:
        sys.exit(_INCOMPLETE)


@access.command()
@click.argument("case_ref")
@click.argument("digest")
@click.option("--give/--withhold", required=True, default=None, help="May the person have it?")
@click.option("--worker", required=True, help="Who brought it.")
@click.option("--manager", required=True, help="The manager who decided with them: somebody else.")
@click.option("--why", required=True, help="The facts and the reason; of what is given, the person gets to read it.")
@click.option("--on", type=_DAY, help="The day of the decision (today).")
@with_workspace
def decide(
    case_ref: str, digest: str, give: bool, worker: str, manager: str, why: str, on: datetime | None, **given: Any
) -> None:  # fmt: skip
    """Record what a manager decided about a document that waits.

    DIGEST is that of its line in for-a-manager.csv: the decision is bound to those words, and of changed ones it says
    nothing.  Where it was not sure who is meant, --give says that it is the person who asks.  Make the pack again after it.
    """
    with opened(given) as (register, _):
        by = manager_named(register, manager, "Only a manager can let a document go to the person who asks.")
        record(register, Decided(case_ref, digest.strip().lower(), give, worker, by, why, past_day(on)))
    click.echo("Recorded. Make the pack again, with --overwrite.")


@access.command()
@click.argument("request_id")
@click.option("--on", type=_DAY, help="The day it went (today).")
@with_workspace
def sent(request_id: str, on: datetime | None, **given: Any) -> None:
    """Record that the answer to REQUEST_ID has gone to the person."""
    day = on.date() if on else date.today()
    if day > date.today():
        raise UsageError("the day the answer went lies in the future", "Record it once it has gone.")
    with workspace_from(given).store() as store:
        request = access_sent(store, request_id, day)
    if request is None:
        raise UsageError("there is no request of that number", "See storysafe access list --all.")
    click.echo(f"{request.request_id} was answered on {(request.sent or day).isoformat()}.")
