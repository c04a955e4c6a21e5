"""A tiny notation for stories in tests: ``She met [PERSON:staff:p2|Tariq] on [DATE|3 May 2025].``

``[CATEGORY|text]`` marks a finding; a role and an entity id may stand between.  The subject is entity ``p1``.
"""

from __future__ import annotations

import re

from pipeline.domain.finding import Category, Entity, Finding, Gender, Resolution, Role
from pipeline.domain.story import Block, BlockKind, Locator, Story

_MARK = re.compile(r"\[([A-Z_]+)(?:/([A-Z]+))?(?::(\w*))?(?::(\w+))?\|([^\]]*)\]")


def story(text: str, story_id: str = "story-0001") -> Story:
    """A story of one paragraph a line."""
    blocks = tuple(
        Block(m.start(), m.end(), BlockKind.PARAGRAPH, Locator("body", f"paragraph {n}"))
        for n, m in enumerate(re.finditer(r"[^\n]+", text), 1)
    )
    return Story(story_id, "a.txt", "0" * 64, text, blocks)


def marked(text: str, gender: Gender = Gender.FEMALE, relations: dict[str, str] | None = None) -> tuple[Story, Resolution]:
    """The story without its marks, and the resolution that they describe."""
    plain, findings, entities = "", [], {}
    at = 0
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        category, kind, role, key, surface = match.groups()
        key = key or (f"{category}-{surface}" if category != "PERSON" or role else "p1")
        findings.append(Finding(len(plain), len(plain) + len(surface), Category(category), 1.0, "test", kind or "", key))
        subject = category == "PERSON" and key == "p1"
        entities.setdefault(
            key,
            Entity(
                key, Category(category), (surface,),
                Role(role) if role else Role.SERVICE_USER if category == "PERSON" else Role.OTHER,
                gender if subject else Gender.UNKNOWN, (relations or {}).get(key, ""), subject,
            ),
        )
        plain += surface
        at = match.end()
    plain += text[at:]
    return story(plain), Resolution(tuple(findings), tuple(entities.values()))
