"""Serving the page on this computer, until it is stopped."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import uvicorn
from starlette.types import ASGIApp

from pipeline.errors import OutputFailed
from pipeline.web import asking, run_pages
from pipeline.web.desk import Desk
from pipeline.web.doors import Doors, Keys
from pipeline.web.pages import application
from pipeline.web.shelf import Shelf
from pipeline.web.site import Site
from pipeline.world import Settings

_LOOPBACK = "127.0.0.1"


def serve(desk: Desk, announce: Callable[[str], None], idle: float = 900.0, port: int = 0) -> None:
    """Serve the review of one run until interrupted, as :func:`serve_page` does."""
    serve_page(lambda keys: application(desk, keys), announce, idle, port, asking.ROOMY)


def serve_page(
    page: Callable[[Keys], ASGIApp], announce: Callable[[str], None], idle: float = 900.0, port: int = 0,
    roomy: Mapping[str, int] = MappingProxyType({}), quiet: frozenset[str] = frozenset(), keys: Keys | None = None,
) -> None:  # fmt: skip
    """Serve until interrupted; ``announce`` is told each address that opens the page, once, and after every lock.

    The port is a free one unless it is named; ``roomy`` and ``quiet`` are as :class:`Doors` has them.  Raises
    ``OutputFailed`` when nothing can listen there.
    """
    with contextlib.closing(_listening(port)) as listening:
        origin = f"http://{_LOOPBACK}:{listening.getsockname()[1]}"
        keys = keys or Keys(idle=idle)

        def invite() -> None:
            if not keys.waiting:
                announce(f"{origin}/open?token={keys.token()}")

        doors = Doors(page(keys), keys, origin, invite, roomy, quiet)
        # No log of any kind: addresses hold ids alone, but an error's words may be a person's.
        config = uvicorn.Config(
            doors, log_config=None, access_log=False, log_level="critical", server_header=False, lifespan="off", ws="none",
        )  # fmt: skip
        invite()
        uvicorn.Server(config).run(sockets=[listening])


def serve_site(
    base: Settings, shelf: Shelf, announce: Callable[[str], None], allowed: frozenset[str], today: Callable[[], date],
    idle: float = 900.0, port: int = 0,
) -> None:  # fmt: skip
    """Serve a workspace's whole page until interrupted; a run that is under way then can go on another time."""
    site = Site(base, shelf, Keys(idle=idle), allowed, today)
    site.open_last()
    try:
        serve_page(lambda keys: run_pages.application(site), announce, idle, port, run_pages.ROOMY, run_pages.QUIET, site.keys)
    finally:
        site.runner.stop()


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((_LOOPBACK, port))
        listening.listen()  # before anybody is told the address: a browser that is quicker than the server waits
    except OSError:
        listening.close()
        raise OutputFailed("the page cannot listen on this computer at that port", "Leave --port out for a free one.") from None
    return listening
