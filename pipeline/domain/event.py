"""One line of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, without any personal value.

    ``stage`` is the stage that just ended; ``story`` its id or empty; ``facts`` are counts, codes and digests of
    documents, never of names (a hash of a name can be guessed).
    """

    stage: str
    story: str
    facts: Mapping[str, str | int | float | bool]
