"""The pages and the forms on them; each form is checked here, and says what came of it on the page after it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.domain.permission import Purpose
from pipeline.domain.release import Reason
from pipeline.domain.review import Act
from pipeline.errors import StorysafeError
from pipeline.releasing import RELEASABLE
from pipeline.risk.words import risk_words
from pipeline.run import Told, Untold
from pipeline.web import acting, listing, showing
from pipeline.web.desk import Desk
from pipeline.web.doors import Keys, Session

_STORY = re.compile(r"story-\d{4,}(?:-\d{2,})?")
_FIND = re.compile(r"[\d-]{1,12}")
_MOST_FIELDS = 20
_TYPES = {".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".txt": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages over one desk; ``keys`` are the doors' sessions, which a lock ends."""

    desk: Desk
    keys: Keys
    templates: Environment

    def work_list(self, request: Request) -> Response:
        """Every story by what became of it."""
        finished, asked = self.desk.finished(), request.query_params
        listed = listing.items(finished, self.desk.reviews.digests())
        chosen = listing.Filter(
            _among(asked.get("state", ""), listing.STATES), _among(asked.get("purpose", ""), tuple(Purpose)),
            _among(asked.get("reason", ""), tuple(Reason)), _digits(asked.get("find", "")),
        )  # fmt: skip
        shown = [item for item in listed if chosen.lets(item)]
        page = _number(asked.get("page", ""), 1)
        first = (page - 1) * listing.PER_PAGE
        fields = {"state": chosen.state, "purpose": chosen.purpose, "reason": chosen.reason, "find": chosen.find}
        further = {name: urlencode({**{k: v for k, v in fields.items() if v}, "page": number})
                   for name, number in (("before", page - 1), ("after", page + 1))}  # fmt: skip
        return self._page(
            request, "list.html", counts=listing.counts(finished, listed), items=shown[first : first + listing.PER_PAGE],
            total=len(shown), first=first, chosen=chosen, states=listing.STATES, further=further,
            more=len(shown) > first + listing.PER_PAGE, page=page,
        )  # fmt: skip

    def story(self, request: Request) -> Response:
        """One story for one purpose, beside what is proposed for it."""
        story_id, purpose = _named(request)
        opened = self.desk.look(story_id, purpose)
        chosen, outcome = opened.kept.review.chosen(purpose), opened.told.outcome
        done, found = showing.looked_at(opened, chosen)
        at = _number(request.query_params.get("at", ""), 0)
        ending = outcome.ending if isinstance(outcome, Untold) else None
        record = opened.line["purposes"].get(purpose.value, {})
        return self._page(
            request, "story.html", opened=opened, story_id=story_id, purpose=purpose, record=record, at=at, done=done,
            found=found, rows=showing.rows(opened, chosen), detail=showing.detail(opened, at, chosen, self.desk.world),
            position=showing.position(opened, self.desk.world), risk=risk_words(opened.told.risk), ending=ending,
            passages=outcome.telling.passages if isinstance(outcome, Told) else (), marks=opened.kept.review.marks,
            purposes=[p for p in Purpose if p.value in opened.line["purposes"]], categories=showing.LABELS,
            bound=_bound(record, story_id), liftable=self.desk.liftable(ending),
            releasable=self._releasable(opened, purpose), pending=_pending(opened, record),
        )  # fmt: skip

    def download(self, request: Request) -> Response:
        """A released file, the very bytes that were verified."""
        story_id, purpose = _named(request)
        name, data = self.desk.download(story_id, purpose, request.path_params["number"])
        kind = _TYPES.get(name[name.rindex(".") :], "application/octet-stream")
        return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    def problem(self, request: Request, error: StorysafeError) -> Response:
        """What went wrong and what to do, in words without a personal value."""
        return self._page(request, "problem.html", 409, error=error)

    def _releasable(self, opened: acting.Opened, purpose: Purpose) -> bool:
        return purpose in RELEASABLE and not opened.changed and f"run {purpose.value}" in self.desk.allowed

    def _page(self, request: Request, template: str, status: int = 200, **shown: object) -> Response:
        session: Session = request.scope["session"]
        note, wrong = session.heard()
        words = self.templates.get_template(template).render(
            session=session, note=note, wrong=wrong, idle=int(self.keys.idle), here=request.url.path, Purpose=Purpose, **shown
        )
        return HTMLResponse(words, status)


def application(desk: Desk, keys: Keys) -> Starlette:
    """The page as an ASGI application; :class:`pipeline.web.doors.Doors` has to stand before it."""
    loader = PackageLoader("pipeline.web", "templates")
    templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pages = Pages(desk, keys, templates)
    at = "/story/{story}/{purpose}"
    return Starlette(
        routes=[
            Route("/", _shown(pages.work_list, pages)),
            Route(at, _shown(pages.story, pages)),
            Route(at + "/download/{number:int}", _shown(pages.download, pages)),
            *(Route(f"{at}/{name}", _form(form, pages), methods=["POST"]) for name, form in acting.FORMS.items()),
            *(Route(f"/{name}", _form(form, pages), methods=["POST"]) for name, form in acting.OWN_FORMS.items()),
            Mount("/static", StaticFiles(packages=[("pipeline.web", "static")])),
        ],
        exception_handlers={Exception: _failed},
    )


def _failed(request: Request, error: Exception) -> Response:
    """The name of a failure and nothing else of it: its words may be a person's."""
    said = f"Something failed ({type(error).__name__}); nothing unverified was released. Go back and try again.\n"
    return PlainTextResponse(said, 500)


def _shown(page: Callable[[Request], Response], pages: Pages) -> Callable[[Request], object]:
    async def shown(request: Request) -> Response:
        try:
            return await run_in_threadpool(page, request)
        except KeyError:
            return PlainTextResponse("There is no such page.\n", 404)
        except StorysafeError as error:
            return pages.problem(request, error)

    return shown


def _form(form: acting.Form, pages: Pages) -> Callable[[Request], object]:
    async def sent(request: Request) -> Response:
        session: Session = request.scope["session"]
        fields = _fields(await request.body())
        if not hmac.compare_digest(fields.get("csrf", "").encode(), session.csrf.encode()):
            return PlainTextResponse("That form was not from this page.\n", 403)
        try:
            names = _named(request) if "story" in request.path_params else None
        except KeyError:
            return PlainTextResponse("There is no such page.\n", 404)
        asked = acting.Asked(pages.desk, pages.keys, session, request.scope["session_id"], fields, *(names or ()))
        try:
            back = await run_in_threadpool(form, asked)
        except StorysafeError as error:
            session.say(f"{error.message[:1].upper()}{error.message[1:].rstrip('.')}. {error.remedy}", wrong=True)
            back = acting.same_place(asked)
        return RedirectResponse(back, 303)

    return sent


def _fields(body: bytes) -> dict[str, str]:
    try:
        found = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[-1].replace("\r\n", "\n") for name, values in found.items()}


def _named(request: Request) -> tuple[str, Purpose]:
    """The story and the purpose of an address; ``KeyError`` for anything else."""
    story_id, purpose = request.path_params["story"], request.path_params["purpose"]
    if not _STORY.fullmatch(story_id) or purpose not in tuple(Purpose):
        raise KeyError
    return story_id, Purpose(purpose)


def _pending(opened: acting.Opened, record: dict[str, Any]) -> bool:
    """True when what was released was told from another review than the one that stands; accepting changes nothing."""
    told_from = record.get("reviewed", opened.line.get("reviewed", 0))
    differs = told_from or any(change.act is not Act.ACCEPT for change in opened.kept.review.changes)
    return record.get("status") == "released" and opened.kept.version != told_from and bool(differs)


def _bound(record: dict[str, Any], story_id: str) -> list[str]:
    """The files of a release that tell other stories too."""
    names = [each["path"].rpartition("/")[2] for each in record.get("outputs", ())]
    return [name for name in names if not name.startswith(story_id)]


def _among(word: str, known: tuple[str, ...]) -> str:
    return word if word in known else ""


def _number(word: str, least: int) -> int:
    return max(least, int(word)) if word.isascii() and word.isdigit() and len(word) < 7 else least


def _digits(word: str) -> str:
    return word if _FIND.fullmatch(word) else ""
