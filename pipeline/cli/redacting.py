"""``storysafe redact``: sanitised copies in the files' own formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli.registers import settings_from, with_registers
from pipeline.cli.running import check_inputs, conclude, work
from pipeline.domain.permission import Purpose
from pipeline.redaction import redact as make_copies


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@click.option("--purpose", type=click.Choice([p.value for p in Purpose]), help="What it is for: permission is judged.")
@click.option("--overwrite", is_flag=True, help="Replace what an earlier run left in the output folder.")
@with_registers
def redact(inputs: tuple[Path, ...], out: Path, purpose: str | None, overwrite: bool, **given: Any) -> None:
    """Write a sanitised copy of each file, its layout kept.

    Comments, tracked changes, hidden text and properties are left out.  Without --purpose everybody is anonymised.
    """
    check_inputs(inputs, out)
    chosen = Purpose(purpose) if purpose else None
    settings = settings_from(given, (chosen,) if chosen else tuple(Purpose))
    conclude(work(inputs, out, overwrite, lambda sources, box, tell: make_copies(sources, settings, chosen, box, tell)))
