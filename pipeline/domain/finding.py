"""What detection found, and the people and other entities it resolves to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """The kinds of identifying detail of the interface contract."""

    PERSON = "PERSON"
    LOCATION = "LOCATION"
    ADDRESS = "ADDRESS"
    POSTCODE = "POSTCODE"
    ORGANISATION = "ORGANISATION"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    ONLINE_HANDLE = "ONLINE_HANDLE"
    ID_NUMBER = "ID_NUMBER"
    INDIRECT = "INDIRECT"


DIRECT = frozenset(
    {
        Category.PERSON,
        Category.ADDRESS,
        Category.POSTCODE,
        Category.PHONE,
        Category.EMAIL,
        Category.ONLINE_HANDLE,
        Category.ID_NUMBER,
    }
)
"""Categories that identify alone; the others identify in combination (quasi-identifiers)."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One identifying detail at ``[start, end)`` of a story's text (code points).

    ``score`` is in (0, 1]; ``detector`` names who found it ("tagger", "pattern:uk-nino", "client-list", ...);
    ``kind`` says more within the category ("NHS_NUMBER", "OCCUPATION", ...); ``entity`` is set by resolve.
    """

    start: int
    end: int
    category: Category
    score: float
    detector: str
    kind: str = ""
    entity: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("a finding must cover at least one character")
        if not 0.0 < self.score <= 1.0:
            raise ValueError("a score must be in (0, 1]")


class Role(StrEnum):
    """Who a person is to the story."""

    SERVICE_USER = "service_user"
    RELATIVE = "relative"
    STAFF = "staff"
    PROFESSIONAL = "professional"
    OTHER = "other"


class Gender(StrEnum):
    """How the text speaks of a person; unknown is spoken of as "they"."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, place, organisation or other thing, however often and however it is named.

    ``surfaces`` are its distinct wordings in the story, longest first.  ``relation`` is what the text calls a person
    in relation to somebody ("son", "GP", "support worker"), lower case, empty when it does not say.  ``subject`` is
    true for the person whose story this is; ``case_ref`` is set when exactly one client of the list is meant.
    """

    entity_id: str
    category: Category
    surfaces: tuple[str, ...]
    role: Role = Role.OTHER
    gender: Gender = Gender.UNKNOWN
    relation: str = ""
    subject: bool = False
    case_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Findings with their ``entity`` set, and the entities they point at, in order of first mention."""

    findings: tuple[Finding, ...]
    entities: tuple[Entity, ...]

    def entity(self, entity_id: str) -> Entity:
        """The entity of that id; ``KeyError`` when there is none."""
        for entity in self.entities:
            if entity.entity_id == entity_id:
                return entity
        raise KeyError(entity_id)
