"""What the organisation already knows: its clients, its staff, its own name; found fast however long the lists are.

Everything is indexed by word.  A text is walked once, and each of its words is looked up; the lists are never walked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import OSA

from pipeline.detect.context import Evidence, Words, Writing, writing
from pipeline.detect.found import Span
from pipeline.detect.shapes import ADDRESS_WORD, address_words, plain, ref_shapes, street_word
from pipeline.domain.client import Client
from pipeline.domain.finding import Category
from pipeline.names import Token, tokens

_PARTICLES = re.compile(r"de|da|do|dos|du|la|le|van|von|der|den|bin|ibn|al|el|ap|ab|mac|mc|st|o|y|e")
_LONGEST = 30  # letters; a longer word is no name and is not compared
_DIGITS = re.compile(r"(?<![\w£$€])\+?\(?\d[\d\s().-]{4,20}\d(?!\w)")


@dataclass(frozen=True, slots=True)
class Known:
    """What is told to detection beforehand: the client list, staff names, and how the organisation calls itself."""

    clients: tuple[Client, ...] = ()
    staff: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()


@dataclass(slots=True)
class KnownIndex:
    """The indexes of one ``Known``; build with ``KnownIndex.build``."""

    words: Words
    phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], Category, float, str]]] = field(default_factory=dict)
    singles: dict[str, float] = field(default_factory=dict)
    partners: dict[str, set[str]] = field(default_factory=dict)
    near: dict[str, set[str]] = field(default_factory=dict)
    addresses: dict[tuple[str, str], list[tuple[str, ...]]] = field(default_factory=dict)
    streets: dict[tuple[str, str], set[tuple[str, ...]]] = field(default_factory=dict)
    outward: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    refs: re.Pattern[str] | None = None
    exact_refs: set[str] = field(default_factory=set)

    @staticmethod
    def build(known: Known, words: Words, diminutives: dict[str, frozenset[str]]) -> KnownIndex:
        """Index everything once; the time is in proportion to the lists."""
        index = KnownIndex(words)
        for own in known.own_names:
            index._phrase(_folded(own), Category.ORGANISATION, 1.0, "OWN")
        for client in known.clients:
            for name in {client.full_name, client.known_as} - {""}:
                index._name(_folded(name), diminutives, "client")
            index._name_pair(client, diminutives)
            index._contact(client)
        for name in known.staff:
            index._name(_folded(name), diminutives, "staff")
        index.refs = ref_shapes([client.case_ref for client in known.clients])
        index.exact_refs = {plain(client.case_ref) for client in known.clients if len(plain(client.case_ref)) >= 4}
        return index

    # ------------------------------------------------------------ building
    def _phrase(self, parts: tuple[str, ...], category: Category, score: float, kind: str = "") -> None:
        if parts:
            entry = (parts, category, score, kind)
            bucket = self.phrases.setdefault((parts[0], parts[1] if len(parts) > 1 else ""), [])
            if entry not in bucket:
                bucket.append(entry)

    def _name(self, parts: tuple[str, ...], diminutives: dict[str, frozenset[str]], _source: str) -> None:
        parts = tuple(part for part in parts if part not in self.words.honorifics)
        if not parts:
            return
        for part in parts:
            if _PARTICLES.fullmatch(part) or len(part) < 2:
                continue
            self.singles[part] = 0.9
            self._near(part)
        if len(parts) < 2:
            return
        first, last = parts[0], parts[-1]
        tail = next((parts[at:] for at in range(1, len(parts)) if _PARTICLES.fullmatch(parts[at])), (last,))
        orders = {parts, (*tail, first), (*tail, *parts[: -len(tail)]), (first, *tail), (first[0], *tail), (*tail, first[0])}
        for order in orders:
            self._phrase(order, Category.PERSON, 0.98)
        for short in diminutives.get(first, ()):
            self._phrase((short, *tail), Category.PERSON, 0.97)
            self._phrase((*tail, short), Category.PERSON, 0.97)
        for one in parts:
            self.partners.setdefault(one, set()).update(part for part in parts if part != one)

    def _name_pair(self, client: Client, diminutives: dict[str, frozenset[str]]) -> None:
        surname, alias = _folded(client.full_name)[-1:], _folded(client.known_as)
        if surname and len(alias) == 1:
            self._name((*alias, *surname), diminutives, "client")

    def _near(self, part: str) -> None:
        if 5 <= len(part) <= _LONGEST:
            for variant in _deletions(part):
                self.near.setdefault(variant, set()).add(part)

    def _contact(self, client: Client) -> None:
        words = address_words(client.address)
        if len(words) >= 2:
            self.addresses.setdefault((words[0], words[1]), []).append(words)
            street = tuple(word for word in words if not word[0].isdigit())
            if len(street) >= 2:
                self.streets.setdefault((street[-2], street[-1]), set()).add(street)
        postcode = client.postcode.split()
        if postcode:
            self.outward.add(postcode[0].upper() if len(postcode) > 1 else postcode[0][:-3].upper())
        digits = re.sub(r"\D", "", client.phone)
        if len(digits) >= 6:
            self.phones.add(digits[-9:])

    # ------------------------------------------------------------ finding
    def find(self, text: str, words: Sequence[Token] | None = None) -> list[Span]:
        """Everything of the lists that stands in a text; ``words`` are its words, where they are to hand."""
        if not (self.phrases or self.singles or self.addresses or self.phones or self.refs or self.outward):
            return []
        words = list(tokens(text)) if words is None else words
        spans = self._phrases_in(text, words)
        spans.extend(self._singles_in(text, words, spans))
        spans.extend(self._addresses_in(text))
        spans.extend(self._numbers_in(text))
        return spans

    def lists(self, text: str) -> bool:
        """True when the client or staff list knows something in a text."""
        return any(span.detector == "client-list" for span in self.find(text))

    def _phrases_in(self, text: str, words: Sequence[Token]) -> list[Span]:
        spans = []
        for at, token in enumerate(words):
            follower = words[at + 1].fold if at + 1 < len(words) else ""
            starts = (
                *self.phrases.get((token.fold, follower), ()),
                *(self.phrases.get((token.fold, ""), ()) if follower else ()),
            )
            for parts, category, score, kind in starts:
                end = at + len(parts)
                if end > len(words) or any(words[at + step].fold != part for step, part in enumerate(parts)):
                    continue
                if len(parts) == 1 and category is Category.PERSON:
                    continue
                if not _joined(text, words[at:end]) or not self._sure(text, words, at, end, category):
                    continue
                start, stop = self._with_title(text, words, at), words[end - 1].end
                detector = "own-name" if kind == "OWN" else "client-list"
                spans.append(Span(start if category is Category.PERSON else token.start, stop, category, score, detector, kind))
        return spans

    def _sure(self, text: str, words: Sequence[Token], at: int, end: int, category: Category) -> bool:
        """A name made only of ordinary words ("Will May", "A Long") must look like a name."""
        if category is not Category.PERSON:
            return True
        if any(len(one.fold) > 1 and one.fold not in self.words.ordinary for one in words[at:end]):
            initial = next((one for one in words[at:end] if len(one.fold) == 1), None)
            return initial is None or initial.text.isupper() or writing(text, initial.start) is Writing.LOWER
        grammar = self.words.grammar
        after = words[end].fold if end < len(words) and text[words[end - 1].end : words[end].start] == " " else ""
        if writing(text, words[at].start) is Writing.MIXED:
            return all(one.text[0].isupper() for one in words[at:end])
        return after not in grammar["particles"] and (words[at].text.isupper() or after in grammar["finite"])

    def _with_title(self, text: str, words: Sequence[Token], at: int) -> int:
        start = words[at].start
        if at and words[at - 1].fold in self.words.honorifics and text[words[at - 1].end : start].strip(" .") == "":
            return words[at - 1].start
        return start

    def _singles_in(self, text: str, words: Sequence[Token], spans: Iterable[Span]) -> list[Span]:
        covered = {position for span in spans for position in range(span.start, span.end)}
        singles = []
        for at, token in enumerate(words):
            if token.start in covered or len(token.fold) < 2:
                continue
            score = self._single(text, words, at)
            if score:
                singles.append(Span(self._with_title(text, words, at), token.end, Category.PERSON, score, "client-list"))
        return singles

    def _single(self, text: str, words: Sequence[Token], at: int) -> float:
        token = words[at]
        word = token.fold
        if word not in self.singles and word.endswith("s") and word[:-1] in self.singles and word not in self.words.common:
            word = word[:-1]  # "arjans" for "Arjan's"
        if word in self.singles:
            if word in self.words.ordinary:
                return 0.75 if self.words.evidence(text, words, at) is Evidence.STRONG else 0.0
            if token.text[0].isupper() or writing(text, token.start) is not Writing.MIXED or len(word) >= 6:
                return self.singles[word]
            return 0.0
        return self._misspelt(text, words, at)

    def _misspelt(self, text: str, words: Sequence[Token], at: int) -> float:
        """A near miss counts beside the other half of the same name, or as a capital that no ordinary word explains."""
        token = words[at]
        word = token.fold
        if not self.near or not 5 <= len(word) <= _LONGEST or word in self.words.ordinary or word in self.words.never:
            return 0.0
        close = {part for variant in _deletions(word) for part in self.near.get(variant, ()) if _is_near(word, part)}
        if not close:
            return 0.0
        beside = {words[other].fold for other in (at - 1, at + 1) if 0 <= other < len(words)}
        if any(beside & self.partners.get(part, set()) for part in close):
            return 0.9
        mixed = writing(text, token.start) is Writing.MIXED
        mid_sentence = at > 0 and text[words[at - 1].end : token.start] in (" ", ", ", " (")
        return 0.7 if mixed and token.text[0].isupper() and mid_sentence and len(word) >= 6 else 0.0

    def _addresses_in(self, text: str) -> list[Span]:
        matches = [(m.start(), m.end(), street_word(m.group())) for m in ADDRESS_WORD.finditer(text)] if self.addresses else []
        spans = []
        for at in range(len(matches) - 1):
            pair = (matches[at][2], matches[at + 1][2])
            for form, category in ((self.addresses, Category.ADDRESS), (self.streets, Category.LOCATION)):
                for parts in form.get(pair, ()):
                    if category is Category.LOCATION and len(parts) > 2:
                        parts = parts[-2:]
                    stop = at + len(parts)
                    if tuple(word for _, _, word in matches[at:stop]) == parts:
                        spans.append(Span(matches[at][0], matches[stop - 1][1], category, 0.95, "client-list"))
        return spans

    def _numbers_in(self, text: str) -> list[Span]:
        spans = []
        if self.phones:
            for match in _DIGITS.finditer(text):
                if re.sub(r"\D", "", match.group())[-9:] in self.phones:
                    spans.append(Span(match.start(), match.end(), Category.PHONE, 0.99, "client-list"))
        if self.refs is not None:
            spans += [Span(*m.span(), Category.ID_NUMBER, 0.97, "client-list", "CASE_REF") for m in self.refs.finditer(text)]
        if self.outward:
            for match in re.finditer(r"\b[A-Z]{1,2}\d{1,2}[A-Z]?\b", text):
                if match.group() in self.outward:
                    spans.append(Span(*match.span(), Category.POSTCODE, 0.8, "client-list", "OUTWARD_CODE"))
        return spans


def _folded(name: str) -> tuple[str, ...]:
    return tuple(token.fold for token in tokens(name))


def _joined(text: str, words: Sequence[Token]) -> bool:
    """Only spaces, hyphens, dots, underscores and one comma may stand between the parts of a name."""
    return all(
        re.fullmatch(r"[ \t]*[,._-]?[ \t]*|[ \t]*\n[ \t]*", text[left.end : right.start]) and not left.possessive
        for left, right in pairwise(words)
    )


def _deletions(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_near(word: str, part: str) -> bool:
    allowed = 2 if min(len(word), len(part)) >= 8 else 1
    return word != part and word[0] == part[0] and OSA.distance(word, part, score_cutoff=allowed) <= allowed
