"""A person's request to see what is held about them (P25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """One request: ``due`` is one calendar month after ``received``; ``sent`` is ``None`` until the answer has gone."""

    request_id: str
    case_ref: str
    received: date
    due: date
    sent: date | None = None
