"""The policy's own papers, for one organisation, in every version (P26, P27, P29, P30)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pipeline import catalogue
from pipeline.accessible import Paper, read_paper, write_versions
from pipeline.domain.organisation import Organisation
from pipeline.domain.policy import Policy
from pipeline.duties import figures
from pipeline.duties.access import BLANK
from pipeline.duties.seek import blank_form
from pipeline.duties.wording import house_words, policy_words

TRAINING = 24
"""Months that a training counts where nothing else is said, as in the template of the policy."""


def policy_papers(
    organisation: Organisation, policy: Policy, on: date, training_months: int = TRAINING,
    counted: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, Paper]]:  # fmt: skip
    """Every paper with the stem of its file name: the templates in order, then the permission forms.

    ``training_months`` is how long a training counts, 0 for ever; ``counted`` are the figures of the board paper, which
    stay open without them.
    Raises ``RenderError`` naming the file and line of a placeholder that is not known (P26).
    """
    values = BLANK | house_words(organisation, on) | policy_words(policy, training_months) | dict(counted or figures.BLANK)
    facts = ({"website"} if organisation.website else set()) | ({"records"} if counted else set())
    for template in sorted((catalogue.policy_templates() / "papers").glob("*.md")):
        yield template.stem, read_paper(template, values, facts)
    yield "permission-form", blank_form(organisation)
    yield "permission-form-child", blank_form(organisation, child=True)


def write_policy_papers(
    organisation: Organisation, policy: Policy, on: date, folder: Path, training_months: int = TRAINING,
    counted: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:  # fmt: skip
    """Write every paper in every version; nothing is written when one of them cannot be filled in."""
    papers = tuple(policy_papers(organisation, policy, on, training_months, counted))
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(path for stem, paper in papers for path in write_versions(paper, organisation, folder, stem))
