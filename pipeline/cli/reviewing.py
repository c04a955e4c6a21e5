"""``storysafe review``: the page to look at a finished run, change it, decide about it and release from it."""

from __future__ import annotations

import contextlib
import webbrowser
from pathlib import Path
from typing import Any

import click

from pipeline.cli.guarding import covered
from pipeline.cli.registers import settings_from, with_registers
from pipeline.domain.permission import Purpose
from pipeline.errors import UsageError
from pipeline.releasing import load_finished
from pipeline.sources import list_sources

_ACTIONS = ("decide", "run publicity", "run training")


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, file_okay=False))
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path))
@click.option("--browser/--no-browser", default=True, help="Open the browser, or only say the address.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="The port on this computer (a free one).")
@click.option("--idle", default=15, show_default=True, type=click.IntRange(1, 480), help="Minutes after which it locks.")
@with_registers
def review(out: Path, inputs: tuple[Path, ...], browser: bool, port: int, idle: int, **given: Any) -> None:
    """Look at a finished run in the browser, on this computer only.

    OUT is the output folder of the run and INPUT what it was given, since a run keeps no originals.  Give the registers as
    they were given to the run.  What you decide is saved at once; what is released passes the checks of a run.
    """
    from pipeline.web.desk import Desk  # what serves a page is loaded for nobody else
    from pipeline.web.serving import serve

    for each in inputs:
        if not each.exists():
            raise UsageError("an input that was named does not exist", "Check the spelling of files and folders.")
    purposes = tuple(Purpose(word) for word in load_finished(out).head.get("purposes", ()))
    click.echo("Loading the models and the registers ...", err=True)
    desk = Desk.open(out, list_sources(inputs), settings_from(given, purposes), covered(_ACTIONS))

    told: list[str] = []

    def announce(address: str) -> None:
        click.echo(f"Open once: {address}\n  Ctrl-C ends it.", err=True)
        if browser and not told:
            webbrowser.open(address)  # the first time alone: what was locked is not opened by itself
        told.append(address)

    with contextlib.suppress(KeyboardInterrupt):  # that is how it ends
        serve(desk, announce, idle * 60.0, port)
    click.echo("Closed. Everything you decided is saved.", err=True)
