"""The form that brings an answer with its scan: taken in piece by piece, checked, registered, and nothing of it left over."""

from __future__ import annotations

import re
import shutil
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.domain.permission import Purpose
from pipeline.errors import ReviewRefused, StorysafeError
from pipeline.web import asking
from pipeline.web.desk import Desk
from pipeline.web.doors import Session
from pipeline.web.uploads import Sent

_STORY = re.compile(r"story-\d{4,}(?:-\d{2,})?")


def answer(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of the form."""

    async def endpoint(request: Request) -> Response:
        session: Session = request.scope["session"]
        back = "/"
        try:
            sent = await asking.answer_form(request, desk, session.csrf)
            try:
                story_id, purpose = sent.fields.get("story", ""), sent.fields.get("purpose", "")
                if not _STORY.fullmatch(story_id) or purpose not in tuple(Purpose):
                    raise ReviewRefused("that form was not filled in", "Open the story from the work list.")
                back = f"/story/{story_id}/{purpose}#asking"
                number = await run_in_threadpool(_register, desk, session, story_id, Purpose(purpose), sent)
            finally:
                for _, _, path in sent.files[:1]:
                    shutil.rmtree(path.parent, ignore_errors=True)
            session.say(f"The answer is registered as {number}, with its form. It counts from now on.")
        except StorysafeError as error:
            session.say(f"{error.message[:1].upper()}{error.message[1:].rstrip('.')}. {error.remedy}", wrong=True)
        return RedirectResponse(back, 303)

    return endpoint


def _register(desk: Desk, session: Session, story_id: str, purpose: Purpose, sent: Sent) -> str:
    if not session.name:
        raise ReviewRefused("say who you are first: a record has an author", "Type your name at the top of the page.")
    form = sent.files[0][2].read_bytes() if sent.files else b""
    return asking.register_answer(desk, desk.look(story_id, purpose), session.name, sent.fields, form)
