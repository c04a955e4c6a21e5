"""How long the review page's server takes for a click: a list of 5,000 stories, and one story of 500 findings.

    python benchmarks/review.py [--most 200]

Prints for each kind of click the median and the slowest of the processor's milliseconds (what the machine does beside it
does not count) and the median on the clock; exit code 1 when a median of the processor's is above ``--most``.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from click.testing import CliRunner
from starlette.testclient import TestClient

from pipeline import catalogue
from pipeline.cli import main as storysafe
from pipeline.records.workspace import Workspace
from pipeline.sources import list_sources
from pipeline.web.desk import Desk
from pipeline.web.doors import Doors, Keys
from pipeline.web.pages import application
from pipeline.world import Settings

STORIES, FINDINGS, TIMES = 5000, 500, 9
ORIGIN = "http://127.0.0.1:8123"
MISSED = "thimble wren lorry sparrow pebble".split()  # in two or three lines each
WORDS = "rang about the rent on came too other written".split()
PAGE = "/story/story-0001/training"
FIRST = "Agnes Basil Cora Dilys Edgar Flora Gwen Hester Imogen Jasper Keith Lettice Mabel Ned Olive Percy Queenie Rufus".split()
LAST = "Teasdale Aske Purlow Quill Vesper Stoat Brindle Carrow Dunnock Elwick Fenby Garside Holt Inskip Jarrow Kell".split()


def text() -> str:
    """A long record, four details a line, invented."""
    lines = []
    for n in range(FINDINGS // 4):
        first, last, other = FIRST[n % len(FIRST)], LAST[n % len(LAST)], FIRST[(n * 7 + 3) % len(FIRST)]
        lines.append(f"On {n % 28 + 1} March 2025 {first} {last} rang about the rent on 07700 900{n:03d}; {other} came too"
                     + (f", and so did {MISSED[n // 10 % len(MISSED)]}." if n % 10 == 0 else "."))  # fmt: skip
    return "\n".join([*lines, "The arrears of £640 were written off and she has kept the tenancy.", ""])


def browser(folder: Path) -> tuple[TestClient, Desk]:
    """A browser at the page over a run whose list was lengthened to 5,000 stories."""
    notes, out, workspace = folder / "notes", folder / "out", Workspace(folder / "workspace")
    notes.mkdir()
    (notes / "long.txt").write_text(text(), encoding="utf-8")
    CliRunner().invoke(storysafe, ["run", str(notes), "--out", str(out), "--workspace", str(workspace.root)])
    manifest = out / "internal" / "manifest.json"
    run = json.loads(manifest.read_text(encoding="utf-8"))
    line = run["inputs"][0]
    run["inputs"] += [line | {"story": f"story-{n:04d}", "source": f"{n}.txt"} for n in range(2, STORIES + 1)]
    manifest.write_text(json.dumps(run), encoding="utf-8")
    policy = catalogue.policy_templates() / "policy.toml"
    settings = Settings(None, policy, date.today(), secret=workspace.load_secret(), workspace=workspace)
    desk, keys = Desk.open(out, list_sources((notes,)), settings), Keys()
    client = TestClient(Doors(application(desk, keys), keys, ORIGIN), base_url=ORIGIN, headers={"Origin": ORIGIN})
    client.get(f"/open?token={keys.token()}")
    client.follow_redirects = False
    client.post("/name", data=hidden(client, "/") | {"name": "Tansy Orr"})
    return client, desk


def hidden(client: TestClient, page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(csrf|digest|version)" value="([^"]*)"', client.get(page).text)
    return dict(found)


def measured(click: Callable[[int], object], prepared: Callable[[], object] = lambda: None) -> list[tuple[float, float]]:
    times = []
    for number in range(TIMES):
        prepared()
        begun = time.process_time(), time.perf_counter()
        click(number)
        times.append(((time.process_time() - begun[0]) * 1000, (time.perf_counter() - begun[1]) * 1000))
    return times


def clicks(client: TestClient) -> dict[str, list[tuple[float, float]]]:
    """The times of each kind of click; what a form leads to is counted with it, as somebody waits for both."""
    fields: dict[str, str] = {}

    def fresh() -> None:
        fields.update(hidden(client, PAGE))

    def send(form: str, **more: str) -> None:
        answer = client.post(f"{PAGE}/{form}", data=fields | more)
        client.get(answer.headers["location"])

    def undone() -> None:  # each mark is made in the story of 500 findings
        fresh()
        send("undo")
        fresh()

    return {
        "the list": measured(lambda n: client.get(f"/?page={n + 1}")),
        "the list, narrowed": measured(lambda n: client.get("/?state=held&purpose=training")),
        "find a story": measured(lambda n: client.get(f"/?find={n:03d}")),
        "another detail": measured(lambda n: client.get(f"{PAGE}?at={n * 50}")),
        "accept": measured(lambda n: send("change", act="accept", at=str(n * 40)), fresh),
        "other words": measured(lambda n: send("change", act="replace", at=str(n * 40 + 1), words=f"word {n}"), fresh),
        "undo": measured(lambda n: send("undo"), fresh),
        "mark what was missed": measured(lambda n: send("mark", words=MISSED[n % 5], category="PERSON"), undone),
        "mark a word of every line": measured(lambda n: send("mark", words=WORDS[n], category="PERSON"), undone),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=float, default=200.0, help="milliseconds that a click may take")
    most = parser.parse_args().most
    with tempfile.TemporaryDirectory() as folder:
        client, desk = browser(Path(folder))
        begun = time.perf_counter()
        page = client.get(PAGE).text
        first = (time.perf_counter() - begun) * 1000
        found = re.search(r"of (\d+) looked at", page)
        number = found[1] if found else "?"
        print(f"{len(desk.finished().lines)} stories; {number} findings in one, opened first in {first:.0f} ms")
        slow = False
        for name, times in clicks(client).items():
            worked, clock = zip(*times, strict=True)
            slow = slow or statistics.median(worked) > most
            print(f"{name:26s} median {statistics.median(worked):4.0f} ms   slowest {max(worked):4.0f} ms"
                  f"   (on the clock {statistics.median(clock):4.0f} ms)")  # fmt: skip
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
