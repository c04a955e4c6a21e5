"""The run: every input through the recipe, in order, with the evidence written as it goes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.evidence import Evidence
from pipeline.records.indexed import Registers
from pipeline.records.journal import RunKey
from pipeline.records.outbox import Outbox
from pipeline.runkey import key_of, registers_digest
from pipeline.sources import SourceFile, read
from pipeline.stories import load_registers, process, start
from pipeline.survey import names_in_texts, names_of_clients
from pipeline.workers import in_chunks, map_in_order
from pipeline.world import Settings, load_names

_CHUNK = 8  # files that share one pass of the tagger; few enough that the chunks in flight stay small


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that can begin: its inputs, what the registers say, and the key by which it is known again."""

    sources: tuple[SourceFile, ...]
    settings: Settings
    registers: Registers
    key: RunKey


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run says at its end, in numbers; ``endings`` counts stories and purposes.

    ``resumed`` inputs had been done before the run was stopped; ``recalled`` counts the files of earlier runs whose
    permission was taken back since (internal/recalls.csv); ``few`` counts released copies whose remaining details fit fewer
    people than the policy asks; ``warnings`` are about the registers as a whole.
    """

    inputs: int
    released: int
    held: int
    skipped: int
    faults: int
    out: Path
    resumed: int = 0
    recalled: int = 0
    few: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """True when everything asked for was released and every register row was understood."""
        return not (self.held or self.skipped or self.faults)


def plan(sources: Sequence[SourceFile], settings: Settings) -> Plan:
    """Read the registers and work out the run's key; nothing is written."""
    registers = load_registers(settings)
    return Plan(tuple(sources), settings, registers, key_of(sources, settings, registers))


def run(
    planned: Plan, outbox: Outbox, workers: int = 1, progress: Callable[[int, int], None] = lambda done, total: None
) -> Summary:
    """Every source through the recipe; what is finished when it is stopped stays, with its evidence, and is not redone.

    The results depend neither on ``workers`` nor on the order in which inputs were named (law 3).  ``progress`` is
    told how many inputs are done.  Raises :class:`OutputFailed` on a full disk; nothing half-written is released.
    """
    settings, registers, sources = planned.settings, planned.registers, planned.sources
    with contextlib.ExitStack() as opened:
        store = opened.enter_context(settings.workspace.store()) if settings.workspace else None
        taken = survey(sources, registers)
        evidence = Evidence(settings, planned.key, registers, outbox, store)
        resumed = len(evidence.done)
        try:
            evidence.begin(len(sources))
            for done in range(1, resumed + 1):
                progress(done, len(sources))
            waiting = (source for source in sources if source.index not in evidence.done)
            beginning = settings, taken, outbox, registers_digest(registers)
            for results in map_in_order(process, in_chunks(waiting, _CHUNK), workers, start, beginning):
                for result in results:
                    evidence.record(result)
                    progress(len(evidence.done), len(sources))
            evidence.finish()
        except BaseException:
            evidence.stop()
            raise
    counts = evidence.counts
    return Summary(
        len(evidence.done), counts["released"], counts["held"], counts["skipped"], len(registers.errors), outbox.root,
        resumed, evidence.recalled, warnings=registers.warnings,
    )  # fmt: skip


def survey(sources: Sequence[SourceFile], registers: Registers) -> frozenset[str]:
    """The names that no surrogate may be: those in the texts and in the client list (law 4)."""
    return names_in_texts(_texts(sources), load_names()) | names_of_clients(registers.clients)


def _texts(sources: Sequence[SourceFile]) -> Iterator[str]:
    for source in sources:
        yield source.name
        try:
            for story in read(source):
                yield story.text
        except ReadError:
            continue  # It will be reported when its turn comes.
