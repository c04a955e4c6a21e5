"""``storysafe redact`` leaves a clean copy of the same name and format."""

from __future__ import annotations

import zipfile

from tests import flow
from tests.flow import SAMPLES

FORMS = ("01-warm-home-story.md", "04-benefit-appeal.eml", "05-housing-record.docx", "06-review-aldous-penrice.docx",
         "08-contacts-export.csv", "09-outcome-tracker.xlsx")


def test_each_format_comes_back_as_itself_without_what_identified_anybody(tmp_path, secret):
    organisation, clients = SAMPLES / "organisation.toml", SAMPLES / "clients.csv"
    notes = [SAMPLES / "notes" / name for name in FORMS]
    run = flow.storysafe(
        tmp_path / "out", "redact", *notes, "--out", tmp_path / "out", "--organisation", organisation, "--clients", clients,
        "--secret", secret, "--on", flow.DAY,
    )
    assert run.code == 0, run.held()
    names = [path.name for path in run.released()]
    assert sorted(names) == sorted({*FORMS, "story-0004.docx"} - {"06-review-aldous-penrice.docx"})
    told = b""
    for path in run.released():
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                told += b"".join(package.read(name) for name in package.namelist())
        else:
            told += path.read_bytes()
    spoken = [
        row["identifier"] for row in flow.rows(SAMPLES / "identifiers.csv")
        if row["file"] in FORMS and row["grep"] != "no" and row["category"] in ("PHONE", "EMAIL", "POSTCODE", "ID_NUMBER")
        and row["identifier"].encode() in told
    ]
    assert spoken == []


def test_a_file_that_is_called_by_a_name_or_a_number_comes_back_under_another(tmp_path, secret):
    for name in ("Wayne Pottinger.txt", "call 07700 900555.txt"):
        (tmp_path / name).write_text("The client came in May. The boiler was mended and the flat is warm.", encoding="utf-8")
        run = flow.storysafe(
            tmp_path / f"out {len(name)}", "redact", tmp_path / name, "--out", tmp_path / f"out {len(name)}", "--secret", secret
        )
        assert [path.name for path in run.released()] == ["story-0001.txt"]


def test_who_took_a_permission_back_here_is_named_in_no_copy(tmp_path, secret):
    registers = {name: SAMPLES / f"{name}.csv" for name in ("clients", "stories", "permissions")}
    options = [word for name, path in registers.items() for word in (f"--{name}", path)]
    note = SAMPLES / "notes" / "01-warm-home-story.md"

    def copied(out):
        run = flow.storysafe(
            out, "redact", note, "--out", out, "--purpose", "publicity", *options,
            "--organisation", SAMPLES / "organisation.toml",
            "--secret", secret, "--on", flow.DAY, "--channel", "website", "--recipient", "public",
        )
        assert run.code == 0, run.held()
        return "\n".join(path.read_text(encoding="utf-8") for path in run.released())

    assert "Bernadette" in copied(tmp_path / "before")
    assert flow.storysafe(tmp_path, "withdraw", "HL-2204").code == 0
    assert "Bernadette" not in copied(tmp_path / "after")
