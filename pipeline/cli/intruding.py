"""``storysafe intrude``: attack what was released as an insider would, and say how far that gets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from pipeline import catalogue
from pipeline.cli.registers import FILE
from pipeline.documents.wording import load_wording
from pipeline.domain.permission import Purpose
from pipeline.intruder.attack import Document, attack, match_originals, released, texts_of, without_names
from pipeline.intruder.linking import link
from pipeline.intruder.tables import attack_tables
from pipeline.records.indexed import Registers

_BOUND = (
    "The bound: matches are no better than chance up to the number that guessing reaches in 95 of 100 attacks, the exact sum of "
    "each document's own chance. That chance is one in those of the same gender who had the same help, since no story is told "
    "without these; one in everybody, where the whole list is named."
)
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command("intrude")
@click.argument("out", type=_FOLDER)
@click.option("--clients", type=FILE, required=True, help="The client list that the intruder holds.")
@click.option("--stories", type=FILE, required=True, help="Which file is about which client: only to count who was found.")
@click.option("--originals", type=click.Path(path_type=Path, exists=True), help="The original files, to match texts by words.")
@click.option("--earlier", type=_FOLDER, help="An earlier finished run: can its documents be joined with these?")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--keep", is_flag=True, help="Keep the figures in OUT/internal/intruder.json, as evidence.")
def intrude(
    out: Path, clients: Path, stories: Path, originals: Path | None, earlier: Path | None, as_json: bool, keep: bool
) -> None:
    """Try to recognise the people in the anonymised documents of a finished run, OUT.

    Every document, and every story in the annual return, is matched to a row of the client list by what is left in it:
    gender, age, days, kind of help, outcome, places. Documents about one person are joined across purposes, and with
    those of an earlier run; the figures of the return are solved for what they hide. The answers are counts; nobody is
    named.
    """
    found = figures(out, Registers.load(clients, stories, None, None), originals, earlier)
    text = json.dumps(found, indent=1)
    if keep:
        (out / "internal" / "intruder.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    click.echo(text if as_json else "\n".join(_lines(found)))


def figures(out: Path, registers: Registers, originals: Path | None, earlier: Path | None = None) -> dict[str, Any]:
    """Everything that is counted, in plain values."""
    documents, identified, unlinked = released(out, registers)
    themes = load_wording(catalogue.policy_templates() / "documents.toml").themes_in
    found: dict[str, Any] = {
        "clients": len(registers.clients),
        "attacked": len(documents),
        "identified": identified,
        "of_no_one_client": unlinked,
        "bound": _BOUND,
    }
    texts = texts_of(originals) if originals else {}
    for purpose in sorted({document.purpose for document in documents}):
        chosen = [document for document in documents if document.purpose == purpose]
        found[purpose] = {
            "by_details": attack(chosen, registers.clients, themes).figures(),
            "by_details_and_exact_sums": attack(chosen, registers.clients, themes, figures=True).figures(),
        }
        if originals:
            rates = match_originals(chosen, texts)
            found[purpose]["to_originals"] = {f"rank_{first}": rate.figures() for first, rate in rates.items()}
    if originals:
        control = attack(without_names(documents, texts, registers.clients), registers.clients, themes)
        found["originals_without_names"] = control.figures()
    found["linked"] = _linked(documents, released(earlier, registers)[0] if earlier else [])
    workbook = out / "released" / "reporting" / "annual-return.xlsx"
    if workbook.is_file():
        found["tables"] = attack_tables(workbook, registers.clients).figures_of()
    return found


def _linked(documents: Sequence[Document], earlier: Sequence[Document]) -> dict[str, Any]:
    """How far documents about one person can be joined: two purposes of this run, and this run with an earlier one."""
    purposes = sorted({document.purpose for document in documents})
    by_purpose = {purpose: [d for d in documents if d.purpose == purpose] for purpose in purposes}
    found = {f"{one} to {other}": link(by_purpose[one], by_purpose[other]) for one, other in combinations(purposes, 2)}
    if earlier:
        found["this run to the earlier one"] = link(documents, earlier)
    return {name: rate.figures() for name, rate in found.items() if rate.tried}


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [
        f"{found['attacked']} anonymised documents attacked, {found['clients']} clients on the list; "
        f"{found['identified']} identified by permission and {found['of_no_one_client']} about no one client left out."
    ]
    for purpose in (purpose.value for purpose in Purpose if purpose.value in found):
        attacks = found[purpose]
        for name, words in (("by_details", "by what is left"), ("by_details_and_exact_sums", "and by exact outcome sums")):
            for rank in (1, 5):
                lines.append(f"{purpose}, {words}, rank {rank}: {_both(attacks[name][f'rank_{rank}'])}")
        for rank, rate in attacks.get("to_originals", {}).items():
            lines.append(f"{purpose}, text to its original, {rank.replace('_', ' ')}: {_said(rate)}")
    if control := found.get("originals_without_names"):
        lines += [f"originals without the names alone, rank {rank}: {_both(control[f'rank_{rank}'])}" for rank in (1, 5)]
    lines += [f"joined, {name}: {_said(rate)}" for name, rate in found["linked"].items()]
    if tables := found.get("tables"):
        lines.append(
            f"annual return, {tables['tables']} tables with {tables['figures']} figures: {tables['small_named']} small groups "
            f"named, {tables['narrowed']} hidden ones worked out, {tables['small_changes']} small differences to last year"
        )
    return [
        *lines,
        _BOUND,
        "Who holds the original knows the story already: that match says that the facts survived.",
        "So does a join: two documents about one person tell the same facts. How many people fit what a reader has who joins "
        "them is measured for each story (internal/manifest.json: risk, linkability, joined).",
    ]


def _both(rate: dict[str, Any]) -> str:
    everybody = rate["guess_among_all"]
    verdict = "no better" if everybody["no_better_than_chance"] else "BETTER"
    return (
        f"{_said(rate['guess_among_alike'])}; of the whole list, chance {everybody['chance']:g}, bound "
        f"{everybody['bound_95']}: {verdict}"
    )


def _said(rate: dict[str, Any]) -> str:
    low, high = rate["interval_95"]
    verdict = "no better than chance" if rate["no_better_than_chance"] else "BETTER THAN CHANCE"
    return (
        f"{rate['matched']:g} of {rate['tried']} (95%: {low:.0%} to {high:.0%}), chance {rate['chance']:g}, "
        f"bound {rate['bound_95']}: {verdict}"
    )
