"""Speech turned from the first person into the third: one sentence at a time, or not at all.

Rules only, and careful ones: a sentence whose grammar they cannot be sure of is not turned.  "You" spoken to the
organisation becomes its own "we", since the organisation tells the story; "you" that means anybody stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from types import MappingProxyType

_CASES = MappingProxyType({
    "she": ("her", "her", "hers", "herself"), "he": ("him", "his", "his", "himself"),
    "they": ("them", "their", "theirs", "themselves"),
})  # fmt: skip
_STARTS = re.compile(
    r"(?:(?:but|and|so|now|then|today|instead|well|yes|no|because),? )?(?P<word>(?:i|we|my|our|nobody|no one|somebody|someone|"
    r"everybody|everyone|people|there|the|a|an|in|at|on|when|after|before|they|it|that|this|these|he|she|his|her|you|"
    r"nothing|everything|if|since|until|once|for|with|without|by|each|every|all|some|what|even|one|two|three|last)\b(?:['’]\w+)?)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"[?…\"“”()\[\]]|\b(?:y’all|let['’]s|ta|please|thank|thanks|here|ain['’]t|me and|and me|me in|we and|mate|darling|pet)\b|"
    r", love\b|^(?:no|yes|well|ta|oh)\W|!.|"
    r"\b(?:was|were|am|have|had|do|did|could|should|would|can)(?:n['’]t)? (?:I|we|you)\b",
)
_POINTS = re.compile(r"(?:that|this)(?:['’]s| (?:was|is|has|had|made|gave|meant|helped|would|will))\b", re.IGNORECASE)
_JOINS = re.compile(r"^(?:but|and|so|well|because),? ", re.IGNORECASE)
_MENDED = re.compile(r", sorry, [^,.!?]+", re.IGNORECASE)
_FIRST_TIME = re.compile(r"^(?:the )?(?=(?:first|only|last) time (?:I|we)['’]ve\b)", re.IGNORECASE)
_ASIDES = re.compile(
    r",? (?:sorry|you know|honestly|mind you|i mean|to be honest|if i['’]?m honest|i suppose|i tell you)(?=[,.!]|$),?",
    re.IGNORECASE,
)
_I = re.compile(
    r"\bI\b(?P<short>['’](?:m|ve|d|ll))?(?P<adverb>(?: (?:just|only|still|also|never|always|really|even|once|often|first|now))*)"
    r"(?: (?P<verb>[a-z]+n['’]t|[a-z]+))?"
)
_WE = re.compile(r"\b[Ww]e(?P<short>['’](?:re|ve|d|ll))?\b")
_SAME = frozenset(
    """could can will would should might may must had did was were couldn't can't won't wouldn't didn't wasn't hadn't
    shouldn't""".split()
)
_CHANGED = MappingProxyType({"am": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't"})
_PRESENT = frozenset(
    """want need know think like love feel see go get come work live cook hang sleep help hope keep make take play teach
    say look run walk write pay owe speak eat wake sit stand smile laugh enjoy believe remember understand mean call ring
    visit volunteer miss trust start stop use lock open close sing paint grow drive swim breathe dream worry wonder wish
    cry talk meet bring buy find manage stay hear shake wash iron shop save""".split()
)
_PAST = frozenset(
    """went came got knew thought felt saw made took taught said told ran wrote paid spoke ate woke sat stood understood meant
    rang kept slept lost found gave began became brought bought left met heard held learnt learned rose fell forgot drove
    spent sent built broke chose grew drew won wore threw swam sang drank dreamt hid fed led rode shook stole swore
    tore""".split()
)
_HABIT = re.compile(r"\b(?:now|every|always|still|sometimes|often|these days|each)\b", re.IGNORECASE)
_BASE = re.compile(r"(?!\w*(?:ed|s|ing|ly)$)[a-z]{3,}")
_EITHER = frozenset("put read let cut set hit cost shut quit hurt".split())  # the same word in the past
# "I cook and clean", "I look at it and see": a second verb whose form would have to change with the first.
_SECOND_VERB = re.compile(rf"\band (?:(?:{'|'.join(sorted(_PRESENT))})\b|[a-z]+ (?:for|at|to|with|them|it|her|him|the|my|a)\b)")
_PASTS = re.compile(rf"\b(?:{'|'.join(sorted(_PAST))}|was|were|had|did|could|would|\w{{3,}}ed)\b")
_VERB = re.compile(
    r"['’](?:s|m|re|ve|d|ll)\b|\b(?:is|am|was|are|were|has|had|have|can|could|will|would|may|might|must|did|does|do|gets|costs?|"
    rf"\w{{2,}}ed|\w+n['’]t|(?:{'|'.join(sorted(_PRESENT))})s?|{'|'.join(sorted(_PAST | _EITHER))})\b"
)
_YOU = re.compile(r"\b[Yy]ou(?:rs?|rself|rselves)?\b")
_YOU_ALL = re.compile(r"\b[Yy]ou (?:lot|all|people|guys|folk)\b")
_ANYBODY = re.compile(
    r"\b[Yy]ou(?:['’](?:ve|d|ll))? (?:don['’]t|can['’]t|can|never|have to|need|get|lose|forget|learn|start|stop|feel|think)\b|"
    r"\b(?:somebody|someone|nobody|anybody|people|they|it|everyone)\b[^.]*\byour?\b",
    re.IGNORECASE,
)
_YOU_ARE = re.compile(r"\b[Yy]ou(?:['’]re| are|r\b|['’]ve| have)\b")
_TO_YOU = re.compile(
    r"\b(to|for|with|from|at|by|without|of|than|like|about|saw|met|told|rang|asked|thank) you\b|\byou(?=[.,;]|$)", re.I
)


def clause(sentence: str, pronoun: str, names: Collection[str] = ()) -> str:
    """One sentence of speech as words that follow "that"; empty when a rule does not cover it.

    ``pronoun`` is the speaker's; ``names`` are the people that a sentence may begin with and who keep their capitals.
    """
    words = _ASIDES.sub("", _MENDED.sub("", _JOINS.sub("", sentence.strip()))).rstrip(".!").strip(" ,")
    words = re.sub(r"^it is the [A-Z]", lambda m: m.group().lower(), _FIRST_TIME.sub("it is the ", words))
    begins = next((name for name in names if re.match(rf"{re.escape(name)}\b", words)), "")
    start = _STARTS.match(words)
    if not words or _REFUSED.search(words) or not _VERB.search(words) or not (start or begins):
        return ""
    if start and start.group("word").lower().partition("’")[0].partition("'")[0] == pronoun:
        return ""  # somebody else of whom the speaker's pronoun would make the speaker
    turned = turn(words, pronoun)
    named = bool(begins) and not re.match(r"(?:the|an?|her|his|their|our|another)\b", begins, re.IGNORECASE)
    return turned if named or not turned else turned[:1].lower() + turned[1:]


def points(sentence: str) -> bool:
    """Whether a sentence begins by pointing at what was said before it: "That's a different water"."""
    return bool(_POINTS.match(_JOINS.sub("", sentence.strip())))


def turn(words: str, pronoun: str) -> str:
    """First person to third, and "you" to whom it means; empty when a verb's form is not known."""
    addressed = _addressed(words)
    if addressed is None:
        return ""
    pieces, at = [], 0
    for match in _I.finditer(addressed):
        told = _subject(match, addressed, pronoun)
        if told is None:
            return ""
        pieces += [addressed[at : match.start()], told]
        at = match.end()
    words = "".join([*pieces, addressed[at:]])
    words = _WE.sub(lambda m: "they" + (m.group("short") or ""), words)
    other, own, owns, self_ = _CASES[pronoun]
    theirs = (("me", other), ("my", own), ("mine", owns), ("myself", self_), ("us", "them"), ("our", "their"), ("ours", "theirs"),
              ("ourselves", "themselves"))  # fmt: skip
    words = re.sub(r"\b(fe(?:el|els|lt|eling) like) me\b", rf"\1 {self_}", words)
    for first, third in theirs:
        words = re.sub(rf"\b{first}\b", third, words, flags=re.IGNORECASE)
    return _pointed(words).replace("\0", "we").replace("\1", "us").replace("\2", "our")


def _addressed(words: str) -> str | None:
    """The words with the organisation's own pronouns marked where they were spoken to it; ``None`` where that is unclear."""
    if not _YOU.search(words):
        return words
    if not _YOU_ALL.search(words) and _ANYBODY.search(words) and not re.search(r"\b(?:me|my|us|I)\b", words):
        return words
    # "You've been good to me" is thanks; it would need another verb.
    if _YOU_ARE.search(words) or re.search(r"\byour(?:s|self|selves)\b", words, re.IGNORECASE):
        return None
    words = _YOU_ALL.sub("\0", words)
    words = _TO_YOU.sub(lambda m: f"{m.group(1)} \1" if m.group(1) else "\1", words)
    words = re.sub(r"\byour\b", "\2", words, flags=re.IGNORECASE)
    return re.sub(r"\byou\b", "\0", words, flags=re.IGNORECASE)


def _pointed(words: str) -> str:
    """What "that" and "this" pointed at is told as "it": "That's a different water"."""
    words = re.sub(r"^(?:that|this)['’]s (?=been|made|got|helped|changed|given|gone)", "it has ", words, flags=re.IGNORECASE)
    words = re.sub(r"^(?:that|this)['’]s\b", "it is", words, flags=re.IGNORECASE)
    words = re.sub(r"^(?:that|this) (?=was|is|has|had|made|gave|meant|helped|would|will)", "it ", words, flags=re.IGNORECASE)
    return re.sub(r"\bthat['’]s\b", "that is", words)


def _subject(match: re.Match[str], words: str, pronoun: str) -> str | None:
    short, adverb, verb = (match.group("short") or "")[1:], match.group("adverb"), match.group("verb") or ""
    behind = f" {verb}" if verb else ""
    if short in ("d", "ll"):
        return f"{pronoun}’{short}{adverb}{behind}"
    if short in ("m", "ve"):
        be, have = ("are", "have") if pronoun == "they" else ("is", "has")
        return f"{pronoun} {be if short == 'm' else have}{adverb}{behind}"
    plain = verb.replace("’", "'")
    past = plain in _PAST or (plain.endswith("ed") and len(plain) > 4) or (plain in _EITHER and bool(_PASTS.search(words)))
    if plain in _SAME or past:
        return f"{pronoun}{adverb} {'were' if (plain, pronoun) == ('was', 'they') else verb}"
    if plain in _CHANGED:
        return f"{pronoun}{adverb} {_plural(plain) if pronoun == 'they' else _CHANGED[plain]}"
    known = plain in _PRESENT or (bool(_HABIT.search(words)) and bool(_BASE.fullmatch(plain)))
    if known and plain not in _EITHER and not _SECOND_VERB.search(words[match.end() :]):
        return f"{pronoun}{adverb} {verb if pronoun == 'they' else _third(verb)}"
    return None


def _plural(verb: str) -> str:
    return "are" if verb == "am" else verb


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s")
