"""``storysafe review``: the page to run from, to look at what came of it, change it, decide about it and release from it."""

from __future__ import annotations

import contextlib
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pipeline.cli.guarding import covered
from pipeline.cli.registers import settings_from, with_registers
from pipeline.domain.permission import Purpose
from pipeline.errors import UsageError
from pipeline.releasing import load_finished
from pipeline.sources import list_sources
from pipeline.world import Settings

_ACTIONS = ("decide", "run publicity", "run training", "seek prepare", "seek record", "records import")
_REGISTERS = ("organisation", "clients", "stories", "permissions", "decisions")
Announce = Callable[[str], None]


class _Review(click.Command):
    """Takes a single place for the workspace, before anybody asks whose role covers what there."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        places: tuple[Path, ...] = ctx.params.get("places") or ()
        if len(places) == 1:
            if (places[0] / "internal" / "manifest.json").is_file():
                raise click.UsageError("That is the folder of a run: name its inputs after it.", ctx)
            if ctx.get_parameter_source("workspace") is ParameterSource.COMMANDLINE:
                raise click.UsageError("Name the workspace once: either by itself or with --workspace.", ctx)
            ctx.params["workspace"] = places[0]
        return rest


@click.command(cls=_Review)
@click.argument("places", nargs=-1, metavar="[WORKSPACE | OUT INPUT...]", type=click.Path(path_type=Path))
@click.option("--browser/--no-browser", default=True, help="Open the browser, or only say the address.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="The port on this computer (a free one).")
@click.option("--idle", default=15, show_default=True, type=click.IntRange(1, 480), help="Minutes after which it locks.")
@with_registers
def review(places: tuple[Path, ...], browser: bool, port: int, idle: int, **given: Any) -> None:
    """Run and review in the browser, on this computer only.

    With a WORKSPACE, or nothing, a page to work in: put files and registers in, run, look at what was held and why, release,
    and take it away; everything is kept in the workspace.

    With OUT, the output folder of a finished run, and INPUT, what it was given: the review of that run.  Give the registers as
    they were given to the run.  What you decide is saved at once; what is released passes the checks of a run.
    """
    told: list[str] = []

    def announce(address: str) -> None:
        click.echo(f"Open once: {address}\n  Ctrl-C ends it.", err=True)
        if browser and not told:
            webbrowser.open(address)  # the first time alone: what was locked is not opened by itself
        told.append(address)

    if len(places) > 1:
        _review_run(places[0], places[1:], given, announce, idle * 60.0, port)
    else:
        _review_workspace(given, announce, idle * 60.0, port)
    click.echo("Closed. Everything you decided is saved.", err=True)


def _review_run(
    out: Path, inputs: tuple[Path, ...], given: dict[str, Any], announce: Announce, idle: float, port: int
) -> None:  # fmt: skip
    from pipeline.web.desk import Desk  # what serves a page is loaded for nobody else
    from pipeline.web.serving import serve

    for each in inputs:
        if not each.exists():
            raise UsageError("an input that was named does not exist", "Check the spelling of files and folders.")
    purposes = tuple(Purpose(word) for word in load_finished(out).head.get("purposes", ()))
    click.echo("Loading the models and the registers ...", err=True)
    desk = Desk.open(out, list_sources(inputs), settings_from(given, purposes), covered(_ACTIONS))
    with contextlib.suppress(KeyboardInterrupt):  # that is how it ends
        serve(desk, announce, idle, port)


def _review_workspace(given: dict[str, Any], announce: Announce, idle: float, port: int) -> None:
    from pipeline.web.serving import serve_site
    from pipeline.web.shelf import Shelf
    from pipeline.web.site import ACTIONS

    base = settings_from(given)
    named = {name: given[name].resolve() for name in _REGISTERS if given[name] is not None}
    for name, path in named.items():
        if not path.is_file():
            raise UsageError(f"the file of --{name} is not there", "Check its spelling.")
    assert base.workspace is not None
    shelf = Shelf.open(base.workspace.root, named)
    if any(shelf.ordered()):
        click.echo("Loading the models and the registers ...", err=True)
    with contextlib.suppress(KeyboardInterrupt):
        serve_site(_bare(base), shelf, announce, covered(ACTIONS), _day(base, given), idle, port)


def _bare(base: Settings) -> Settings:
    return replace(base, organisation=None, clients=None, stories=None, permissions=None, decisions=None)


def _day(base: Settings, given: dict[str, Any]) -> Callable[[], date]:
    """The day that the page goes by: that of --on, or whichever it is by then."""
    return (lambda: base.on) if given["on"] else date.today
