"""``storysafe decide``: one manager's decision, about one story as it stands, for one purpose and one reason (P21)."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.registers import with_workspace, workspace_from
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Reason
from pipeline.errors import UsageError
from pipeline.ruling import Ruling, record_ruling


@click.command()
@click.argument("story_id", metavar="STORY_ID")
@click.option("--run", "out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The run's output folder.")
@click.option("--purpose", required=True, type=click.Choice([p.value for p in Purpose]), help="What the story was held for.")
@click.option("--reason", required=True, type=click.Choice([r.value for r in Reason]), help="What holds it (held.csv).")
@click.option("--release/--withhold", required=True, default=None, help="What was decided.")
@click.option("--worker", required=True, help="Who brought it.")
@click.option("--manager", required=True, help="The manager who decided with them: somebody else.")
@click.option("--why", required=True, help="The facts and the reason, in a sentence.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the decision (today).")
@with_workspace
def decide(
    story_id: str, out: Path, purpose: str, reason: str, release: bool, worker: str, manager: str, why: str,
    on: datetime | None, **given: Any,
) -> None:  # fmt: skip
    """Record what a worker and a manager decided about one held story.

    STORY_ID is as in held.csv.  The decision is bound to the text as it was in that run: when the note changes, it is
    decided anew.  Nothing is released or sent by this; run again afterwards.
    """
    run_id = run_of(out)
    with workspace_from(given).store() as store:
        record_ruling(store, run_id, story_id, Ruling(
            Purpose(purpose), Reason(reason), release, worker, manager, why, on.date() if on else date.today(),
        ))  # fmt: skip
    click.echo(f"Recorded for {story_id}, {purpose}, {reason}. Run again to carry it out.")


def run_of(out: Path) -> str:
    """The id of the run that wrote an output folder; raises ``UsageError`` when there is none."""
    try:
        manifest = json.loads((out / "internal" / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["run"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError("the folder of --run holds no finished run", "Name the --out folder of a storysafe run.") from None

