"""The policy's own papers: for the organisation that is named, with every clause, in our own words (P26)."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.accessible import Paper, Version
from pipeline.documents.prose import spoken
from pipeline.domain.organisation import Organisation
from pipeline.domain.policy import Policy
from pipeline.duties.papers import policy_papers, write_policy_papers
from pipeline.errors import RenderError
from pipeline.policy.policies import load_policy
from tests.accessible.papers import HARBOUR, as_pdf, sections
from tests.accessible.readability import measure
from tests.documents.reading import headings, languages, words

HERE = Path(__file__).parent
DAY = date(2026, 11, 22)
OTHER = Organisation("Callowness Carers <Centre>", website="www.callowness.example")
CLAUSES = tomllib.loads((HERE / "clauses.toml").read_text(encoding="utf-8"))["clause"]
RUN = 8
STEMS = {
    "confidentiality-policy", "confidentiality-statement", "permission-form", "permission-form-child", "agency-sharing-consent",
    "decision-record", "foi-eir-clause", "foi-eir-letter", "access-reply", "breach-record", "training-register", "board-review",
}  # fmt: skip


@pytest.fixture(scope="module")
def policy(templates: Path) -> Policy:
    return load_policy(templates / "policy.toml")


@pytest.fixture(scope="module")
def papers(policy: Policy) -> dict[str, Paper]:
    return dict(policy_papers(HARBOUR, policy, DAY))


@pytest.fixture(scope="module", params=[HARBOUR, OTHER], ids=["harbour", "callowness"])
def built(request: pytest.FixtureRequest, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> tuple[Organisation, Path]:
    folder = tmp_path_factory.mktemp("papers")
    write_policy_papers(request.param, policy, DAY, folder)
    return request.param, folder


def test_every_paper_that_the_policy_asks_for_is_there(papers):
    assert set(papers) == STEMS


def test_every_paper_is_written_in_every_version(built):
    _, folder = built
    assert {path.name for path in folder.iterdir()} == {f"{stem}{version}" for stem in STEMS for version in Version}


def test_every_paper_names_the_organisation_and_leaves_nothing_to_be_filled_in(built):
    organisation, folder = built
    for path in folder.glob("*.docx"):
        text = words(path)
        assert organisation.name in text, path.name
        assert not re.search(r"[{}]|\(Name of|\bNone\b|<\w+=|TODO", text.replace(organisation.name, "")), path.name
    for path in folder.glob("*.txt"):
        assert not re.search(r"[{}]|\(Name of|\bNone\b|TODO", path.read_text(encoding="utf-8")), path.name


def test_one_organisation_is_not_named_in_the_papers_of_the_other(built):
    organisation, folder = built
    stranger = OTHER if organisation is HARBOUR else HARBOUR
    assert not [path.name for path in folder.glob("*.txt") if stranger.name in path.read_text(encoding="utf-8")]


def test_every_word_paper_has_headings_in_order_and_is_british(built):
    _, folder = built
    for path in folder.glob("*.docx"):
        levels = [0 if style == "Title" else int(style[-1]) for style, _ in headings(path)]
        assert levels[0] == 0
        assert levels.count(0) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels)), path.name
        assert languages(path) == {"en-GB"}


def test_libreoffice_opens_the_policy(built, tmp_path: Path):
    _, folder = built
    assert as_pdf(folder / "confidentiality-policy.docx", tmp_path).startswith(b"%PDF")


def test_the_policy_names_its_version_and_its_days(papers, policy: Policy):
    stated = sections(papers["confidentiality-policy"])["Confidentiality policy"]
    assert policy.version in stated
    assert spoken(policy.approved_on) in stated
    assert spoken(policy.review_by) in stated


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda c: f"{c['number']}: {c['about']}")
def test_every_clause_of_the_model_policy_has_its_place(papers, policy: Policy, clause: dict):
    assert clause["number"] in policy.clauses
    parts = sections(papers[clause["paper"]])
    assert clause["heading"] in parts
    missing = [word for word in clause["words"] if word not in parts[clause["heading"]]]
    assert not missing


def test_no_clause_number_is_left_out(policy: Policy):
    assert {clause["number"] for clause in CLAUSES} == set(policy.clauses)


def digests(text: str) -> set[str]:
    """The digests of every run of eight words, as they were made of the model policy's text, which is not kept here."""
    said = re.findall(r"[a-z0-9]+", text.casefold().replace("{organisation}", "name of organisation"))
    runs = (" ".join(said[at : at + RUN]) for at in range(len(said) - RUN + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:16] for run in runs}


def test_no_eight_words_in_a_row_are_those_of_the_model_policy(templates: Path):
    theirs = set((HERE / "source_shingles.txt").read_text(encoding="utf-8").split())
    assert len(theirs) > 1000
    ours = [*templates.rglob("*.md"), *templates.glob("*.toml")]
    assert len(ours) > 15
    assert not {path.name for path in ours if digests(path.read_text(encoding="utf-8")) & theirs}


def test_a_copied_sentence_would_be_seen():
    theirs = set((HERE / "source_shingles.txt").read_text(encoding="utf-8").split())
    # Eight words that the model policy shares with the Acts it names, joined here so that this file does not hold them.
    said = " ".join(["request", "under", "freedom", "of", "information", "act", "or", "environment"])
    assert digests(said) & theirs


@pytest.mark.parametrize(
    ("stem", "ease"),
    [
        ("agency-sharing-consent", 75), ("access-reply", 75), ("permission-form", 75), ("permission-form-child", 75),
        ("confidentiality-policy", 70), ("confidentiality-statement", 70), ("decision-record", 70), ("breach-record", 70),
    ],
)  # fmt: skip
def test_papers_are_in_plain_english(papers, stem: str, ease: int):
    assert measure(papers[stem].texts()).ease >= ease


def test_a_placeholder_that_is_not_known_stops_everything(monkeypatch, templates: Path, policy: Policy, tmp_path: Path):
    import shutil

    from pipeline import catalogue

    copy = tmp_path / "templates"
    shutil.copytree(templates, copy)
    page = copy / "papers" / "training-register.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nAsk {manager_name}.\n", encoding="utf-8")
    monkeypatch.setattr(catalogue, "policy_templates", lambda: copy)
    with pytest.raises(RenderError, match=r"training-register\.md, line \d+: \{manager_name\} is not known"):
        write_policy_papers(HARBOUR, policy, DAY, tmp_path / "out")
    assert not (tmp_path / "out").exists()
