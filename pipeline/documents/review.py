"""The review pack: for people inside only, what was changed, where and why (P10, P11, P21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docx.document import Document
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from pipeline.documents import prose
from pipeline.documents.layouts import fill, house_fields, repeat_header, save, style_ids
from pipeline.documents.tracked import Tracker, apart, lines
from pipeline.documents.wording import Wording
from pipeline.domain.decision import Decision
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Judgement, Purpose, Verdict
from pipeline.domain.policy import Policy
from pipeline.domain.release import Ending, Released
from pipeline.domain.story import NARRATIVE, Block, Story

FIELDS = frozenset({"organisation", "contact", "website", "logo", "title", "status", "facts"})
"""The fields that a layout for the review pack may use; ``facts`` has rows of ``name`` and ``value``."""

REQUIRED = frozenset({"title", "facts"})
"""The fields that a layout for the review pack may not leave out."""

_WIDTHS_MM = (40, 28, 38, 54)
_ENDINGS = {"Released": "Released", "Held": "Held for a decision", "Skipped": "Skipped"}
_VERDICTS = {
    Verdict.IDENTIFY: "May be identified, as far as the permission goes",
    Verdict.ANONYMISE: "Told anonymously",
    Verdict.WITHHOLD: "Not to be told",
}


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """One story for one purpose, as somebody inside has to see it."""

    story: Story
    purpose: Purpose
    decisions: tuple[Decision, ...]
    judgement: Judgement
    ending: Ending
    risk: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    """The document that is being written; ``styles`` are ids by name, and one that a layout lacks is done without."""

    document: Document
    styles: Mapping[str, str]

    def say(self, text: str, style: str = "Normal") -> Paragraph:
        paragraph = self.document.add_paragraph(text)
        paragraph._p.style = self.styles.get(style)
        return paragraph


def write_review(
    target: Path, story: Story, decisions: Sequence[Decision], judgement: Judgement, purpose: Purpose, ending: Ending,
    policy: Policy, organisation: Organisation, wording: Wording, layout: Path, risk: Sequence[tuple[str, str]] = (),
) -> None:  # fmt: skip
    """Write the pack: the position, the original text with tracked changes and comments, the list of decisions.

    ``risk`` are rows of name and value about what is left in the telling.

    Raises ``RenderError`` when the layout cannot be filled and ``OutputFailed`` when the file cannot be written.
    """
    reviewed = _Reviewed(story, purpose, tuple(decisions), judgement, ending, tuple(risk))
    title = f"Review of {prose.line(story.story_id)} for {purpose.value}"
    document = fill(layout, _fields(reviewed, organisation, policy, wording, title), REQUIRED)
    page = _Page(document, style_ids(document))
    _original(page, reviewed)
    _decisions(page, reviewed.decisions, policy)
    save(document, target, organisation, f"Internal: {title}")


def _fields(reviewed: _Reviewed, organisation: Organisation, policy: Policy, wording: Wording, title: str) -> dict[str, object]:
    facts = [*_ending(reviewed.ending, wording), *_permission(reviewed.judgement, wording), *reviewed.risk]
    counts = Counter(decision.treatment.value for decision in reviewed.decisions)
    told = ", ".join(f"{number} {name}" for name, number in sorted(counts.items())) or "none"
    facts.append(("Decisions", f"{len(reviewed.decisions)} ({told})" if counts else told))
    approved = prose.spoken(policy.approved_on)
    facts.append(("Policy", f"Version {policy.version}, approved on {approved}, review by {prose.spoken(policy.review_by)}"))
    return house_fields(organisation) | {
        "title": title,
        "status": _ENDINGS[type(reviewed.ending).__name__],
        "facts": [{"name": name, "value": prose.line(value)} for name, value in facts],
    }


def _ending(ending: Ending, wording: Wording) -> list[tuple[str, str]]:
    if isinstance(ending, Released):
        files = ", ".join(output.path for output in ending.outputs) or "none"
        return [("Released as", files), ("Service user", "identified" if ending.identified else "not identified")]
    why = wording.reasons.get(ending.reason.value, "")
    detail = f" ({ending.detail})" if ending.detail else ""
    return [("Reason", f"{ending.reason.value}{detail}. {why}"), ("What next", ending.what_next)]


def _permission(judgement: Judgement, wording: Wording) -> list[tuple[str, str]]:
    facts = [
        ("Permission", f"{_VERDICTS[judgement.verdict]}."),
        ("Because", f"{wording.permission.get(judgement.reason, '')} ({judgement.reason})"),
    ]
    if judgement.consent_id:
        facts.append(("Consent", judgement.consent_id))
    if judgement.verdict is Verdict.IDENTIFY:
        facts.append(("Name may be shown as", judgement.identity_level.value))
    allowed = [name for name, yes in (("quotation", judgement.quote), ("photograph", judgement.photo)) if yes]
    facts.append(("Also allowed", ", ".join(allowed) or "nothing more"))
    for name, values in (
        ("Only in", judgement.channels),
        ("Only to", judgement.recipients),
        ("Leave out", judgement.excluded_topics),
    ):
        if values:
            facts.append((name, "; ".join(values)))
    return facts


def _original(page: _Page, reviewed: _Reviewed) -> None:
    page.say("The text, with every change", "Heading 1")
    page.say("Struck-out words stood in the source. Inserted words replace them. Each comment says which rule decided and why.")
    story, decisions = reviewed.story, apart(reviewed.decisions)
    tracker = Tracker(page.document.part._comments_part.element)
    place = 0
    waiting = 0  # the first decision that may still matter: both lists are in order
    for start, end, block in _stretches(story):
        if block is not None and block.kind not in NARRATIVE:
            page.say(f"{block.kind.value}: {prose.line(str(block.locator))}", "Source Place")
        for low, high in lines(story.text, start, end):
            while waiting < len(decisions) and decisions[waiting].end <= low:
                waiting += 1
            near = []
            for decision in decisions[waiting:]:
                if decision.start >= high:
                    break
                near.append(decision)
            tracker.paragraph(page.say("", "Source Text")._p, story.text, low, high, near)
            place += 1
    if not place:
        page.say("The source has no text that could be read.")


def _stretches(story: Story) -> list[tuple[int, int, Block | None]]:
    """Every character of the story once: blocks, and what stands between them."""
    found: list[tuple[int, int, Block | None]] = []
    at = 0
    for block in story.blocks:
        start = block.start
        # A form's label stands before its value on the same line; keep the line whole.
        if story.text[at:start].strip() and "\n" not in story.text[at:start].strip() and block.kind in NARRATIVE:
            start = at
        elif at < start:
            found.append((at, start, None))
        found.append((start, block.end, block))
        at = block.end
    if at < len(story.text):
        found.append((at, len(story.text), None))
    return found


def _decisions(page: _Page, decisions: Sequence[Decision], policy: Policy) -> None:
    page.say("Every decision", "Heading 1")
    if not decisions:
        page.say("Nothing was found in this source that the policy has a rule for.")
        return
    page.say("In the order of the text. The words themselves are in the text above only.")
    table = page.document.add_table(len(decisions) + 1, 4)
    table._tbl.tblStyle_val = page.styles.get("Report Table")
    table.autofit = False
    repeat_header(table)
    for column, width in zip(table.columns, _WIDTHS_MM, strict=True):
        column.width = Mm(width)
    ordered = sorted(decisions, key=lambda d: (d.finding.start, d.finding.end))
    rows = [("Found", "Done", "Rule and clause", "Why"), *(_row(decision) for decision in ordered)]
    for number, (row, words) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text, width in zip(row.cells, words, _WIDTHS_MM, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].text = prose.line(text)
            cell.paragraphs[0]._p.style = page.styles.get("Table Text" if number else "Table Heading")
    _clauses(page, decisions, policy)


def _row(decision: Decision) -> tuple[str, str, str, str]:
    finding = decision.finding
    found = finding.category.value + (f" ({finding.kind})" if finding.kind else "")
    return (
        f"{found}, score {finding.score:.2f}, by {finding.detector}",
        decision.treatment.value,
        f"{decision.rule_id}, {decision.clause}",
        decision.reason,
    )


def _clauses(page: _Page, decisions: Sequence[Decision], policy: Policy) -> None:
    quoted = sorted({d.clause for d in decisions if d.clause in policy.clauses}, key=lambda clause: (len(clause), clause))
    if quoted:
        page.say("The clauses", "Heading 2")
        for clause in quoted:
            page.say(prose.line(f"{clause}: {policy.clauses[clause]}"), "List Bullet")
