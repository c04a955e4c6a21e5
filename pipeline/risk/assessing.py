"""Put the measure of one telling together: singling out, linkability, inference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.case import Case
from pipeline.domain.client import Client
from pipeline.domain.risk import Detail, Kind, RiskAssessment
from pipeline.domain.telling import Telling
from pipeline.risk.details import remaining
from pipeline.risk.measure import alike, crowd, expected, meant, without_outcome
from pipeline.world import World

_EXACT = re.compile(r"\d[\d,]*\.\d+|\d[\d,]{2,}")
_YEAR = re.compile(r"(?:19|20)\d\d")


def measured(case: Case, telling: Telling, world: World) -> tuple[Detail, ...]:
    """What remains of the details in a telling."""
    return remaining(telling, case.subject.client, world.rarity)


def assess_risk(
    case: Case, telling: Telling, details: Sequence[Detail], world: World, earlier: Sequence[Telling] = ()
) -> RiskAssessment:
    """How many people fit what is left; ``earlier`` are the documents already told about the same person."""
    clients, limits = world.registers.clients, world.policy.risk
    fitting = _smallest(details, clients)
    joined = [*details, *(detail for other in earlier if not other.identified for detail in measured(case, other, world))]
    shared = [_exact(telling) & _exact(other) for other in earlier]
    return RiskAssessment(
        purpose=telling.purpose,
        needed=limits.people(telling.purpose),
        listed=len(clients),
        comparable=len(crowd(meant(details), clients)),
        crowd=len(_smallest(without_outcome(details), clients)),
        comparable_outcome=len(crowd(meant(details, outcome=True), clients)),
        crowd_outcome=len(fitting),
        population=expected(details, limits.area_population),
        area=limits.area_population,
        remaining=tuple(kind for kind in Kind if any(detail.kind is kind for detail in details)),
        given_up=_given_up(case),
        joined=len(_smallest(without_outcome(joined), clients)),
        shared=max(map(len, shared), default=0),
        joins_named=any(values and other.identified for values, other in zip(shared, earlier, strict=True)),
        alike=alike(fitting, details) if len(fitting) > 1 else (),
        identified=telling.identified,
    )


def simulated(before: RiskAssessment, details: Sequence[Detail], clients: Sequence[Client]) -> RiskAssessment:
    """The assessment as it would be with these details instead."""
    return replace(
        before,
        crowd=len(_smallest(without_outcome(details), clients)),
        crowd_outcome=len(_smallest(details, clients)),
        population=expected(details, before.area),
    )


def _smallest(details: Sequence[Detail], clients: Sequence[Client]) -> list[Client]:
    """The crowd; where a text gives several ages that no one person can have, the smallest crowd of any one of them."""
    everything = crowd(details, clients)
    ages = [detail for detail in details if detail.kind is Kind.AGE]
    if everything or len(ages) < 2:
        return everything
    others = [detail for detail in details if detail.kind is not Kind.AGE]
    return min((crowd([*others, age], clients) for age in ages), key=len)


def _exact(telling: Telling) -> frozenset[str]:
    """Values that only one case may hold: sums and scores, written as they are; years are everybody's."""
    text = " ".join(passage.text for passage in telling.passages)
    return frozenset(value for value in _EXACT.findall(text) if not _YEAR.fullmatch(value))


def _given_up(case: Case) -> tuple[str, ...]:
    soft = case.softening
    steps = [("age", soft.ages), ("dates", soft.dates), ("origin", soft.origins), ("rare", len(soft.instead))]
    return tuple(f"{name}-{count}" for name, count in steps if count)
