"""Saving a Word file the same way every time, saying nothing about who made it but the organisation's name."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.errors import OutputFailed, RenderError
from pipeline.files.opening import open_package, parse_xml
from pipeline.word.names import RELS, local, qn, w

_FIRST = ("[Content_Types].xml", "_rels/.rels")
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_REVISION_IDS = re.compile(rb'\s(?:w:rsid\w*|w14:paraId|w14:textId)="[^"]*"')
# Left behind by the program or the template a layout was made with; nothing in a document needs them.
_LEFT_BEHIND = re.compile(r"docProps/(?:thumbnail|custom)|customXml/|word/stylesWithEffects|word/printerSettings|word/people")

CORE = "docProps/core.xml"
APP = "docProps/app.xml"


def core_properties(author: str, title: str, language: str) -> bytes:
    """docProps/core.xml that names the organisation, the title and the language, and no date or person."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f"<dc:language>{escape(language)}</dc:language><cp:lastModifiedBy>{escape(author)}</cp:lastModifiedBy>"
        "<cp:revision>1</cp:revision></cp:coreProperties>"
    ).encode()


def app_properties(author: str) -> bytes:
    """docProps/app.xml that names the organisation only."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{escape(author)}</Company></Properties>"
    ).encode()


def write_package(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write a package with fixed dates, order and attributes; whole or not at all."""
    rest = sorted(name for name in parts if name not in _FIRST)
    temporary = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in [*(name for name in _FIRST if name in parts), *rest]:
                info = zipfile.ZipInfo(name, _FIXED_DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 3
                info.external_attr = 0o600 << 16
                archive.writestr(info, parts[name])
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputFailed(
            "a document could not be saved", "Check the free space and the rights of the output folder."
        ) from error


def normalise(path: Path, author: str, title: str, language: str = "en-GB") -> None:
    """Save a finished .docx again so that its bytes depend on its content alone (DESIGN law 3).

    ``author`` (the organisation) and ``title`` become its properties, ``language`` its proofing language; dates,
    revision ids, thumbnails and custom properties go.  Raises ``RenderError`` when it is not a Word file.
    """
    package = open_package(path.read_bytes(), path.name)
    parts = {name: data for name, data in package.entries.items() if not _LEFT_BEHIND.match(name) and not name.endswith("/")}
    if "word/document.xml" not in parts:
        raise RenderError(f"{path.name}: not a Word file")
    gone = set(package.entries) - set(parts)
    parts[CORE] = core_properties(author, title, language)
    parts[APP] = app_properties(author)
    for name in [name for name in parts if name.endswith(".rels")]:
        parts[name] = _without_targets(parts[name], name, gone)
    parts["[Content_Types].xml"] = _typed(parts["[Content_Types].xml"], parts)
    for name in parts:
        if name.startswith("word/") and name.endswith(".xml"):
            parts[name] = _REVISION_IDS.sub(b"", parts[name])
    for name in ("word/settings.xml", "word/styles.xml"):
        if name in parts:
            parts[name] = _language(parts[name], name, language)
    write_package(path, parts)


def _without_targets(data: bytes, name: str, gone: set[str]) -> bytes:
    root = parse_xml(data, name)
    leaves = {target.rsplit("/", 1)[-1] for target in gone}
    for node in list(root):
        target = node.get("Target", "")
        # A relationship's target is relative in many ways; the last step and the folder tell which part is meant.
        if node.get("TargetMode") != "External" and target.rsplit("/", 1)[-1] in leaves and _LEFT_BEHIND.search(_tidy(target)):
            root.remove(node)
    _relate(root, name)
    return _bytes(root)


def _tidy(target: str) -> str:
    plain = target.replace("../", "").lstrip("/")
    return plain if "/" in plain else f"word/{plain}"


def _relate(root: etree._Element, name: str) -> None:
    """Make sure that the package points at both property parts."""
    if name != "_rels/.rels":
        return
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    for part, kind in ((CORE, f"{package}/metadata/core-properties"), (APP, f"{office}/extended-properties")):
        if not any(node.get("Target", "").lstrip("/") == part for node in root):
            etree.SubElement(root, qn(RELS, "Relationship"), Id=f"rIdP{len(root) + 1}", Type=kind, Target=part)


def _typed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    root = parse_xml(data, "[Content_Types].xml")
    for node in list(root):
        if local(node.tag) == "Override" and node.get("PartName", "").lstrip("/") not in parts:
            root.remove(node)
    wanted = {
        CORE: "application/vnd.openxmlformats-package.core-properties+xml",
        APP: "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    for part, kind in wanted.items():
        if not any(node.get("PartName", "").lstrip("/") == part for node in root):
            namespace = etree.QName(root).namespace
            etree.SubElement(root, f"{{{namespace}}}Override", PartName=f"/{part}", ContentType=kind)
    return _bytes(root)


def _language(data: bytes, name: str, language: str) -> bytes:
    root = parse_xml(data, name)
    for node in list(root):
        if node.tag == w("rsids"):
            root.remove(node)
    for node in root.iter(w("lang"), w("themeFontLang")):
        node.set(w("val"), language)
    return _bytes(root)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
