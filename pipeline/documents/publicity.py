"""The publicity story: what was wrong, what help there was, what came of it (P14, P19)."""

from __future__ import annotations

from pathlib import Path

from pipeline.documents import prose
from pipeline.documents.layouts import fill, house_fields, save
from pipeline.documents.length import cut
from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.telling import Part, Telling

FIELDS = frozenset(
    {
        "organisation",
        "contact",
        "website",
        "logo",
        "headline",
        "service",
        "situation",
        "support",
        "outcome",
        "quotes",
        "call_to_action",
        "change_note",
        "draft",
        "picture_note",
    }
)
"""The fields that a layout for publicity may use; situation, support, outcome and quotes are lists of paragraphs."""

REQUIRED = frozenset({"headline", "outcome", "change_note"})
"""The fields that a layout for publicity may not leave out; for a draft, ``draft`` as well."""


def write_publicity(
    telling: Telling, organisation: Organisation, wording: Wording, layout: Path, target: Path, words: int | None = None
) -> None:
    """Write the story as a Word document in the organisation's layout, in about ``words`` words (all of it by default).

    Raises ``RenderError`` when the layout cannot be filled and ``OutputFailed`` when the file cannot be written.
    """
    fields = _fields(telling if words is None else cut(telling, words), organisation, wording)
    save(fill(layout, fields, REQUIRED | ({"draft"} if telling.draft else set())), target, organisation, str(fields["headline"]))


def _fields(telling: Telling, organisation: Organisation, wording: Wording) -> dict[str, object]:
    return house_fields(organisation) | {
        "headline": prose.headline(telling, organisation, wording),
        # A cell of the client list may hold anything: only a service that the organisation itself names is shown.
        "service": prose.line(telling.service) if telling.service in organisation.services else "",
        "situation": prose.part(telling, Part.SITUATION),
        "support": prose.part(telling, Part.SUPPORT),
        "outcome": prose.part(telling, Part.OUTCOME),
        "quotes": prose.part(telling, Part.QUOTE),
        "call_to_action": prose.fill_in(wording.call_to_action, organisation),
        "change_note": prose.change_note(telling, wording),
        "draft": prose.draft_note(telling, wording),
        "picture_note": prose.picture_note(telling, organisation, wording),
    }
