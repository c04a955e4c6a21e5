"""How well detection finds what a gold file marks: mentions, entities, owners, precision, hard negatives.

A gold file is JSON Lines: ``{"doc", "style", "text", "spans": [{"start", "end", "type", "id", "text"}], "optional":
[...]}``.  A mention is found when every character that it requires is covered; an entity when every mention of it is.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.domain.finding import DIRECT, Category, Finding
from pipeline.errors import UsageError

_TYPES = {"ORG": Category.ORGANISATION, "QUASI": Category.INDIRECT, "URL_HANDLE": Category.ONLINE_HANDLE}
_TITLES = frozenset(
    re.split(
        r"\s+",
        "mr mrs ms miss mx dr doctor prof professor sir lady lord dame rev revd reverend fr father sr sister canon pastor imam "
        "cllr councillor pc dc di ds sgt sergeant inspector detective constable judge sheriff provost major capt captain retd "
        "registrar engineer auntie aunt uncle nan nana granny gran watch manager wm charge nurse young big wee old pan bibi and "
        "colonel dci pcso honour brother biji",
    )
)
_LATE_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "retd"})
_AGE_WORDS = frozenset(
    re.split(
        r"\s+",
        "year years yr yrs y yo old month months m mth mths week weeks wk wks day days aged age and a ish th st nd rd",
    )
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Gold:
    """One marked document; ``spans`` are (start, end, category, entity id), ``optional`` and ``negatives`` stretches."""

    doc: str
    style: str
    text: str
    spans: tuple[tuple[int, int, Category, str], ...]
    optional: tuple[tuple[int, int], ...] = ()
    negatives: tuple[tuple[int, int, str], ...] = ()


@dataclass(slots=True)
class Count:
    """How many of ``n`` were found in ``full``, in ``part``, or not."""

    full: int = 0
    part: int = 0
    n: int = 0

    @property
    def rate(self) -> float:
        """Found in full, of all; 1.0 when there was nothing to find."""
        return self.full / self.n if self.n else 1.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A mention not found in full; for the eyes of those who may see the gold file."""

    doc: str
    style: str
    category: Category
    start: int
    text: str = field(repr=False)
    uncovered: str = field(repr=False)


@dataclass(slots=True)
class Figures:
    """The figures of one evaluation.

    ``mentions`` and ``entities`` are by category name, "direct", "quasi" and "ALL"; ``styles`` are mentions by writing
    style; ``owners`` persons with everything linked to them (the id's part before the dot); ``precision`` is of
    predicted words, those on optional stretches left out; ``negatives`` counts those touched, by kind, in ``full``.
    """

    documents: int = 0
    mentions: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    entities: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    styles: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    owners: Count = field(default_factory=Count)
    typed: Count = field(default_factory=Count)
    words: Count = field(default_factory=Count)
    negatives: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    misses: list[Miss] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Predicted words that are marked, of all predicted words."""
        return self.words.rate


def load_gold(path: Path, negatives: Path | None = None) -> list[Gold]:
    """A gold file and, where there is one, its hard negatives.  Raises ``UsageError`` naming the line."""
    hard: dict[str, list[dict[str, object]]] = {}
    if negatives is not None:
        hard = {row["doc"]: row["negatives"] for row in _lines(negatives)}  # type: ignore[misc]
    return [_gold(row, hard.get(str(row["doc"]), [])) for row in _lines(path)]


def _lines(path: Path) -> list[dict[str, object]]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                row["doc"]
            except (ValueError, KeyError, TypeError):
                raise UsageError(f"{path.name}, line {number}: this is not a line of a gold file") from None
            rows.append(row)
    return rows


def _gold(row: Mapping[str, object], negatives: Iterable[Mapping[str, object]]) -> Gold:
    try:
        spans = tuple((s["start"], s["end"], category_of(s["type"]), s["id"]) for s in row["spans"])  # type: ignore[attr-defined]
        optional = tuple((s["start"], s["end"]) for s in row.get("optional", ()))  # type: ignore[attr-defined]
        hard = tuple((n["start"], n["end"], str(n["kind"])) for n in negatives)
        return Gold(str(row["doc"]), str(row.get("style", "")), str(row["text"]), spans, optional, hard)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError):
        raise UsageError("a line of the gold file lacks a field or has an unknown type") from None


def category_of(name: str) -> Category:
    """The category of a gold file's type name (ORG, QUASI and URL_HANDLE are older names)."""
    return _TYPES.get(name) or Category(name)


def evaluate(gold: Path | Sequence[Gold], predictions: Mapping[str, Sequence[Finding]], negatives: Path | None = None) -> Figures:
    """Compare findings, by document name, with a gold file."""
    documents = load_gold(gold, negatives) if isinstance(gold, Path) else gold
    figures = Figures(documents=len(documents))
    for document in documents:
        _one(document, predictions.get(document.doc, ()), figures)
    return figures


def _one(gold: Gold, findings: Sequence[Finding], figures: Figures) -> None:
    covered: dict[int, Category] = {}
    for finding in findings:
        for position in range(max(0, finding.start), min(len(gold.text), finding.end)):
            covered[position] = finding.category
    entities: dict[tuple[str, Category], bool] = {}
    owners: dict[str, bool] = {}
    for start, end, category, entity in gold.spans:
        needed = required(gold.text, start, end, category)
        hit = needed & covered.keys()
        whole = len(hit) == len(needed)
        for key in (category.value, "direct" if category in DIRECT else "quasi", "ALL"):
            _count(figures.mentions[key], whole, bool(hit))
        _count(figures.styles[gold.style], whole, bool(hit))
        entities[(entity, category)] = entities.get((entity, category), True) and whole
        owner = entity.split(".")[0]
        owners[owner] = owners.get(owner, True) and whole
        if hit:
            _count(figures.typed, any(covered[position] is category for position in hit), True)
        if not whole:
            left = "".join(gold.text[position] for position in sorted(needed - hit))
            figures.misses.append(Miss(gold.doc, gold.style, category, start, gold.text[start:end], left))
    for (_, category), whole in entities.items():
        for key in (category.value, "direct" if category in DIRECT else "quasi", "ALL"):
            _count(figures.entities[key], whole, whole)
    for whole in owners.values():
        _count(figures.owners, whole, whole)
    _precision(gold, covered, figures)


def _count(count: Count, full: bool, part: bool) -> None:
    count.n += 1
    count.full += full
    count.part += part and not full


def _precision(gold: Gold, covered: Mapping[int, Category], figures: Figures) -> None:
    optional = {position for start, end in gold.optional for position in range(start, end)}
    marked = {position for start, end, _, _ in gold.spans for position in range(start, end)}
    for match in _WORD.finditer(gold.text):
        letters = range(*match.span())
        if any(at in covered for at in letters) and not any(at in optional for at in letters):
            right = any(at in marked for at in letters)
            _count(figures.words, right, right)
    for start, end, kind in gold.negatives:
        touched = any(at in covered for at in range(start, end))
        for key in (kind, "ALL"):
            _count(figures.negatives[key], touched, touched)


def required(text: str, start: int, end: int, category: Category) -> set[int]:
    """The letters and digits that must be covered: titles, age words, weekdays and a leading "the" need not be."""
    words = [(match.start() + start, match.end() + start, match.group().lower()) for match in _WORD.finditer(text[start:end])]
    spare = _spare([word for _, _, word in words], category)
    if len(spare) == len(words):
        spare = set()
    needed: set[int] = set()
    for number, (low, high, word) in enumerate(words):
        if number in spare:
            continue
        if category is Category.AGE and (digits := re.match(r"\d+", word)):
            high = low + digits.end()
        needed.update(range(low, high))
    return needed or set(range(start, end))


def _spare(words: Sequence[str], category: Category) -> set[int]:
    spare: set[int] = set()
    if category is Category.PERSON:
        at = 0
        while at < len(words) - 1 and words[at] in _TITLES:
            spare.add(at)
            at += 1
        if len(words) > 1:
            spare.update(number for number, word in enumerate(words) if word in _LATE_TITLES)
    elif category is Category.AGE:
        spare.update(number for number, word in enumerate(words) if word in _AGE_WORDS)
    elif category is Category.DATE:
        spare.update(n for n, word in enumerate(words) if _WEEKDAY.match(word) or word in ("the", "of"))
    elif category in (Category.ORGANISATION, Category.INDIRECT):
        at = 0
        while at < len(words) - 1 and words[at] in ("the", "a", "an"):
            spare.add(at)
            at += 1
    return spare
