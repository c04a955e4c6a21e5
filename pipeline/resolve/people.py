"""Mentions become persons: the fullest wordings first, then every shorter one joins whom it can only mean."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rapidfuzz.distance import OSA

from pipeline.domain.finding import Gender
from pipeline.resolve.mention import Mention
from pipeline.resolve.nearby import Nearby
from pipeline.resolve.register import Lexicon

_ALIAS = re.compile(
    r"""^[\s,(]*["'“‘(]\s*$|\b(?:aka|a\.k\.a|also|alias|known as|goes by|likes to be called|prefers|nickname|nicknamed|"""
    r"""formerly|previously|n[ée]e|maiden name|filed as|written as|wrote|spelt|spelled|spelling|misspelt|gives?|system has|"""
    r"""should be|or is it|sic|real name|full name|birth name|"""
    r"""surname(?:,? which)? is|short for|or just)\b[^.!?\w]*(?:\w+\W+){0,2}$""",
    re.IGNORECASE,
)
_APART = re.compile(r"\bnot\s+(?:the\s+)?same\b|\bno relation\b|\bother one\b|\bdifferent (?:person|one)\b", re.IGNORECASE)
# "Mercy (Hope's mum)": what stands there is whose she is, not another name of hers.
_WHOSE = re.compile(
    r"['’]s?\b|s?['’]|\s+(?:mum|mam|mom|mother|dad|father|son|daughter|sister|brother|aunt\w*|uncle|nan\w*|gran\w*|wife|husband|"
    r"partner|cousin|niece|nephew|friend|mate|neighbour|carer|worker|landlord|boss)\b",
    re.IGNORECASE,
)
_FAMILY = re.compile(r"^\s+(?:family|household|children|kids|boys|girls|brothers|sisters|twins)\b", re.IGNORECASE)
_FEW = 60  # characters between a name and its alias


@dataclass(slots=True)
class Person:
    """A person while mentions gather; ``firsts``, ``lasts`` and ``nicks`` are folded words."""

    mentions: list[Mention] = field(default_factory=list)
    firsts: list[str] = field(default_factory=list)
    lasts: list[str] = field(default_factory=list)
    nicks: list[str] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)
    initials: list[str] = field(default_factory=list)
    gender: Gender = Gender.UNKNOWN
    middles: set[str] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    family: bool = False

    def add(self, mention: Mention) -> None:
        """Join a mention and learn its words."""
        self.mentions.append(mention)
        self.middles.update(mention.middle)
        insort(self.starts, mention.start)
        for word, known in (
            (mention.first, self.firsts),
            (mention.last, self.lasts),
            (mention.nick, self.nicks),
            (mention.single, self.singles),
            (mention.initials, self.initials),
        ):
            if word and word not in known:
                known.append(word)
        if self.gender is Gender.UNKNOWN:
            self.gender = mention.gender

    def last_before(self, position: int) -> int:
        """Where this person was last named before a position, else first after it (as a negative distance)."""
        at = bisect_left(self.starts, position)
        return self.starts[at - 1] if at else -self.starts[0]


def gather(mentions: Sequence[Mention], text: str, lexicon: Lexicon, gender_of: Mapping[tuple[str, str], Gender]) -> list[Person]:
    """Every mention in exactly one person, persons in order of first mention.

    ``gender_of`` is what the client list says of a (first, last) name.
    """
    lasts = frozenset(one.last for one in mentions if one.first and one.last)
    mentions = [_with_family(mention, text, lasts) for mention in _form_names(mentions)]
    before = {two.start: one for one, two in pairwise(sorted(mentions, key=lambda one: one.start))}
    matcher = _Matcher(lexicon, bool(_APART.search(text)), gender_of)
    for mention in sorted(mentions, key=_fullness):
        known = _alias_of(mention, before.get(mention.start), text, matcher.people)
        if known is not None:
            matcher.join(mention, known)
            known.nicks.extend(word for word in (mention.single, mention.first) if word and word not in known.nicks)
        else:
            matcher.place(mention)
    for person in matcher.people:
        person.mentions.sort(key=lambda one: one.start)
    return sorted(matcher.people, key=lambda person: person.mentions[0].start)


def _fullness(mention: Mention) -> tuple[int, int]:
    """Fullest wordings first: they say who the shorter ones can mean."""
    if mention.first and mention.last:
        return (1 if min(len(mention.first), len(mention.last)) == 1 else 0), mention.start
    if mention.last or mention.first:
        return 2, mention.start
    return (4 if mention.initials else 3), mention.start


def _with_family(mention: Mention, text: str, lasts: frozenset[str]) -> Mention:
    """ "the Ogdens", "the Ogden family": a family is nobody of its members."""
    word = mention.single or mention.last
    if not word or mention.first or mention.title:
        return mention
    plural = word.endswith("s") and word[:-1] in lasts and text[max(0, mention.start - 4) : mention.start].lower() == "the "
    if plural or (word in lasts and _FAMILY.match(text[mention.end : mention.end + 20])):
        return replace(mention, plural=True, single=word.removesuffix("s") if plural else word, last="")
    return mention


def _form_names(mentions: Sequence[Mention]) -> list[Mention]:
    """A surname field and a forename field that follow one another are one name."""
    formed = list(mentions)
    for at in range(len(formed) - 1):
        one, two = formed[at], formed[at + 1]
        if two.start - one.end > 60:
            continue
        if one.last and not one.first and not one.title and two.first and not two.last:
            formed[at], formed[at + 1] = replace(one, first=two.first), replace(two, last=one.last)
        elif one.first and not one.last and two.last and not two.first and not two.title:
            formed[at], formed[at + 1] = replace(one, last=two.last), replace(two, first=one.first)
    return formed


def _words_of(mention: Mention) -> list[str]:
    return [word for word in (mention.first, mention.last, mention.nick, mention.single, *mention.middle) if word]


def _alias_of(mention: Mention, previous: Mention | None, text: str, people: Sequence[Person]) -> Person | None:
    """The person named just before, when the words between say that this is another name of the same."""
    if mention.title or mention.plural or previous is None or mention.start - previous.end > _FEW:
        return None
    if not _ALIAS.search(text[previous.end : mention.start]) or _WHOSE.match(text, mention.end):
        return None
    return next((person for person in people if any(one.start == previous.start for one in person.mentions)), None)


@dataclass(slots=True)
class _Matcher:
    lexicon: Lexicon
    strict: bool
    gender_of: Mapping[tuple[str, str], Gender]
    people: list[Person] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)  # id of a person -> place in people
    nearby: Nearby = field(init=False)

    def __post_init__(self) -> None:
        self.nearby = Nearby(self.lexicon.short_for)

    def place(self, mention: Mention) -> None:
        """Join the best person that the mention can mean, else begin a new one."""
        candidates = self.nearby.find(_words_of(mention), mention.initials)
        best = max(((*self._rank(mention, self.people[at]), -at) for at in candidates), default=(0, 0, 0, 0))
        if best[0] > 0:
            person = self.people[-best[-1]]
        else:
            person = Person(family=mention.plural)
            self.numbers[id(person)] = len(self.people)
            self.people.append(person)
        self.join(mention, person)
        if person.gender is Gender.UNKNOWN and mention.first and mention.last:
            person.gender = self.gender_of.get((mention.first, mention.last), Gender.UNKNOWN)

    def join(self, mention: Mention, person: Person) -> None:
        """Add a mention, and note how the person can be found by it."""
        person.add(mention)
        self.nearby.add(self.numbers[id(person)], _words_of(mention), mention.initials)

    def _rank(self, mention: Mention, person: Person) -> tuple[int, int, int]:
        score = self._score(mention, person)
        if not score:
            return 0, 0, 0
        agree = int(mention.gender is not Gender.UNKNOWN and mention.gender is person.gender)
        if len(mention.initials) == 1:
            return score, len(person.mentions), person.last_before(mention.start)
        return score, agree, person.last_before(mention.start)

    def _score(self, mention: Mention, person: Person) -> int:
        if person.family != mention.plural:
            return 0
        if Gender.UNKNOWN not in (mention.gender, person.gender) and mention.gender is not person.gender:
            return 0
        if mention.first and mention.last:
            return self._full(mention, person)
        if mention.last:
            return self._by_last(mention, person)
        if mention.initials:
            if mention.alone and any((first, last) in self.gender_of for first in person.firsts for last in person.lasts):
                return 0  # a cell that holds initials only is the worker's
            return self._by_initials(mention.initials, person)
        return self._by_single(mention.first or mention.single, person)

    def _full(self, mention: Mention, person: Person) -> int:
        if len(mention.last) == 1 and not self._last_fit(mention.last, person):
            mention = replace(mention, first=mention.last, last=mention.first)  # "BISHOP F"
        last = self._last_fit(mention.last, person)
        if not last:
            return 0
        if not person.firsts:
            named = person.singles and not any(self._same_first(mention.first, one) for one in person.singles)
            return 0 if named else last
        whole = [first for first in person.firsts if len(first) > 1] or person.firsts
        fits = [self._same_first(mention.first, first, strict=self.strict) for first in [*whole, *person.nicks]]
        fits += [2 for middle in mention.middle if middle in person.firsts]
        fits += [2] if mention.first in person.middles else []
        return last + max(fits) if max(fits) else 0

    def _last_fit(self, last: str, person: Person) -> int:
        if last in person.lasts:
            return 6
        if last in person.middles:
            return 4
        if len(last) == 1:
            return 5 if any(one.startswith(last) for one in person.lasts) else 0
        if any(len(one) == 1 and last.startswith(one) for one in person.lasts):
            return 5
        return 4 if any(self._near(last, one) for one in person.lasts) else 0

    def _by_last(self, mention: Mention, person: Person) -> int:
        fit = self._last_fit(mention.last, person)
        if fit:
            return fit
        if mention.last in person.firsts and person.lasts and mention.last not in self.lexicon.given:
            return 1  # "Mr Nguyen" of Nguyen Van Thanh: where families come first
        return 2 if not person.lasts and mention.last in person.singles else 0

    def _by_single(self, word: str, person: Person) -> int:
        if word in person.firsts or word in person.nicks:
            return 9
        if word in person.singles:
            return 8
        if word in person.lasts:
            return 7
        if word.endswith("s") and word[:-1] in [*person.firsts, *person.singles, *person.lasts]:
            return 6
        if any(self._same_first(word, one) for one in [*person.firsts, *person.singles]):
            return 5
        if word in person.middles:
            return 3
        return 2 if any(self._near(word, one) for one in person.lasts) else 0

    def _by_initials(self, initials: str, person: Person) -> int:
        if initials in person.initials:
            return 9
        if len(initials) == 1:
            names = person.firsts or person.singles
            return 3 if any(name.startswith(initials) for name in names) else 0
        for first in [*person.firsts, *person.nicks]:
            if any(first[0] == initials[0] and last[0] == initials[-1] for last in person.lasts):
                return 7
        return 0

    def _same_first(self, one: str, two: str, strict: bool = False) -> int:
        """3 the same, 2 a short form or initial, 1 a misspelling, 0 another name."""
        if one == two:
            return 3
        if len(one) == 1 or len(two) == 1:
            return 2 if one[0] == two[0] else 0
        if strict:
            return 0
        if two in self.lexicon.short_for.get(one, ()):
            return 2
        short, long = sorted((one, two), key=len)
        if 3 <= len(short) <= 4 < len(long) and long.startswith(short):
            return 1
        return 1 if self._near(one, two) else 0

    def _near(self, one: str, two: str) -> bool:
        if min(len(one), len(two)) < 5 or one[0] != two[0]:
            return False
        return OSA.distance(one, two, score_cutoff=1) <= 1
