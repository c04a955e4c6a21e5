"""Reads ``policy.toml`` and ``organisation.toml``: understood whole, or refused with the file and the line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline import catalogue
from pipeline.domain.finding import Category, Role
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Limit, LimitName, Policy, Risk, Rule, Thresholds, Treatment
from pipeline.policy.access import check_access
from pipeline.policy.toml_tables import Table, known_tables, read_tables, refuse, single

PLACEHOLDER = "(Name of Organisation)"
_SCOPES = ("story", "organisation")
_PICTURES = ("remove", "keep")
_WORKERS = ("role", "name")
_UNSOUGHT = ("draft", "hold", "release")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def load_policy(path: Path) -> Policy:
    """The whole policy of a ``policy.toml`` (P15, P18, P20, P30).

    Raises ``PolicyError`` naming the file and the line of whatever cannot be understood: an unknown key, treatment,
    category, role, clause or date, a broken cue, a limit that is not there.
    """
    tables = read_tables(path)
    known = ("policy", "thresholds", "risk", "publicity", "subject_access", "cues", "clauses", "rule", "access", "roles")
    known_tables(path, tables, known)
    check_access(tables)
    clauses = _clauses(single(path, tables, "clauses"))
    head = single(path, tables, "policy")
    head.only("version", "approved_on", "review_by", "sign_off", "surrogate_scope", "unsought", "pictures")
    scope = _one_of(head, "surrogate_scope", _SCOPES)
    approved_on, review_by = head.day("approved_on"), head.day("review_by")
    if review_by < approved_on:
        head.refuse("review_by", "is before approved_on")
    cues = single(path, tables, "cues")
    cues.only("outcome", "organisation_confidential")
    return Policy(
        version=head.text("version"),
        approved_on=approved_on,
        review_by=review_by,
        sign_off=_purposes(head, "sign_off"),
        surrogate_scope=scope,
        rules=_rules(path, tables.get("rule", ()), clauses),
        limits=_limits(limits_file(path), clauses),
        thresholds=_thresholds(single(path, tables, "thresholds")),
        outcome_cues=cues.cues("outcome"),
        organisation_confidential=cues.cues("organisation_confidential"),
        clauses=clauses,
        risk=_risk(tables["risk"][0]) if tables.get("risk") else Risk(),
        unsought=_one_of(head, "unsought", _UNSOUGHT),
        publicity_words=_words(tables["publicity"][0]) if tables.get("publicity") else 600,
        pictures=_one_of(head, "pictures", _PICTURES) == "keep",
        access_workers=_workers(tables["subject_access"][0]) if tables.get("subject_access") else _WORKERS[0],
    )


def _words(table: Table) -> int:
    table.only("words")
    return int(table.number("words", 50, 5000))


def _workers(table: Table) -> str:
    table.only("workers")
    return _one_of(table, "workers", _WORKERS)


def _one_of(head: Table, key: str, words: tuple[str, ...]) -> str:
    """The word of a key that knows a few, the first of them when it is not given."""
    word = head.text(key, words[0])
    if word not in words:
        head.refuse(key, f"is not one of: {', '.join(words)}")
    return word


def load_organisation(path: Path) -> Organisation:
    """What ``organisation.toml`` says; a logo is found relative to the file's folder.

    Raises ``PolicyError`` naming file and line, also when the name is still the template's placeholder (P26).
    """
    tables = read_tables(path)
    known_tables(path, tables, ("organisation", "targets"))
    table = single(path, tables, "organisation")
    table.only("name", "also_known_as", "services", "funders", "staff", "contact", "website", "year_end", "logo")
    for key, value in table.values.items():
        if PLACEHOLDER.lower() in str(value).lower():
            table.refuse(key, f"still says {PLACEHOLDER}: write your organisation's own name there")
    logo = table.text("logo", "")
    if logo and not (path.parent / logo).is_file():
        table.refuse("logo", "names a picture that is not there")
    return Organisation(
        name=table.text("name"),
        also_known_as=table.texts("also_known_as"),
        services=table.texts("services"),
        funders=table.texts("funders"),
        staff=table.texts("staff"),
        contact=table.text("contact", ""),
        website=table.text("website", ""),
        year_end=_year_end(table),
        logo=path.parent / logo if logo else None,
        targets=_targets(tables["targets"][0]) if tables.get("targets") else (),
    )


def _targets(table: Table) -> tuple[tuple[str, int], ...]:
    return tuple((key, int(table.number(key, 1, 100_000_000))) for key in table.values)


def organisation_of(path: Path | None) -> Organisation:
    """The organisation of that file, or one without a name of its own, to which no permission was ever given."""
    return load_organisation(path) if path else Organisation("Our organisation")


def _year_end(table: Table) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", table.text("year_end", "03-31"))
    month, day = (int(match.group(1)), int(match.group(2))) if match else (0, 0)
    if not (1 <= month <= 12 and 1 <= day <= _MONTH_DAYS[month - 1]):
        table.refuse("year_end", 'must be a month and a day written as "03-31"')
    return month, day


def _purposes(table: Table, key: str) -> frozenset[Purpose]:
    for word in table.texts(key):
        if word not in tuple(Purpose):
            table.refuse(key, f"holds a purpose that is not one of: {', '.join(Purpose)}", word)
    return frozenset(Purpose(word) for word in table.texts(key))


def _clauses(table: Table) -> Mapping[str, str]:
    for key in table.values:
        if not re.fullmatch(r"P\d{1,3}", key):
            table.refuse(key, "is not a clause number such as P18")
    return MappingProxyType({key: table.text(key) for key in table.values})


def _clause(table: Table, clauses: Mapping[str, str]) -> str:
    clause = table.text("clause")
    if clause not in clauses:
        table.refuse("clause", "names a clause that [clauses] does not explain")
    return clause


def _thresholds(table: Table) -> Thresholds:
    table.only("small_number", "rounding", "redetect_score", "vignettes")
    return Thresholds(
        small_number=int(table.number("small_number", 1, 1000)),
        rounding=int(table.number("rounding", 1, 1000)),
        redetect_score=float(table.number("redetect_score", 0.01, 1.0, whole=False)),
        vignettes=int(table.number("vignettes", 0, 1000)),
    )


def _risk(table: Table) -> Risk:
    table.only(*Purpose, "area_population", "round_figures")
    return Risk(
        publicity=int(table.number("publicity", 1, 1000)),
        reporting=int(table.number("reporting", 1, 1000)),
        training=int(table.number("training", 1, 1000)),
        area_population=int(table.number("area_population", 1000, 100_000_000)),
        round_figures=_purposes(table, "round_figures"),
    )


def _rules(path: Path, tables: Sequence[Table], clauses: Mapping[str, str]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    seen: set[tuple[Any, ...]] = set()
    for table in tables:
        table.only("id", "category", "role", "kind", *Purpose, "clause")
        category = table.choice("category", Category)
        role = table.choice("role", Role) if "role" in table.values else None
        if role is not None and category is not Category.PERSON:
            table.refuse("role", "is only for the category PERSON")
        kind = table.text("kind") if "kind" in table.values else ""
        if kind and not re.fullmatch(r"[A-Z][A-Z0-9_]*", kind):
            table.refuse("kind", "must be a word in capitals, such as BIRTH or NHS_NUMBER")
        rule_id = table.text("id")
        for key, mark in (("id", ("id", rule_id)), ("category", ("what", category, role, kind))):
            if mark in seen:
                table.refuse(key, "repeats another rule: each rule needs its own id and its own detail")
            seen.add(mark)
        treatments = tuple((p, table.choice(p, Treatment)) for p in Purpose if p in table.values)
        rules.append(Rule(rule_id, category, treatments, _clause(table, clauses), role, kind))
    if not rules:
        refuse(path, 1, "there is no [[rule]] at all")
    return tuple(rules)


def limits_file(policy: Path) -> Path:
    """Where the cues of a policy's limits stand: ``limits.toml`` beside it, else the packaged one (P20)."""
    own = policy.with_name("limits.toml")
    return own if own.is_file() else catalogue.policy_templates() / "limits.toml"


def _limits(path: Path, clauses: Mapping[str, str]) -> tuple[Limit, ...]:
    every = read_tables(path)
    known_tables(path, every, ("limit",))
    tables = every.get("limit", ())
    limits: dict[LimitName, Limit] = {}
    for table in tables:
        table.only("name", "clause", "cues")
        name = table.choice("name", LimitName)
        if name in limits:
            table.refuse("name", "repeats a limit that is already there")
        limits[name] = Limit(name, _clause(table, clauses), table.cues("cues"))
        if not limits[name].cues:
            table.refuse("cues", "is empty: a limit without cues would never hold a story")
    missing = [name for name in LimitName if name not in limits]
    if missing:
        refuse(path, tables[-1].line if tables else 1, f"there is no [[limit]] named {', '.join(missing)}")
    return tuple(limits.values())
