"""The page to run from: files in, registers and purposes chosen, the run followed, and what was released taken away."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.domain.event import Event
from pipeline.errors import ReviewRefused, StorysafeError, UsageError
from pipeline.records.duties import note
from pipeline.web import asking, register_pages
from pipeline.web.downloads import parcel, zipped
from pipeline.web.notices import FOREIGN, missing, notice
from pipeline.web.registers import TITLES
from pipeline.web.running import Progress
from pipeline.web.shelf import REGISTERS, Ordered, safe_name
from pipeline.web.site import Site, refuse_unless, sent, shown
from pipeline.web.uploads import Limits, Sent, receive

FILES, HAND = "/run/files", "/registers/hand"
ROOMY = {FILES: 1200 * 1024 * 1024, HAND: 120 * 1024 * 1024} | asking.ROOMY
"""The addresses that files may be sent to, and the most bytes of a whole form."""
QUIET = frozenset({"/run/status", "/run/waiting"})
"""What the page asks for by itself while a run is under way."""
_REGISTER_LIMITS = Limits(file=50 * 1024 * 1024, files=200, together=100 * 1024 * 1024)
_LISTED = 300
_LONGEST = 120


def application(site: Site) -> Starlette:
    """The whole page of a workspace as an ASGI application; :class:`pipeline.web.doors.Doors` has to stand before it."""
    return Starlette(routes=routes(site), exception_handlers={404: missing, 405: missing})


def routes(site: Site) -> list[BaseRoute]:
    """Every route of the workspace's page; what is none of them is the review's."""
    pages = RunPages(site)
    return [
        Route("/run", shown(pages.run, site)),
        Route("/run/waiting", shown(pages.run, site)),
        Route("/run/status", shown(pages.status, site)),
        Route(FILES, pages.files, methods=["POST"]),
        Route(HAND, pages.hand, methods=["POST"]),
        *(Route(f"/run/{name}", sent(act, "/run"), methods=["POST"]) for name, act in pages.forms().items()),
        Route("/released.zip", shown(pages.released, site)),
        *register_pages.routes(site),
        Mount("/static", StaticFiles(packages=[("pipeline.web", "static")])),
        Mount("/", site.review),
    ]


class RunPages:
    """The run page of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def forms(self) -> dict[str, Any]:
        """The forms of the run page by the last part of their address."""
        return {"start": self.start, "on": self.go_on, "stop": self.stop, "remove": self.remove, "empty": self.empty}

    def run(self, request: Request) -> Response:
        """Files, registers, purposes and the button; or how far the run is."""
        site, progress = self._site, self._site.runner.progress()
        files = site.shelf.files()
        waiting = progress.state in ("running", "opening")
        last = site.shelf.ordered()[-1:]
        return site.render(
            request, "run.html", here="/run", progress=progress, waiting=waiting, files=files[:_LISTED], number=len(files),
            kinds=[(name, TITLES[name], site.shelf.register(name) is not None) for name in REGISTERS],
            purposes=site.purposes(), chosen=last[0] if last else None, result=_result(site), quick=_quick(progress),
            limits=Limits(), encrypted=bool(site.base.workspace and site.base.workspace.key),
        )  # fmt: skip

    def status(self, request: Request) -> Response:
        """How far the run is, for the page to ask: ids, codes and numbers alone."""
        progress = self._site.runner.progress()
        lines = [asdict(line) for line in reversed(progress.seen.lines[-20:])]
        return JSONResponse(
            {"state": progress.state, "done": progress.seen.done, "total": progress.total, "left": progress.left,
             "states": dict(progress.seen.states), "lines": lines}
        )  # fmt: skip

    async def files(self, request: Request) -> Response:
        """Files that were chosen or dropped."""
        return await self._received(request, "/run", self._take_files, Limits())

    async def hand(self, request: Request) -> Response:
        """A register, or signed forms."""
        return await self._received(request, "/registers", self._take_register, _REGISTER_LIMITS)

    def start(self, request: Request, fields: dict[str, str]) -> str:
        """Begin a run over everything in the box."""
        site = self._site
        allowed = site.purposes()
        purposes = tuple(purpose for purpose in allowed if fields.get(f"purpose-{purpose.value}") == "yes")
        refuse_unless(bool(allowed), "running")
        if not purposes:
            raise UsageError("choose what the stories are for", "Tick one of the purposes or more.")
        channel, recipient = (" ".join(fields.get(name, "").split())[:_LONGEST] for name in ("channel", "recipient"))
        with site.lock:
            site.runner.refuse_if_busy()
            if not site.shelf.files():
                raise UsageError("there is no file to run over", "Put some into the box first.")
            self._begin(site.shelf.order(site.today(), purposes, channel, recipient))
        return "/run#progress"

    def go_on(self, request: Request, fields: dict[str, str]) -> str:
        """Go on with a run that was stopped."""
        site, progress = self._site, self._site.runner.progress()
        if progress.run is None or progress.state not in ("stopped", "failed"):
            raise UsageError("there is no run to go on with", "Start one.")
        refuse_unless(set(progress.run.purposes) <= set(site.purposes()), "running for all of its purposes")
        with site.lock:
            self._begin(progress.run)
        return "/run#progress"

    def stop(self, request: Request, fields: dict[str, str]) -> str:
        """End the run that is under way."""
        self._site.runner.stop()
        request.scope["session"].say("The run was stopped. What is done stays done, and it can go on.")
        return "/run"

    def remove(self, request: Request, fields: dict[str, str]) -> str:
        """Take one file out of the box."""
        with self._site.lock:
            self._site.runner.refuse_if_busy()
            gone = self._site.shelf.drop(fields.get("file", ""))
        request.scope["session"].say("The file was removed." if gone else "That file was gone already.")
        return "/run#files"

    def empty(self, request: Request, fields: dict[str, str]) -> str:
        """Take every file out of the box."""
        if fields.get("sure") != "yes":
            raise UsageError("nothing was removed", "Tick the box beside the button first.")
        with self._site.lock:
            self._site.runner.refuse_if_busy()
            number = self._site.shelf.empty()
        request.scope["session"].say(f"{number} files were removed. What was released and recorded is still there.")
        return "/run#files"

    def released(self, request: Request) -> Response:
        """Everything that was released of the last run, as one zip."""
        site = self._site
        if site.desk is None:
            raise UsageError("nothing was run yet", "Run first.")
        refuse_unless(bool(site.purposes()), "taking released documents away")
        workspace = site.desk.workspace
        with workspace.store() as store:
            made = parcel(site.desk.out, store, site.purposes())
        note(workspace.trail, Event("download", "", {"files": len(made.files), "digest": made.digest}))
        headers = {"Content-Disposition": 'attachment; filename="released.zip"'}
        return StreamingResponse(zipped(made), media_type="application/zip", headers=headers)

    def _begin(self, run: Ordered) -> None:
        site = self._site
        settings = site.shelf.settings(site.base, run)
        register_pages.check_decisions(site)
        site.runner.start(run, settings)

    async def _received(self, request: Request, back: str, take: Any, limits: Limits) -> Response:
        session = request.scope["session"]
        try:
            self._site.runner.refuse_if_busy()
            holding = self._site.shelf.holding()
            form = await receive(request.stream(), request.headers.get("content-type", ""), holding, session.csrf, limits)
        except StorysafeError as error:
            with contextlib.suppress(ClientDisconnect, RuntimeError):  # read already, or gone
                async for _ in request.stream():  # a browser that is cut off while it sends shows nobody our answer
                    pass
            if error.message.startswith("that form was not"):
                return notice(403, FOREIGN)
            session.say(f"Refused: {error.message.rstrip('.')}. {error.remedy}", wrong=True)
            return RedirectResponse(back, 303)
        try:
            with self._site.lock:
                self._site.runner.refuse_if_busy()
                words, wrong = take(form)
            session.say(words, wrong)
        except StorysafeError as error:
            session.say(f"{error.message[:1].upper()}{error.message[1:].rstrip('.')}. {error.remedy}", wrong=True)
        finally:
            shutil.rmtree(holding, ignore_errors=True)
        return RedirectResponse("/run" if form.fields.get("here") == "/run" else back, 303)

    def _take_files(self, form: Sent) -> tuple[str, bool]:
        refuse_unless(bool(self._site.purposes()), "running")
        named = [(safe_name(name), path) for _, name, path in form.files]
        kept = [(name, path) for name, path in named if name is not None]
        if len({name for name, _ in kept}) < len(kept):
            raise UsageError("two of those files have one name", "Choose the folder that holds them, or rename one.")
        fresh, replaced = self._site.shelf.take_files(kept)
        words = [f"{fresh} file{'' if fresh == 1 else 's'} added"] if fresh or not replaced else []
        words += [f"{replaced} replaced"] if replaced else []
        left = len(named) - len(kept)
        words += [f"{left} left out (hidden files of the system)"] if left else []
        return ", ".join(words) + ".", not kept

    def _take_register(self, form: Sent) -> tuple[str, bool]:
        kind = form.fields.get("kind", "")
        if kind == "evidence":
            refuse_unless(self._site.may_mend("permissions"), "changing permissions")
            named = [(safe_name(PurePosixPath(name.replace("\\", "/")).name), path) for _, name, path in form.files]
            kept = [(name, path) for name, path in named if name is not None]
            fresh, replaced = self._site.shelf.take_files(kept, self._site.shelf.evidence)
            return f"{fresh + replaced} signed forms kept, as evidence/ and their name.", not kept
        if kind not in REGISTERS or len(form.files) != 1:
            raise ReviewRefused("choose one file and say which register it is", "Nothing was changed.")
        return register_pages.take(self._site, kind, form.files[0][1], form.files[0][2]), False


def _result(site: Site) -> dict[str, Any] | None:
    """What came of the last run that finished, in numbers."""
    if site.desk is None:
        return None
    finished = site.desk.finished()
    states = {"released": 0, "held": 0, "skipped": 0}
    for line in finished.lines:
        for record in line["purposes"].values():
            states[record["status"]] += 1
    inputs = {line["story"].split("-")[1] for line in finished.lines}
    return {
        "states": states, "inputs": len(inputs), "faults": len(finished.head.get("register_errors", ())), "head": finished.head,
        "warnings": finished.head.get("register_warnings", ()),
        "recalls": (site.desk.out / "internal" / "recalls.csv").is_file(),
    }  # fmt: skip


def _quick(progress: Progress) -> list[Any]:
    return list(reversed(progress.seen.lines[-20:]))
