"""The policy template, loaded once, and terms to decide by."""

from __future__ import annotations

from functools import cache

from pipeline import catalogue
from pipeline.decide import Terms
from pipeline.domain.finding import Resolution
from pipeline.domain.permission import Judgement, Purpose, Verdict
from pipeline.domain.policy import Policy
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.policy.policies import load_policy
from pipeline.surrogates import NameLists, Scope, assign

ANONYMISE = Judgement(Verdict.ANONYMISE, "no_record", quote=True)


@cache
def template_policy() -> Policy:
    return load_policy(catalogue.policy_templates() / "policy.toml")


@cache
def template_book() -> Phrasebook:
    return Phrasebook.load(catalogue.policy_templates() / "generalise.toml")


def terms(resolution: Resolution, purpose: Purpose = Purpose.PUBLICITY, judgement: Judgement = ANONYMISE, **more) -> Terms:
    """Terms with the template's rules; surrogates are "Leanne" for p1 and keyed names for others."""
    names = NameLists.load(catalogue.policy_templates() / "surrogates.toml")
    given = assign(resolution.entities, names, Scope(b"test", "story", purpose))
    return Terms(purpose, judgement, template_policy(), template_book(), {**given, "p1": "Leanne"}, **more)
