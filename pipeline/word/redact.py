"""A sanitised copy of a Word file in the same layout: what is known is copied, everything else stays behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lxml import etree

from pipeline.domain.replacement import Replacement, in_order
from pipeline.files.opening import read_bytes
from pipeline.word.copier import Copier
from pipeline.word.edits import edited_texts
from pipeline.word.names import RELS, TYPES, R, qn, w
from pipeline.word.package import APP, CORE, app_properties, core_properties, write_package
from pipeline.word.parts import WordPackage
from pipeline.word.pictures import Picture, repainted
from pipeline.word.reader import read_package
from pipeline.word.sheets import copy_styles, copy_theme, make_settings, style_ids
from pipeline.word.styles import Styles

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_TYPE_OF = {
    "officeDocument": f"{_WORD_TYPE}document.main+xml",
    "header": f"{_WORD_TYPE}header+xml",
    "footer": f"{_WORD_TYPE}footer+xml",
    "footnotes": f"{_WORD_TYPE}footnotes+xml",
    "endnotes": f"{_WORD_TYPE}endnotes+xml",
    "styles": f"{_WORD_TYPE}styles+xml",
    "numbering": f"{_WORD_TYPE}numbering+xml",
    "settings": f"{_WORD_TYPE}settings+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "core-properties": "application/vnd.openxmlformats-package.core-properties+xml",
    "extended-properties": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_MAIN = "word/document.xml"
_Stay = Callable[[str, str, tuple[float, float, float, float]], str]


@dataclass(slots=True)
class _Made:
    """The copy while it is put together: its parts, and (id, kind, target) of what the document points at."""

    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    media: dict[bytes, str] = field(default_factory=dict)

    def picture(self, picture: Picture) -> str:
        """The part's name of a picture, put in once however often it is shown."""
        if picture.data not in self.media:
            part = f"word/media/image{len(self.media) + 1}.{picture.ending}"
            self.media[picture.data], self.parts[part] = part, picture.data
        return self.media[picture.data]

    def shown(self, part: str, pictures: Mapping[str, str]) -> None:
        """Point from a part at the pictures that it shows."""
        links = [(rid, "image", media.removeprefix("word/")) for media, rid in pictures.items()]
        if part == _MAIN:
            self.links += links
        elif links:
            self.parts[f"word/_rels/{part.removeprefix('word/')}.rels"] = _relationships(links)

    def add(self, part: str, kind: str, root: etree._Element, rid: str = "") -> None:
        """Put in one part that the document points at."""
        etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "wps"] if kind != "theme" else [])
        self.parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        self.types[part] = _TYPE_OF[kind]
        if kind != "officeDocument":
            self.links.append((rid or f"rId{len(self.links) + 1}", kind, part.removeprefix("word/")))


def write_copy(
    source: Path,
    target: Path,
    replacements: Sequence[Replacement],
    *,
    author: str,
    title: str,
    language: str = "en-GB",
    pictures: bool = False,
) -> None:
    """Write ``target`` as a clean copy of ``source`` with the replacements made (policy P18; law 1 of the design).

    Offsets are those of ``read_whole(source).text``. Tracked changes are accepted; comments, hidden text, metadata,
    macros, embedded files and every part, element or attribute not on the allow-list are left out; pictures become
    placeholder boxes unless ``pictures`` may stay, painted anew. ``author`` (the organisation) and ``title`` are the
    copy's properties. Raises ``ReadError`` for a source that cannot be read and ``OutputFailed`` when the copy cannot
    be saved.
    """
    package = WordPackage(read_bytes(source, source.name), source.name)
    texts = edited_texts(read_package(package), in_order(replacements))
    write_package(target, copy_parts(package, texts, author, title, language, pictures))


def copy_parts(
    package: WordPackage, texts: dict[etree._Element, str], author: str, title: str, language: str, pictures: bool = False
) -> dict[str, bytes]:
    """The parts of a clean copy, by name."""
    made = _Made()
    styles = _first(package, "styles")
    headers = _header_ids(package)
    new_ids = {old: new for old, (new, _, _) in headers.items()}
    copier = Copier(texts, style_ids(styles), new_ids, Styles(package).conceals)
    stay = partial(_picture, package, made) if pictures else None
    _part(package, package.main, copier, made, _MAIN, "officeDocument", "", stay)
    for rid, kind, part in headers.values():
        _part(package, part, copier, made, f"word/{kind}{rid.removeprefix('rIdH')}.xml", kind, rid, stay)
    copier.picture_of = None
    notes = _notes(package, copier, made)
    _looks(package, copier, made, styles, notes, language)
    _properties(made, author, title, language)
    return made.parts


def _part(
    package: WordPackage, old: str, copier: Copier, made: _Made, new: str, kind: str, rid: str, stay: _Stay | None
) -> None:
    """Copy the part ``old`` as ``new``, with the pictures that may stay in it."""
    copier.picture_of = partial(stay, old) if stay is not None else None
    made.add(new, kind, copier.part(package.tree(old)), rid)
    made.shown(new, copier.pictures)


def _picture(package: WordPackage, made: _Made, owner: str, rid: str, crop: tuple[float, float, float, float]) -> str:
    """The new part of the picture that ``rid`` of the part ``owner`` names; empty where it cannot stay."""
    for rel in package.relationships(owner):
        if rel.rid == rid and rel.kind.endswith("/image") and not rel.external and rel.target in package.package.entries:
            picture = repainted(package.package.entries[rel.target], crop)
            return made.picture(picture) if picture is not None else ""
    return ""


def _first(package: WordPackage, kind: str) -> etree._Element | None:
    for part in package.related(package.main, kind):
        return package.tree(part)
    return None


def _header_ids(package: WordPackage) -> dict[str, tuple[str, str, str]]:
    """For each header or footer relationship: its new id, its kind and its part."""
    used = {node.get(qn(R, "id")) for node in package.tree(package.main).iter(w("headerReference"), w("footerReference"))}
    found: dict[str, tuple[str, str, str]] = {}
    for rel in package.relationships(package.main):
        kind = rel.kind.rsplit("/", 1)[-1]
        if kind in ("header", "footer") and rel.rid in used and rel.target in package.package.entries:
            found[rel.rid] = (f"rIdH{len(found) + 1}", kind, rel.target)
    return found


def _notes(package: WordPackage, copier: Copier, made: _Made) -> frozenset[str]:
    kinds = []
    for kind in ("footnotes", "endnotes"):
        root = _first(package, kind)
        if root is not None:
            made.add(f"word/{kind}.xml", kind, copier.part(root))
            kinds.append(kind)
    return frozenset(kinds)


def _looks(
    package: WordPackage,
    copier: Copier,
    made: _Made,
    styles: etree._Element | None,
    notes: frozenset[str],
    language: str,
) -> None:
    if styles is not None:
        made.add("word/styles.xml", "styles", copy_styles(styles, copier, language))
    numbering = _first(package, "numbering")
    if numbering is not None:
        made.add("word/numbering.xml", "numbering", copier.part(numbering))
    theme = _first(package, "theme")
    if theme is not None:
        made.add("word/theme/theme1.xml", "theme", copy_theme(theme))
    made.add("word/settings.xml", "settings", make_settings(_first(package, "settings"), notes, language))


def _properties(made: _Made, author: str, title: str, language: str) -> None:
    made.parts["word/_rels/document.xml.rels"] = _relationships(made.links)
    made.parts[CORE] = core_properties(author, title, language)
    made.parts[APP] = app_properties(author)
    made.types[CORE] = _TYPE_OF["core-properties"]
    made.types[APP] = _TYPE_OF["extended-properties"]
    top = [("rId1", "officeDocument", _MAIN), ("rId2", "core-properties", CORE), ("rId3", "extended-properties", APP)]
    made.parts["_rels/.rels"] = _relationships(top)
    types = etree.Element(qn(TYPES, "Types"), nsmap={None: TYPES})
    etree.SubElement(
        types, qn(TYPES, "Default"), Extension="rels", ContentType="application/vnd.openxmlformats-package.relationships+xml"
    )
    etree.SubElement(types, qn(TYPES, "Default"), Extension="xml", ContentType="application/xml")
    for ending in sorted({part.rpartition(".")[2] for part in made.media.values()}):
        etree.SubElement(types, qn(TYPES, "Default"), Extension=ending, ContentType=f"image/{ending}")
    for part, kind in sorted(made.types.items()):
        etree.SubElement(types, qn(TYPES, "Override"), PartName=f"/{part}", ContentType=kind)
    made.parts["[Content_Types].xml"] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relationships(links: Sequence[tuple[str, str, str]]) -> bytes:
    root = etree.Element(qn(RELS, "Relationships"), nsmap={None: RELS})
    for rid, kind, target in links:
        base = "http://schemas.openxmlformats.org/package/2006/relationships/metadata" if kind == "core-properties" else R
        etree.SubElement(root, qn(RELS, "Relationship"), Id=rid, Type=f"{base}/{kind}", Target=target)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
