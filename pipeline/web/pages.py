"""The pages and the forms on them; each form is checked here, and says what came of it on the page after it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.domain.finding import Role
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Reason
from pipeline.domain.review import Act
from pipeline.errors import ReviewOvertaken, StorysafeError
from pipeline.releasing import RELEASABLE
from pipeline.risk.words import risk_words
from pipeline.run import Told, Untold
from pipeline.web import acting, asking, listing, lists, showing
from pipeline.web.answering import answer
from pipeline.web.desk import Desk, Opened
from pipeline.web.doors import Keys, Session
from pipeline.web.notices import FOREIGN, MISSING, missing, notice
from pipeline.web.preview import preview

_STORY = re.compile(r"story-\d{4,}(?:-\d{2,})?")
_FIND = re.compile(r"[0-9-]{1,12}")
_MOST_FIELDS = 20
_HOLDS = (Reason.SAFEGUARDING, Reason.LEGAL_RESTRICTION, Reason.PERMISSION_REFUSED, Reason.SIGN_OFF)
_TYPES = {".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".txt": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages over one desk; ``keys`` are the doors' sessions, which a lock ends."""

    desk: Desk
    keys: Keys
    templates: Environment

    def work_list(self, request: Request) -> Response:
        """Every story by what became of it."""
        (listed, counts), asked = self.desk.listed(), request.query_params
        # Services and ages go by their place in the list: a cell of the client list may hold anything, and this is an address.
        places = {name: _digits(asked.get(name, "")) for name in ("service", "age")}
        chosen = listing.Filter(
            _among(asked.get("state", ""), listing.STATES), _among(asked.get("purpose", ""), tuple(Purpose)),
            _among(asked.get("reason", ""), tuple(Reason)), _digits(asked.get("find", "")),
            _at(counts.services, places["service"]), _at(counts.ages, places["age"]),
            _among(asked.get("me", ""), tuple(listing.ROLES)),
        )  # fmt: skip
        shown = [item for item in listed if chosen.lets(item)]
        page = _number(asked.get("page", ""), 1)
        first = (page - 1) * listing.PER_PAGE
        fields = {"state": chosen.state, "purpose": chosen.purpose, "reason": chosen.reason, "find": chosen.find,
                  "service": places["service"], "age": places["age"], "me": chosen.me}  # fmt: skip
        further = {name: urlencode({**{k: v for k, v in fields.items() if v}, "page": number})
                   for name, number in (("before", page - 1), ("after", page + 1))}  # fmt: skip
        return self.page(
            request, "list.html", counts=counts, items=shown[first : first + listing.PER_PAGE], roles=listing.ROLES,
            total=len(shown), first=first, chosen=chosen, states=listing.STATES, further=further,
            more=len(shown) > first + listing.PER_PAGE, page=page,
        )  # fmt: skip

    def story(self, request: Request) -> Response:
        """One story for one purpose, beside what is proposed for it."""
        story_id, purpose = _named(request)
        session: Session = request.scope["session"]
        late, session.typed = (session.typed if session.typed.get("page") == request.url.path else {}), {}
        typed = {name: late.get(name, "") for name in ("form", "act", "words", "category", "manager", "why")}
        opened = self.desk.look(story_id, purpose)
        outcome, record = opened.told.outcome, opened.line["purposes"].get(purpose.value, {})
        ending = outcome.ending if isinstance(outcome, Untold) else None
        return self.page(
            request, "story.html", opened=opened, story_id=story_id, purpose=purpose, record=record, typed=typed,
            position=showing.position(opened, self.desk.world), risk=risk_words(opened.told.risk), ending=ending,
            passages=outcome.telling.passages if isinstance(outcome, Told) else (), marks=opened.kept.review.marks,
            purposes=[p for p in Purpose if p.value in opened.line["purposes"]], categories=showing.LABELS,
            bound=_bound(record, story_id), liftable=self.desk.liftable(ending),
            releasable=self._releasable(opened, purpose), pending=_pending(opened, record),
            left=showing.left(opened), roles=tuple(Role), told=isinstance(outcome, Told),
            asking=asking.asking(self.desk, opened), methods=asking.METHODS, holds=_HOLDS,
            may_decide="decide" in self.desk.allowed, today=self.desk.world.settings.on.isoformat(),
            **self._compared(request, opened, purpose),
        )  # fmt: skip

    def _compared(self, request: Request, opened: Opened, purpose: Purpose) -> dict[str, Any]:
        """The lines of a story, all of them or those with a detail that nobody looked at, and the one detail that is chosen."""
        chosen = opened.kept.review.chosen(purpose)
        done, found = showing.looked_at(opened, chosen)
        waiting, rows = showing.open_places(opened, chosen), showing.rows(opened, chosen)
        only = request.query_params.get("only", "") == "open"
        at = _number(request.query_params.get("at", ""), waiting[0] if only and waiting else 0)
        places = waiting if only else range(found)
        return {
            "done": done, "found": found, "waiting": len(waiting), "only": only, "at": at,
            "rows": showing.only_open(rows, waiting) if only else rows,
            "detail": showing.detail(opened, at, chosen, self.desk.world),
            "before": max((n for n in places if n < at), default=-1), "after": min((n for n in places if n > at), default=-1),
        }  # fmt: skip

    def preview(self, request: Request) -> Response:
        """The finished document's text, as it would be released now."""
        story_id, purpose = _named(request)
        opened = self.desk.look(story_id, purpose)
        lines = preview(self.desk, opened, purpose)
        return self.page(request, "preview.html", story_id=story_id, purpose=purpose, lines=lines)

    def request_file(self, request: Request) -> Response:
        """A file of the request pack, for whoever asks the person."""
        story_id, _ = _named(request)
        name, data = asking.pack_file(self.desk, story_id, request.path_params["number"])
        kind = _TYPES.get(name[name.rindex(".") :], "application/octet-stream")
        return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    def download(self, request: Request) -> Response:
        """A released file, the very bytes that were verified."""
        story_id, purpose = _named(request)
        name, data = self.desk.download(story_id, purpose, request.path_params["number"])
        kind = _TYPES.get(name[name.rindex(".") :], "application/octet-stream")
        return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    def lists(self, request: Request) -> Response:
        """The organisation's own lists."""
        found = lists.lists_of(self.desk)
        return self.page(
            request, "lists.html", sections=lists.sections(self.desk, found), version=found.version, total=len(found.rows),
            lessons=lists.TITLES, categories=showing.LABELS, roles=tuple(Role), may=bool(self.desk.allowed),
        )  # fmt: skip

    def exported(self, request: Request) -> Response:
        """The lists as a plain table."""
        headers = {"Content-Disposition": 'attachment; filename="lists.csv"'}
        return Response(lists.exported(self.desk), media_type="text/csv; charset=utf-8", headers=headers)

    def problem(self, request: Request, error: StorysafeError) -> Response:
        """What went wrong and what to do, in words without a personal value."""
        return self.page(request, "problem.html", 409, error=error)

    def _releasable(self, opened: acting.Opened, purpose: Purpose) -> bool:
        return purpose in RELEASABLE and not opened.changed and f"run {purpose.value}" in self.desk.allowed

    def page(self, request: Request, template: str, status: int = 200, **shown: object) -> Response:
        session: Session = request.scope["session"]
        note, wrong = session.heard()
        words = self.templates.get_template(template).render(
            session=session, note=note, wrong=wrong, idle=int(self.keys.idle), here=request.url.path, Purpose=Purpose, **shown
        )
        return HTMLResponse(words, status)


def environment(places: Sequence[tuple[str, str]] = ()) -> Environment:
    """What the pages are written with; ``places`` are the address and the name of each further page, for the top of all."""
    loader = PackageLoader("pipeline.web", "templates")
    templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    templates.globals["places"] = tuple(places)
    return templates


def application(desk: Desk, keys: Keys, templates: Environment | None = None) -> Starlette:
    """The page as an ASGI application; :class:`pipeline.web.doors.Doors` has to stand before it."""
    pages = Pages(desk, keys, templates or environment((("/", "Work list"), ("/lists", "Lists"))))
    at = "/story/{story}/{purpose}"
    return Starlette(
        routes=[
            Route("/", _shown(pages.work_list, pages)),
            Route(at, _shown(pages.story, pages)),
            Route(at + "/preview", _shown(pages.preview, pages)),
            Route(at + "/request/{number:int}", _shown(pages.request_file, pages)),
            Route(asking.ANSWER, answer(desk), methods=["POST"]),
            Route("/lists", _shown(pages.lists, pages)),
            Route("/lists/lists.csv", _shown(pages.exported, pages)),
            Route(at + "/download/{number:int}", _shown(pages.download, pages)),
            *(Route(f"{at}/{name}", _form(form, pages), methods=["POST"]) for name, form in acting.FORMS.items()),
            *(Route(f"/{name}", _form(form, pages), methods=["POST"]) for name, form in acting.OWN_FORMS.items()),
            *(
                Route(f"/lists/{name}", _form(form, pages, "/lists"), methods=["POST"])
                for name, form in acting.LIST_FORMS.items()
            ),
            Mount("/static", StaticFiles(packages=[("pipeline.web", "static")])),
        ],
        exception_handlers={Exception: _failed, 404: missing, 405: missing},
    )


def _failed(request: Request, error: Exception) -> Response:
    """The name of a failure and nothing else of it: its words may be a person's."""
    said = f"Something failed ({type(error).__name__}); nothing unverified was released. Go back and try again."
    return notice(500, said)


def _shown(page: Callable[[Request], Response], pages: Pages) -> Callable[[Request], object]:
    async def shown(request: Request) -> Response:
        try:
            return await run_in_threadpool(page, request)
        except KeyError:
            return notice(404, MISSING)
        except StorysafeError as error:
            return pages.problem(request, error)

    return shown


def _form(form: acting.Form, pages: Pages, page: str = "/") -> Callable[[Request], object]:
    async def sent(request: Request) -> Response:
        session: Session = request.scope["session"]
        fields = _fields(await request.body())
        if not hmac.compare_digest(fields.get("csrf", "").encode(), session.csrf.encode()):
            return notice(403, FOREIGN)
        try:
            names = _named(request) if "story" in request.path_params else None
        except KeyError:
            return notice(404, MISSING)
        asked = acting.Asked(
            pages.desk, pages.keys, session, request.scope["session_id"], fields, *(names or ("", Purpose.PUBLICITY)), page
        )
        try:
            back = await run_in_threadpool(form, asked)
        except StorysafeError as error:
            if isinstance(error, ReviewOvertaken) and names:
                on = f"/story/{asked.story_id}/{asked.purpose.value}"
                session.typed = fields | {"page": on, "form": request.url.path.removeprefix(f"{on}/")}
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


def _at(counted: Sequence[tuple[str, int]], place: str) -> str:
    """The word at a place of a list of filters."""
    return counted[int(place)][0] if place.isdigit() and int(place) < len(counted) else ""


def _digits(word: str) -> str:
    return word if _FIND.fullmatch(word) else ""
