"""Serving the page on this computer, until it is stopped."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

import uvicorn

from pipeline.errors import OutputFailed
from pipeline.web.desk import Desk
from pipeline.web.doors import Doors, Keys
from pipeline.web.pages import application

_LOOPBACK = "127.0.0.1"


def serve(desk: Desk, announce: Callable[[str], None], idle: float = 900.0, port: int = 0) -> None:
    """Serve until interrupted; ``announce`` is told each address that opens the page, once, and after every lock.

    The port is a free one unless it is named.  Raises ``OutputFailed`` when nothing can listen there.
    """
    with contextlib.closing(_listening(port)) as listening:
        origin = f"http://{_LOOPBACK}:{listening.getsockname()[1]}"
        keys = Keys(idle=idle)

        def invite() -> None:
            if not keys.waiting:
                announce(f"{origin}/open?token={keys.token()}")

        doors = Doors(application(desk, keys), keys, origin, invite)
        # No log of any kind: addresses hold ids alone, but an error's words may be a person's.
        config = uvicorn.Config(
            doors, log_config=None, access_log=False, log_level="critical", server_header=False, lifespan="off", ws="none",
        )  # fmt: skip
        invite()
        uvicorn.Server(config).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((_LOOPBACK, port))
    except OSError:
        listening.close()
        raise OutputFailed("the page cannot listen on this computer at that port", "Leave --port out for a free one.") from None
    return listening
