"""Builds the packaged look of the papers anew: python policy_templates/papers/build_layouts.py [FOLDER].

Both are ordinary Word files, empty but for their styles, which an organisation changes in Word; this script is only for
the packaged ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

from docx.document import Document as Doc
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "word"))

from look import ACCENT, INK, TEAL, TINT, _new, border, box, dress, new_document

from pipeline.word.package import normalise

LARGE = 18 / 12
_LARGEST = 56  # half points: a title need not grow as its text does


def paper(scale: float = 1.0) -> Doc:
    """An empty paper with the styles of ``pipeline/accessible/word.py``; ``scale`` makes every letter larger."""
    document = new_document()
    styles = document.styles
    dress(styles["Heading 3"], size=13, colour=INK, bold=True, before=10, after=3, line=1.1, keep=True)
    box(dress(_new(document, "Notice"), size=13, colour=TEAL, bold=True, before=8, after=12, line=1.25), TINT, ACCENT)
    dress(_new(document, "Question"), size=13, colour=TEAL, bold=True, before=12, after=4, line=1.15, keep=True)
    tick = dress(_new(document, "Tick"), size=12, after=4, line=1.1)
    tick.paragraph_format.left_indent, tick.paragraph_format.first_line_indent = Mm(10 * scale), Mm(-10 * scale)
    tick.paragraph_format.keep_together = True
    dress(_new(document, "Answer Label"), size=12, colour=TEAL, bold=True, before=6, after=3, line=1.1, keep=True)
    answer = dress(_new(document, "Answer"), size=12, after=8, line=1.3)
    border(answer, {side: (8, INK, 4) for side in ("top", "left", "bottom", "right")})
    answer.paragraph_format.left_indent = answer.paragraph_format.right_indent = Mm(2)
    answer.paragraph_format.keep_together = True
    page = document.sections[0]
    page.top_margin, page.bottom_margin = Mm(27), Mm(24)  # room for the organisation's name and the page's number, enlarged
    _furniture(document)
    _enlarge(document, scale)
    return document


def _furniture(document: Doc) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    footer.paragraph_format.alignment = 2
    footer.add_run("Page ")
    _number(footer, "PAGE")
    footer.add_run(" of ")
    _number(footer, "NUMPAGES")


def _number(paragraph: Paragraph, code: str) -> None:
    simple = OxmlElement("w:fldSimple")
    simple.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    simple.append(run)
    paragraph._p.append(simple)


def _enlarge(document: Doc, scale: float) -> None:
    for size in document.styles.element.iter(qn("w:sz"), qn("w:szCs")):
        points = int(size.get(qn("w:val")))
        size.set(qn("w:val"), str(max(points, min(round(points * scale), _LARGEST))))


def build(folder: Path) -> None:
    """Write both layouts into a folder."""
    for name, scale in (("paper", 1.0), ("paper-large-print", LARGE)):
        path = folder / f"{name}.docx"
        paper(scale).save(str(path))
        normalise(path, "storysafe", f"Layout: {name}")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
