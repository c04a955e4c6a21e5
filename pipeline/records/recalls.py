"""``recalls.csv``: every file that earlier runs released under a permission which was taken back since (P17, E07)."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from pipeline.domain.ledger import Recall
from pipeline.records.outbox import Outbox, writing

NAME = "recalls.csv"
_HEADER = ("case_ref", "purpose", "path", "sha256", "run", "channels", "recipients", "out", "released_on", "withdrawn_on")


def write_recalls(outbox: Outbox, recalls: Sequence[Recall]) -> None:
    """Write ``internal/recalls.csv`` in one step; lists in a cell are parted by semicolons."""
    draft = outbox.draft(NAME)
    with writing(), draft.open("w", encoding="utf-8", errors="backslashreplace", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(_HEADER)
        rows.writerows(_row(recall) for recall in recalls)
    outbox.keep(draft, NAME)


def _row(recall: Recall) -> tuple[str, ...]:
    release = recall.release
    return (
        release.case_ref, release.purpose.value, release.path, release.sha256, release.run_id,
        "; ".join(release.channels), "; ".join(release.recipients),
        recall.out, recall.released_on.isoformat(), recall.withdrawn_on.isoformat(),
    )  # fmt: skip
