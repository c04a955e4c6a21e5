"""An index of forbidden surfaces that finds them in any text, however they are spelled, spaced or punctuated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.domain.assessment import Forbidden

Judge = Callable[[str], Iterable[tuple[int, int]]]
"""Given a text, the spans in it at which a name (not an ordinary word) stands."""

_TOKEN = re.compile(r"[^\W_]+")
_JOINTS = re.compile(
    r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|(?<=[a-z\u00df-\u00f6\u00f8-\u00ff])(?=[A-Z\u00c0-\u00d6\u00d8-\u00de])"
)
_PREFIX = 4
# Shorter ones stand inside unrelated words too often ("Ian" in "librarian").
_INSIDE = 7
_SHORT_NUMBER = 4

_MONTHS = """
    january february march april may june july august september october november december
""".split()
_NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WORDED_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+(\d{4})", re.I)


class _Folding(dict[int, str]):
    """Folds one character: compatibility forms, accents, case, and characters that nobody sees."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if unicodedata.category(char) in ("Cf", "Cc") and char not in "\t\n\r\v\f":
            folded = ""
        else:
            spread = unicodedata.normalize("NFKD", char).casefold()
            folded = "".join(c for c in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(c))
        self[code] = folded.translate(_ALIKE)
        return self[code]


# Letters that decomposition leaves alone but that people type without their stroke.
_ALIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ŧ": "t"})
_FOLDING = _Folding()


def fold(text: str) -> str:
    """A text as it is compared: case, accents, widths and unseen characters taken away."""
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Hit:
    """One forbidden surface found; ``start`` and ``end`` are offsets in the text that was searched."""

    start: int
    end: int
    surface: str
    category: str


@dataclass(frozen=True, slots=True)
class _Key:
    """One way of writing a surface with all its gaps closed.

    ``joints`` are the places at which the surface itself has a gap; ``loose`` allows gaps anywhere (numbers, codes);
    ``exact`` is the only spelling accepted, for initials; ``strict`` asks for a gap at every joint and nowhere else.
    """

    surface: str
    category: str
    joints: frozenset[int]
    loose: bool
    ordinary: bool
    exact: str = ""
    strict: bool = False


@dataclass(slots=True)
class _Squashed:
    """A text with its gaps closed: ``starts`` and ``ends`` map places where a word begins or ends to offsets."""

    text: str
    words: list[tuple[int, int]]
    spans: list[tuple[int, int]]


class SurfaceIndex:
    """Every surface of a ``Forbidden`` in one look-up, built once and used for many files."""

    def __init__(self, forbidden: Forbidden) -> None:
        self._keys: dict[str, list[_Key]] = {}
        self._inside: dict[str, list[tuple[str, _Key]]] = {}
        ordinary = {_squash(fold(word)) for word in forbidden.ordinary}
        for surface, category in dict.fromkeys(forbidden.entries):
            self._add(surface, category, ordinary)
        self._lengths: dict[str, int] = {}
        for key in self._keys:
            prefix = key[:_PREFIX]
            self._lengths[prefix] = max(len(key), self._lengths.get(prefix, 0))

    def __len__(self) -> int:
        return len(self._keys)

    def _add(self, surface: str, category: str, ordinary: set[str]) -> None:
        folded = fold(surface)
        tokens = _TOKEN.findall(folded)
        squashed = "".join(tokens)
        if len(squashed) < 2:
            return
        digits = sum(char.isdigit() for char in squashed)
        is_ordinary = squashed in ordinary or (digits == len(squashed) and digits < _SHORT_NUMBER)
        initials = len(squashed) <= 3 and squashed.isalpha() and surface.strip().isupper()
        exact = surface.strip() if initials else ""
        loose = digits >= 3 or "@" in surface
        joints = frozenset(_running(tokens))
        key = _Key(surface, category, joints, loose, is_ordinary, exact)
        for form in {squashed, *_variants(folded, squashed, category, digits)}:
            self._put(form, key if form == squashed else _Key(surface, category, joints, True, is_ordinary))
        if category == "DATE":
            for form, gaps in _short_dates(folded):
                self._put(form, _Key(surface, category, gaps, False, is_ordinary, strict=True))
        # Sloppy plurals and possessives: "the entwistles", "lorraines flat".
        if category == "PERSON" and len(tokens[-1]) >= 5 and digits == 0 and not is_ordinary:
            self._put(squashed + "s", key)
        if len(squashed) >= _INSIDE and not is_ordinary:
            self._inside.setdefault(squashed[:_PREFIX], []).append((squashed, key))

    def _put(self, form: str, key: _Key) -> None:
        self._keys.setdefault(form, []).append(key)

    def find(self, text: str, judge: Judge | None = None, apart: bool = False) -> list[Hit]:
        """Every surface standing as words of its own in a text; ordinary words count only where ``judge`` sees a name.

        ``apart`` also takes words apart at capitals and digits ("EntwistleDoreen2"), for names that programs make.
        """
        hits = list(self._search(text))
        if apart and (taken := _JOINTS.sub(" ", text)) != text:
            # Offsets in a text that was taken apart are not the original's: blame all of it.
            hits += [(Hit(0, len(text), hit.surface, hit.category), ordinary) for hit, ordinary in self._search(taken)]
        plain = [hit for hit, ordinary in hits if not ordinary]
        doubtful = [hit for hit, ordinary in hits if ordinary]
        if doubtful and judge is not None:
            names = list(judge(text))
            plain += [hit for hit in doubtful if any(start < hit.end and hit.start < end for start, end in names)]
        return plain

    def find_inside(self, text: str) -> list[Hit]:
        """Long surfaces anywhere in a text, inside words too: for names of parts, links and bytes, not for prose."""
        squashed = _squash(fold(text))
        found: list[Hit] = []
        for at in range(len(squashed) - _INSIDE + 1):
            for form, key in self._inside.get(squashed[at : at + _PREFIX], ()):
                if squashed.startswith(form, at):
                    found.append(Hit(0, len(text), key.surface, key.category))
        return found

    def _search(self, text: str) -> Iterator[tuple[Hit, bool]]:
        squashed = _close_up(text)
        body, count = squashed.text, len(squashed.words)
        for first in range(count):
            start = squashed.words[first][0]
            longest = self._longest(body[start : start + _PREFIX])
            for last in range(first, count):
                end = squashed.words[last][1]
                if end - start > longest:
                    break
                for key in self._keys.get(body[start:end], ()):
                    if self._fits(key, squashed, first, last, text):
                        yield Hit(squashed.spans[first][0], squashed.spans[last][1], key.surface, key.category), key.ordinary

    def _longest(self, prefix: str) -> int:
        """The length of the longest key that begins so; 0 when none does."""
        return max(self._lengths.get(prefix[:size], 0) for size in (2, 3, 4))

    @staticmethod
    def _fits(key: _Key, squashed: _Squashed, first: int, last: int, text: str) -> bool:
        if key.exact:
            written = text[squashed.spans[first][0] : squashed.spans[last][1]]
            return re.sub(r"[\W_]", "", written) == re.sub(r"[\W_]", "", key.exact)
        if key.loose:
            return True
        start = squashed.words[first][0]
        if key.strict:
            return {squashed.words[at][1] - start for at in range(first, last)} == key.joints
        for at in range(first, last):
            if squashed.words[at][1] - start in key.joints:
                continue
            # A gap inside a word of the surface counts only in spaced-out letters: "E N T W I S T L E", "D. P."
            left, right = squashed.words[at], squashed.words[at + 1]
            if left[1] - left[0] > 1 or right[1] - right[0] > 1:
                return False
        return True


def _close_up(text: str) -> _Squashed:
    folded, offsets = _folded_with_offsets(text)
    words: list[tuple[int, int]] = []
    spans: list[tuple[int, int]] = []
    pieces: list[str] = []
    at = 0
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        pieces.append(match.group())
        words.append((at, at + end - start))
        spans.append((start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1))
        at += end - start
    return _Squashed("".join(pieces), words, spans)


def _folded_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """A folded text, and where each of its characters came from unless that is its own place."""
    folded = fold(text)
    if all(len(_FOLDING[ord(char)]) == 1 for char in set(text)):
        return folded, None
    return folded, [at for at, char in enumerate(text) for _ in _FOLDING[ord(char)]]


def _squash(folded: str) -> str:
    return "".join(_TOKEN.findall(folded))


def _running(tokens: list[str]) -> Iterator[int]:
    at = 0
    for token in tokens[:-1]:
        at += len(token)
        yield at


def _variants(folded: str, squashed: str, category: str, digits: int) -> set[str]:
    if category == "PHONE" and squashed.startswith("0") and digits >= 9:
        return {"44" + squashed[1:], "440" + squashed[1:], "0044" + squashed[1:]}
    if category == "PHONE" and squashed.startswith("44") and digits >= 11:
        return {"0" + squashed[2:].lstrip("0")}
    if category == "DATE":
        return _date_variants(folded)
    return set()


def _date_variants(folded: str) -> set[str]:
    """The other usual ways of writing a full date; nothing for a date without its year."""
    day = _parse_date(folded)
    if day is None:
        return set()
    month = _MONTHS[day.month - 1]
    forms = {f"{day:%Y%m%d}", f"{day:%d%m%Y}", f"{day.day}{day.month}{day.year}"}
    for name in (month, month[:3]):
        for number in (str(day.day), f"{day:%d}", f"{day.day}{_ordinal(day.day)}"):
            forms |= {f"{number}{name}{day.year}", f"{number}of{name}{day.year}", f"{name}{number}{day.year}"}
    return {form for form in forms if len(form) >= 6}


def _short_dates(folded: str) -> Iterator[tuple[str, frozenset[int]]]:
    """Forms such as 9.2.53, so short that the figures alone could be an amount: their gaps must be there too."""
    day = _parse_date(folded)
    if day is not None:
        for parts in ((f"{day.day}", f"{day.month}", f"{day:%y}"), (f"{day:%d}", f"{day:%m}", f"{day:%y}")):
            yield "".join(parts), frozenset(_running(list(parts)))


def _parse_date(text: str) -> date | None:
    try:
        if match := _ISO_DATE.search(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _NUMERIC_DATE.search(text):
            year = int(match[3])
            century = 0 if year > 99 else (1900 if year > 30 else 2000)
            return date(century + year, int(match[2]), int(match[1]))
        if match := _WORDED_DATE.search(text):
            month = next((n for n, name in enumerate(_MONTHS, start=1) if name.startswith(match[2].lower()[:3])), 0)
            return date(int(match[3]), month, int(match[1]))
    except ValueError:
        return None
    return None


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
