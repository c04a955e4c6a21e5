"""Build the samples that are not plain text: Word files, a workbook, signed forms, and their digests in the register.

Run ``python build_samples.py`` after changing a text below (needs python-docx and openpyxl); building twice gives the
same bytes.  Every person, place and number is invented.
"""

# ruff: noqa: E501  (a paragraph of a document is one string)

from __future__ import annotations

import csv
import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from openpyxl import Workbook
from openpyxl.comments import Comment

HERE = Path(__file__).resolve().parent
NOTES = HERE / "notes"
WRITTEN = datetime(2026, 9, 1, 9, 0, 0)

# 05-housing-record.docx
HOUSING_HEADER = (
    ("Client name", "Miss Pearl TOLLIVER"),
    ("Case ref", "HL-2251"),
    ("Date of birth", "14/09/1990"),
    ("Address", "Flat 2, 60 Halyard Street, Fennerside, HU27 6WE"),
    ("Telephone", "07700 900655"),
    ("National Insurance no", "QQ 65 10 22 D"),
    ("NHS number", "999 562 0383"),
    ("Rent account", "70-441-9902"),
    ("Worker", "Nuala Tighe"),
)
HOUSING_ENTRIES = (
    ("Entry of 12 November 2025", (
        "Miss Tolliver was referred by her health visitor, Mrs Eileen Marsh, with a notice seeking possession from Spindrift Homes.",
        "She owed £2,870 in rent and £1,742 to catalogues. She has two children, Kit (6) and Rowan (2), and had been living on one income since Dale left.",
        "Pearl is the only fire-eater in the Callowness carnival, and her summer work had ended early.",
    )),
    ("Entry of 3 December 2025", (
        "I helped Pearl to claim the housing element that was missing and wrote to the landlord's solicitor, Mr J. Amos.",
        "We applied for a debt relief order (reference DRO/990/25518) and arranged a food parcel from Gullhouse Pantry.",
        "The council agreed to hold her council tax (account 8800 4471 X) for eight weeks.",
    )),
    ("Entry of 20 March 2026", (
        "The hearing at Callowness County Court (claim K99CL417) was vacated because the arrears had been dealt with.",
        "The order was approved on 16 March 2026 and £4,612 was written off. P.T. kept her tenancy and pays £9 a week towards the rest.",
        "Pearl is now in work at Beacon Primary as a lunchtime supervisor, 10 hours a week. Her worry score went from 9 to 3.",
    )),
)

# 06-review-aldous-penrice.docx
REVIEW_PARAGRAPHS = (
    "Aldous Penrice, 61, came to our sight loss group in April 2025 after his retirement from Callowness Grammar School. He had lost most of his sight in eighteen months and had not been out alone since New Year.",
    "His wife Morwenna did everything for him, and both were exhausted. Mr Penrice told us that he felt like a parcel.",
    "Our worker Delphine Marlow arranged mobility training with Gordon Tull of Clearway Sight Services. We lent Aldous a talking phone and taught him to use it over six weeks. Our volunteer Hope Jessop walked the harbour wall with him every Monday.",
    "In October 2025 Aldous was matched with a guide dog, Biscuit. He can now take the number 9 bus to Northquay by himself. In May 2026 he became the first blind man to finish the Callowness half marathon.",
    "He was awarded £101.75 a week in Attendance Allowance and his confidence score went from 2 to 9. Mr Penrice now runs the Friday quiz at the lunch club, and Morwenna has gone back to her choir.",
)
REVIEW_DELETED = " He was once the teacher of Councillor Hugh Dacre."
REVIEW_INSERTED = " He helps two other members with their phones."
REVIEW_HIDDEN = "Check with A. Penrice on 01632 960512 before this is used."
REVIEW_COMMENT = "Delphine, his form ran out in June. Please ask Aldous again before Friday 4 September."
REVIEW_ALT = "Photograph of Aldous Penrice with Biscuit outside 3 Lantern Steps"
REVIEW_HEADER = "Review: PENRICE Aldous, HL-2256, 05/02/1965"
REVIEW_PROPERTIES = {
    "author": "Delphine Marlow",
    "last_modified_by": "Marguerite Vane",
    "title": "Review of Aldous Penrice",
    "subject": "HL-2256",
    "keywords": "sight loss; Penrice; Lantern Steps",
    "comments": "Draft for M. Vane",
    "category": "Sight loss",
}

# 07-letter-to-funder.docx
LETTER = (
    "Mr Piers Ellacott",
    "Callowness Harbour Fund",
    "1 Customs House Square",
    "Callowness HU27 1BB",
    "18 September 2026",
    "Our ref: HL-2263",
    "Dear Mr Ellacott",
    "You asked us to tell you how your grant has helped one person.",
    "Mrs Samira Daoudi came to this country from Algeria in 2023 with her husband Karim and their daughter Lina, who is 9. When we met her in November 2025 she had been alone at home for most of two years. She spoke Tamazight and some French, and she could not follow the letters from Gullhouse Primary School.",
    "We offered Samira a place in our English class, twice a week, with a crèche. Mrs Daoudi came to every class. Our volunteer Christian Noble practised with her over coffee. In the spring our adviser Tansy Orr helped her to have her diploma recognised, because Mrs Daoudi was the first woman to run the dye laboratory at the Oued Amar carpet works.",
    "Samira passed her Entry 3 certificate on 26 June 2026 with 84 per cent. She started a paid traineeship at Net Loft Studio on 1 September 2026, at £356 a week, and now reads to Lina's class on Fridays. Her well-being score rose from 12 to 24.",
    "Yours sincerely",
    "Marguerite Vane",
    "Services manager, 01632 960231",
)

# 09-outcome-tracker.xlsx
REFERRALS = (
    ("Case ref", "Client", "Date referred", "Age", "Postcode", "Worker", "Situation", "Support given"),
    ("HL-2281", "T.M. (Tomasz Mazurek)", "12/01/2026", "44", "HU27 5RG", "Nuala Tighe",
     "Tomasz was living in a caravan at Pitch 8, Spit Farm with no heating. He was owed four weeks' wages of £1,620 by Spit Farm Shellfish.",
     "Our adviser helped Mr Mazurek to write to the firm with an interpreter for Polish. We arranged a warm coat and a voucher."),
    ("HL-2284", "Bea Lovelock", "02/02/2026", "68", "HU28 1JD", "Will Ashcombe",
     "Beatrix was caring for her brother Alban and had given up her puppet theatre on the pier. She had no income of her own.",
     "We claimed Carer's Allowance with Bea and arranged a sitter, Mrs Gale, for two afternoons a week."),
    ("HL-2288", "Kwame Asante-Day", "16/03/2026", "27", "HU27 8AH", "Mark Pellow",
     "Kwame was sent home from Callowness College because he could not pay £420 for tools. He has sickle cell and had missed a term.",
     "Mark applied to the student fund with him and wrote to the tutor, Dr Hallam. Our volunteer Ruth lent KAD a bicycle."),
)
REVIEWS = (
    ("Case ref", "Client", "Date reviewed", "Score before", "Score after", "Outcome"),
    ("HL-2281", "T.M.", "20/04/2026", 3, 7,
     "Tomasz recovered £1,620 in wages on 9 April 2026. He moved into a room of his own and is now in work at the boatyard."),
    ("HL-2284", "Bea Lovelock", "15/05/2026", 2, 8,
     "Bea was awarded £83.30 a week and back pay of £1,082. She runs a puppet club on Wednesdays for eleven children and sleeps better."),
    ("HL-2288", "K. Asante-Day", "29/06/2026", 4, 9,
     "The fund paid £420 and Kwame went back to his course. He passed with merit on 19 June 2026 and has an apprenticeship at £291 a week."),
)
TRACKER_COMMENT = "Bea prefers calls to her sister-in-law Noreen on 07700 900821"


def main() -> None:
    """Write every built sample and the digests of the evidence into the permission register."""
    NOTES.mkdir(exist_ok=True)
    (HERE / "evidence").mkdir(exist_ok=True)
    _save_word(NOTES / "05-housing-record.docx", _housing_record)
    _save_word(NOTES / "06-review-aldous-penrice.docx", _review)
    _save_word(NOTES / "07-letter-to-funder.docx", _letter)
    _write_workbook(NOTES / "09-outcome-tracker.xlsx")
    (NOTES / "22-cut-short.docx").write_bytes((NOTES / "05-housing-record.docx").read_bytes()[:12_000])
    (NOTES / "23-old-word-file.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    _write_evidence()


def _housing_record(document: DocumentType) -> None:
    document.add_heading("Housing support record", level=1)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in HOUSING_HEADER:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    for heading, paragraphs in HOUSING_ENTRIES:
        document.add_heading(heading, level=2)
        for text in paragraphs:
            document.add_paragraph(text)


def _review(document: DocumentType) -> None:
    document.add_heading("Sight loss group record", level=1)
    paragraphs = [document.add_paragraph(text) for text in REVIEW_PARAGRAPHS]
    _track(paragraphs[0], "w:del", REVIEW_DELETED)
    _track(paragraphs[-1], "w:ins", REVIEW_INSERTED)
    document.add_paragraph().add_run(REVIEW_HIDDEN).font.hidden = True
    document.add_comment(paragraphs[-1].runs, text=REVIEW_COMMENT, author="Marguerite Vane", initials="MV")
    picture = document.add_picture(io.BytesIO(_png()), width=Cm(3))
    picture._inline.docPr.set("descr", REVIEW_ALT)
    document.sections[0].header.paragraphs[0].text = REVIEW_HEADER
    for name, value in REVIEW_PROPERTIES.items():
        setattr(document.core_properties, name, value)


def _letter(document: DocumentType) -> None:
    for text in LETTER:
        document.add_paragraph(text)
    document.core_properties.author = "Marguerite Vane"


def _track(paragraph: Paragraph, tag: str, text: str) -> None:
    """Add a tracked insertion or deletion at the end of a paragraph."""
    change = OxmlElement(tag)
    for name, value in (("id", "901"), ("author", "Delphine Marlow"), ("date", "2026-08-28T10:00:00Z")):
        change.set(qn(f"w:{name}"), value)
    run, words = OxmlElement("w:r"), OxmlElement("w:delText" if tag == "w:del" else "w:t")
    words.set(qn("xml:space"), "preserve")
    words.text = text
    run.append(words)
    change.append(run)
    paragraph._p.append(change)


def _save_word(path: Path, fill: Callable[[DocumentType], None]) -> None:
    document = Document()
    document.styles["Normal"].font.size = Pt(12)
    properties = document.core_properties
    properties.author, properties.comments = "Harbour Lane Community Trust", ""
    properties.created = properties.modified = WRITTEN
    fill(document)
    document.save(str(path))
    _settle(path)


def _write_workbook(path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Harbour Lane Community Trust"
    book.properties.created = book.properties.modified = WRITTEN
    for title, rows in (("Referrals", REFERRALS), ("Reviews", REVIEWS)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book["Referrals"]["B3"].comment = Comment(TRACKER_COMMENT, "Will Ashcombe")
    book.save(str(path))
    _settle(path)


def _settle(path: Path) -> None:
    """Give every part of a package one date, so that building twice gives the same bytes."""
    with zipfile.ZipFile(path) as package:
        parts = [(info.filename, _undated(info.filename, package.read(info))) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts:
            package.writestr(zipfile.ZipInfo(name, WRITTEN.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)


def _undated(name: str, data: bytes) -> bytes:
    """The part with the moment of building taken out of it."""
    if name == "docProps/core.xml":
        return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-09-01T09:00:00Z", data)
    if name == "word/comments.xml":
        return re.sub(rb'w:date="[^"]*"', b'w:date="2026-09-01T09:00:00Z"', data)
    return data


def _png() -> bytes:
    """A small grey square: a stand-in for a photograph."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"".join(b"\x00" + b"\xb0" * 24 for _ in range(24)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 24, 24, 8, 0, 0, 0, 0)) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _write_evidence() -> None:
    """One small file for each permission that names one, but for those that are missing on purpose."""
    register = HERE / "permissions.csv"
    with register.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        name = row["evidence_file"]
        if name and "not-filed" not in name:
            data = _form(row, Path(name).suffix)
            (HERE / name).write_bytes(data)
            row["evidence_hash"] = hashlib.sha256(data).hexdigest()
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _form(row: dict[str, str], suffix: str) -> bytes:
    lines = [
        row["organisation"],
        f"Permission form {row['form_version']}, {row['consent_id']} (an invented example)",
        f"Case {row['case_ref']}: publicity {row['purpose_publicity']}, reporting {row['purpose_reporting']}, "
        f"training {row['purpose_training']}",
        f"How I am named: {row['identity_level']}. Answer: {row['response']}.",
        f"Signed on {row['given_on'] or row['sought_on']} by {row['given_by']}",
    ]
    if suffix == ".pdf":
        return _pdf(lines)
    if suffix == ".eml":
        head = ("From: sender@tidemail.example", "To: hello@harbourlane.example", f"Subject: Permission {row['consent_id']}")
        lines = [*head, "", *lines]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _pdf(lines: list[str]) -> bytes:
    """The smallest sound PDF: one page of text."""
    escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
    shown = " ".join(f"({line}) Tj T*" for line in escaped)
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td {shown} ET".encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


if __name__ == "__main__":
    main()
