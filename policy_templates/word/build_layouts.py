"""Builds the packaged Word layouts anew: python policy_templates/word/build_layouts.py [FOLDER].

The layouts are ordinary Word files.  An organisation changes them in Word; this script is only for the packaged ones.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from docx.document import Document as Doc
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table
from docx.text.paragraph import Paragraph

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from look import new_document

from pipeline.word.package import normalise

AUTHOR = "storysafe"
POLICY = "version {{ policy_version }}, approved on {{ policy_approved }}, to be reviewed by {{ policy_review }}."
DRAFT = "{% if draft %}  ·  DRAFT{% endif %}"
INTERNAL = (
    "This pack shows the original text. It is for those who need it for their work. "
    "Do not forward it, print it for a file, or keep it longer than the decision needs."
)


def publicity() -> Doc:
    """The impact story."""
    document = _start("Impact story" + DRAFT)
    _logo(document)
    _draft(document)
    _add(document, "Impact story{% if service %}  ·  {{ service }}{% endif %}", "Kicker")
    _add(document, "{{ headline }}", "Title")
    _section(document, "How things were", "situation")
    _section(document, "How we helped", "support")
    _section(document, "What changed", "outcome")
    _each(document, "quotes", "Quote")
    _add(document, "Get in touch", "Heading 1")
    _add(document, "{{ call_to_action }}", "Call to Action")
    _add(document, "{%p if contact or website %}")
    _add(document, "{{ contact }}{% if contact and website %}  ·  {% endif %}{{ website }}", "Call to Action")
    _add(document, "{%p endif %}")
    _add(document, "{{ change_note }}", "Change Note")
    return document


def training() -> Doc:
    """The case study with its facilitator's notes."""
    document = _start("Training case study" + DRAFT)
    _logo(document)
    _draft(document)
    _add(document, "Training case study", "Kicker")
    _add(document, "{{ title }}", "Title")
    _add(document, "Themes: {{ themes | join(', ') }}", "Subtitle")
    _add(document, "Before you start", "Heading 1")
    _each(document, "warnings", "Content Warning")
    _each(document, "ground_rules", "List Bullet")
    _section(document, "The scenario", "scenario")
    _add(document, "Stop and discuss", "Heading 2")
    _each(document, "opening_questions", "List Bullet")
    _add(document, "{%p if timeline %}")
    _add(document, "What happened", "Heading 1")
    _add(document, "{%p for item in timeline %}")
    _add(document, "{{ item.when }}", "Heading 2")
    _add(document, "{{ item.what }}")
    _add(document, "{%p if item.stop %}")
    _add(document, "{{ item.stop }}", "Decision Point")
    _add(document, "{%p endif %}")
    _add(document, "{%p endfor %}")
    _add(document, "{%p endif %}")
    _add(document, "Questions to discuss", "Heading 1")
    _each(document, "questions", "List Number")
    _add(document, "Learning points", "Heading 1")
    _each(document, "learning", "List Bullet")
    _add(document, "{{ change_note }}", "Change Note")
    notes = _add(document, "Notes for the facilitator", "Heading 1")
    notes.paragraph_format.page_break_before = True
    _facilitator(document)
    return document


def workbook() -> Doc:
    """Several case studies in one document, with contents and page numbers."""
    document = _start("Training workbook" + DRAFT)
    _logo(document)
    _draft(document)
    _add(document, "Training workbook", "Kicker")
    _add(document, "{{ title }}", "Title")
    _add(document, "{{ organisation }}", "Subtitle")
    _add(document, "Contents", "Heading 1")
    _add(document, "{%p for case in cases %}")
    line = _add(document, "{{ case.number }}  {{ case.title }}\t", "Contents")
    _field(line, "PAGEREF {{ case.mark }} \\h")
    _add(document, "{%p endfor %}")
    line = _add(document, "Notes for the facilitator\t", "Contents")
    _field(line, "PAGEREF facilitator \\h")
    _add(document, "{%p if left_out %}")
    _add(document, "{{ left_out }}")
    _add(document, "{%p endif %}")
    _add(document, "Before you start", "Heading 1")
    _each(document, "ground_rules", "List Bullet")
    _add(document, "{%p for case in cases %}")
    title = _add(document, "{{ case.number }}  {{ case.title }}", "Heading 1")
    title.paragraph_format.page_break_before = True
    _bookmark(title, "{{ case.mark }}", "{{ case.number }}")
    _add(document, "{%p if case.draft %}")
    _add(document, "{{ case.draft }}", "Content Warning")
    _add(document, "{%p endif %}")
    _each(document, "case.warnings", "Content Warning")
    _add(document, "{%p if case.scenario %}")
    _add(document, "The scenario", "Heading 2")
    _each(document, "case.scenario", "Normal")
    _add(document, "{%p endif %}")
    _each(document, "case.opening_questions", "Decision Point")
    _add(document, "{%p for item in case.timeline %}")
    _add(document, "{{ item.when }}", "Heading 2")
    _add(document, "{{ item.what }}")
    _add(document, "{%p if item.stop %}")
    _add(document, "{{ item.stop }}", "Decision Point")
    _add(document, "{%p endif %}")
    _add(document, "{%p endfor %}")
    _add(document, "Questions to discuss", "Heading 2")
    _each(document, "case.questions", "List Bullet")
    _add(document, "Learning points", "Heading 2")
    _each(document, "case.learning", "List Bullet")
    _add(document, "{{ case.change_note }}", "Change Note")
    _add(document, "{%p endfor %}")
    notes = _add(document, "Notes for the facilitator", "Heading 1")
    notes.paragraph_format.page_break_before = True
    _bookmark(notes, "facilitator", "0")
    _facilitator(document)
    return document


def _facilitator(document: Doc) -> None:
    _each(document, "facilitator", "List Bullet")
    _add(document, "{%p if clauses %}")
    _add(document, "What our confidentiality policy says", "Heading 2")
    _table(
        document,
        ("Clause", "What it says"),
        "clauses",
        ("{{ item.number }}", "{{ item.text }}"),
        (28, 132),
        "Clauses of the confidentiality policy",
    )
    _add(document, f"Policy {POLICY}", "Caption")
    _add(document, "{%p endif %}")


def _bookmark(paragraph: Paragraph, name: str, number: str) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), number)
    start.set(qn("w:name"), name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)


def annual_return() -> Doc:
    """The yearly return: reach, work, outcomes, stories, method."""
    document = _start("Annual return")
    _logo(document)
    _add(document, "Annual return", "Kicker")
    _add(document, "{{ organisation }}", "Title")
    _add(document, "{{ period }}", "Subtitle")
    _each(document, "summary", "Normal")
    for heading, key in (("Who we reached", "reached"), ("What we did", "work"), ("Outcomes", "outcomes")):
        _add(document, f"{{%p if {key} %}}")
        _add(document, heading, "Heading 1")
        _breakdowns(document, key)
        _add(document, "{%p endif %}")
    _add(document, "{%p if comparison %}")
    _add(document, "Against our targets and last year", "Heading 1")
    cells = ("{{ item.label }}", "{{ item.now }}", "{{ item.target }}", "{{ item.before }}", "{{ item.change }}")
    heads = ("Group", "This year", "Target", "Last year", "Change")
    _table(document, heads, "comparison", cells, (62, 24, 22, 24, 28), "This year against targets and last year", 1)
    _add(document, "{%p endif %}")
    _section(document, "What we learned", "learned", "List Bullet")
    _add(document, "{%p if vignettes %}")
    _add(document, "Stories", "Heading 1")
    _add(document, "{{ stories_note }}")
    _add(document, "{%p for story in vignettes %}")
    _add(document, "{{ story.headline }}", "Heading 2")
    _add(document, "{%p for item in story.paragraphs %}")
    _add(document, "{{ item }}")
    _add(document, "{%p endfor %}")
    _add(document, "{%p for item in story.quotes %}")
    _add(document, "{{ item }}", "Quote")
    _add(document, "{%p endfor %}")
    _add(document, "{%p if story.change_note %}")
    _add(document, "{{ story.change_note }}", "Change Note")
    _add(document, "{%p endif %}")
    _add(document, "{%p endfor %}")
    _add(document, "{%p if change_note %}")
    _add(document, "{{ change_note }}", "Change Note")
    _add(document, "{%p endif %}")
    _add(document, "{%p endif %}")
    _section(document, "How these figures were made", "method", "List Bullet")
    _add(document, f"Confidentiality policy {POLICY} Prepared on {{{{ prepared }}}}.")
    return document


def review() -> Doc:
    """The pack for people inside; the text and the decisions are added after it."""
    document = _start("INTERNAL AND CONFIDENTIAL – do not publish or send on")
    _add(document, "Review pack  ·  {{ organisation }}", "Kicker")
    _add(document, "{{ title }}", "Title")
    _add(document, "{{ status }}", "Subtitle")
    _add(document, INTERNAL, "Content Warning")
    _add(document, "Where this story stands", "Heading 1")
    _table(
        document,
        ("Point", "Position"),
        "facts",
        ("{{ item.name }}", "{{ item.value }}"),
        (48, 112),
        "Permission, reason and what happens next",
    )
    return document


def _breakdowns(document: Doc, key: str) -> None:
    _add(document, f"{{%p for part in {key} %}}")
    _add(document, "{{ part.title }}", "Heading 2")
    _add(document, "{%p for item in part.notes %}")
    _add(document, "{{ item }}")
    _add(document, "{%p endfor %}")
    _add(document, "{%p if part.chart %}")
    _add(document, "{{ part.chart }}").paragraph_format.keep_with_next = True
    _add(document, "{{ part.caption }}", "Caption")
    _add(document, "{%p endif %}")
    _add(document, "{%p if part.rows and part.amounts %}")
    columns = ("{{ item.label }}", "{{ item.count }}", "{{ item.share }}", "{{ item.amount }}")
    everyone = ("Everyone", "{{ part.total }}", "100%", "")
    _table(
        document,
        ("Group", "People", "Share", "Total"),
        "part.rows",
        columns,
        (82, 26, 22, 30),
        "Counts, shares and totals",
        1,
        everyone,
    )
    _add(document, "{%p elif part.rows %}")
    _table(document, ("Group", "People", "Share"), "part.rows", columns[:3], (104, 30, 26), "Counts and shares", 1, everyone[:3])
    _add(document, "{%p endif %}")
    _add(document, "{%p endfor %}")


def _start(kind: str) -> Doc:
    document = new_document()
    section = document.sections[0]
    header = section.header.paragraphs[0]
    header.text = "{{ organisation }}\t" + kind if not kind.startswith("INTERNAL") else kind
    footer = section.footer.paragraphs[0]
    footer.add_run("\t" if kind.startswith("INTERNAL") else "{{ website }}\t")
    if kind.startswith("INTERNAL"):
        header.style = document.styles["Internal Header"]
    for paragraph in (header, footer):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(160), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run("Page ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")
    return document


def _field(paragraph: Paragraph, code: str) -> None:
    simple = OxmlElement("w:fldSimple")
    simple.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    simple.append(run)
    paragraph._p.append(simple)


def _add(document: Doc, text: str, style: str = "Normal") -> Paragraph:
    return document.add_paragraph(text, style)


def _logo(document: Doc) -> None:
    _add(document, "{%p if logo %}")
    _add(document, "{{ logo }}")
    _add(document, "{%p endif %}")


def _draft(document: Doc) -> None:
    _add(document, "{%p if draft %}")
    _add(document, "{{ draft }}", "Content Warning")
    _add(document, "{%p endif %}")


def _each(document: Doc, name: str, style: str) -> None:
    _add(document, f"{{%p for item in {name} %}}")
    _add(document, "{{ item }}", style)
    _add(document, "{%p endfor %}")


def _section(document: Doc, heading: str, name: str, style: str = "Normal") -> None:
    _add(document, f"{{%p if {name} %}}")
    _add(document, heading, "Heading 1")
    _each(document, name, style)
    _add(document, "{%p endif %}")


def _table(
    document: Doc, heads: Sequence[str], rows: str, cells: Sequence[str], widths: Sequence[int], about: str, numbers: int = 99,
    total: Sequence[str] = (),
) -> Table:  # fmt: skip
    texts = [heads, [f"{{%tr for item in {rows} %}}"], cells, ["{%tr endfor %}"], *([total] if total else [])]
    table = document.add_table(len(texts), len(heads), "Report Table")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row, words in zip(table.rows, texts, strict=True):
        for index, width in enumerate(widths):
            cell = row.cells[index]
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.text = words[index] if index < len(words) else ""
            number = index >= numbers
            head = words is heads
            paragraph.style = document.styles["Table Heading" if head else "Table Number" if number else "Table Text"]
            if words is total and paragraph.runs:
                paragraph.runs[0].bold = True
            if head and number:
                paragraph.paragraph_format.alignment = 2
    _describe(table, about)
    return table


def _describe(table: Table, about: str) -> None:
    for row in table.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if row is table.rows[0] or row._tr is table.rows[0]._tr:
            properties.append(OxmlElement("w:tblHeader"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for key, value in (("w:val", "0020"), ("w:firstRow", "1"), ("w:firstColumn", "0"), ("w:noHBand", "1"), ("w:noVBand", "1")):
        look.set(qn(key), value)
    for tag in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), about)
        table._tbl.tblPr.append(element)


LAYOUTS = {"publicity": publicity, "training": training, "workbook": workbook, "annual-return": annual_return, "review": review}


def build(folder: Path) -> None:
    """Write every layout into a folder."""
    for name, make in LAYOUTS.items():
        path = folder / f"{name}.docx"
        make().save(str(path))
        normalise(path, AUTHOR, f"Layout: {name}")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
