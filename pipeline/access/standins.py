"""What stands where somebody else's name stood: who they are, unless the words before the name say it already."""

from __future__ import annotations

import re

from pipeline.domain.finding import Category, Entity, Role
from pipeline.domain.story import Block
from pipeline.names import fold
from pipeline.resolve.register import Lexicon

NO_NAME = "[name left out]"
PUT = {
    Category.PHONE: "[number left out]",
    Category.EMAIL: "[e-mail left out]",
    Category.ONLINE_HANDLE: "[account left out]",
    Category.ADDRESS: "[address left out]",
    Category.POSTCODE: "[postcode left out]",
    Category.ID_NUMBER: "[number left out]",
    Category.DATE: "[date of birth left out]",
    Category.AGE: "[age left out]",
    Category.LOCATION: "[place left out]",
    Category.INDIRECT: "[detail left out]",
}
"""What stands where a detail of somebody else stood."""

_BEFORE = 40  # characters before a name that may say who it is
_SAID = re.compile(r"([^\W\d_][\w-]*)[\s,:(–-]{1,3}$")
_LABEL = re.compile(r"(?:^|\n)[ \t]*[^\W\d_][\w /&-]{1,30}:[ \t]*$")
_WRITER_LABELS = frozenset({"author", "authors", "creator", "initials", "creatorinitials", "initialcreator", "lastmodifiedby"})


def stand_in(text: str, start: int, block: Block | None, entity: Entity | None, lexicon: Lexicon) -> str:
    """The words in brackets for a name at ``start``: "her sister [name left out]", "[sister] came", "[a midwife] came"."""
    labelled = (block is not None and block.start == start and bool(block.label.strip())) or _LABEL.search(
        text, max(0, start - _BEFORE), start
    )
    if labelled:
        return NO_NAME
    if entity is None or entity.role in (Role.OTHER, Role.SERVICE_USER):
        return "[another person]"
    if _says_who(text, start, lexicon):
        return NO_NAME
    if entity.role is Role.RELATIVE:
        return f"[{entity.relation or 'relative'}]"
    who = entity.relation or ("worker" if entity.role is Role.STAFF else "professional")
    return f"[{'an' if who[0].lower() in 'aeiou' else 'a'} {who}]"


def _says_who(text: str, start: int, lexicon: Lexicon) -> bool:
    """True right behind a word for kin or for a worker: "her partner ", "the health visitor, "."""
    said = _SAID.search(text, max(0, start - _BEFORE), start)
    if said is None:
        return False
    word = fold(said[1])
    return word in lexicon.kin or (word != "by" and any(phrase.rpartition(" ")[2] == word for phrase in lexicon.roles))


def names_a_writer(block: Block) -> bool:
    """True for a property that says who wrote or changed a file: whoever it is, it is a name or its initials."""
    return "".join(mark for mark in fold(block.label) if mark.isalpha()) in _WRITER_LABELS
