"""``manifest.json`` and ``held.csv``: what became of every input, written as it happens and bounded in memory."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from pipeline.domain.permission import Purpose
from pipeline.domain.release import Ending, Held, Output, Reason, Released
from pipeline.records.outbox import Outbox, writing

_ODD = "backslashreplace"  # a file name that is not Unicode is written as JSON would escape it
_HELD_HEADER = ("story", "purpose", "reason", "what_next")


class Manifest:
    """Collects one record a story on disk; :meth:`finish` puts them together.

    Stories told in the annual return share its files, which are finished after the last story: their outputs are
    filled in at the end, or the stories held when the return itself could not be released.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.counts: Counter[str] = Counter()
        with writing():
            self._spool: TextIO = outbox.draft("manifest.jsonl").open("w", newline="\n", encoding="utf-8", errors=_ODD)

    def add(
        self, source: str, sha256: str, story: str, endings: Sequence[Ending], digest: str = "",
        risks: Mapping[Purpose, Mapping[str, object]] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """One story's endings, one record a purpose; ``digest`` is that of its text, ``risks`` measure what is left in it."""
        self.restore(manifest_line(source, sha256, story, endings, digest, risks))

    def restore(self, line: Mapping[str, Any]) -> None:
        """A line that was made before, now or by the run that goes on."""
        with writing():
            self._spool.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")

    def finish(
        self, head: Mapping[str, Any], annual: Sequence[Output], bound: Mapping[str, Sequence[Output]] | None = None
    ) -> None:
        """Write ``manifest.json`` (``head``, then every story) and ``held.csv``, each in one step.

        ``annual`` are the files of the annual return; ``bound`` those that bind case studies, by the stories in them.
        """
        with writing():
            self._spool.close()
            manifest, held = self._outbox.draft("manifest.json"), self._outbox.draft("held.csv")
            with (
                Path(self._spool.name).open(encoding="utf-8") as lines,
                manifest.open("w", newline="\n", encoding="utf-8", errors=_ODD) as out,
                held.open("w", newline="", encoding="utf-8", errors=_ODD) as table,
            ):
                rows = csv.writer(table)
                rows.writerow(_HELD_HEADER)
                opening = json.dumps(dict(head), ensure_ascii=False, indent=1, sort_keys=True)
                out.write(opening.removesuffix("\n}") + ',\n "inputs": [\n')
                for number, text in enumerate(lines):
                    line = json.loads(text)
                    self._settle(line, annual, bound or {}, bool(head.get("complete", True)))
                    rows.writerows(_held_rows(line))
                    out.write((",\n" if number else "") + json.dumps(line, ensure_ascii=False, sort_keys=True))
                out.write("\n]}\n")
        self._outbox.keep(manifest, "manifest.json")
        self._outbox.keep(held, "held.csv")

    def _settle(
        self, line: dict[str, Any], annual: Sequence[Output], bound: Mapping[str, Sequence[Output]], complete: bool
    ) -> None:
        training = line["purposes"].get(Purpose.TRAINING.value)
        if training and training["status"] == "released":
            training["outputs"] += [_output(output) for output in bound.get(line["story"], ())]
        record = line["purposes"].get(Purpose.REPORTING.value)
        if record and record["status"] == "released":
            if annual:
                record["outputs"] = [_output(output) for output in annual]
            else:
                measured = {"risk": record["risk"]} if "risk" in record else {}
                line["purposes"][Purpose.REPORTING.value] = _without_return(line["story"], complete) | measured
        self.counts.update(record["status"] for record in line["purposes"].values())


def _without_return(story: str, complete: bool) -> dict[str, Any]:
    words = "The annual return was not released; what it still held stands with the other held stories."
    record = _record(Held(story, Purpose.REPORTING, Reason.LEAK_FOUND, words))
    if not complete:
        record |= {"reasons": ["unfinished"], "what_next": "The run was stopped before it wrote the annual return; repeat it."}
    return record


def manifest_line(
    source: str, sha256: str, story: str, endings: Sequence[Ending], digest: str,
    risks: Mapping[Purpose, Mapping[str, object]] = MappingProxyType({}),
) -> dict[str, Any]:  # fmt: skip
    """What the manifest says of one story, as plain JSON; ``risks`` measure what is left in it, by purpose (P13)."""
    purposes = {(ending.purpose.value if ending.purpose else "all"): _record(ending) for ending in endings}
    for purpose, risk in risks.items():
        purposes[purpose.value]["risk"] = dict(risk)
    return {"source": source, "sha256": sha256, "story": story, "digest": digest, "purposes": purposes}


def _record(ending: Ending) -> dict[str, Any]:
    if isinstance(ending, Released):
        return {
            "status": "released",
            "reasons": [],
            "outputs": [_output(output) for output in ending.outputs],
            "identified": ending.identified,
            "permission": ending.permission,
            "consent_id": ending.consent_id,
            "sought": ending.sought,
            "channels": list(ending.channels),
            "recipients": list(ending.recipients),
        }
    return {
        "status": "held" if isinstance(ending, Held) else "skipped",
        "reasons": [ending.reason.value],
        "detail": ending.detail,
        "what_next": ending.what_next,
        "outputs": [],
        "identified": False,
    }


def _output(output: Output) -> dict[str, str]:
    return {"path": output.path, "sha256": output.sha256}


def _held_rows(line: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    return [
        (line["story"], purpose, _reason(record), record["what_next"])
        for purpose, record in line["purposes"].items()
        if record["status"] != "released"
    ]


def _reason(record: Mapping[str, Any]) -> str:
    return f"{record['reasons'][0]} ({record['detail']})" if record["detail"] else record["reasons"][0]
