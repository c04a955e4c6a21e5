"""What the forms of the page do; each gives the address to go to next, which holds ids and numbers and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.domain.finding import Category
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Reason, Released
from pipeline.domain.review import Act
from pipeline.errors import ReviewRefused
from pipeline.ruling import Ruling
from pipeline.web import asking, changing, lists, showing
from pipeline.web.desk import Desk, Opened, Seen
from pipeline.web.doors import Keys, Session

__all__ = ["FORMS", "OWN_FORMS", "Asked", "Form", "Opened", "same_place"]

_LONGEST = 80
_FIND = re.compile(r"(?:story-?)?([\d-]{1,12})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was sent: its fields, who sent it, and the story and purpose that it is about, if any."""

    desk: Desk
    keys: Keys
    session: Session
    session_id: str
    fields: dict[str, str] = field(repr=False)
    story_id: str = ""
    purpose: Purpose = Purpose.PUBLICITY
    page: str = "/"

    @property
    def seen(self) -> Seen:
        """What the form was made from."""
        version = self.fields.get("version", "")
        return Seen(self.fields.get("digest", ""), int(version) if version.isascii() and version.isdigit() else -1)

    @property
    def at(self) -> int:
        """The place of the detail that the form is about."""
        at = self.fields.get("at", "")
        return int(at) if at.isascii() and at.isdigit() and len(at) < 7 else -1

    @property
    def author(self) -> str:
        """Who decides; raises ``ReviewRefused`` until they have said their name."""
        if not self.session.name:
            raise ReviewRefused("say who you are first: a review has an author", "Type your name at the top of the page.")
        return self.session.name


T = TypeVar("T", Act, Category, Reason)
Form = Callable[[Asked], str]


def same_place(asked: Asked) -> str:
    """The page that the form was on."""
    if not asked.story_id:
        return asked.page
    return _place(asked, asked.at) if asked.at >= 0 else f"/story/{asked.story_id}/{asked.purpose.value}"


def change(asked: Asked) -> str:
    """Decide about one detail, and go on to the next that nobody looked at."""
    act = _one_of(Act, asked.fields.get("act", ""))
    if act is Act.MARK:
        raise ReviewRefused("that is no change of a detail", "Use the form for what was missed.")
    words, scope, step = asked.fields.get("words", ""), asked.fields.get("scope", "one"), asked.fields.get("step", "0")
    if scope not in changing.SCOPES or step not in ("0", "1", "2"):
        raise ReviewRefused("that form was not filled in", "Choose one of what it offers.")
    changing.change(
        asked.desk, asked.story_id, asked.purpose, asked.seen, asked.author, act, asked.at, words, scope, int(step)
    )  # fmt: skip
    if scope == "all":
        asked.session.say(
            "Done here, and from now on in every story: it stands in your lists. Undo takes back this story's part."
        )
    if act is Act.STEP:
        return _place(asked, asked.at)  # the next step is often wanted too
    opened = asked.desk.look(asked.story_id, asked.purpose)
    return _place(asked, showing.next_unseen(opened, opened.kept.review.chosen(asked.purpose), asked.at))


def carry(asked: Asked) -> str:
    """Take over what was decided about the text before it was changed."""
    number = changing.carry(asked.desk, asked.story_id, asked.purpose, asked.seen, asked.author)
    asked.session.say(f"Taken over: {number}. What is new or stands elsewhere now is left to look at.")
    return f"/story/{asked.story_id}/{asked.purpose.value}?only=open"


def remember(asked: Asked) -> str:
    """Put words on the organisation's lists."""
    lists.teach(asked.desk, lists.row_from(asked.fields, asked.author, asked.desk))
    asked.session.say("It stands in your lists, and counts from now on in every story.")
    return same_place(asked)


def accept_all(asked: Asked) -> str:
    """Accept everything that nobody looked at."""
    number = changing.accept_all(asked.desk, asked.story_id, asked.purpose, asked.seen, asked.author)
    asked.session.say(f"Accepted {number} more. Undo takes that back.")
    return same_place(asked)


def mark(asked: Asked) -> str:
    """Mark words that were missed, and every mention like them."""
    category = _one_of(Category, asked.fields.get("category", ""))
    words = asked.fields.get("words", "")
    everywhere = asked.fields.get("scope", "") == "all"
    number = changing.mark(asked.desk, asked.story_id, asked.purpose, asked.seen, asked.author, words, category, everywhere)
    also = " It stands in your lists, and is found from now on in every story." if everywhere else ""
    asked.session.say(f"Marked: {number} mention{'' if number == 1 else 's'} in this story, for every purpose.{also}")
    return f"/story/{asked.story_id}/{asked.purpose.value}"


def undo(asked: Asked) -> str:
    """Take the last step back."""
    changing.undo(asked.desk, asked.story_id, asked.purpose, asked.seen, asked.author)
    asked.session.say("The last step was taken back.")
    return same_place(asked)


def decide(asked: Asked) -> str:
    """Record what a worker and a manager decided."""
    given = {name: asked.fields.get(name, "").strip()[:2000] for name in ("worker", "manager", "why")}
    release = asked.fields.get("decision", "") == "release"
    if not release and asked.fields.get("decision", "") != "withhold":
        raise ReviewRefused("choose release or withhold", "Nothing was recorded.")
    ruling = Ruling(
        asked.purpose, _one_of(Reason, asked.fields.get("reason", "")), release, given["worker"], given["manager"],
        given["why"], asked.desk.world.settings.on,
    )  # fmt: skip
    asked.desk.decide(asked.story_id, asked.purpose, asked.seen, ruling)
    asked.session.say("The decision is recorded. Nothing is released by it alone.")
    return same_place(asked)


def release(asked: Asked) -> str:
    """Tell, verify and release the story as it was reviewed."""
    asked.author  # noqa: B018  # refused for nobody
    ending = asked.desk.release(asked.story_id, asked.purpose, asked.seen)
    if isinstance(ending, Released):
        reporting = asked.desk.finished().line(asked.story_id)["purposes"].get(Purpose.REPORTING.value, {})
        after = (
            " The annual return tells it as it was before: run again, and it is made anew." if reporting.get("outputs") else ""
        )
        asked.session.say(f"Released: written, opened again, searched and found clean.{after}")
    else:
        asked.session.say(f"Not released ({ending.reason.value}). {ending.what_next}", wrong=True)
    return same_place(asked) + "#release"


def add_row(asked: Asked) -> str:
    """Put a row on the organisation's lists."""
    lists.teach(asked.desk, lists.row_from(asked.fields, asked.author, asked.desk))
    asked.session.say("Added. It counts from now on, here and in the next run.")
    return "/lists"


def drop_row(asked: Asked) -> str:
    """Take a row out of the organisation's lists."""
    lists.take_out(asked.desk, asked.fields.get("version", ""), asked.at)
    asked.session.say("Taken out. It counts no more, here and in the next run.")
    return "/lists"


def prepare(asked: Asked) -> str:
    """Write the pack that asks the person for permission."""
    asking.prepare(asked.desk, asked.desk.look(asked.story_id, asked.purpose))
    asked.session.say("The request pack lies ready below. It names the person: keep it inside.")
    return f"/story/{asked.story_id}/{asked.purpose.value}#asking"


def attempt(asked: Asked) -> str:
    """Record that the person was asked."""
    given = {name: asked.fields.get(name, "") for name in ("method", "on", "remark")}
    opened = asked.desk.look(asked.story_id, asked.purpose)
    asking.record_attempt(asked.desk, opened, asked.author, given["method"], given["on"], given["remark"])
    asked.session.say("Recorded that they were asked.")
    return f"/story/{asked.story_id}/{asked.purpose.value}#asking"


def find(asked: Asked) -> str:
    """Look for a story's id; what is no id goes into no address."""
    found = _FIND.fullmatch(asked.fields.get("find", "").strip().lower())
    if found is None:
        asked.session.say("Stories are found by the digits of their id, such as 0012.", wrong=True)
        return "/"
    return f"/?find={found[1]}"


def name(asked: Asked) -> str:
    """Say who works here."""
    given = " ".join(asked.fields.get("name", "").split())
    if not given or len(given) > _LONGEST or not given.isprintable():
        raise ReviewRefused("type your name on one line", "It stands beside what you decide.")
    asked.session.name = given
    return _back(asked)


def show(asked: Asked) -> str:
    """Show the originals, or blur them again."""
    asked.session.shown = not asked.session.shown
    return _back(asked)


def keys(asked: Asked) -> str:
    """Turn the single-key shortcuts off, or on again."""
    asked.session.shortcuts = not asked.session.shortcuts
    return _back(asked)


def lock(asked: Asked) -> str:
    """Lock the page: only a new address opens it."""
    asked.keys.end(asked.session_id)
    return "/"


FORMS: dict[str, Form] = {
    "change": change, "accept-all": accept_all, "mark": mark, "undo": undo, "decide": decide, "release": release,
    "carry": carry, "remember": remember, "request": prepare, "attempt": attempt,
}  # fmt: skip
"""The forms of a story."""

OWN_FORMS: dict[str, Form] = {"find": find, "name": name, "show": show, "keys": keys, "lock": lock}
"""The forms of every page."""

LIST_FORMS: dict[str, Form] = {"add": add_row, "drop": drop_row}
"""The forms of the page of lists."""


def _place(asked: Asked, at: int) -> str:
    return f"/story/{asked.story_id}/{asked.purpose.value}?at={at}#panel"


_HERE = re.compile(
    r"/(?:run|lists|registers(?:/[a-z]{1,12}(?:/\d{1,7})?)?|story/story-\d{4,}(?:-\d{2,})?/[a-z]{1,12}(?:/preview)?(?:\?at=\d{1,6})?)?"
)


def _back(asked: Asked) -> str:
    here = asked.fields.get("here", "/")
    return here if _HERE.fullmatch(here) else "/"


def _one_of(kind: type[T], word: str) -> T:
    try:
        return kind(word)
    except ValueError:
        raise ReviewRefused("that form was not filled in", "Choose one of what it offers.") from None
