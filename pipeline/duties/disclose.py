"""What goes to a public authority: held without an agreement, recorded before it leaves, marked item by item (P22 to P24)."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import catalogue
from pipeline.accessible import Paper, read_paper, write_versions
from pipeline.accessible.marking import mark_word
from pipeline.accessible.paper import Table
from pipeline.documents.prose import legal
from pipeline.domain.duties import Agreement, Disclosure, Item, Marking, Notice
from pipeline.domain.organisation import Organisation
from pipeline.duties.wording import house_words
from pipeline.errors import OutputFailed, UsageError
from pipeline.records.duties import Register
from pipeline.records.store.entries import Entry

COVER = "cover-note"
"""The stem of the note's files: it comes in every version."""
CATEGORIES = ("anonymised", "identifiable", "special-category", "finance", "staffing", "other")
"""What kinds of information a disclosure holds."""
MARKS = {Marking.CONFIDENTIAL: "CONFIDENTIAL", Marking.SENSITIVE: "COMMERCIALLY SENSITIVE", Marking.NONE: ""}
LAWS = ("FOI", "EIR")
_HEADER = ("Item", "Mark", "Our reason")


@dataclass(frozen=True, slots=True)
class Marked:
    """A file to be given, how it is marked and why."""

    path: Path
    marking: Marking
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A disclosure as it is asked for; ``agreement`` is a number of the register, 0 for the authority's latest."""

    authority: str
    on: date
    items: tuple[Marked, ...]
    categories: tuple[str, ...]
    agreement: int = 0
    override_by: str = ""
    override_why: str = ""


def add_agreement(register: Register, authority: str, clause: bool, on: date, reference: str) -> Agreement:
    """Record an agreement with an authority and whether it has the notification clause (P23)."""
    body = {"authority": authority.strip(), "clause": clause, "on": on.isoformat(), "reference": reference.strip()}
    entry = register.add("agreement", body)
    return Agreement(entry.number, authority.strip(), clause, on, reference.strip())


def agreements(register: Register) -> list[Agreement]:
    """Every agreement, in the order they were recorded."""
    return [
        Agreement(e.number, e.body["authority"], e.body["clause"], date.fromisoformat(e.body["on"]), e.body["reference"])
        for e in register.entries("agreement")
    ]


def agreement_for(register: Register, authority: str, number: int) -> Agreement | None:
    """The agreement of that number, or the authority's latest; raises ``UsageError`` when the number is not theirs."""
    theirs = [each for each in agreements(register) if _key(each.authority) == _key(authority)]
    if not number:
        return theirs[-1] if theirs else None
    for each in theirs:
        if each.number == number:
            return each
    raise UsageError("that authority has no agreement of that number", "See storysafe agreement list.")


def disclose(register: Register, request: Request, organisation: Organisation, out: Path) -> Disclosure:
    """Write the marked copies and the cover note, in every version, to ``out``, recorded before they are there.

    Without an agreement that has the clause, and without a manager's override, nothing is written: the disclosure is
    recorded as held.  Raises ``RenderError``, ``OutputFailed``.
    """
    agreement = agreement_for(register, request.authority, request.agreement)
    if not (agreement and agreement.clause) and not request.override_by:
        held = tuple(Item(one.path.name, _digest(one.path), "", one.marking, one.reason) for one in request.items)
        return _record(register, request, agreement, held, "")
    ready = out.parent / f".{out.name}.{secrets.token_hex(4)}"
    try:
        ready.mkdir(parents=True, mode=0o700)
        items = tuple(_prepare(one, ready) for one in request.items)
        reference = f"D-{secrets.token_hex(3).upper()}"
        notes = write_versions(_cover(request, agreement, items, organisation, reference), organisation, ready, COVER)
        if mark := _marks(items):
            for note in (path for path in notes if path.suffix == ".docx"):
                mark_word(note, mark, "see the list")
        disclosure = _record(register, request, agreement, items, reference)
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted(ready.iterdir()):
            os.replace(path, out / path.name)
    except OSError:
        raise OutputFailed("What was to be disclosed cannot be written.", "Check the folder and the disk.") from None
    finally:
        shutil.rmtree(ready, ignore_errors=True)
    return disclosure


def disclosures(register: Register) -> list[Disclosure]:
    """Every disclosure, those held among them."""
    return [_disclosure(entry) for entry in register.entries("disclosure", "disclosure-held")]


def notified(register: Register, reference: str, law: str, on: date, theirs: str) -> Notice:
    """Record that an authority told us of a request; raises ``UsageError`` when nothing of that reference was disclosed."""
    ours = reference.strip().upper()
    if not any(each.reference == ours and not each.held for each in disclosures(register)):
        raise UsageError("nothing of that reference was disclosed", "See storysafe disclose list.")
    body = {"disclosure": ours, "law": law, "on": on.isoformat(), "theirs": theirs.strip()}
    register.add("disclosure-notice", body)
    return Notice(ours, law, on, theirs.strip())


def notices(register: Register) -> list[Notice]:
    """Every notice that an authority gave."""
    return [
        Notice(e.body["disclosure"], e.body["law"], date.fromisoformat(e.body["on"]), e.body["theirs"])
        for e in register.entries("disclosure-notice")
    ]


def _prepare(one: Marked, folder: Path) -> Item:
    target = folder / one.path.name
    shutil.copyfile(one.path, target)
    if one.marking is not Marking.NONE and target.suffix.lower() == ".docx":
        mark_word(target, MARKS[one.marking], one.reason)
    return Item(one.path.name, _digest(one.path), _digest(target), one.marking, one.reason)


def _cover(request: Request, agreement: Agreement | None, items: Sequence[Item], organisation: Organisation, ours: str) -> Paper:
    mark = _marks(items)
    values = house_words(organisation, request.on) | {
        "authority": request.authority,
        "mark": mark,
        "ours": ours,
        "reference": agreement.reference if agreement else "",
    }
    facts = {name for name, so in (("marked", bool(mark)), ("agreement", bool(agreement and agreement.reference))) if so}
    paper = read_paper(catalogue.policy_templates() / "disclosures" / "cover-note.md", values, facts)
    rows = tuple((legal(i.name, " "), MARKS[i.marking].capitalize() or "Not marked", legal(i.reason, " ") or "-") for i in items)
    return Paper(paper.title, (*paper.blocks, Table("Items, how each is marked and why", _HEADER, rows)))


def _marks(items: Sequence[Item]) -> str:
    return " AND ".join(dict.fromkeys(MARKS[item.marking] for item in items if item.marking is not Marking.NONE))


def _record(
    register: Register, request: Request, agreement: Agreement | None, items: tuple[Item, ...], reference: str
) -> Disclosure:
    body: dict[str, Any] = {
        "reference": reference, "authority": request.authority.strip(), "on": request.on.isoformat(),
        "categories": list(request.categories), "agreement": agreement.number if agreement else 0,
        "override_by": request.override_by, "override_why": request.override_why,
        "items": [[item.name, item.source, item.sha256, item.marking.value, item.reason] for item in items],
    }  # fmt: skip
    return _disclosure(register.add("disclosure" if reference else "disclosure-held", body))


def _disclosure(entry: Entry) -> Disclosure:
    body = entry.body
    items = tuple(Item(name, source, sent, Marking(mark), reason) for name, source, sent, mark, reason in body["items"])
    return Disclosure(
        entry.number, body["authority"], date.fromisoformat(body["on"]), items, tuple(body["categories"]), body["agreement"],
        entry.kind == "disclosure-held", body["override_by"], body["override_why"], body["reference"],
    )  # fmt: skip


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _key(authority: str) -> str:
    return " ".join(authority.casefold().split())
