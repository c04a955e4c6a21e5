"""The short answers that stand outside the pages: locked, refused, not there; a page like any other to whoever reads it."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

FOREIGN = "That form was not from this page."
MISSING = "There is no such page."

_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · storysafe</title>
<link rel="icon" href="/static/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/page.css">
</head>
<body>
<main><h1>{title}</h1>
<p>{words}</p>{way}</main>
</body>
</html>
"""
_BACK = '\n<p><a class="button" href="/">Back to the work list</a></p>'


def notice(status: int, words: str, title: str = "That did not work", back: bool = True) -> Response:
    """One sentence as a page; ``words`` are ours and hold no personal value."""
    return HTMLResponse(_PAGE.format(title=escape(title), words=escape(words), way=_BACK if back else ""), status)


async def missing(request: Request, error: Exception) -> Response:
    """The answer to an address that leads nowhere, or takes no such request."""
    return notice(getattr(error, "status_code", 404), MISSING)
