"""How much was told: counts for a paper to the trustees, and nothing of what was told (P30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from pipeline.domain.permission import Purpose
from pipeline.records.store.schema import releases, runs, stories
from pipeline.records.store.store import Store


@dataclass(frozen=True, slots=True)
class Told:
    """Stories of the runs in some time, each text once: how many were told for each purpose, and how many for none."""

    by_purpose: tuple[tuple[Purpose, int], ...]
    untold: int


def told_between(store: Store, since: date, until: date) -> Told:
    """What was told from ``since`` to ``until``; a story that was run again is one story.  Raises ``RecordsError``."""
    same = and_(releases.c.run_id == stories.c.run_id, releases.c.story_id == stories.c.story_id)
    texts = stories.join(runs, runs.c.run_id == stories.c.run_id)
    days = runs.c.day.between(since, until)
    told = select(stories.c.digest).select_from(texts.join(releases, same)).where(days)
    each = func.count(func.distinct(stories.c.digest))
    by_purpose = select(releases.c.purpose, each).select_from(texts.join(releases, same)).where(days).group_by(releases.c.purpose)
    untold = select(each).select_from(texts).where(days, stories.c.digest.not_in(told))
    with store.database.reading() as connection:
        counted = {purpose: number for purpose, number in connection.execute(by_purpose)}
        left = connection.execute(untold).scalar_one()
    return Told(tuple((purpose, counted.get(purpose.value, 0)) for purpose in Purpose), left)
