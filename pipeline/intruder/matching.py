"""Match a text to a row of the client list: every remaining detail is weighed by how few rows it fits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.domain.client import Client
from pipeline.intruder.clues import Clues, stems
from pipeline.names import fold

Themes = Callable[[str], Sequence[str]]
_SLACK = timedelta(days=21)
_COMMON = frozenset("other others open none not recorded prefer say points improved reduced increased gained and the".split())


@dataclass(frozen=True, slots=True)
class Belief:
    """How far a clue is to be trusted: it fits the right row this often, others as often as the list shows."""

    name: str
    trust: float
    fits: Callable[[Clues, Client], bool | None]  # None: the row does not say, or the text does not


def rank(clues: Clues, clients: Sequence[Client], themes: Themes, figures: bool) -> list[float]:
    """A score for every client, higher for likelier: the sum of what each clue says for and against it (naive Bayes)."""
    scores = [0.0] * len(clients)
    for belief in _beliefs(themes, figures):
        fits = [belief.fits(clues, client) for client in clients]
        known = [fit for fit in fits if fit is not None]
        if not known or not any(known):
            continue
        share = min(max(sum(known) / len(known), 1 / (2 * len(clients))), 0.999)
        gain, loss = math.log(belief.trust / share), math.log((1 - belief.trust) / (1 - share))
        for place, fit in enumerate(fits):
            # A clue that fits more rows than it fits the right one says nothing.
            if fit is not None and belief.trust > share:
                scores[place] += gain if fit else loss
    return scores


def place_of(true: int, scores: Sequence[float], first: int) -> float:
    """The probability that the right row is among the ``first`` when equal scores are put in order by lot."""
    mine = scores[true]
    better = sum(score > mine + 1e-9 for score in scores)
    equal = sum(abs(score - mine) <= 1e-9 for score in scores)
    return min(1.0, max(0.0, (first - better) / equal))


def _beliefs(themes: Themes, figures: bool) -> list[Belief]:
    found = [
        Belief("gender", 0.92, _gender),
        Belief("age", 0.85, _age),
        Belief("service", 0.9, lambda clues, client: _says(clues, client.service)),
        Belief("theme", 0.7, lambda clues, client: _theme(clues, client, themes)),
        Belief("begins", 0.7, lambda clues, client: _near(clues.windows, client.referred_on)),
        Belief("ends", 0.7, lambda clues, client: _near(clues.windows, client.closed_on)),
        Belief("open then", 0.85, _open_then),
        Belief("outcome", 0.7, _outcome),
        Belief("district", 0.9, lambda clues, client: _says(clues, client.district)),
        Belief("ethnicity", 0.8, _ethnicity),
        Belief("born", 0.95, _born),
        *(Belief(name, 0.98, lambda clues, client, name=name: _says(clues, getattr(client, name)))  # type: ignore[misc]
          for name in ("address", "postcode", "phone", "email", "case_ref")),
        Belief("name", 0.9, _name),
    ]
    return [*found, Belief("figure", 0.9, _figure)] if figures else found


def _gender(clues: Clues, client: Client) -> bool | None:
    told = client.gender.strip().lower()[:1]
    if told not in {"f", "m", "w"} or clues.she == clues.he:
        return None
    return (told != "m") == (clues.she > clues.he)


def _age(clues: Clues, client: Client) -> bool | None:
    lived = _lived(client)
    if not clues.ages or lived is None:
        return None
    return any(lived[0] <= top and bottom <= lived[1] for bottom, top in clues.ages)


def _lived(client: Client) -> tuple[int, int] | None:
    if client.date_of_birth and client.referred_on:
        ends = client.closed_on or client.referred_on + timedelta(days=366)
        return _years(client.date_of_birth, client.referred_on), _years(client.date_of_birth, ends)
    digits = [int(part) for part in "".join(c if c.isdigit() else " " for c in client.age_band).split()]
    return (digits[0], digits[-1] if len(digits) > 1 else 120) if digits else None


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _says(clues: Clues, value: str) -> bool | None:
    words = " ".join(fold(value).split())
    return f" {words} " in clues.text or f" {words}," in clues.text or f" {words}." in clues.text if len(words) > 2 else None


def _theme(clues: Clues, client: Client, themes: Themes) -> bool | None:
    told, of_row = themes(clues.text)[:2], themes(f"{client.service} {client.outcome}")
    return bool(set(told) & set(of_row)) if told and of_row else None


def _near(windows: Iterable[tuple[date, date]], day: date | None) -> bool | None:
    windows = list(windows)
    if not windows or day is None:
        return None
    slack = [_SLACK if first != last else timedelta(days=4) for first, last in windows]
    return any(first - more <= day <= last + more for (first, last), more in zip(windows, slack, strict=True))


def _open_then(clues: Clues, client: Client) -> bool | None:
    if client.referred_on is None:
        return None
    begins, ends = client.referred_on - _SLACK, (client.closed_on or date.max - _SLACK) + _SLACK
    recent = [w for w in clues.windows if w[1].year >= client.referred_on.year - 3]
    if not recent:
        return None
    inside = sum(first <= ends and begins <= last for first, last in recent)
    return inside >= 0.8 * len(recent)


def _content(value: str) -> list[str]:
    return [word for word in stems(value) if word not in _COMMON and len(word) > 2]


def _outcome(clues: Clues, client: Client) -> bool | None:
    words = _content(client.outcome)
    return sum(word in clues.words for word in words) >= 0.6 * len(words) if words else None


def _ethnicity(clues: Clues, client: Client) -> bool | None:
    words = [w for w in _content(client.ethnicity) if w not in {"whit", "white", "british"}]
    return any(word in clues.words for word in words) if words else None


def _name(clues: Clues, client: Client) -> bool | None:
    """A forename, surname or pet name as it is written: "will" is a verb, "Will" may be somebody."""
    names = [word for name in (client.full_name, client.known_as) for word in name.split() if len(word) > 1]
    return any(f" {word} " in clues.written for word in names) if names else None


def _born(clues: Clues, client: Client) -> bool | None:
    return (client.date_of_birth, client.date_of_birth) in clues.windows if client.date_of_birth else None


def _figure(clues: Clues, client: Client) -> bool | None:
    value = client.outcome_value
    if value is None or abs(value) <= 2:
        return None
    written = {str(value), f"{value:.2f}", f"{value:.0f}" if value == int(value) else str(value)}
    return not clues.numbers.isdisjoint(written) or any(low <= value <= high for low, high in clues.about)
