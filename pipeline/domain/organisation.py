"""The organisation whose documents these are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Organisation:
    """What ``organisation.toml`` says.

    ``also_known_as`` are other ways its own name is written, which stay in documents like ``name``; ``staff`` are
    names that detection should know; ``year_end`` is (month, day) of the financial year's last day; ``logo`` is a
    picture file or ``None``; ``targets`` are the numbers of people that it set itself for the year, by the name of a service
    or an outcome, or "Everyone".
    """

    name: str
    also_known_as: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    contact: str = ""
    website: str = ""
    year_end: tuple[int, int] = (3, 31)
    logo: Path | None = None
    targets: tuple[tuple[str, int], ...] = ()
