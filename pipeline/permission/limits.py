"""Finds what sends a story to a manager: the limits of confidentiality and legal restrictions (P20, P21).

A cue alone says little: "no thoughts of suicide" and "suicide prevention leaflet" hold the words of a danger and none
of its substance.  The policy's cues say what to look for; this module says when a match is not a statement: when it
is denied, or when it is only the name of a service, a leaflet or a course.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.domain.policy import LimitName, Policy
from pipeline.policy.cues import compile_cue, fold


@dataclass(frozen=True, slots=True, order=True)
class LimitHit:
    """A place ``[start, end)`` of a text that holds its story: which limit and the clause that says so."""

    limit: LimitName
    clause: str
    start: int
    end: int


_WORD = r"[\w'/&()-]+"
_DENIAL = (
    r"(?<!no one )(?:"
    r"\b(?:denie[sd]|denying|denial of|rules? out|ruled out|ruling out|free (?:of|from)|nil|negative for"
    r"|no (?:current |active |evidence|signs?|indications?|suggestion|history|hx|record|known|previous|concerns?"
    r"|thoughts?|plans?|intent\w*|risks?|worries|suspicion|disclosures?|further|new|more|immediate|other|reason to"
    rf"|need for)(?: of| that| to| about| for| re)?) (?:{_WORD} ){{0,7}}"
    rf"|\b(?:no|nor|neither|without(?: any)?|zero) (?:{_WORD} ){{0,2}}"
    r"|\b(?:not|never|n't|isnt|wasnt|doesnt|didnt|hasnt|havent|arent) "
    r"(?:been |being |had |have |having |felt |feel |feeling |currently |now |ever |at all |actively |any |a |an |at |in "
    r"|to be |thought to be |considered |deemed |presenting |expressing |under |subject to |known to |experiencing "
    r"|experienced |suffering |a victim of |the victim of |involved in |think\w* (?:of |about )?)*"
    rf"|\b(?:any|if|whether|in case|should (?:she|he|they)) (?:of )?(?:there (?:is|was|were|are) )?(?:any )?(?:{_WORD} ){{0,2}}"
    r")"
)
_DENIED_BEFORE = re.compile(_DENIAL + "$", re.IGNORECASE)
# A denial reaches over a comma only inside a list: "no self harm, drink or drugs", and not in "no money, suicidal".
_DENIED_LIST = re.compile(_DENIAL + rf"(?:{_WORD},? ){{0,10}}(?:(?:or|nor) (?:{_WORD} ){{0,3}})$", re.IGNORECASE)
_DENIED_LIST_OPEN = re.compile(_DENIAL + rf"(?:{_WORD} ){{0,6}}{_WORD}, (?:{_WORD} ){{0,2}}$", re.IGNORECASE)
_LIST_GOES_ON = re.compile(rf"(?: {_WORD}){{0,2}}(?:, {_WORD}(?: {_WORD}){{0,2}}){{0,3}},? (?:or|nor)\b", re.IGNORECASE)
# "did not deny", "cannot rule out", "no doubt": two negatives deny nothing.
_NOT_A_DENIAL = re.compile(
    r"\b(?:(?:not|n't|never|cannot|can't|cant|couldn't|unable to) (?:\w+ )?(?:den(?:y|ied)|rul(?:e|ed) out)"
    r"|no doubt|no longer (?:den|safe)|no one else|not only|no matter|not just|no wonder)\b",
    re.IGNORECASE,
)
# "Safeguarding concerns: none", "Risk of suicide - nil", "Self harm? No".
_DENIED_AFTER = re.compile(
    r"[\w /&'-]{0,30}"
    r"(?:[:?=|]| -| (?:were|was|is|are|has been|have been|identified|noted|raised|disclosed|reported|present|at this time))+ *"
    r"(?:none|no(?= *(?:$|[.,;)]))|nil|n/a|n\.a\.|no (?:concerns?|issues?|evidence|risks?)|nothing"
    r"|not (?:identified|known|applicable|disclosed|present|raised|reported|at this time|noted|seen|an issue|apparent)"
    r"|denied|ruled out|excluded|unfounded|screened out)\b(?! (?:longer|doubt|idea|one|matter))(?! \w+ (?:safe|help))",
    re.IGNORECASE,
)
# "suicide prevention leaflet", "DOMESTIC ABUSE SERVICE", "terrorism awareness training".
_MENTION_AFTER = re.compile(
    r"(?: (?:and|&|or|prevention|awareness|support|advice|intervention|recovery|reduction|basic|online|level|\d"
    r"|domestic|sexual|violence|abuse|self-harm|mental|health|adults?|child\w*|e-?learning|first|aid|policy|outreach))*"
    r" (?:leaflets?|posters?|booklets?|training|courses?|workshops?|awareness|polic(?:y|ies)|procedures?|helplines?"
    r"|hotline number|charit(?:y|ies)|services?|week|day|campaign|e-?learning|webinars?|modules?|projects?|partnership|forum"
    r"|network|strategy group|statistics|fundrais\w*|certificate|refresher|flyers?|stall|talk|volunteers?|trainers?"
    r"|film|novel|book|drama|podcast|documentary|insurance|legislation|lead)\b(?! (?:told|informed|rang|aware|user))",
    re.IGNORECASE,
)
_MENTION_BEFORE = re.compile(
    r"\b(?:training (?:on|in|about|for)|leaflets? (?:on|about|for)|course (?:on|in|about)|workshops? (?:on|about)"
    r"|talks? (?:on|about)|awareness of|polic(?:y|ies) on|campaign(?:s|ing)? against|fundrais\w+ for|raising awareness of"
    r"|film about|novel about|book about|drama about|documentary (?:on|about)|information (?:on|about)|posters? (?:on|about)"
    r"|helpline for|charity for|research (?:on|into)|article (?:on|about)|volunteers? (?:for|with)) (?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[.;!?\n]|, (?:but|so|and then|then)\b| (?:but|however|although|though|yet|until|because|since|except|then"
    r"|and (?:he|she|they|i|we|then|now|is|was|has))\b",
    re.IGNORECASE,
)
_DENIED_INSIDE = re.compile(
    r"(?<!^)\b(?:no (?!longer|one|way|reason|point|food|idea|money)|nil |without |denie[sd] )(?:any |signs? of |\w+ )?\S+$",
    re.IGNORECASE,
)
_GAP = "[^.]{0,"
_BEFORE, _AFTER = 140, 80


def find_limits(text: str, policy: Policy) -> tuple[LimitHit, ...]:
    """Every statement in ``text`` that meets a limit of ``policy``, in order of place; empty when there is none.

    Offsets are code points into ``text``.
    """
    folded = fold(text)
    hits: set[LimitHit] = set()
    for limit in policy.limits:
        for cue in limit.cues:
            for match in compile_cue(cue).finditer(folded):
                if match.end() > match.start() and _stated(folded, match.start(), match.end(), _GAP in cue):
                    hits.add(LimitHit(limit.name, limit.clause, match.start(), match.end()))
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end, hit.limit)))


def _stated(text: str, start: int, end: int, gap: bool) -> bool:
    """False when the words around the match deny it or make it a title; true in every case of doubt.

    ``gap``: the cue spans words that it does not name, so a denial may stand inside ("the baby had no bruises").
    """
    if gap and _DENIED_INSIDE.search(text[start:end]):
        return False
    before = _same_clause(text[max(0, start - _BEFORE) : start])
    after = re.sub(r" +", " ", text[end : end + _AFTER].replace("\n", "\n ").split("\n")[0])
    if _MENTION_AFTER.match(after) or _MENTION_BEFORE.search(before):
        return False
    if _DENIED_AFTER.match(after):
        return False
    denied = (
        _DENIED_BEFORE.search(before)
        or _DENIED_LIST.search(before)
        or (_LIST_GOES_ON.match(after) and _DENIED_LIST_OPEN.search(before))
    )
    return not (denied and not _NOT_A_DENIAL.search(before + text[start:end]))


def _same_clause(before: str) -> str:
    joined = re.sub(r" *\n(?!\n) *", " ", before) if "\n\n" not in before else before.rsplit("\n\n", 1)[1].replace("\n", " ")
    ends = list(_CLAUSE_END.finditer(joined))
    tail = joined[ends[-1].end() :] if ends else joined
    return re.sub(r" +", " ", tail)
