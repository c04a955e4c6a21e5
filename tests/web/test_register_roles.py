"""Whose role covers which register, where a register may lie, and who the organisation is, as a form."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import catalogue
from pipeline.policy.policies import load_organisation
from pipeline.web.registers import look
from tests import flow
from tests.web.sites import COMMS, EVERYTHING, Visitor, site, visitor
from tests.web.test_registers import DECISIONS, path_of, save


@pytest.fixture
def page(tmp_path: Path) -> Visitor:
    return visitor(site(tmp_path / "workspace"))


# ---- roles --------------------------------------------------------------------------------------------------------------


def test_decisions_are_a_managers_and_nobody_else_changes_them_or_runs_with_others(tmp_path: Path) -> None:
    manager = visitor(site(tmp_path / "workspace"))
    good = DECISIONS.splitlines(keepends=True)[0]
    manager.hand("decisions", "d.csv", good)
    comms = visitor(site(tmp_path / "workspace", allowed=COMMS))
    assert "role does not cover" in comms.hand(
        "decisions", "d.csv", good + "HL-1,publicity,safeguarding,release,A B,C D,x,2026-10-01\n"
    )
    assert "role does not cover" in save(comms, "decisions", 0, {"case_ref": "HL-1"})
    assert path_of(comms, "decisions").read_text(encoding="utf-8") == good
    comms.upload(("a.txt", b"Some words about a visit.\n"))
    path = path_of(comms, "decisions")
    path.write_text(good + "HL-1,publicity,safeguarding,release,A B,C D,x,2026-10-01\n", encoding="utf-8")
    assert "changed elsewhere" in comms.begin(**{"purpose-publicity": "yes"})
    assert comms.client.get("/run/status").json()["state"] in ("none", "stopped")


def test_who_may_not_decide_brings_no_decisions_to_the_page_either(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DECISIONS, encoding="utf-8")
    for name, login, role in (("Marguerite Vane", "mvane", "manager"), ("Tansy Orr", "tansy", "comms")):
        for step in (("add", name, "--login", login, "--role", role), ("sign", name), ("train", name)):
            assert flow.storysafe(tmp_path, "--as", "mvane", "staff", *step, "--workspace", tmp_path / "workspace").code == 0
    for place in (("workspace",), ("out", "notes")):
        refused = flow.storysafe(
            tmp_path, "--as", "tansy", "review", *(tmp_path / each for each in place), "--no-browser", "--decisions",
            tmp_path / "d.csv", *(("--workspace", tmp_path / "workspace") if len(place) > 1 else ()),
        )  # fmt: skip
        assert refused.code == 1
        assert "role does not cover" in refused.words


def test_registers_that_the_command_named_are_used_and_mended_where_they_lie(tmp_path: Path) -> None:
    there = tmp_path / "elsewhere" / "stories.csv"
    there.parent.mkdir()
    there.write_text("file,case_ref\nnote.txt,HL-1\n", encoding="utf-8")
    page = visitor(site(tmp_path / "workspace"))
    page.site.shelf.given["stories"] = there  # type: ignore[index]
    assert "was named when the page was started" in page.hand("stories", "s.csv", "file,case_ref\n")
    save(page, "stories", 2, {"case_ref": "HL-2"})
    assert there.read_text(encoding="utf-8-sig").splitlines()[1] == "note.txt,HL-2"


# ---- the organisation ---------------------------------------------------------------------------------------------------


def test_the_organisation_is_a_form_and_what_it_does_not_show_stays(page: Visitor) -> None:
    shutil.copyfile(catalogue.samples() / "organisation.toml", page.site.shelf.root / "o.toml")
    text = (page.site.shelf.root / "o.toml").read_text(encoding="utf-8") + '\n[targets]\n"Everyone" = 120\n'
    page.hand("organisation", "organisation.toml", text)
    before = load_organisation(path_of(page, "organisation"))
    fields = {
        "name": before.name, "staff": "\n".join((*before.staff, 'Nuala "Nu" Tighe-Ó Sé\\')), "year_end": "12-31",
        "also_known_as": "\n".join(before.also_known_as), "services": "\n".join(before.services),
        "funders": "\n".join(before.funders), "contact": before.contact, "website": before.website,
    }  # fmt: skip
    digest = look("clients", path_of(page, "organisation")).digest
    assert "Saved" in page.send("/registers/organisation/save", digest=digest, **fields)
    after = load_organisation(path_of(page, "organisation"))
    assert after.staff == (*before.staff, 'Nuala "Nu" Tighe-Ó Sé\\')
    assert (after.year_end, after.targets, after.services) == ((12, 31), (("Everyone", 120),), before.services)
    assert "changed meanwhile" in page.send("/registers/organisation/save", digest=digest, **fields)


def test_an_organisation_that_would_not_be_understood_is_refused(page: Visitor) -> None:
    page.look("/registers/organisation")
    assert "year_end" in page.send("/registers/organisation/save", name="Harbour Lane Project", year_end="31 March")
    assert page.site.shelf.register("organisation") is None
    assert "Saved" in page.send(
        "/registers/organisation/save", name="Harbour Lane Project", staff="Tansy Orr\n\n  Jonty   Brace "
    )
    assert load_organisation(path_of(page, "organisation")).staff == ("Tansy Orr", "Jonty Brace")
    assert page.site.allowed == EVERYTHING
