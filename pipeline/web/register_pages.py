"""The pages of the registers: what there is, what is wrong in them and where, and one row at a time to mend."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pipeline.domain.event import Event
from pipeline.errors import PolicyError, RegisterError, UsageError
from pipeline.policy.policies import load_organisation
from pipeline.records.duties import note
from pipeline.web import organisation
from pipeline.web.registers import KINDS, TITLES, Sheet, begin, kept_on_page, look, save
from pipeline.web.shelf import REGISTERS
from pipeline.web.site import Site, refuse_unless, sent, shown

PER_PAGE = 50
_IN_ORDER = "It is in order."


def routes(site: Site) -> list[BaseRoute]:
    """The routes of the registers."""
    pages = RegisterPages(site)
    return [
        Route("/registers", shown(pages.overview, site)),
        Route("/registers/organisation", shown(pages.organisation, site)),
        Route("/registers/organisation/save", sent(pages.save_organisation, "/registers/organisation"), methods=["POST"]),
        Route("/registers/{name}", shown(pages.table, site)),
        Route("/registers/{name}/{number:int}", shown(pages.row, site)),
        Route("/registers/{name}/begin", sent(pages.begin, "/registers"), methods=["POST"]),
        Route("/registers/{name}/save", sent(pages.save, "/registers/{name}"), methods=["POST"]),
    ]


class RegisterPages:
    """The register pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def overview(self, request: Request) -> Response:
        """Every register, how long it is and how many of its rows have to be mended."""
        return self._site.render(
            request, "registers.html", kinds=[(name, TITLES[name], self._state(name)) for name in REGISTERS],
            evidence=sum(path.is_file() for path in self._site.shelf.evidence.iterdir()),
            may={name: self._site.may_mend(name) for name in REGISTERS},
        )  # fmt: skip

    def table(self, request: Request) -> Response:
        """A register as a table."""
        name, path = self._found(request)
        if path is None:
            raise UsageError("that register is not there yet", "Hand it in, or start an empty one.")
        sheet, asked = look(name, path), request.query_params
        wrong = asked.get("only") == "wrong"
        lines = [line for line in sheet.lines if line.wrong or not wrong]
        page = max(1, _number(asked.get("page", "")))
        first = (page - 1) * PER_PAGE
        return self._site.render(
            request, "register.html", sheet=sheet, title=TITLES[name], may=self._site.may_mend(name), total=len(lines),
            lines=lines[first : first + PER_PAGE], only_wrong=wrong, order=sheet.order, page=page, first=first,
            more=len(lines) > first + PER_PAGE,
        )  # fmt: skip

    def row(self, request: Request) -> Response:
        """One row, each cell beside what is wrong with it; number 0 is a new one."""
        name, path = self._found(request)
        number = request.path_params["number"]
        sheet = look(name, path) if path else None
        line = sheet.line(number) if sheet else None
        if sheet is None or (number and line is None):
            raise UsageError("the register has no such row", "Look at it as it is now.")
        return self._site.render(
            request, "row.html", sheet=sheet, title=TITLES[name], number=number, line=line, may=self._site.may_mend(name),
            offers=self._offers(name),
        )  # fmt: skip

    def save(self, request: Request, fields: dict[str, str]) -> str:
        """Write one row."""
        site = self._site
        name, path = self._found(request)
        refuse_unless(site.may_mend(name), f"changing {TITLES[name].lower()}")
        if path is None:
            raise UsageError("that register is not there", "Hand it in, or start an empty one.")
        number = _number(fields.get("row", ""))
        columns = sum(f"c{at}" in fields for at in range(len(fields)))
        removing = fields.get("act") == "remove"
        cells = [] if removing else [fields.get(f"c{at}", "") for at in range(columns)]
        if removing and fields.get("sure") != "yes":
            raise UsageError("nothing was taken out", "Tick the box beside the button first.")
        with site.lock:
            site.runner.refuse_if_busy()
            at = save(site.shelf, name, path, fields.get("digest", ""), number, cells)
            self._changed(name, path)
        request.scope["session"].say("The row was taken out." if removing else "Saved. What was there before is kept.")
        left = look(name, path).line(at)
        return f"/registers/{name}/{at}" if not removing and left is not None and left.wrong else f"/registers/{name}"

    def begin(self, request: Request, fields: dict[str, str]) -> str:
        """Start an empty register."""
        name, path = self._found(request)
        refuse_unless(self._site.may_mend(name), f"changing {TITLES[name].lower()}")
        with self._site.lock:
            self._site.runner.refuse_if_busy()
            if path is None:
                self._changed(name, begin(self._site.shelf, name))
        return f"/registers/{name}/0"

    def organisation(self, request: Request) -> Response:
        """Who the organisation is."""
        path = self._site.shelf.register("organisation")
        return self._site.render(
            request, "organisation.html", fields=organisation.read(path), listed=organisation.LISTS, lines=organisation.LINES,
            digest=_digest(path), may=self._site.may_mend("organisation"),
        )  # fmt: skip

    def save_organisation(self, request: Request, fields: dict[str, str]) -> str:
        """Write who the organisation is."""
        site = self._site
        refuse_unless(site.may_mend("organisation"), "changing your organisation")
        with site.lock:
            site.runner.refuse_if_busy()
            organisation.save(site.shelf, fields.get("digest", ""), fields)
        request.scope["session"].say("Saved. What was there before is kept.")
        return "/registers"

    def _state(self, name: str) -> dict[str, Any]:
        path = self._site.shelf.register(name)
        if path is None:
            return {"there": False}
        if name == "organisation":
            words = _organisation_words(path)
            return {"there": True, "words": words, "wrong": words != _IN_ORDER}
        sheet = look(name, path)
        return {"there": True, "words": _words(sheet), "wrong": sheet.wrong or bool(sheet.failure)}

    def _found(self, request: Request) -> tuple[str, Path | None]:
        name = request.path_params["name"]
        if name not in KINDS:
            raise UsageError("there is no such register", "Choose one of the list.")
        return name, self._site.shelf.register(name)

    def _offers(self, name: str) -> dict[str, list[str]]:
        """What may be chosen for a cell: the files that are about nobody yet, and the references of the client list."""
        if name != "stories":
            return {}
        clients, stories = self._site.shelf.register("clients"), self._site.shelf.register("stories")
        told = _column(stories, "stories", "file") if stories else set()
        files = [source.name for source in self._site.shelf.files() if source.name not in told]
        return {"file": files[:500], "case_ref": sorted(_column(clients, "clients", "case_ref"))[:500] if clients else []}

    def _changed(self, name: str, path: Path) -> None:
        changed(self._site, name, path)


def take(site: Site, name: str, called: str, held: Path) -> str:
    """Keep a register that was handed in, once it can be read as a whole; what to say about it."""
    refuse_unless(site.may_mend(name), f"changing {TITLES[name].lower()}")
    suffix = PurePosixPath(called.replace("\\", "/")).suffix.lower()
    site.shelf.refuse(name, suffix)
    trial = held.with_name(f"{name}{suffix}")
    held.rename(trial)
    words = "Kept."
    if name == "organisation":
        load_organisation(trial)
    else:
        sheet = look(name, trial)
        if sheet.failure is not None:
            raise sheet.failure
        words = f"Kept: {_words(sheet)}"
    changed(site, name, site.shelf.take_register(name, suffix, trial.read_bytes()))
    return words


def changed(site: Site, name: str, path: Path) -> None:
    """Note in the workspace's trail what a register is now, so that decisions changed elsewhere are known."""
    workspace = site.base.workspace
    if workspace is not None:
        note(workspace.trail, Event("register", "", {"what": name, "sha256": _digest(path)}))


def check_decisions(site: Site) -> None:
    """Refuse a run for somebody who may not decide while the decisions are not those that were kept on the page."""
    if "decide" not in site.allowed and site.base.workspace and not kept_on_page(site.shelf, "decisions", site.base.workspace):
        raise RegisterError(
            "the managers' decisions were changed elsewhere than on this page",
            "Ask a manager to look at them under Registers, and to hand them in again.",
        )


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 8 else -1


def _words(sheet: Sheet) -> str:
    if sheet.failure is not None:
        return "It cannot be read."
    rows = f"{len(sheet.lines)} row{'' if len(sheet.lines) == 1 else 's'}"
    return f"{rows}, {sheet.wrong} to mend." if sheet.wrong else f"{rows}."


def _organisation_words(path: Path) -> str:
    try:
        load_organisation(path)
    except PolicyError:
        return "It cannot be understood: look at it."
    return _IN_ORDER


def _column(path: Path, name: str, column: str) -> set[str]:
    sheet = look(name, path)
    headings = [heading.strip().lower().replace(" ", "_") for heading in sheet.columns]
    if column not in headings:
        return set()
    return {line.cells[headings.index(column)].text.strip() for line in sheet.lines} - {""}


def _digest(path: Path | None) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
