"""The publicity story in plain text: for a newsletter, and short for social media (P14, P19)."""

from __future__ import annotations

from pathlib import Path

from pipeline.documents import prose
from pipeline.documents.length import best_first, cut
from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.telling import Part, Telling
from pipeline.errors import OutputFailed

SOCIAL_LETTERS = 280
"""The most characters of a social version, white space included."""


def write_newsletter(telling: Telling, organisation: Organisation, wording: Wording, target: Path, words: int) -> None:
    """Write the story as plain text in UTF-8: headline, paragraphs, quotes, call to action, change note, alternative text.

    Raises ``OutputFailed`` when the file cannot be written.
    """
    told = cut(telling, words)
    contact = "  ·  ".join(item for item in (prose.line(organisation.contact), prose.line(organisation.website)) if item)
    pieces = [
        prose.draft_note(telling, wording),
        prose.headline(telling, organisation, wording),
        *prose.part(told, Part.SITUATION),
        *prose.part(told, Part.SUPPORT),
        *prose.part(told, Part.OUTCOME),
        *prose.part(told, Part.QUOTE),
        prose.fill_in(wording.call_to_action, organisation),
        contact,
        prose.change_note(told, wording),
        prose.picture_note(telling, organisation, wording),
    ]
    _write("\n\n".join(piece for piece in pieces if piece), target)


def write_social(telling: Telling, organisation: Organisation, wording: Wording, target: Path) -> None:
    """Write the short version, at most 280 characters: the headline, whole sentences of the story, the change note.

    Raises ``OutputFailed`` when the file cannot be written.
    """
    _write(social(telling, organisation, wording), target)


def social(telling: Telling, organisation: Organisation, wording: Wording) -> str:
    """The short version: the best outcome that fits, then the best of the support and the situation while they fit."""
    start = [piece for piece in (prose.draft_note(telling, wording), prose.headline(telling, organisation, wording)) if piece]
    note = wording.notes.identified if telling.identified else wording.notes.social
    end = [piece for piece in (note, prose.line(organisation.website)) if piece]
    body: list[str] = []
    for part in (Part.OUTCOME, Part.SITUATION):
        own = [passage for passage in prose.showable(telling) if passage.part is part]
        # The first sentence says who the story is about; a later one may lean on it.
        for passage in own[:1] if part is Part.SITUATION else best_first(own):
            sentence = prose.line(passage.text)
            longer = [*body, sentence] if part is Part.OUTCOME else [sentence, *body]
            if len(_joined(start, longer, end)) <= SOCIAL_LETTERS:
                body = longer
                break
    return _shortest(start, body, end)


def _joined(start: list[str], body: list[str], end: list[str]) -> str:
    return "\n".join([*start, " ".join(body), " ".join(end)] if body else [*start, " ".join(end)])


def _shortest(start: list[str], body: list[str], end: list[str]) -> str:
    """Everything, else without the address, else without the headline: the notes are never dropped."""
    for head, tail in ((start, end), (start, end[:1]), (start[:-1], end[:1])):
        text = _joined(head, body, tail).strip()
        if len(text) <= SOCIAL_LETTERS:
            return text
    return " ".join(end[:1])


def _write(text: str, target: Path) -> None:
    try:
        target.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputFailed(f"{target.name} cannot be written.", "Check that the disk has room.") from error
