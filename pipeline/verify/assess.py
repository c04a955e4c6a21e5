"""Did anything that had to go survive in the bytes of a finished file?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.domain.assessment import Assessment, Forbidden, Leak
from pipeline.verify.surfaces import Judge, SurfaceIndex
from pipeline.verify.written import NotReadable, Written, strings_of

__all__ = ["SurfaceIndex", "assess", "assess_bytes"]

_BYTES_LIMIT = 300 * 1024 * 1024

# Words of the file formats themselves.  They are the values of attributes as written here, whole, and nothing else:
# a family of fonts called Georgia or a style called Strong is nobody.
_FORMAT_VALUES = re.compile(
    r"""
    [-+]?\d{1,9}(\.\d+)?(%|pt|in|cm|mm|px|em)? | rId\d+ | [0-9A-F]{6} | [0-9A-F]{8} | [a-z]{2,3}-[A-Z]{2} | auto | true | false
    | https?://(schemas\.(openxmlformats|microsoft)\.(org|com)|purl\.org|www\.w3\.org)/[\w./\#-]*
    | urn:schemas-microsoft-com:.* | application/[\w.+-]+
    | (word|docProps|xl|/)[\w/.-]*\.(xml|rels|png)
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
_LONG = 6

_FONT_KEYS = frozenset({"ascii", "hAnsi", "cs", "eastAsia", "typeface", "name", "val"})
_FONTS = frozenset(
    " ".join(name.split())
    for name in """
    Angsana New, Aptos, Arial, Baskerville, Calibri, Calibri Light, Cambria, Cambria Math, Candara, Carlito, Century,
    Comic Sans MS, Constantia, Corbel, Cordia New, Courier, Courier New, DaunPenh, David, DokChampa, Estrangelo
    Edessa, Euphemia, Franklin Gothic Book, Garamond, Gautami, Georgia, Gill Sans, Gill Sans MT, Helvetica, Iskoola
    Pota, Kalinga, Kartika, Latha, Lato, Liberation Sans, Lucida Sans, MV Boli, Mangal, Microsoft Himalaya, Microsoft
    Uighur, Microsoft Yi Baiti, Miriam, Mongolian Baiti, MoolBoran, Nyala, Open Sans, Plantagenet Cherokee, Raavi,
    Rockwell, Segoe UI, Shruti, Sylfaen, Symbol, Tahoma, Times, Times New Roman, Trebuchet MS, Tunga, Verdana, Vrinda,
    Wingdings
    """.split(",")
)
_FONT_ELEMENTS = frozenset({"rFonts", "font", "latin", "ea", "cs", "sym", "name", "rFont"})
_STYLE_WORDS = re.compile(
    r"(?:heading|toc|index|list|table|body|text|title|subtitle|strong|emphasis|intense|subtle|quote|reference|book|grid|light|dark|"
    r"medium|shading|colorful|accent|normal|plain|no|spacing|caption|header|footer|footnote|endnote|comment|subject|annotation|char|"
    r"paragraph|default|font|bullet|number|continue|placeholder|bibliography|hyperlink|followed|macro|date|signature|salutation|"
    r"closing|web|html|page|line|first|indent|block|message|note|balloon|document|map|e|mail|revision|style|of|figures|outline|"
    r"[\s\d_,()-])+",
    re.IGNORECASE,
)
_STYLE_KEYS = frozenset({"styleId", "name", "val"})
_STYLE_ELEMENTS = frozenset(
    """
        style lsdException name pStyle rStyle tblStyle basedOn next link cellStyle xf tableStyleInfo aliases
        styleLink numStyleLink
    """.split()
)


def assess(path: Path, forbidden: Forbidden | SurfaceIndex, judge: Judge | None = None) -> Assessment:
    """Open a finished file again and search every string in it for every forbidden surface.

    ``judge`` gives the spans of a text at which a name stands; surfaces that are also ordinary words count only there.
    A file that cannot be opened whole is not readable, and so never clean (DESIGN law 1; policy P18, P28).
    """
    try:
        if path.stat().st_size > _BYTES_LIMIT:
            return Assessment(False)
        data = path.read_bytes()
    except OSError:
        return Assessment(False)
    return assess_bytes(data, path.name, forbidden, judge)


def assess_bytes(data: bytes, name: str, forbidden: Forbidden | SurfaceIndex, judge: Judge | None = None) -> Assessment:
    """The same for bytes in memory; ``name`` tells the format and is itself searched."""
    index = forbidden if isinstance(forbidden, SurfaceIndex) else SurfaceIndex(forbidden)
    if not data:
        return Assessment(False)
    try:
        leaks = list(_leaks(strings_of(data, name), index, judge))
    except (NotReadable, RecursionError, MemoryError):
        return Assessment(False)
    leaks += list(_leaks([Written("file name", name, False)], index, judge))
    return Assessment(True, tuple(dict.fromkeys(leaks)))


def _leaks(strings: Iterable[Written], index: SurfaceIndex, judge: Judge | None) -> Iterable[Leak]:
    seen: set[tuple[str, bool]] = set()
    for string in strings:
        if (string.text, string.prose) in seen or (not string.prose and _is_format(string)):
            continue
        if len(string.text) < 10_000:
            seen.add((string.text, string.prose))
        hits = index.find(string.text, None if string.joined else judge, apart=not string.prose)
        if string.noise:
            hits = [hit for hit in hits if len(hit.surface) >= _LONG]
        if not string.prose:
            hits += index.find_inside(string.text)
        for hit in hits:
            yield Leak(string.part, hit.category, hit.surface)


def _is_format(string: Written) -> bool:
    """Whether a string is a value that the format defines, at a place where it defines it."""
    element, _, key = string.part.rpartition(", ")[2].partition(" ")
    if _COLOUR.fullmatch(string.text) and (element, key) in _COLOUR_PLACES:
        return True
    if _FORMAT_VALUES.fullmatch(string.text):
        # A long number may be somebody's: only its place could tell, so it is searched.
        return not re.search(r"\d{6}", string.text)
    if key in _SETTING_KEYS and string.text in _SETTINGS:
        return True
    if key == "instr" and _FIELD_CODES.fullmatch(string.text):
        return True
    if element in _FONT_ELEMENTS and key in _FONT_KEYS and string.text in _FONTS:
        return True
    return element in _STYLE_ELEMENTS and key in _STYLE_KEYS and bool(_STYLE_WORDS.fullmatch(string.text))
