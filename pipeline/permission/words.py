"""The free words of a permission row, understood by narrow rules; what is not understood allows nothing (E24)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose

PLACES_OF_MINORS = ("school", "place")
"""What is never told of anybody under 18, whatever was allowed."""

_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "dame", "rev", "revd", "fr", "father", "sister", "cllr", "councillor", "prof"}
)
_WRITTEN = frozenset({"written form", "written", "e signature", "esignature", "letter", "e mail", "email"})
# At the start only: "support after his wife died" is an outcome of somebody living.
_DECEASED = re.compile(
    r"(the )?(client |su |service user |person )?((is|has|was|now) )*(deceased|died|dead|passed away|passed on|rip)\b"
)


class Response(StrEnum):
    """What became of the question."""

    GIVEN = "given"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    NOT_SOUGHT = "not sought"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the scope cell says, taken together.

    ``hold`` is a manager's; ``no_use`` refuses every use; ``anonymous_only`` and ``anonymous_allowed`` let the story
    be told without the name, ``first_name`` without the surname; ``only`` are the purposes it narrows to (``None`` for
    no such word); ``not_before`` and ``final_copy`` are conditions; ``understood`` is false when any part is none of these.
    """

    understood: bool = True
    hold: bool = False
    no_use: bool = False
    anonymous_allowed: bool = False
    anonymous_only: bool = False
    not_before: bool = False
    final_copy: bool = False
    no_photo: bool = False
    no_quote: bool = False
    first_name: bool = False
    only: frozenset[Purpose] | None = None

    def allows(self, purpose: Purpose) -> bool:
        """True when the scope does not leave that purpose out."""
        return self.only is None or purpose in self.only


def words(text: str) -> str:
    """Lower case, without accents, hyphens as spaces, one space apart."""
    folded = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).casefold()
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.sub(r"[_\u2010-\u2015-]+", " ", bare).split())


_RESPONSES = (
    (r"(given|yes|agreed|granted|consented|permission given)", Response.GIVEN),
    (r"(refused?|declined?|no|denied|objects|objected|said no|withdrawn|opted out|refused .*|declined .*"
     r"|do(es)? not use.*|do(es)?n'?t use.*|not to be used.*|no use.*)", Response.REFUSED),
    (r"(pending|no reply|no answer|no response|awaiting (reply|answer|response)|waiting|sent|chased|asked)",
     Response.UNANSWERED),
    (r"(|not sought|not asked|not yet sought|not yet asked|n/a|none)", Response.NOT_SOUGHT),
)  # fmt: skip


def read_response(text: str) -> Response:
    """The response; unclear when it is none of the words the register knows."""
    said = words(text).strip(" .")
    return next((response for pattern, response in _RESPONSES if re.fullmatch(pattern, said)), Response.UNCLEAR)


_ANY = r"(any|every|all)( (kind|sort|type)s? of)?"
_STORY = (
    r"( (of )?((my|this|the|her|his|their) (story|case|words|information|details)|it|me|anything|any of it))?"
    r"( at all| in any way)?$"
)
_NO_USE = re.compile(
    rf"\b(no use( at all)?$|no use of {_ANY}|not for {_ANY} use|no uses$|(no|not) {_ANY} uses?|nothing( at all)?$|not at all$"
    r"|no story|not even (anonymous|without|with changed)|with or without (a |the |my |any )?name"
    rf"|withdrawn (for|from) {_ANY}|(do not|don'?t|never|not to be|must not be|may not be) (be )?"
    rf"(tell|told|publish|published|share|shared|print|printed|use|used)\b{_STORY})"
)
_NOT_NOW = re.compile(r"^(not yet|not now|not at the moment|not at present|not while|not during|not today|maybe later|later)\b")
_ALLOWS_CHANGED = re.compile(
    r"\b((changed details|details changed|anonymous(ly)?( use)?|anonymised|made up name|another name|different name)"
    r"( (is|are|use is))?( (allowed|ok|okay|fine|agreed|all right|alright|only))"
    r"|(only|ok|okay|fine|allowed|agreed) (if |when |to be |as |to use )?"
    r"(anonymous(ly)?|anonymised|without (my |the |a )?name))\b"
)
_PARTS: tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...] = tuple(
    (re.compile(rf"(?:{pattern})"), effect)
    for pattern, effect in (
        (r"|(this|my|the|one) (story|case study)( only)?|(any|all|every) (uses?|purposes?)( agreed| allowed)?|any story"
         r"|all stories|(publicity|reporting|training)( and"
         r" (publicity|reporting|training))*|until i say (stop|so|otherwise)|until (it is )?withdrawn|ongoing"
         r"|replaces [a-z]+ ?\d+|supersedes [a-z]+ ?\d+|renewed|renewal|as (on|in) (the )?form", {}),
        (r"no (photos?|pictures?|images?|film|video)( please| at all)?|without (a )?photos?", {"no_photo": True}),
        (r"no quotes?|not my words|no quotations?", {"no_quote": True}),
        (r"first names?( only)?|no surname|not my surname|surname (left )?out", {"first_name": True}),
        (r"quotes? only|(my )?words only|no names?( and no story)?|without (my |the |a )?name|anonymous( use)?( only)?"
         r"|name refused|not my name|changed details( only| are allowed| allowed)?|details changed",
         {"anonymous_only": True}),
        (r"(for )?(publicity|website|press|fundraising) only", {"only": frozenset({Purpose.PUBLICITY})}),
        (r"(for )?training( days?)? only|only (for )?training", {"only": frozenset({Purpose.TRAINING})}),
        (r"(for )?((reports?|reporting)( to (the )?funders?)?|funder reports?|annual report) only"
         r"|only (for )?report(s|ing)( to (the )?funders?)?", {"only": frozenset({Purpose.REPORTING})}),
        (r"(only )?(after|once|when|if|until|subject to) (i|she|he|they|client|my|seeing|sight of)\b.*"
         r"(seen|read|approved?|approval|agreed?|see|checked|check|signed off|sight)\b.*", {"final_copy": True}),
        (r"(not|only|never) (before|until|till|after)\b.*|(from|after|once) .*", {"not_before": True}),
    )
)  # fmt: skip


def read_scope(text: str) -> Scope:
    """The scope cell, part by part between semicolons and commas; a part that no rule knows is not understood."""
    said = words(text).strip(" .")
    hold = said.startswith(("hold:", "hold ", "on hold")) or said == "hold"
    allowed = bool(_ALLOWS_CHANGED.search(said))
    quote_only = bool(re.match(r"(quotes?|words) only\b", said))
    no_use = any(_NO_USE.search(part.strip(" .")) for part in re.split(r"[;,]", said))
    no_use = no_use and not allowed and not quote_only
    effects: dict[str, Any] = {"hold": hold, "no_use": no_use, "anonymous_allowed": allowed}
    for part in re.split(r"[;,]", said):
        part = part.strip(" .")
        if _NOT_NOW.match(part):
            effects["no_use"] = True
            continue
        found = next((effect for pattern, effect in _PARTS if pattern.fullmatch(part)), None)
        if found is None:
            effects["understood"] = False
            continue
        if "only" in found and "only" in effects:
            found = {"only": effects["only"] & found["only"]}
        effects.update(found)
    return Scope(**effects)


def written(method: str) -> bool:
    """True for a method that leaves a signed or sent text (E10)."""
    return words(method) in _WRITTEN


def deceased(text: str) -> bool:
    """True when a cell says that the person has died (E13)."""
    return bool(_DECEASED.match(words(text)))


def lacks_capacity(text: str) -> bool | None:
    """True when the cell says so, false when it says that the person has capacity or nothing, ``None`` otherwise.

    An adult is presumed to have capacity until somebody says otherwise, so an empty cell is not a lack.
    """
    said = words(text).strip(" .")
    if said in ("", "has capacity", "yes", "full capacity", "capacity", "has mental capacity", "presumed", "adult"):
        return False
    if re.match(r"(lacks|lacking|no|without|does not have|doesn'?t have) (mental )?capacity\b", said):
        return True
    parts = [part.strip() for part in re.split(r"[;,]", said)]
    harmless = re.compile(
        r"has capacity|aged \d+|adult|asked|agrees?|own agreement recorded|(his|her|their) own agreement recorded"
    )
    return False if "has capacity" in parts and all(harmless.fullmatch(part) for part in parts) else None


_CHILD_NO = re.compile(
    r"\b(not|n'?t|never|no) (\w+ )?(want|agree|happy|sure|keen|willing)"
    r"|\b(object|disagree|refus|declin|against|said no|says no|unwilling)"
)
_CHILD_YES = re.compile(
    r"\b(agree[sd]?|own agreement|(child'?s )?agreement|assent(s|ed)?|consents?|consented|happy)( (is|was|has been|on))?"
    r" (recorded|in writing|signed|given|noted|file)"
    r"|\b(child|she|he|they) (also )?(agrees?|agreed|signed|assents|assented)\b"
)


def child_objects(capacity: str) -> bool:
    """True when the cell records that a child does not want it: the child's objection wins."""
    return bool(_CHILD_NO.search(words(capacity)))


def child_agrees(capacity: str) -> bool:
    """True when the cell records the child's own agreement and no doubt about it."""
    said = words(capacity)
    return (
        bool(_CHILD_YES.search(said))
        and not child_objects(capacity)
        and not re.search(r"\?|not (asked|known|recorded)|unknown|unsure|tbc", said)
    )


def organisation_agrees(text: str, organisation: Organisation) -> bool:
    """True when the form was given to this organisation, by its name or another way it is written (E22)."""
    names = {words(name).strip(" .") for name in (organisation.name, *organisation.also_known_as) if name.strip()}
    return words(text).strip(" .") in names


def _tokens(name: str) -> list[str]:
    bare = re.sub(r"\([^)]*\)|\"[^\"]*\"", " ", words(name).replace("'", ""))
    return [word for word in re.findall(r"\w+", bare) if word not in _TITLES]


def names_agree(name: str, client: Client) -> bool:
    """True when a cell's name is the client's: in full in any order, without middle names, or as they are known.

    Two words at least: a single name is not enough to know somebody by.
    """
    said, full, known = _tokens(name), _tokens(client.full_name), _tokens(client.known_as)
    if len(said) < 2 or len(full) < 2 or "(" in name:
        return len(said) == 1 and said == full
    if sorted(said) == sorted(full):
        return True
    if said == [full[0], full[-1]] or (known and said == [*known, full[-1]]):
        return True
    return bool(known) and sorted(said) == sorted(known) and len(known) >= 2


_EXCLUDED_CHANNELS = {"press": "press", "newspapers": "press", "website": "website", "web": "website"}


def channels_left(channels: Sequence[str], excluded: Sequence[str]) -> tuple[str, ...] | None:
    """The channels named, less those among the excluded topics; ``None`` when nothing that was named is left.

    An empty cell names no channel and narrows nothing; "not discussed" leaves none.
    """
    if not channels:
        return ()
    out = {_EXCLUDED_CHANNELS.get(words(topic), words(topic)) for topic in excluded}
    nothing = {"not discussed", "none", "tbc", "tba", "unknown", "not known", "not agreed", "n/a", "no"}
    left = tuple(c for c in channels if words(c) not in out | nothing and re.search(r"[^\W\d]", c))
    return left or None


def names(listed: Sequence[str], wanted: str) -> bool:
    """True when one of the channels or recipients listed is the one wanted, in any letter case, with or without "the"."""
    return _bare(wanted) in {_bare(item) for item in listed}


def _bare(item: str) -> str:
    return re.sub(r"^(the|our|a|an) | only$", "", words(item).strip(" ."))


def may_be_named(excluded: Sequence[str]) -> bool:
    """False when the excluded topics leave out the name or everything, or cannot be read ("?", "tbc")."""
    for topic in excluded:
        said = words(topic).strip(" .")
        if not re.search(r"[^\W\d]{3}", said) or said in {"tbc", "tba", "unknown", "not known", "to be confirmed", "see notes"}:
            return False
        if re.fullmatch(
            r"(my |her |his |their |the |any |all )?(real )?(first )?names?"
            r"|everything|all|all topics|identity|any identif.*|whole story",
            said,
        ):
            return False
        if "ask" in said.split():
            return False
    return True
