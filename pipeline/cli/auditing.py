"""``storysafe audit verify``: is the audit trail as it was written?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.records.checking import check_run, check_trail

_FAILED = 1
_WORDS = {
    "missing": "the trail is not there",
    "unreadable": "is not an event",
    "torn": "is only half there",
    "altered": "was changed",
    "out-of-order": "does not follow the one before: an event was moved, removed or put in",
    "truncated": "is missing, and all that came after it",
    "unanchored": "comes after the end that was recorded: a run was stopped here, or somebody added it",
    "head-unreadable": "the head file beside the trail cannot be understood",
    "head-missing": "the head file beside the trail is missing",
    "head-other": "the head file beside the trail says another end than the manifest",
    "manifest-missing": "internal/manifest.json, which says where the trail ends, is missing",
    "manifest-unreadable": "internal/manifest.json does not say where the trail ends",
}


@click.group()
def audit() -> None:
    """The audit trail of a run."""


@audit.command()
@click.argument("trail", metavar="FILE|OUT", type=click.Path(path_type=Path, exists=True))
def verify(trail: Path) -> None:
    """Check that an audit trail is whole, in order and as it was written.

    OUT is the output folder of a run, whose manifest says where its trail ends; FILE is a trail by itself.  Exit code 0
    when it is whole, 1 when it is not: the first event that is not right is named.
    """
    checked = check_run(trail) if trail.is_dir() else check_trail(trail)
    if checked.bad is None:
        click.echo(f"The audit trail is whole: {checked.events} events.")
        if not checked.anchored:
            click.echo("Nothing beside it says where it ends, so events could be missing there. Name the output folder instead.")
        return
    place, words = checked.bad.line, _WORDS[checked.bad.problem]
    click.echo(
        f"The audit trail is not whole ({checked.bad.problem}): {f'event {place} (line {place}) {words}' if place else words}."
    )
    click.echo(
        f"{checked.events} events before that are as they were written. Keep the folder as it is for whoever looks into it."
    )
    if checked.bad.problem in ("torn", "unanchored", "manifest-missing"):
        click.echo("If a run was stopped, give its command again: it goes on where it was, and the trail is closed properly.")
    sys.exit(_FAILED)
