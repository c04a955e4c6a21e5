"""The doors of the page: who may come in, from where, with how much, and what is said to the browser each time.

The server listens on this computer alone; these doors keep out the other pages that the same browser has open
(rebinding, forged forms, framing), and whoever sits down at a screen that was left.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.notices import notice

LARGEST = 64 * 1024
"""The most bytes that a form may have: no form of ours has a tenth of it."""

_SAFE = frozenset({"GET", "HEAD"})
_OPEN = re.compile(r"/static/[a-z]{1,20}\.(?:css|js|svg)")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), display-capture=()",
    "Referrer-Policy": "same-origin",  # with none at all browsers hide the origin of our own forms too
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(slots=True)
class Session:
    """One browser that came in: who works at it, whether originals are shown, and what its forms have to carry.

    ``typed`` is what somebody had typed into a form that came too late, to be used once they have looked; never on a disk.
    """

    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    name: str = ""
    shown: bool = False
    shortcuts: bool = True
    seen: float = 0.0
    note: str = ""
    wrong: bool = False
    typed: dict[str, str] = field(default_factory=dict, repr=False)

    def say(self, note: str, wrong: bool = False) -> None:
        """Have the next page say something: kept here, so that no address holds it."""
        self.note, self.wrong = note, wrong

    def heard(self) -> tuple[str, bool]:
        """What the next page says, once."""
        note, wrong = self.note, self.wrong
        self.note, self.wrong = "", False
        return note, wrong


@dataclass(slots=True)
class Keys:
    """The one-time tokens and the sessions that they opened; ``idle`` is after how many seconds a session locks."""

    idle: float = 900.0
    clock: Callable[[], float] = time.monotonic
    _tokens: set[str] = field(default_factory=set)
    _sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def waiting(self) -> bool:
        """True while a token was given out and has not been used."""
        return bool(self._tokens)

    def token(self) -> str:
        """A new token, good for one opening; the ones before it are good no more."""
        token = secrets.token_urlsafe(32)
        self._tokens = {token}
        return token

    def exchange(self, token: str) -> str:
        """The id of the session that a token opens, empty when it opens none."""
        if not any(hmac.compare_digest(token.encode(), known.encode()) for known in self._tokens):
            return ""
        self._tokens.clear()
        session_id = secrets.token_urlsafe(32)
        self._sessions[session_id] = Session(seen=self.clock())
        return session_id

    def session(self, session_id: str, touched: bool = True) -> Session | None:
        """The session of that id; ``None`` when there is none or it was left alone for too long, which ``touched`` ends."""
        found = self._sessions.get(session_id)
        if found is None:
            return None
        if self.clock() - found.seen > self.idle:
            self.end(session_id)
            return None
        if touched:
            found.seen = self.clock()
        return found

    def end(self, session_id: str) -> None:
        """Lock a session: only a new token opens another."""
        self._sessions.pop(session_id, None)


class Doors:
    """An ASGI application in front of the page; ``origin`` is where the page is, "http://127.0.0.1:8123".

    ``roomy`` are the addresses that files may be sent to, each with the most bytes; those of ``quiet`` are asked for by the
    page itself while somebody waits, and keep nobody's session open.
    """

    def __init__(
        self, page: ASGIApp, keys: Keys, origin: str, locked: Callable[[], None] = lambda: None,
        roomy: Mapping[str, int] = MappingProxyType({}), quiet: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self._page, self._keys, self._origin, self._locked = page, keys, origin, locked
        self._roomy, self._quiet = roomy, quiet
        self._host = origin.partition("//")[2]
        self.cookie = f"storysafe-{self._host.rpartition(':')[2]}"  # cookies know no ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, open, or pass on one request; an error inside is never told to anybody in its own words."""
        if scope["type"] != "http":
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            answer = self._refused(scope) or self._opened(scope)
            if answer is None and scope["path"] in self._roomy:
                await self._page(scope, _counted(receive, self._roomy[scope["path"]]), guarded)
                return
            body = b"" if answer else await _body(receive)
            if answer is None and body is None:
                answer = _no(413, "That is larger than any form of this page.")
            if answer is None:
                await self._page(scope, _replay(body or b"", receive), guarded)
            else:
                await answer(scope, receive, guarded)
        except Exception:  # told already, by the name of its kind; its words may be a person's, and go into no log
            if not begun:
                await _no(500, "Something failed; nothing unverified was released.")(scope, receive, guarded)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self._host]:
            return _no(421, "This page is for this computer only.")
        origins, site = headers.getlist("origin"), headers.get("sec-fetch-site", "")
        if any(origin != self._origin for origin in origins) or site in ("cross-site", "same-site"):
            return _no(403, "Another page asked for this; it gets nothing.")
        if scope["method"] not in _SAFE and scope["method"] != "POST":
            return _no(405, "This page knows no such request.")
        if scope["method"] == "POST" and not origins and site != "same-origin":
            return _no(403, "A form has to come from this page.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._roomy.get(scope["path"], LARGEST):
            return _no(413, "That is larger than any form of this page.")
        return None

    def _opened(self, scope: Scope) -> Response | None:
        """The session put into the request, the answer to an opening, or the locked door."""
        path = scope["path"]
        if path == "/open" and scope["method"] == "GET":
            token = scope["query_string"].decode("latin-1").partition("token=")[2]
            session_id = self._keys.exchange(token)
            if session_id:
                answer = RedirectResponse("/", 303)
                answer.set_cookie(self.cookie, session_id, httponly=True, samesite="strict", path="/")
                return answer
        session_id = _cookie(Headers(scope=scope).get("cookie", ""), self.cookie)
        session = self._keys.session(session_id, path not in self._quiet) if session_id else None
        if session is None:
            if _OPEN.fullmatch(path):
                return None
            self._locked()
            return _no(403, "Open the newest address that storysafe printed where you started it; each opens once.", "Locked")
        scope["session"], scope["session_id"] = session, session_id
        return None


async def _body(receive: Receive) -> bytes | None:
    """The whole body of a request; ``None`` as soon as it is too large, whatever it said about its length."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return None
        if not message.get("more_body"):
            return body


def _counted(receive: Receive, most: int) -> Receive:
    """What is received as it comes; what is more than it may be is as if the browser had gone."""
    left = most

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return counted


def _replay(body: bytes, receive: Receive) -> Receive:
    """What the page receives: the body that was read already, and then whatever comes."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _cookie(header: str, name: str) -> str:
    try:
        cookies = SimpleCookie(header)
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def _no(status: int, words: str, title: str = "Refused") -> Response:
    return notice(status, words, title, back=False)
