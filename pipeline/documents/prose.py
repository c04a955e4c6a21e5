"""Sentences for a page: what of a telling may be shown, in paragraphs, with its headline and its change note."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.telling import Part, Passage, Telling

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def spoken(day: date) -> str:
    """A date as British people write it, whatever the machine's language: 3 April 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def legal(text: str, put: str = "") -> str:
    """The text with every character that XML forbids replaced by ``put`` (NUL, controls, half surrogates)."""
    return _ILLEGAL.sub(put, text)


def line(text: str) -> str:
    """The text as one clean line for a document field."""
    return " ".join(legal(text, " ").split())


def fill_in(template: str, organisation: Organisation, person: str = "", theme: str = "") -> str:
    """A sentence of ``documents.toml`` with its fields filled in."""
    words = template.replace("{organisation}", organisation.name).replace("{person}", person)
    return line(words.replace("{theme}", theme))


def showable(telling: Telling) -> tuple[Passage, ...]:
    """The passages that a document may show: no quotation unless the telling allows it."""
    return tuple(p for p in telling.passages if line(p.text) and (telling.quote or p.part is not Part.QUOTE))


def paragraphs(passages: Iterable[Passage]) -> tuple[str, ...]:
    """Sentences that stood together in the source, together again."""
    found: list[str] = []
    last: int | None = None
    for passage in passages:
        if found and passage.paragraph == last:
            found[-1] += " " + line(passage.text)
        else:
            found.append(line(passage.text))
        last = passage.paragraph
    return tuple(found)


def part(telling: Telling, *wanted: Part) -> tuple[str, ...]:
    """The paragraphs of some parts of a telling, in the order of the source."""
    return paragraphs(passage for passage in showable(telling) if passage.part in wanted)


def named(telling: Telling) -> str:
    """The name that the story is told under; empty for a description ("a service user") or none."""
    person = line(telling.person)
    return person if person[:1].isupper() else ""


def headline(telling: Telling, organisation: Organisation, wording: Wording) -> str:
    """A headline from the templates, by the recorded outcome, else by the first theme; it states no other fact."""
    chosen = next((h for pattern, h in wording.headlines if telling.outcome and pattern.search(telling.outcome)), None)
    chosen = chosen or wording.chosen(telling.themes)[0].headline
    person = named(telling)
    return fill_in(chosen.told if person else chosen.plain, organisation, person)


def draft_note(telling: Telling, wording: Wording) -> str:
    """The line that marks a draft; empty for a document whose person was asked."""
    return wording.notes.draft if telling.draft else ""


def picture_note(telling: Telling, organisation: Organisation, wording: Wording) -> str:
    """Alternative text for a picture that goes with the story, by its first theme; it describes nobody."""
    return fill_in(wording.notes.picture, organisation, theme=wording.chosen(telling.themes)[0].title.lower())


def change_note(telling: Telling, wording: Wording) -> str:
    """The sentences that say what was changed and what was permitted (P19)."""
    notes = wording.notes
    if telling.identified:
        note = notes.identified_changed if telling.changed else notes.identified
    else:
        note = notes.changed if telling.changed else notes.unchanged
    quoted = any(passage.part is Part.QUOTE for passage in showable(telling))
    return f"{note} {notes.quote}" if quoted else note
