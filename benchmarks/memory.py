"""Peak memory of a run against the number of inputs: ``python benchmarks/memory.py [FEW MANY]`` (200 and 2,000).

Both runs are of the same invented notes in the same session; what counts is the ratio that is printed last.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST = "Ottoline Barnaby Persis Crispin Isadora Lysander Ariadne Peregrin Drusilla Ignatius".split()
LAST = "Quillfeather Marrowby Tansley Oxterby Wimbush Harklow Penfold Thistlewood Gantry Dunmere".split()
NOTE = """Case ref: BM-{number:05d}
{first} {last} came to us in spring, aged {age}, owing £{debt} in rent arrears. {first} was worried about eviction.
Our adviser wrote to the landlord and helped with a Universal Credit claim on {day}/03/2026.
The arrears of £{debt} were written off and {first} has kept the tenancy. Tel 01632 960{tail:03d}.
"""


def write_notes(folder: Path, count: int) -> None:
    people = itertools.cycle(itertools.product(FIRST, LAST))
    for number, (first, last) in zip(range(count), people, strict=False):
        varied = {"age": 20 + number % 60, "debt": 300 + number, "day": 1 + number % 28, "tail": number % 1000}
        note = NOTE.format(number=number, first=first, last=last, **varied)
        (folder / f"note-{number:05d}.txt").write_text(note, encoding="utf-8")


def peak_of_run(count: int) -> tuple[float, float]:
    """Peak resident memory in MiB of the largest process, and seconds, for a run over ``count`` notes."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        write_notes(notes, count)
        elsewhere = ["--out", str(Path(folder) / "out"), "--workspace", str(Path(folder) / "workspace")]
        command = [sys.executable, "-m", "pipeline", "run", str(notes), *elsewhere]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 3):
            raise SystemExit("the run failed; start it by hand to see why")
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return usage.ru_maxrss / unit, time.monotonic() - started


def main() -> None:
    few, many = (int(a) for a in sys.argv[1:3]) if len(sys.argv) > 2 else (200, 2_000)
    (small, quick), (large, slow) = peak_of_run(few), peak_of_run(many)
    print(f"{few} notes: {small:.0f} MiB in {quick:.0f} s;  {many} notes: {large:.0f} MiB in {slow:.0f} s")
    print(f"peak memory, {many} to {few}: {large / small:.2f}")


if __name__ == "__main__":
    main()
