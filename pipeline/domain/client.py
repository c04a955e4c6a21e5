"""The people an organisation knows, as far as the columns it was given say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Client:
    """One row of the client list; only mapped columns are loaded (P7).

    Empty text means that the cell was empty; ``gender`` is as written there;
    ``communication_need`` is what helps the person to read or to listen (P27).  ``row`` is the line in the register.
    ``unreadable`` names the columns whose cells could not be understood: such a client is never identified.
    """

    case_ref: str
    row: int
    full_name: str = ""
    known_as: str = ""
    date_of_birth: date | None = None
    gender: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    service: str = ""
    referred_on: date | None = None
    closed_on: date | None = None
    outcome: str = ""
    outcome_value: float | None = None
    age_band: str = ""
    ethnicity: str = ""
    district: str = ""
    communication_need: str = ""
    unreadable: tuple[str, ...] = ()
