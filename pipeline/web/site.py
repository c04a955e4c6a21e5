"""The whole page of a workspace: the run and the registers, and behind them the work list of the last run that finished."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.domain.permission import Purpose
from pipeline.errors import ReviewRefused, StorysafeError, UsageError
from pipeline.releasing import load_finished
from pipeline.sources import SourceFile
from pipeline.web import acting
from pipeline.web.desk import Desk
from pipeline.web.doors import Keys, Session
from pipeline.web.notices import FOREIGN, MISSING, notice
from pipeline.web.pages import application, environment
from pipeline.web.registers import kept_on_page
from pipeline.web.running import Runner, finished
from pipeline.web.shelf import Ordered, Shelf
from pipeline.world import Settings

PLACES = (("/run", "Run"), ("/", "Work list"), ("/lists", "Lists"), ("/registers", "Registers"))
ACTIONS = ("decide", "run publicity", "run reporting", "run training", "seek prepare", "seek record", "records import")
"""The commands that the page does the work of; whose role covers none of the runs cannot run."""
_MOST_FIELDS = 200

Act = Callable[[Request, dict[str, str]], str]
Page = Callable[[Request], Response]


@dataclass(slots=True)
class Site:
    """One workspace's page: ``base`` are the settings that no page changes, ``allowed`` what whoever opened it may do."""

    base: Settings
    shelf: Shelf
    keys: Keys
    allowed: frozenset[str] = frozenset(ACTIONS)
    today: Callable[[], date] = date.today
    templates: Environment = field(default_factory=lambda: environment(PLACES))
    lock: threading.RLock = field(default_factory=threading.RLock)
    runner: Runner = field(init=False)
    desk: Desk | None = None
    _review: ASGIApp | None = None

    def __post_init__(self) -> None:
        if self.base.workspace is None:
            raise UsageError("the page needs a workspace", "Name one.")
        self.runner = Runner(self.shelf, self.open_run)

    def open_last(self) -> None:
        """Make the results of the last finished run ready, if there is one."""
        for run in reversed(self.shelf.ordered()):
            if finished(self.shelf.out(run.number)):
                self.open_run(run)
                return

    def open_run(self, run: Ordered) -> None:
        """Make the results of a run ready; raises ``StorysafeError``."""
        out = self.shelf.out(run.number)
        settings = self.shelf.settings(self.base, Ordered(run.number, self.today(), run.purposes, run.channel, run.recipient))
        workspace, allowed = self.base.workspace, self.allowed
        if workspace and "decide" not in allowed and not kept_on_page(self.shelf, "decisions", workspace):
            allowed = frozenset(action for action in allowed if not action.startswith("run"))  # a manager looks first
        desk = Desk.open(out, self._sources(out), settings, allowed)
        self.desk, self._review = desk, application(desk, self.keys, self.templates)

    def purposes(self) -> tuple[Purpose, ...]:
        """The purposes that whoever opened the page may run for."""
        return tuple(purpose for purpose in Purpose if f"run {purpose.value}" in self.allowed)

    def may_mend(self, name: str) -> bool:
        """True when the role covers changing a register; decisions are a manager's."""
        return "decide" in self.allowed if name == "decisions" else bool(self.purposes() or "records import" in self.allowed)

    def render(self, request: Request, template: str, status: int = 200, **shown: object) -> Response:
        """A page, with what the last form had to say."""
        session: Session = request.scope["session"]
        note, wrong = session.heard()
        given: dict[str, Any] = {"here": request.url.path} | shown
        words = self.templates.get_template(template).render(
            session=session, note=note, wrong=wrong, idle=int(self.keys.idle), Purpose=Purpose, **given
        )
        return HTMLResponse(words, status)

    async def review(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The review of the last run; before the first there is the run page alone."""
        if self._review is not None:
            await self._review(scope, receive, send)
            return
        await (await self._without_review(Request(scope, receive)))(scope, receive, send)

    async def _without_review(self, request: Request) -> Response:
        form = acting.OWN_FORMS.get(request.url.path.removeprefix("/"))
        if request.method == "POST" and form is not None and form is not acting.find:
            fields = await fields_of(request)
            if fields is None:
                return notice(403, FOREIGN)
            session: Session = request.scope["session"]
            # The forms of every page are about the session alone; there is no desk yet.
            asked = acting.Asked(cast(Desk, None), self.keys, session, request.scope["session_id"], fields)
            return RedirectResponse(said(session, lambda: form(asked), "/run"), 303)
        if request.url.path in ("/", "/lists"):
            return RedirectResponse("/run", 303)
        return notice(404, MISSING)

    def _sources(self, out: Path) -> list[SourceFile]:
        """The files of a run that are still there, each in the place that it had in the run."""
        here = {source.name: source.path for source in self.shelf.files()}
        found: dict[int, SourceFile] = {}
        for line in load_finished(out).lines:
            place = int(line["story"].split("-")[1])
            if line["source"] in here:
                found[place] = SourceFile(here[line["source"]], line["source"], place)
        return list(found.values())


def shown(page: Page, site: Site) -> Callable[[Request], Awaitable[Response]]:
    """A page as an endpoint, whose errors are told in words."""

    async def endpoint(request: Request) -> Response:
        try:
            return await run_in_threadpool(page, request)
        except StorysafeError as error:
            return site.render(request, "problem.html", 409, error=error)

    return endpoint


def sent(act: Act, back: str) -> Callable[[Request], Awaitable[Response]]:
    """A form as an endpoint: checked, done, and then the page that says what came of it."""

    async def endpoint(request: Request) -> Response:
        fields = await fields_of(request)
        if fields is None:
            return notice(403, FOREIGN)
        place = back.format(**request.path_params)
        return RedirectResponse(await run_in_threadpool(said, request.scope["session"], lambda: act(request, fields), place), 303)

    return endpoint


def said(session: Session, act: Callable[[], str], back: str) -> str:
    """Do what a form asks; the address to go to, with the error to be told there when it failed."""
    try:
        return act()
    except StorysafeError as error:
        session.say(f"{error.message[:1].upper()}{error.message[1:].rstrip('.')}. {error.remedy}", wrong=True)
        return back


async def fields_of(request: Request) -> dict[str, str] | None:
    """The fields of a form; ``None`` when it does not carry the mark of the session."""
    try:
        found = parse_qs((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    fields = {name: values[-1].replace("\r\n", "\n") for name, values in found.items()}
    session: Session = request.scope["session"]
    same = hmac.compare_digest(fields.get("csrf", "").encode(), session.csrf.encode())
    return fields if same else None


def refuse_unless(covered: bool, doing: str) -> None:
    """Raise ``ReviewRefused`` when the role does not cover what is asked for."""
    if not covered:
        raise ReviewRefused(f"your role does not cover {doing}", "Ask somebody whose role does.")
