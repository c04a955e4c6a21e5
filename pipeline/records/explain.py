"""Puts a judgement into plain words: which rows, rules and clauses it comes from (P6, P8, P17, P18).

For internal eyes, and still without a register's cells: rows are named by their number and consent id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from pipeline.domain.permission import Answer, IdentityLevel, Judgement, ManagerDecision, Permission, Purpose, Verdict
from pipeline.domain.policy import LimitName, Policy, Rule
from pipeline.domain.release import Held, Skipped

_VERDICTS = {
    Verdict.IDENTIFY: "the person may be named, within the limits below",
    Verdict.ANONYMISE: "the story is told with changed details",
    Verdict.WITHHOLD: "the story is not told",
}
_REASONS: dict[str, tuple[str, str]] = {
    "permitted": ("a written permission in force covers it", "P17"),
    "purpose_not_granted": ("the permission does not cover this purpose or channel", "P15"),
    "channel_not_granted": ("the permission does not name the channel that the documents are for", "P8"),
    "recipient_not_granted": ("the permission does not name those whom the documents are for", "P8"),
    "identity_level": ("the permission is for telling the story without the name", "P18"),
    "expired": ("the permission has ended", "P17"),
    "not_yet_effective": ("the permission has not begun, or its condition is not met", "P17"),
    "withdrawn": ("the permission was withdrawn", "P17"),
    "parental": ("a child needs a parent's form and their own agreement, and that names them in publicity at most", "P9"),
    "refresh_own_consent": ("a parent gave it, and the person is now old enough to decide", "P9"),
    "not_in_writing": ("there is nothing in writing", "P16"),
    "not_subject": ("it was not given by the person, or not about this person", "P9"),
    "capacity_hold": ("the person's capacity is in doubt and no best-interest record covers it", "P20"),
    "deceased_confidence_survives": ("the person has died, and confidence goes on", "P5"),
    "ambiguous_match": ("no single client could be matched", "P18"),
    "evidence_missing": ("the signed form is not there", "P16"),
    "register_unreadable": ("the register or the signed form cannot be read, or is not the file that was recorded", "P16"),
    "withdrawn_recall": ("the permission was withdrawn after the person was named in a release: recall that", "P17"),
    "third_party_no_consent": (
        "the story tells of a relative who gave no permission, so the name is cut to the first name or left out",
        "P9",
    ),
    "statutory_restriction": ("the law keeps the person anonymous, with permission or without", "P20"),
    "refused_use": ("the use was refused, or a manager holds the story", "P8"),
    "permission_not_sought": ("nobody has asked the person yet", "P16"),
    "conflict_most_restrictive": ("the rows disagree, and the latest or the stricter counts", "P17"),
    "wrong_controller": ("the form was given to another organisation", "P6"),
    "unparseable_consent": ("a cell cannot be understood, so it counts as no", "P18"),
}
_UNKNOWN = ("the reason is not one that this version knows", "P18")


def explain(judgement: Judgement, rows: Sequence[Permission], policy: Policy, purpose: Purpose, on: date) -> tuple[str, ...]:
    """Lines of plain words about one judgement: verdict, reason, what it allows, each row, the policy's rules.

    ``rows`` are all permission rows of the case.
    """
    words, clause = _REASONS.get(judgement.reason, _UNKNOWN)
    lines = [
        f"For {purpose} on {on.isoformat()}: {_VERDICTS[judgement.verdict]}.",
        f"Reason ({judgement.reason}): {words}.",
        _clause(policy, clause),
        *_allowed(judgement),
        "Rows of the permission register:" if rows else "The permission register has no row for this case.",
        *(_row(row, judgement, purpose) for row in sorted(rows, key=lambda row: row.row)),
        f"Rules of the policy, version {policy.version}, for {purpose}:",
        *(_rule(rule, purpose) for rule in policy.rules),
    ]
    used = sorted({rule.clause for rule in policy.rules} - {clause}, key=lambda name: int(name.lstrip("P") or 0))
    return tuple([*lines, "Clauses named above:", *(_clause(policy, name) for name in used)])


def _clause(policy: Policy, clause: str) -> str:
    return f"  {clause}: {policy.clauses.get(clause, 'this policy does not explain the clause')}"


def _allowed(judgement: Judgement) -> list[str]:
    if judgement.verdict is Verdict.WITHHOLD:
        return ["Allowed: nothing. Only the count in a table may include this person."]
    name = "no name" if judgement.identity_level is IdentityLevel.ANONYMOUS else f"the {judgement.identity_level}"
    quote = "the approved quote" if judgement.quote else "no quote in their own words"
    lines = [f"Allowed: {name}, {quote}, {'a photo' if judgement.photo else 'no photo'}."]
    if judgement.channels or judgement.recipients:
        channels, recipients = len(judgement.channels), len(judgement.recipients)
        lines.append(f"Only in the {channels} channels and for the {recipients} recipients that the row names.")
    if judgement.excluded_topics:
        lines.append(
            f"Left out: {len(judgement.excluded_topics)} topics (column excluded_topics; school and place for anybody under 18)."
        )
    if not judgement.sought:
        lines.append("Permission was not sought: ask in writing (clause P16).")
    return lines


def _row(row: Permission, judgement: Judgement, purpose: Purpose) -> str:
    answer = dict(row.purposes).get(purpose, Answer.UNCLEAR)
    days = [
        f"{label} {day.isoformat()}"
        for label, day in (
            ("asked", row.sought_on),
            ("given", row.given_on),
            ("from", row.effective_from),
            ("until", row.expires_on),
            ("withdrawn", row.withdrawn_on),
        )
        if day is not None
    ]
    parts = [f"{purpose}: {answer}", f"evidence {row.evidence}", *days]
    if row.unreadable:
        parts.append("not understood: " + ", ".join(row.unreadable))
    decided = bool(row.consent_id) and row.consent_id == judgement.consent_id
    return f"  row {row.row}{' (this one decides)' if decided else ''}: {'; '.join(parts)}"


def _rule(rule: Rule, purpose: Purpose) -> str:
    narrower = f", {rule.role}" if rule.role is not None else f", {rule.kind}" if rule.kind else ""
    return f"  {rule.rule_id}: {rule.category}{narrower} -> {rule.treatment(purpose)} ({rule.clause})"


class _Hit(Protocol):
    @property
    def limit(self) -> LimitName: ...
    @property
    def clause(self) -> str: ...


def explain_limits(hits: Sequence[_Hit], policy: Policy) -> tuple[str, ...]:
    """Which limits of confidentiality the text touches, how often, and under which clause (P20); never its words."""
    if not hits:
        return ("Limits of confidentiality: the text touches none.",)
    counts = Counter((hit.limit.value, hit.clause) for hit in hits)
    lines = [f"  {limit}: {count} places ({clause})" for (limit, clause), count in sorted(counts.items())]
    clauses = sorted({clause for _, clause in counts})
    return ("Limits of confidentiality that hold it until a manager decides:", *lines, *(_clause(policy, c) for c in clauses))


def explain_decisions(decisions: Sequence[ManagerDecision], digest: str) -> tuple[str, ...]:
    """Which managers' decisions were considered, and whether each is about this text (P21); never who or why."""
    if not decisions:
        return ("Managers' decisions: none is recorded for this purpose.",)
    lines = []
    for decision in sorted(decisions, key=lambda d: (d.decided_on, d.row)):
        if not decision.story_sha256:
            about = "about the case, not bound to one text"
        elif not digest:
            about = "bound to one text"
        else:
            same = decision.story_sha256 == digest
            about = "about this text" if same else "about another text, so a release does not count"
        what = "release" if decision.release else "withhold"
        lines.append(f"  {decision.decided_on.isoformat()}: {what}, for {decision.reason} only; {about}")
    return ("Managers' decisions considered:", *lines)


def explain_ending(ending: Held | Skipped | None) -> str:
    """How the story ends before it is written: told, or held or skipped for which reason."""
    if ending is None:
        return "So the story is told, if the finished document passes its checks."
    detail = f" ({ending.detail})" if ending.detail else ""
    return f"So the story is {'held' if isinstance(ending, Held) else 'skipped'}: {ending.reason}{detail}. {ending.what_next}"
