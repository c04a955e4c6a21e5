"""The records as tables for people: releases, attempts, withdrawals and recalls, by reference and path, without names."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.ledger import Recall
from pipeline.records.store import Store

Listing = tuple[Sequence[str], Sequence[Sequence[str]]]
KINDS = ("releases", "attempts", "withdrawals", "recalls")
_RECALLS = (
    "case_ref", "consent_id", "withdrawn_on", "purpose", "version", "channel", "recipient", "released_on", "folder", "file",
    "permitted_channels", "permitted_recipients",
)  # fmt: skip


def listing(store: Store, kind: str) -> Listing:
    """The headings and rows of one kind."""
    return {"releases": _releases, "attempts": _attempts, "withdrawals": _withdrawals, "recalls": _all_recalls}[kind](store)


def recall_rows(recalls: Sequence[Recall], store: Store) -> Listing:
    """The headings and rows of recalls: which version went where, for what, when."""
    audience = {run.run_id: (run.channel, run.recipient) for run, _ in store.runs()}
    rows = []
    for recall in recalls:
        told = recall.release
        channel, recipient = audience[told.run_id]
        rows.append(
            (
                told.case_ref, told.consent_id, recall.withdrawn_on.isoformat(), told.purpose.value, told.sha256,
                channel, recipient, recall.released_on.isoformat(), recall.out, told.path,
                "; ".join(told.channels), "; ".join(told.recipients),
            )
        )  # fmt: skip
    return _RECALLS, rows


def _all_recalls(store: Store) -> Listing:
    return recall_rows(store.recalls(), store)


def _releases(store: Store) -> Listing:
    runs = [run for run, _ in store.runs()]
    header = (
        "run", "released_on", "folder", "file", "version", "story", "purpose", "channel", "recipient", "case_ref",
        "identified", "permission", "consent_id", "sought", "permitted_channels", "permitted_recipients",
    )  # fmt: skip
    rows = [
        (
            r.run_id, run.on.isoformat(), run.out, r.path, r.sha256, r.story_id, r.purpose.value, run.channel, run.recipient,
            r.case_ref, _yes(r.identified), r.permission, r.consent_id, _yes(r.sought), "; ".join(r.channels),
            "; ".join(r.recipients),
        )
        for r in store.releases()
        for run in runs
        if run.run_id == r.run_id
    ]  # fmt: skip
    return header, rows


def _attempts(store: Store) -> Listing:
    header = ("case_ref", "on", "method", "by", "note")
    return header, [(a.case_ref, a.on.isoformat(), a.method, a.by, a.note) for a in store.attempts()]


def _withdrawals(store: Store) -> Listing:
    header = ("case_ref", "consent_id", "withdrawn_on", "no_use", "recorded_by")
    return header, [(w.case_ref, w.consent_id, w.on.isoformat(), _yes(w.no_use), w.recorded_by) for w in store.withdrawals()]


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
