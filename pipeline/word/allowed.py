"""What a sanitised copy may hold: every element, attribute and value that is not listed here stays behind."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.word.vocabulary import FONTS, FORMAT_WORDS

PARAGRAPH_PROPERTIES = frozenset(
    """
        pPr pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr ilvl numId suppressLineNumbers pBdr
        top left start bottom right end between bar shd tabs tab suppressAutoHyphens kinsoku wordWrap overflowPunct
        topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing
        mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl
    """.split()
)
RUN_PROPERTIES = frozenset(
    """
        rPr rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid
        color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
        eastAsianLayout
    """.split()
)
TABLE_PROPERTIES = frozenset(
    """
        tblPr tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing
        tblInd tblBorders insideH insideV tblLayout tblCellMar tblLook tblGrid gridCol trPr cnfStyle gridBefore
        gridAfter wBefore wAfter cantSplit trHeight tblHeader tcPr tcW gridSpan hMerge vMerge tcBorders tl2br tr2bl
        noWrap tcMar tcFitText vAlign hideMark tblPrEx
    """.split()
)
SECTION_PROPERTIES = frozenset(
    """
        sectPr footnotePr endnotePr pos numFmt numStart numRestart type pgSz pgMar pgBorders lnNumType pgNumType
        cols col vAlign noEndnote titlePg textDirection rtlGutter docGrid
    """.split()
)
STYLE_PARTS = frozenset(
    """
        docDefaults rPrDefault pPrDefault style basedOn next link uiPriority semiHidden unhideWhenUsed qFormat
        tblStylePr
    """.split()
)
NUMBERING_PARTS = frozenset(
    """
        abstractNum multiLevelType styleLink numStyleLink lvl start numFmt lvlRestart isLgl suff lvlText lvlJc num
        abstractNumId lvlOverride startOverride legacy
    """.split()
)
STRUCTURE = frozenset(
    """
    body p r tbl tr tc footnote endnote footnoteRef endnoteRef separator continuationSeparator pgNum
""".split()
)
COPIED = PARAGRAPH_PROPERTIES | RUN_PROPERTIES | TABLE_PROPERTIES | SECTION_PROPERTIES | STYLE_PARTS | NUMBERING_PARTS | STRUCTURE
"""Elements of WordprocessingML that are copied with their allowed attributes."""

UNWRAPPED = frozenset(
    """
    hyperlink ins moveTo sdt sdtContent smartTag customXml fldSimple dir bdo ruby rubyBase rt
""".split()
)
"""Elements that go while what they hold stays."""

ATTRIBUTES = frozenset(
    """
        val type w h hRule hSpace vSpace wrap vAnchor hAnchor x y xAlign yAlign lines dropCap anchorLock sz space
        color shadow frame themeColor themeTint themeShade fill themeFill themeFillTint themeFillShade pos leader
        before after beforeLines afterLines beforeAutospacing afterAutospacing line lineRule left right start end
        firstLine hanging leftChars rightChars firstLineChars hangingChars startChars endChars ascii hAnsi eastAsia
        cs asciiTheme hAnsiTheme eastAsiaTheme cstheme hint bidi combine combineBrackets vert vertCompress id
        leftFromText rightFromText topFromText bottomFromText vertAnchor horzAnchor tblpX tblpY tblpXSpec tblpYSpec
        firstRow lastRow firstColumn lastColumn noHBand noVBand oddVBand evenVBand oddHBand evenHBand
        firstRowFirstColumn firstRowLastColumn lastRowFirstColumn lastRowLastColumn code orient header footer gutter
        top bottom num equalWidth sep
        clear alignment relativeTo customMarkFollows linePitch charSpace fmt chapStyle chapSep countBy distance restart zOrder
        display offsetFrom default styleId customStyle ilvl numId abstractNumId tplc legacy legacySpace legacyIndent
        tentative
    """.split()
)
STYLE_REFERENCES = frozenset(["pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "styleLink", "numStyleLink"])

_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,4})?(?:%|pt|in|cm|mm|pc|pi)?", re.ASCII)
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}|[0-9A-F]{4}|[0-9A-Fa-f]{2}|[01]{12}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}-[A-Z]{2}", re.ASCII)
_LEVEL_TEXT = re.compile(
    r"(?:%[1-9]|[^\w%]|[a-zA-Z](?=[^\w]|$))*|(?:Section|Article|Chapter|Part|Appendix|Step|Schedule) %[1-9][.:]?"
)
_FONT_KEYS = frozenset({"ascii", "hAnsi", "eastAsia", "cs"})


@lru_cache(maxsize=4096)
def is_allowed_value(element: str, attribute: str, value: str) -> bool:
    """Whether a value is one that the format itself defines for such a place, and short enough to say nothing else."""
    if element == "lvlText":
        return len(value) <= 40 and _LEVEL_TEXT.fullmatch(value) is not None
    if element == "rFonts" and attribute in _FONT_KEYS:
        return value in FONTS
    if value in FORMAT_WORDS:
        return True
    return any(pattern.fullmatch(value) for pattern in (_NUMBER, _COLOUR, _LANGUAGE))
