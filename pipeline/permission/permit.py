"""Judges what one person's permissions allow, for one purpose on one day (P6, P8, P9, P15 to P18).

Identified only when one row, the latest word of the person, is written, given by somebody who may, for this organisation,
purpose and audience, in force, not withdrawn, with its evidence, about the one client that matched.  Everything else is
anonymised, and a refusal of any use withholds.  Reasons are the codes of the permission cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import (
    ANYBODY,
    Answer,
    Audience,
    Evidence,
    IdentityLevel,
    Judgement,
    Permission,
    Purpose,
    Verdict,
)
from pipeline.names import reference_key
from pipeline.permission.givers import age_on, giver_fails
from pipeline.permission.words import (
    PLACES_OF_MINORS,
    Response,
    Scope,
    channels_left,
    child_objects,
    deceased,
    may_be_named,
    names,
    names_agree,
    organisation_agrees,
    read_response,
    read_scope,
    written,
)

_STRICTNESS = {Verdict.IDENTIFY: 0, Verdict.ANONYMISE: 1, Verdict.WITHHOLD: 2}
# Reasons of rows that are good in themselves: asked, answered, written, evidenced.
_SOUND = frozenset({"identity_level", "purpose_not_granted", "channel_not_granted", "recipient_not_granted", "expired"})
_WIDTH = (IdentityLevel.ANONYMOUS, IdentityLevel.KNOWN_AS, IdentityLevel.FIRST_NAME, IdentityLevel.FULL_NAME)


@dataclass(frozen=True, slots=True)
class _Word:
    """What one row comes to: a judgement, the day it speaks from, and whether it is the person's own word.

    A row without a day (a manager's hold) always speaks.  A row that is nobody's word to us (another person's,
    another organisation's, an unanswered letter) counts only when there is nothing else.
    """

    judgement: Judgement
    day: date | None
    counts: bool

    @property
    def sound(self) -> bool:
        """True when the person's own answer is on record in writing, so that it can take back a refusal."""
        judgement = self.judgement
        return self.counts and (judgement.verdict is Verdict.IDENTIFY or judgement.reason in _SOUND)


@dataclass(frozen=True, slots=True)
class _Question:
    client: Client | None
    purpose: Purpose
    on: date
    organisation: Organisation
    audience: Audience


def judge(
    rows: Sequence[Permission],
    client: Client | None,
    purpose: Purpose,
    on: date,
    organisation: Organisation,
    readable: bool = True,
    audience: Audience = ANYBODY,
) -> Judgement:
    """The position of ``client`` for ``purpose`` on ``on``, from all permission rows of the case.

    ``client`` is ``None`` when no single client was matched; ``readable`` is false when the permission register could
    not be read; an ``audience`` that is named must be one that the permission names (P8).  The order of ``rows`` does
    not matter.  A later row replaces an earlier one; of two that disagree on one day the stricter holds (E21).
    """
    if not readable:
        return Judgement(Verdict.ANONYMISE, "register_unreadable")
    if client is not None:
        own = reference_key(client.case_ref)
        rows = [row for row in rows if reference_key(row.case_ref) == own]
    sought = any(_sought(row, on) for row in rows)
    question = _Question(client, purpose, on, organisation, audience)
    words = [_weigh(row, question) for row in rows]
    words = [word for word in words if word.day is None or word.day <= on] or words
    words = [word for word in words if word.counts] or words
    if client is not None and deceased(client.outcome):
        words.append(_Word(Judgement(_held(purpose), "deceased_confidence_survives"), None, True))
    if not words:
        return Judgement(Verdict.ANONYMISE, "permission_not_sought" if client else "ambiguous_match", sought=sought)
    return replace(_settle(words), sought=sought)


def _sought(row: Permission, on: date) -> bool:
    asked = row.sought_on or row.given_on
    return (asked is not None and asked <= on) or read_response(row.response) in (Response.GIVEN, Response.REFUSED)


def _held(purpose: Purpose) -> Verdict:
    # Publicity waits for a manager; inside reports and training the changed story may be told (E08, E13).
    return Verdict.WITHHOLD if purpose is Purpose.PUBLICITY else Verdict.ANONYMISE


def _settle(words: list[_Word]) -> Judgement:
    latest = max((word.day for word in words if word.day is not None), default=None)
    sound = max((word.day for word in words if word.day is not None and word.sound), default=date.min)
    deciding = [
        word.judgement
        for word in words
        if word.day in (None, latest)
        # A refusal stands until the person takes it back properly: a phone call or a lost form does not.
        or (word.judgement.verdict is Verdict.WITHHOLD and word.day is not None and word.day >= sound)
    ]
    strictest = max(_STRICTNESS[judgement.verdict] for judgement in deciding)
    chosen = [judgement for judgement in deciding if _STRICTNESS[judgement.verdict] == strictest]
    settled = _narrowest(sorted(chosen, key=repr))
    widest = min(_STRICTNESS[word.judgement.verdict] for word in words)
    keeps_its_reason = ("withdrawn", "deceased_confidence_survives")
    if widest < strictest and settled.reason not in keeps_its_reason:
        return replace(settled, reason="conflict_most_restrictive")
    return settled


def _narrowest(judgements: Sequence[Judgement]) -> Judgement:
    """What all of several judgements with one verdict allow together."""
    first, *others = judgements
    for other in others:
        limits = ((first.channels, other.channels), (first.recipients, other.recipients))
        if any(one and two and not _both(one, two) for one, two in limits):
            return Judgement(Verdict.ANONYMISE, "conflict_most_restrictive", consent_id=first.consent_id)
        first = replace(
            first,
            identity_level=min(first.identity_level, other.identity_level, key=_WIDTH.index),
            quote=first.quote and other.quote,
            photo=first.photo and other.photo,
            channels=_both(first.channels, other.channels),
            recipients=_both(first.recipients, other.recipients),
            excluded_topics=tuple(dict.fromkeys((*first.excluded_topics, *other.excluded_topics))),
        )
    return first


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if not one or not other:
        return one or other
    return tuple(item for item in one if item in other)


def _weigh(row: Permission, question: _Question) -> _Word:
    """What one row says alone, on the day it was said."""
    response, scope = read_response(row.response), read_scope(row.scope)
    day = row.given_on or row.effective_from or row.sought_on
    us, them = organisation_agrees(row.organisation, question.organisation), _about(row, question.client)
    if scope.hold and not row.withdrawn(question.on):
        return _Word(_no(row, "refused_use", Verdict.WITHHOLD), None, True)
    stops = _stops(row, response, scope, question)
    if stops is not None and (us or not row.organisation):
        if not them and row.subject_name and question.client is not None:
            stops = _no(row, "not_subject")
        if stops.reason == "withdrawn" and row.withdrawn_on is not None:
            day = max(row.withdrawn_on, day or row.withdrawn_on)
        return _Word(stops, day, True)
    if not (us and them):
        theirs = "ambiguous_match" if question.client is None else "not_subject"
        return _Word(_no(row, theirs if us else "wrong_controller"), day, False)
    if response in (Response.UNANSWERED, Response.NOT_SOUGHT):
        asked = response is Response.UNANSWERED or _sought(row, question.on)
        return _Word(_no(row, "not_in_writing" if asked else "permission_not_sought"), day, False)
    reason = _failing(row, scope, response, question)
    if reason:
        return _Word(_no(row, reason), None if row.unreadable else day, reason != "not_subject")
    return _Word(_allowed(row, scope, question), day, True)


def _stops(row: Permission, response: Response, scope: Scope, question: _Question) -> Judgement | None:
    """The judgement of a row that says no, in whole or to the name; ``None`` when it does not."""
    if row.withdrawn(question.on):
        return _no(row, "withdrawn", Verdict.WITHHOLD if scope.no_use else Verdict.ANONYMISE)
    if scope.no_use:
        return _no(row, "refused_use", Verdict.WITHHOLD)
    if response is Response.REFUSED:
        if scope.anonymous_allowed:
            return _no(row, "identity_level")
        return _no(row, "refused_use", Verdict.WITHHOLD)
    if deceased(row.capacity) or deceased(row.response) or deceased(row.scope):
        return _no(row, "deceased_confidence_survives", _held(question.purpose))
    if row.authority.casefold().strip() == "parental responsibility" and child_objects(row.capacity):
        return _no(row, "parental", _held(question.purpose))
    return None


def _about(row: Permission, client: Client | None) -> bool:
    """True when the row's name and date of birth are those of the client; a name alone is not enough if both know."""
    if client is None or client.unreadable or not names_agree(row.subject_name, client):
        return False
    return client.date_of_birth is None or row.dob == client.date_of_birth


def _no(row: Permission, reason: str, verdict: Verdict = Verdict.ANONYMISE) -> Judgement:
    return Judgement(verdict, reason, consent_id=row.consent_id)


def _failing(row: Permission, scope: Scope, response: Response, question: _Question) -> str:
    """The reason code of the first condition that a row fails, or nothing."""
    if row.unreadable or response is Response.UNCLEAR or not scope.understood:
        return "unparseable_consent"
    answer = dict(row.purposes).get(question.purpose, Answer.NO)
    parental = row.authority.casefold().strip() == "parental responsibility"
    checks = (
        giver_fails(row, question.client, question.on),
        "" if written(row.method) else "not_in_writing",
        _evidence_fails(row.evidence),
        _time_fails(row, scope, question.on),
        "unparseable_consent" if answer is Answer.UNCLEAR else "",
        "" if answer is Answer.YES and scope.allows(question.purpose) else "purpose_not_granted",
        # A parent's yes names a child in publicity at most (E08).
        "parental" if parental and question.purpose is not Purpose.PUBLICITY else "",
        "" if channels_left(row.channels, row.excluded_topics) is not None else "purpose_not_granted",
        _audience_fails(row, question.audience),
        "" if may_be_named(row.excluded_topics) else "unparseable_consent",
        "unparseable_consent" if row.identity_level is None else "",
    )
    return next((reason for reason in checks if reason), "")


def _evidence_fails(evidence: Evidence) -> str:
    if evidence is Evidence.UNREADABLE:
        return "register_unreadable"
    return "" if evidence is Evidence.PRESENT else "evidence_missing"


def _audience_fails(row: Permission, audience: Audience) -> str:
    """A permission for the public is none for an agency: who is to get it, and where, must be named (P8)."""
    channels = channels_left(row.channels, row.excluded_topics) or ()
    if audience.channel and not names(channels, audience.channel):
        return "channel_not_granted"
    return "recipient_not_granted" if audience.recipient and not names(row.recipients, audience.recipient) else ""


def _time_fails(row: Permission, scope: Scope, on: date) -> str:
    if row.given_on is None:
        return "unparseable_consent"
    if row.given_on > on or (row.effective_from is not None and row.effective_from > on) or scope.not_before:
        return "not_yet_effective"
    if row.expires_on is not None and row.expires_on < on:
        return "expired"
    approved = row.final_copy_approved_on
    if scope.final_copy and (approved is None or approved > on):
        return "not_yet_effective"
    return ""


def _allowed(row: Permission, scope: Scope, question: _Question) -> Judgement:
    """What a row that meets every condition allows, no wider than each of its cells."""
    client = question.client
    age = age_on(row.dob or (client.date_of_birth if client else None), question.on)
    minor = age is not None and age < 18
    topics = " ".join(row.excluded_topics).casefold()
    level = row.identity_level or IdentityLevel.ANONYMOUS
    if level is IdentityLevel.FULL_NAME and (minor or scope.first_name or "surname" in topics):
        level = IdentityLevel.FIRST_NAME
    if scope.anonymous_only:
        level = IdentityLevel.ANONYMOUS
    approved = row.quote_approved_on is not None and row.quote_approved_on <= question.on
    quote = row.quote is Answer.YES and approved and not scope.no_quote and "quote" not in topics
    if level is IdentityLevel.ANONYMOUS:
        return replace(_no(row, "identity_level"), quote=quote)
    return Judgement(
        Verdict.IDENTIFY,
        "permitted",
        consent_id=row.consent_id,
        identity_level=level,
        quote=quote,
        photo=row.photo is Answer.YES and not scope.no_photo and "photo" not in topics,
        channels=channels_left(row.channels, row.excluded_topics) or (),
        recipients=row.recipients,
        excluded_topics=row.excluded_topics + (PLACES_OF_MINORS if minor else ()),
    )
