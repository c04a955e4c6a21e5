"""The answer to a person who asks to see what is held about them: its day, its letter, its pack, the pack as data (P25)."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import catalogue
from pipeline.accessible import Paper, read_paper
from pipeline.accessible.paper import Block, Bullets, Heading, Notice, Paragraph, Table
from pipeline.documents.prose import spoken
from pipeline.domain.organisation import Organisation
from pipeline.duties.wording import house_words

_MONTH, _LONGEST = 1, 3  # months from receipt: the usual day, and the latest when a request is hard to answer
_LAYERS = {"property": "properties of the file"}
_UNSEEN = frozenset({"deleted", "hidden", "field code", "behind the text", "alternative text"})
FORMAT = "storysafe-access-1"
BLANK = dict.fromkeys(("name", "case_ref", "received", "due", "latest", "left_out", "had_it"), "")
"""What the reply says about one person, as a form with nothing filled in has it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document about the person; ``where`` says where in it, ``label`` what a form or table calls it."""

    where: str
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as the person gets it; ``whole`` is false when parts of it about somebody else are not in it."""

    name: str
    passages: tuple[Passage, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Section:
    """What one record holds: ``key`` names it in the data, each entry is pairs of a label and what is held.

    ``given`` is false when nobody looked in the register: nothing is said then of what it holds.
    """

    key: str
    title: str
    entries: tuple[tuple[tuple[str, str], ...], ...]
    given: bool = True


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not in the pack: its kind, in how many places, and why; never what it was."""

    kind: str
    count: int
    why: str


@dataclass(frozen=True, slots=True)
class Pack:
    """All that is held about one person, with everybody else taken out of it."""

    name: str
    case_ref: str
    received: date
    need: str
    sections: tuple[Section, ...]
    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]
    not_read: tuple[str, ...] = ()


def due_on(received: date, months: int = _MONTH) -> date:
    """The same day of a later month, or that month's last day when it has no such day (31 January: 28 February)."""
    year, month = divmod(received.year * 12 + received.month - 1 + months, 12)
    return date(year, month + 1, min(received.day, calendar.monthrange(year, month + 1)[1]))


def latest_on(received: date) -> date:
    """The last day that the law allows when a request is hard to answer and the person was told so in time."""
    return due_on(received, _LONGEST)


def reply_letter(pack: Pack, organisation: Organisation, on: date) -> Paper:
    """The letter that goes with the pack: what is enclosed, what was left out and why, how to complain."""
    told = [f"{item.kind}: {item.count} ({item.why})" for item in pack.left_out]
    told += [f'what stands under "{section.title}": we did not look there' for section in pack.sections if not section.given]
    told += [f"files that could not be read: {len(pack.not_read)}"] if pack.not_read else []
    values = house_words(organisation, on) | {
        "name": pack.name,
        "case_ref": pack.case_ref,
        "received": spoken(pack.received),
        "due": spoken(due_on(pack.received)),
        "latest": spoken(latest_on(pack.received)),
        "left_out": "; ".join(told) or "Nothing",
        "had_it": "; ".join(dict.fromkeys(_recipients(pack))),
    }
    facts = {"pack"} | {section.key for section in pack.sections if section.entries}
    return read_paper(catalogue.policy_templates() / "papers" / "access-reply.md", values, facts | _kinds(pack))


def _recipients(pack: Pack) -> Iterator[str]:
    """Who got something, as the records of what was told and disclosed say; what was held went to nobody."""
    for section in pack.sections:
        for entry in map(dict, section.entries) if section.key in ("told", "disclosed") else ():
            if not entry.get("was it given", "").startswith("no"):
                yield from filter(None, (entry.get(label) for label in ("to", "to whom", "where")))


def _kinds(pack: Pack) -> set[str]:
    return {"documents"} if pack.documents else set()


def pack_paper(pack: Pack) -> Paper:
    """The pack to be read: the records first, then each file."""
    blocks: list[Block] = [
        Paragraph(f"{pack.name}, our reference {pack.case_ref}. This is what we hold about you."),
        Notice("Words in [square brackets] stand for somebody else, or for something that is theirs."),
    ]
    for section in pack.sections:
        if section.entries or not section.given:
            blocks += [Heading(section.title, 1), *_records(section)]
    blocks.append(Heading("What is written about you", 1))
    for number, document in enumerate(pack.documents, start=1):
        blocks += _written(number, document)
    if not pack.documents:
        blocks.append(Paragraph("We found no file that is about you."))
    return Paper("Your information", (*blocks, *_nothing_in(pack), *_ending(pack)))


def _records(section: Section) -> Iterator[Block]:
    if not section.given:
        yield Paragraph("We did not look in this register when we made this. Ask us, and we will.")
        return
    if all(len(entry) == 1 for entry in section.entries):  # one thing each: one list
        yield Bullets(tuple(_line(*pair) for entry in section.entries for pair in entry if pair[1]))
        return
    for number, entry in enumerate(section.entries, start=1):
        if len(section.entries) > 1:
            yield Heading(f"{section.title}, {number}", 2)
        yield Bullets(tuple(_line(*pair) for pair in entry if pair[1]))


def _line(label: str, value: str) -> str:
    return f"{label.replace('_', ' ')}: {value}"


def _nothing_in(pack: Pack) -> Iterator[Block]:
    """The records that hold nothing, together: a list of files says nothing of files that were found by reading them."""
    titles = [s.title for s in pack.sections if s.given and not s.entries and not (pack.documents and s.key == "linked_files")]
    if titles:
        yield Heading("Where we hold nothing about you", 1)
        yield Paragraph("We looked here too, and there is nothing about you:")
        yield Bullets(tuple(titles))


def _written(number: int, document: Document) -> Iterator[Block]:
    yield Heading(f"{number}. {document.name}", 2)
    if not document.whole:
        yield Paragraph("Only the parts about you are here.")
    where = ""
    for passage in document.passages:
        place = _place(passage.where)
        if place != where and (where or place != "body"):
            yield Paragraph(f"({place})")
        where = place
        yield Paragraph(f"{passage.label}: {passage.text}" if passage.label else passage.text)


def _place(where: str) -> str:
    """The layer of a document, and that it is one which the page does not show."""
    layer, *inside = where.split(", ")
    return ", ".join([_LAYERS.get(layer, layer), *(each for each in inside if each in _UNSEEN)])


def _ending(pack: Pack) -> Iterator[Block]:
    yield Heading("What was left out", 1)
    if pack.left_out:
        rows = tuple((item.kind, str(item.count), item.why) for item in pack.left_out)
        yield Table("What was left out", ("What", "In how many places", "Why"), rows)
    else:
        yield Paragraph("Nothing was left out.")
    if pack.not_read:
        yield Heading("What could not be read", 1)
        yield Paragraph("We have these files and could not read them. Somebody has to look whether they are about you.")
        yield Bullets(pack.not_read)


def as_data(pack: Pack) -> str:
    """The pack as JSON.

    ``format`` names this layout.  ``person``: name, case_ref.  ``request``: received, due, latest (dates).  ``records``: for
    each record (client_list, permissions, asked, withdrawals, decisions, told, disclosed, breaches, requests, linked_files)
    a list of entries, each a map of label to what is held, or null when nobody looked in that register.  ``documents``:
    name, whole, passages (where, label, text).  ``left_out``: kind, count, why.  ``could_not_be_read``: names of files.
    """
    data: dict[str, Any] = {
        "format": FORMAT,
        "person": {"name": pack.name, "case_ref": pack.case_ref},
        "request": {
            "received": pack.received.isoformat(),
            "due": due_on(pack.received).isoformat(),
            "latest": latest_on(pack.received).isoformat(),
        },
        "records": {
            section.key: [dict(entry) for entry in section.entries] if section.given else None for section in pack.sections
        },
        "documents": [
            {"name": d.name, "whole": d.whole, "passages": [_passage(passage) for passage in d.passages]} for d in pack.documents
        ],
        "left_out": [{"kind": item.kind, "count": item.count, "why": item.why} for item in pack.left_out],
        "could_not_be_read": list(pack.not_read),
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _passage(passage: Passage) -> dict[str, str]:
    return {"where": passage.where, "label": passage.label, "text": passage.text}
