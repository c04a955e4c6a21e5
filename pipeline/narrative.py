"""Which sentences of a story can be told, and what each does in the telling: situation, support, outcome, quote."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from pipeline.domain.story import Block, BlockKind, Story
from pipeline.domain.telling import Part
from pipeline.policy.cues import CueSet
from pipeline.record_lines import is_record, lead, titles

_END = re.compile(
    r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9£])|(?<=[.!?][\"”’])\s+(?=[A-Z])|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)"
)
_LOWER_END = re.compile(r"(?<=[a-z0-9)]{2}[.!?])\s+(?=[\"“]?[a-z£0-9])|\n")
_CAPITAL_START = re.compile(r"[.!?]\s+[A-Z]")
_TWO_WORDS = re.compile(r"\w\W+\w")  # "Won!!" stays with what follows it
_QUOTES = re.compile(r"[\"“”]")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Revd|Fr|St|Sgt|Cllr|No|no|e\.g|i\.e|etc|approx|tel|Tel|Ref|ref|[A-Z])\.$")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|(?:(?<=\s)|(?<=\()|^)['‘](?=\w)(?:[^'’\n]|['’](?=\w))*['’](?!\w)")
_MARK = re.compile(r"(?<!\d)[\"“”]")
_OWN_WORDS = re.compile(r"\bin (?:her|his|their|my) own words\b|\b(?:said|says|told us|wrote)\s*:", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"^\W*(?:with (?:many |best )?(?:thanks|wishes)|many thanks|all the best|"
    r"dear|yours|kind regards|regards|best wishes|thanks|sincerely|signed|x+$|hi |hello |cc\b|from:|to:|subject:|"
    r"sent:|page \d)",
    re.IGNORECASE,
)
_HEADING_LINE = re.compile(r"\s*(?:\d+[.)]\s*)?[A-Z][\w'’/&-]*(?: [\w'’/&-]+){0,3}(?:\s*\([^()]{0,40}\))?:?\s*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TELLS = re.compile(r"(?:[^\W\d_]{2,}.*?){2}|\d.*[^\W\d_]{3,}", re.DOTALL)  # two words, or a figure with its unit
_LEANING = re.compile(
    r"(?:he|she|they|it|his|her|their|its|this|that|these|those|then|but|and|so|both|there|"
    r"in the (?:second|third|fourth|fifth|next))\b"
    r"(?! (?:now|has now|have now|is now|are now))",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^\W*[A-Z][\w ()/.'-]{1,28}:\s+\S")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the story that can be told; ``paragraph`` is its block's number, ``under`` that block's heading."""

    start: int
    end: int
    paragraph: int
    under: str = ""
    field: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """The words of ``narrative.toml``, compiled; it is itself alone, so that what was told with it can be remembered."""

    situation: re.Pattern[str]
    support: re.Pattern[str]
    headings: tuple[tuple[Part, re.Pattern[str]], ...]
    records: re.Pattern[str]
    untold: re.Pattern[str]
    labels: re.Pattern[str]
    report: bool
    topics: tuple[tuple[str, str], ...]
    abbreviations: tuple[tuple[str, re.Pattern[str], str], ...]  # letters that have to be there, what is sought, what is said
    initials: frozenset[str] = frozenset()
    capitalised: tuple[str, ...] = ()
    known_by: tuple[tuple[re.Pattern[str], str], ...] = ()

    @classmethod
    def load(cls, path: Path) -> Cues:
        """Read ``narrative.toml``."""
        data = tomllib.loads(path.read_text("utf-8"))
        short = data["abbreviations"].items()
        return cls(
            situation=_any(data["situation"]),
            support=_any(data["support"]),
            headings=tuple((Part(key), _any(words)) for key, words in data["headings"].items()),
            records=re.compile(r"^\W*(?:" + "|".join(data["records"]["labels"]) + ")", re.IGNORECASE),
            untold=_any(data["untold"]["sentences"]),
            labels=re.compile("(?:" + "|".join(data["untold"]["labels"]) + r")\s*\d*$", re.IGNORECASE),
            report=bool(data["quotations"]["reported"]),
            topics=tuple((name, rf"\b(?:{'|'.join(words)})") for name, words in data["topics"].items()),
            abbreviations=tuple((k, re.compile(rf"(?<![\w/]){re.escape(k)}(?!\w)\.?"), v) for k, v in short)
            + tuple(("", re.compile(pattern), words) for pattern, words in data["shorthand"]["patterns"]),
            known_by=tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in data["known_by"]["patterns"]),
            capitalised=tuple(data["capitals"]["titles"]),
            initials=frozenset(data["capitals"]["keep"].split()) | {k for k, _ in short if k.isupper()},
        )

    def expand(self, text: str) -> str:
        """The sentence with the trade's abbreviations written out."""
        for letters, pattern, words in self.abbreviations:
            if letters in text:  # most are in no sentence, and this is quick to see
                text = pattern.sub(words, text)
        return text


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def sentences(story: Story, cues: Cues) -> tuple[Sentence, ...]:
    """Every sentence of the story's narrative, in order; records, signatures and hidden layers are left out."""
    found: list[Sentence] = []
    heading, title = "", titles(story.text, story.blocks)
    for number, block in enumerate(story.blocks):
        text = story.text[block.start : block.end]
        if number in title or is_record(text):
            continue
        if block.kind is BlockKind.HEADING or (block.kind is BlockKind.PARAGRAPH and _HEADING_LINE.fullmatch(text)):
            heading = text.strip()
        elif block.kind is BlockKind.PARAGRAPH:
            found += _account(story.text, block, number, heading, cues)
        elif block.kind is BlockKind.FIELD and _speaks(block, text, cues):
            fields = _split(story.text, block, number, block.label, field=True)
            found += [s for s in fields if _told(story.text[s.start : s.end], cues)]
    return tuple(found)


def _speaks(block: Block, text: str, cues: Cues) -> bool:
    """Whether a form's field holds prose: three words, or under a label of the account a figure with its unit."""
    if cues.records.search(block.label):
        return False
    return len(_LETTERS.findall(text)) >= 3 or bool(cues.labels.match(block.label) and _TELLS.search(text))


def _account(text: str, block: Block, number: int, heading: str, cues: Cues) -> list[Sentence]:
    """The sentences of a paragraph, each without the label or the cells of a log that lead to it."""
    told = []
    for sentence in _split(text, block, number, heading):
        words = text[sentence.start : sentence.end]
        skipped, label = lead(words, cues.labels)
        if not (_told(words, cues) and _told(words[skipped:], cues)):
            continue
        told.append(replace(sentence, start=sentence.start + skipped, under=label or heading))
    return told


def _told(text: str, cues: Cues) -> bool:
    if not _TELLS.search(text) or _SIGN_OFF.search(text) or cues.untold.search(text):
        return False
    return not (_LABELLED.search(text) and cues.records.search(text) and len(text) < 120)


def split_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentence spans of ``text[start:end]``, without the white space between them; a quotation stays whole."""
    spans: list[tuple[int, int]] = []
    at = start
    for match in _boundaries(text, start, end):
        stop = match.start() + len(match.group()) - len(match.group().lstrip("\"'”’)"))
        hard = "\n" in match.group()
        piece = text[at:stop]
        if not hard and (_ABBREVIATION.search(text, at, match.start()) or _open(piece) or not _TWO_WORDS.search(piece)):
            continue
        spans.append((at, stop))
        at = match.end()
    spans.append((at, end))
    return [_trim(text, a, b) for a, b in spans if text[a:b].strip()]


def _boundaries(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Ends of sentences; a note typed without capitals has them too."""
    found = list(_END.finditer(text, start, end))
    if not _CAPITAL_START.search(text, start, end) and any(c.isalpha() for c in text[start:end]):
        found += [m for m in _LOWER_END.finditer(text, start, end) if all(m.start() != f.start() for f in found)]
    return sorted(found, key=lambda match: match.start())


def _open(piece: str) -> bool:
    """Inside a quotation or a bracket, where no sentence of the telling can end."""
    if len(piece) < 300 and piece.count("(") > piece.count(")"):
        return True
    return len(_QUOTES.findall(piece)) % 2 == 1 and len(piece) < 600


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _split(text: str, block: Block, number: int, under: str, field: bool = False) -> list[Sentence]:
    return [Sentence(a, b, number, under, field) for a, b in split_spans(text, block.start, block.end)]


def parts(text: str, told: Sequence[Sentence], cues: Cues, outcome: CueSet, known_outcome: bool = False) -> tuple[Part, ...]:
    """What each sentence does, by its heading, its words and its place; the order of the story is respected.

    ``known_outcome`` says that the client list names an outcome.  Without that, a heading or a word for one, no
    sentence is an outcome however late it stands.
    """
    words = [text[sentence.start : sentence.end] for sentence in told]
    quoted = quotations(text, told)
    has_outcome = known_outcome or any(
        outcome.found(piece) or _heading(sentence.under, cues) is Part.OUTCOME
        for piece, sentence in zip(words, told, strict=True)
    )
    last = max(1, len(told) - 1)
    few = len(told) < 4  # too few for a place to say that nothing can have come of it yet
    found: list[Part] = []
    for index, (piece, sentence) in enumerate(zip(words, told, strict=True)):
        part = _part(piece, sentence, index / last, few, cues, outcome if has_outcome else None)
        if quoted[index] and _mostly_quoted(piece):
            part = Part.QUOTE
        elif part is not Part.OUTCOME and _hangs(told, index, words) and found[-1] is not Part.QUOTE:
            part = found[-1]
        found.append(part)
    settled = list(_together(told, found))
    if known_outcome and Part.OUTCOME not in settled:
        # "Good news: she got the keys on Friday": the client list says that there is an outcome, and it is told first.
        at = next((n for n in reversed(range(len(told))) if outcome.found(words[n])), None)
        settled = [Part.OUTCOME if n == at else part for n, part in enumerate(settled)]
    return tuple(settled)


def _together(told: Sequence[Sentence], found: Sequence[Part]) -> tuple[Part, ...]:
    """What a paragraph says before its outcome stays together, as what most of it is."""
    settled = list(found)
    for _, numbers in groupby(range(len(told)), key=lambda n: told[n].paragraph):
        before = [n for n in numbers if found[n] in (Part.SITUATION, Part.SUPPORT)]
        counts = Counter(found[n] for n in before)
        if len(before) > 2 and len(counts) == 2 and counts[Part.SITUATION] != counts[Part.SUPPORT]:
            for n in before:
                settled[n] = counts.most_common(1)[0][0]
    return tuple(settled)


def _hangs(told: Sequence[Sentence], index: int, words: Sequence[str]) -> bool:
    """True for a sentence that leans on the one before it in its paragraph, and is told beside it."""
    return index > 0 and told[index].paragraph == told[index - 1].paragraph and bool(_LEANING.match(words[index]))


def quotations(text: str, told: Sequence[Sentence]) -> tuple[bool, ...]:
    """Whether each sentence holds somebody's very words, in any kind of marks and over any number of paragraphs.

    A mark that opens and is not closed makes all that follows a quotation until one closes: what cannot be told from
    a quotation is one.
    """
    flags, is_open = [], False
    for sentence in told:
        words = text[sentence.start : sentence.end]
        marks = len(_MARK.findall(words))
        flags.append(is_open or marks % 2 == 1 or bool(_OWN_WORDS.search(words)) or any(map(_spoken, _QUOTED.findall(words))))
        closes = marks % 2 == 1 or words.rstrip().endswith(('"', "”"))
        is_open = not closes if is_open else marks % 2 == 1
    return tuple(flags)


def _mostly_quoted(words: str) -> bool:
    found = _QUOTED.findall(words)
    return sum(map(len, found)) > 0.5 * len(words) or bool(_MARK.match(words.lstrip()))


def _spoken(quoted: str) -> bool:
    """True for speech; false for a nickname or a single term in marks."""
    return len(_LETTERS.findall(quoted)) >= 3 or bool(re.search(r"[.,!?…]['’\"”]$", quoted)) or bool(re.search(r"\bI\b", quoted))


def _heading(under: str, cues: Cues) -> Part | None:
    words = under.strip(" .:#*-0123456789)")
    return next((part for part, pattern in cues.headings if pattern.match(words)), None) if words else None


def _part(words: str, sentence: Sentence, place: float, few: bool, cues: Cues, outcome: CueSet | None) -> Part:
    score = {
        Part.SITUATION: 2.0 * (place < 0.25) + (place < 0.45) + len(cues.situation.findall(words)),
        Part.SUPPORT: 0.5 + 1.2 * (0.2 < place < 0.8) + len(cues.support.findall(words)),
        Part.OUTCOME: 0.0,
    }
    if outcome:
        score[Part.OUTCOME] = 2.0 * (place > 0.8) + (place > 0.6) + 2.0 * (few or place > 0.3) * outcome.count(words)
    under = _heading(sentence.under, cues)
    if under and (under is not Part.OUTCOME or outcome):
        score[under] += 3.0
    return max(score, key=lambda part: score[part])
