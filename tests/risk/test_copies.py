"""A copy of a whole file is measured too; for a purpose it is told more broadly, and held where that is not enough."""

from __future__ import annotations

from pathlib import Path

from pipeline.domain.permission import Purpose
from pipeline.judging import judged
from pipeline.risk.copies import lowered_copy, measured_copy, written
from pipeline.run import decided
from tests import flow
from tests.risk.test_lowering import told

__all__ = ["told"]


def test_a_copy_for_a_purpose_is_told_more_broadly_until_enough_people_fit(told):
    world, case = told
    judgement = judged(case, Purpose.PUBLICITY, world)

    def decide(one):
        return decided(one, Purpose.PUBLICITY, world, judgement)[1]

    def measured(one):
        return measured_copy(one, written(one.story.text, decide(one)), False, Purpose.PUBLICITY, world)

    assert not measured(case).holds
    broader = lowered_copy(case, decide, judgement, Purpose.PUBLICITY, world)
    assert measured(broader).holds
    copy = written(broader.story.text, decide(broader))
    assert "scleroderma" not in copy
    assert "£1,847 of debt" in copy


def redact(out: Path, secret: Path, *more: str) -> flow.Run:
    given = ["--organisation", flow.SAMPLES / "organisation.toml", "--on", flow.DAY, "--secret", secret]
    registers = [word for name in ("clients", "stories") for word in (f"--{name}", flow.SAMPLES / f"{name}.csv")]
    return flow.storysafe(out, "redact", flow.SAMPLES / "notes", "--out", out, *given, *registers, *more)


def risks(run: flow.Run) -> list[tuple[str, bool]]:
    records = [record for line in run.manifest()["inputs"] for record in line["purposes"].values()]
    return [(record["status"], record["risk"]["holds"]) for record in records if "risk" in record]


def test_copies_for_no_purpose_are_measured_and_those_that_fit_few_are_counted(tmp_path, secret):
    run = redact(tmp_path / "out", secret)
    few = sum(status == "released" and not holds for status, holds in risks(run))
    assert few
    assert f"{few} copies still say so much" in run.stderr


def test_every_copy_released_for_a_purpose_fits_as_many_people_as_the_policy_asks(tmp_path, secret):
    run = redact(tmp_path / "out", secret, "--purpose", "publicity")
    found = risks(run)
    assert ("released", True) in found
    assert ("released", False) not in found


def test_the_manifest_of_a_run_measures_each_story_before_and_after_in_the_regulators_words(sample_run):
    told = [record for line in sample_run.manifest()["inputs"] for record in line["purposes"].values()]
    records = [record["risk"] for record in told if "risk" in record]
    assert records
    for risk in records:
        assert {"singling_out", "linkability", "inference", "remaining", "told_more_broadly", "needed"} <= set(risk)
    anonymous = [risk for risk in records if not risk["by_permission"]]
    assert all(risk["singling_out"]["on_list"] >= risk["singling_out"]["on_list_before"] for risk in anonymous if risk["holds"])
    assert any(risk["singling_out"]["on_list"] > risk["singling_out"]["on_list_before"] for risk in anonymous)
