"""Words of the file formats themselves, which are settings in their own places and may be people's names anywhere else."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBERS_AND_ADDRESSES = re.compile(
    r"""
    [-+]?\d{1,9}(\.\d+)?(%|pt|in|cm|mm|px|em)? | rIdH?\d+ | [0-9A-F]{6} | [0-9A-F]{8} | [a-z]{2,3}-[A-Z]{2} | auto | true | false
    | https?://(schemas\.(openxmlformats|microsoft)\.(org|com)|purl\.org|www\.w3\.org)/[\w./\#-]*
    | urn:schemas-microsoft-com:.* | application/[\w.+-]+ | image/(png|jpeg)
    """,
    re.VERBOSE,
)
# The names that office programs give to parts: anything else in a path is somebody's own word.
_PART = re.compile(
    r"""
    \[Content_Types\]\.xml | (/?(word|docProps|xl|customXml|theme|worksheets|media|charts|drawings|tables|_rels)/)?
    /?((theme|worksheets|media|charts|drawings|tables|_rels)/){0,2}
    (\.rels | (document|header|footer|footnotes|endnotes|comments|styles|stylesWithEffects|numbering|settings|webSettings
      |fontTable|theme|core|app|workbook|sharedStrings|sheet|table|chart|drawing|image|item|itemProps)\d{0,4}
      \.(xml|png|jpe?g)(\.rels)?)
    """,
    re.VERBOSE,
)
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_COLOUR_PLACES = frozenset({("color", "val"), ("srgbClr", "val"), ("sysClr", "lastClr"), ("color", "rgb")}) | {
    (element, key)
    for element in ("shd", "top", "bottom", "left", "right", "start", "end", "insideH", "insideV", "tab", "u")
    for key in ("color", "fill")
}
_FIELD_CODES = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)(?:\s+\\\*\s*(?:MERGEFORMAT|Arabic|roman|ROMAN))*\s*")
# Settings of the formats that are also names of people, in the only kinds of place in which they are settings.
_SETTINGS = frozenset("minMax maxMin gray gray125 gray0625 page Page west east light dark long short max min".split())
_SETTING_KEYS = frozenset({"val", "patternType", "orientation", "type", "relativeFrom", "hAnchor", "vAnchor", "w"})
_CHOICES = {
    ("tab", "leader"): "none dot hyphen underscore heavy middleDot",
    ("tab", "val"): "clear start center end decimal bar num left right",
    ("zoom", "val"): "none fullPage bestFit textFit",
    ("jc", "val"): "start center end both distribute left right",
    ("lvlJc", "val"): "start center end left right",
    ("vAlign", "val"): "top center both bottom",
    ("vertAlign", "val"): "baseline superscript subscript",
    ("family", "val"): "decorative modern roman script swiss auto",
    ("pitch", "val"): "fixed variable default",
    ("style", "type"): "paragraph character table numbering",
    ("suff", "val"): "tab space nothing",
    ("shd", "val"): "nil clear solid",
    ("tblLayout", "type"): "fixed autofit",
    ("spacing", "lineRule"): "auto exact atLeast",
    ("type", "val"): "nextPage nextColumn continuous evenPage oddPage",
}
_THEME_FONT = re.compile(r"(?:major|minor)(?:Ascii|HAnsi|EastAsia|Bidi)")
_SCRIPTS = frozenset(
    """
    Arab Armn Beng Bugi Bopo Cans Cher Deva Ethi Geor Gujr Guru Hang Hans Hant Hebr Java Jpan Khmr Knda Laoo Lisu Mlym
    Mong Mymr Nkoo Olck Orya Osma Phag Sinh Sora Syre Syrj Syrn Syrc Talu Tale Taml Telu Tfng Thaa Thai Tibt Uigh Viet
    Yiii
    """.split()
)
_FONT_KEYS = frozenset({"ascii", "hAnsi", "cs", "eastAsia", "typeface", "name", "val", "font"})
_FONT_ELEMENTS = frozenset({"rFonts", "font", "latin", "ea", "cs", "sym", "name", "rFont"})
# Whole families only: several are forenames and surnames too (Georgia, Gill, Constantia).
_FONTS = frozenset(
    " ".join(name.split())
    for name in """
    Aharoni, Aldhabi, Andale Mono, Andalus, Angsana New, AngsanaUPC, Aptos, Aptos Display, Aptos Narrow, Aptos Mono,
    Arabic Typesetting, Arial, Arial Black, Arial Narrow, Arial Nova, Arial Rounded MT Bold, Arial Unicode MS, Avenir,
    Avenir Next, Bahnschrift, Baskerville, Baskerville Old Face, Batang, BatangChe, Bell MT, Berlin Sans FB, Bodoni
    MT, Book Antiqua, Bookman Old Style, Bookshelf Symbol 7, Bradley Hand ITC, Britannic Bold, Brush Script MT,
    Calibri, Calibri Light, Californian FB, Calisto MT, Cambria, Cambria Math, Candara, Carlito, Caladea, Century,
    Century Gothic, Century Schoolbook, Charter, Comic Sans MS, Consolas, Constantia, Cooper Black, Copperplate,
    Corbel, Cordia New, CordiaUPC, Courier, Courier New, DaunPenh, David, DejaVu Sans, DejaVu Sans Mono, DejaVu Serif,
    DFKai-SB, Didot, DilleniaUPC, DokChampa, Dotum, Ebrima, Elephant, Estrangelo Edessa, EucrosiaUPC, Euphemia,
    FangSong, Footlight MT Light, Franklin Gothic Book, Franklin Gothic Medium, FrankRuehl, FreesiaUPC, Freestyle
    Script, Futura, Gabriola, Gadugi, Garamond, Gautami, Geneva, Georgia, Gill Sans, Gill Sans MT, Gill Sans Nova,
    Gisha, Goudy Old Style, Gulim, Gungsuh, Haettenschweiler, Helvetica, Helvetica Neue, High Tower Text, Impact, Ink
    Free, IrisUPC, Iskoola Pota, JasmineUPC, Javanese Text, Jokerman, Juice ITC, KaiTi, Kalinga, Kartika, Khmer UI,
    KodchiangUPC, Kokila, Lao UI, Latha, Lato, Leelawadee, Leelawadee UI, Levenim MT, Liberation Mono, Liberation
    Sans, Liberation Serif, LilyUPC, Lucida Bright, Lucida Calligraphy, Lucida Console, Lucida Grande, Lucida
    Handwriting, Lucida Sans, Lucida Sans Unicode, Malgun Gothic, Mangal, Marlett, Meiryo, Menlo, Microsoft Himalaya,
    Microsoft JhengHei, Microsoft New Tai Lue, Microsoft PhagsPa, Microsoft Sans Serif, Microsoft Tai Le, Microsoft
    Uighur, Microsoft YaHei, Microsoft Yi Baiti, MingLiU, Miriam, Mistral, Monaco, Mongolian Baiti, Monotype Corsiva,
    Montserrat, MoolBoran, MS Gothic, MS Mincho, MS PGothic, MS PMincho, MS Reference Sans Serif, MS Sans Serif, MS
    Serif, MS UI Gothic, MT Extra, MV Boli, Myanmar Text, Myriad Pro, Narkisim, Nirmala UI, Noto Sans, Noto Serif,
    NSimSun, Nyala, Open Sans, OpenSymbol, Optima, Palatino, Palatino Linotype, Papyrus, Perpetua, Plantagenet
    Cherokee, PMingLiU, Poppins, PT Sans, PT Serif, Raavi, Raleway, Roboto, Rockwell, Rod, Sakkal Majalla, Segoe
    Print, Segoe Script, Segoe UI, Segoe UI Emoji, Segoe UI Symbol, Shonar Bangla, Shruti, SimHei, Simplified Arabic,
    SimSun, Sitka Text, Source Sans Pro, STXihei, Sylfaen, Symbol, Tahoma, Times, Times New Roman, Traditional Arabic,
    Trebuchet MS, Tunga, Tw Cen MT, Ubuntu, Univers, Utsaah, Vani, Verdana, Vijaya, Vrinda, Webdings, Wingdings,
    Wingdings 2, Wingdings 3, Yu Gothic, Yu Gothic Light, Yu Mincho, Zapfino, 宋体, 新細明體, 맑은 고딕, ＭＳ ゴシック, ＭＳ 明朝,
    ＭＳ
    Ｐゴシック, 游ゴシック, 游ゴシック Light, 游明朝, 黑体, 等线, 等线 Light
    """.split(",")
)
_STYLE_WORDS = re.compile(
    r"(?:heading|toc|toa|index|list|table|body|text|title|subtitle|strong|emphasis|intense|subtle|quote|reference|book|grid|"
    r"light|dark|medium|shading|colorful|accent|normal|plain|no|spacing|caption|header|footer|footnote|endnote|comment|subject|"
    r"annotation|char|paragraph|default|font|bullet|number|continue|placeholder|bibliography|hyperlink|followed|macro|date|"
    r"signature|salutation|closing|web|html|page|line|first|indent|block|message|note|balloon|document|map|e|mail|revision|"
    r"style|styles|of|figures|outline|authorities|contents|address|acronym|cite|code|definition|keyboard|preformatted|sample|"
    r"typewriter|variable|envelope|return|classic|columns|contemporary|elegant|professional|simple|effects|theme|top|bottom|"
    r"form|link|simple|unresolved|mention|smart|hashtag|revision|a|[\s\d_,()-])+",
    re.IGNORECASE,
)
_STYLE_KEYS = frozenset({"styleId", "name", "val"})
_STYLE_ELEMENTS = frozenset(
    """
        style lsdException name pStyle rStyle tblStyle basedOn next link cellStyle xf tableStyleInfo aliases
        styleLink numStyleLink
    """.split()
)
_BOX_NAME = re.compile(r"(?:Picture|Chart|Diagram|Object|Text Box) \d{1,5}")
_STOOD_HERE = re.compile(r"\b(?:Picture|Chart|Diagram|Object) removed\b(?: to protect people's privacy\b)?")


@lru_cache(maxsize=16_384)
def is_format(place: str, value: str) -> bool:
    """Whether a value is one that the format defines, at a place (``part, element key``) where it defines it."""
    element, _, key = place.rpartition(", ")[2].partition(" ")
    if _COLOUR.fullmatch(value) and (element, key) in _COLOUR_PLACES:
        return True
    if _NUMBERS_AND_ADDRESSES.fullmatch(value) or _PART.fullmatch(value):
        # A long number may be somebody's: only its place could tell, so it is searched.
        return not re.search(r"\d{6}", value)
    if (key in _SETTING_KEYS and value in _SETTINGS) or (key == "instr" and _FIELD_CODES.fullmatch(value)):
        return True
    if value in _CHOICES.get((element, key), "").split():
        return True
    if element == "rFonts" and key.lower().endswith("theme"):
        return bool(_THEME_FONT.fullmatch(value))
    if (element, key) == ("font", "script"):
        return value in _SCRIPTS
    if (element, key) == ("docPr", "name"):
        return bool(_BOX_NAME.fullmatch(value))
    if element in _FONT_ELEMENTS and key in _FONT_KEYS and value in _FONTS:
        return True
    return element in _STYLE_ELEMENTS and key in _STYLE_KEYS and bool(_STYLE_WORDS.fullmatch(value))


def without_placeholders(text: str) -> str:
    """A text without the words that stand in a copy where a picture, chart, diagram or object stood."""
    return _STOOD_HERE.sub("\u2026", text) if " removed" in text else text
