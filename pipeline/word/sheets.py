"""The parts of a copy that say how it looks: styles, numbering, theme and settings, with every name of somebody's own gone."""

from __future__ import annotations

import re

from lxml import etree

from pipeline.word.copier import Copier
from pipeline.word.names import A, W, local, namespace, qn, w
from pipeline.word.vocabulary import FONTS, FORMAT_WORDS, SCRIPTS, is_built_in_style

_THEME_NUMBER = re.compile(r"-?\d{1,8}|[0-9A-Fa-f]{6}|[0-9A-F]{20}", re.ASCII)
_THEME_KEYS = frozenset(
    """
        val lastClr typeface script w cap cmpd algn pos ang scaled rotWithShape dist dir blurRad lim rig prst lat
        lon rev h x y l t r b path sx sy
    """.split()
)
_THEME_DROPPED = frozenset(["extLst", "objectDefaults", "extraClrSchemeLst", "custClrLst", "blipFill", "blip"])


def style_ids(styles: etree._Element | None) -> dict[str, str]:
    """The id that each style has in the copy: Word's own stay, others are numbered in the order of the part."""
    renamed: dict[str, str] = {}
    if styles is None:
        return renamed
    for number, style in enumerate(styles.iter(w("style")), start=1):
        old = style.get(w("styleId"), "")
        if old and old not in renamed:
            renamed[old] = old if is_built_in_style(old) and re.fullmatch(r"[\w-]+", old, re.ASCII) else f"Style{number}"
    return renamed


def copy_styles(root: etree._Element, copier: Copier, language: str) -> etree._Element:
    """A clean styles part: styles of somebody's own are called "Style 1", "Style 2"..."""
    copy = copier.part(root)
    names = {style.get(w("styleId"), ""): style.find(w("name")) for style in root.iter(w("style"))}
    called = {copier.styles.get(old, ""): node.get(w("val"), "") for old, node in names.items() if node is not None}
    for style in copy.iter(w("style")):
        new = style.get(w("styleId"), "")
        name = called.get(new, "")
        node = etree.Element(w("name"))
        node.set(w("val"), name if is_built_in_style(name) else f"Style {new.removeprefix('Style')}")
        style.insert(0, node)
    for lang in copy.iter(w("lang")):
        lang.set(w("val"), language)
    return copy


def copy_theme(root: etree._Element) -> etree._Element:
    """A clean theme: colours, known fonts and line styles, called "Office"."""
    copy = etree.Element(qn(A, "theme"), {"name": "Office Theme"}, nsmap={"a": A})
    for node in root:
        if local(node.tag) == "themeElements":
            _copy_theme(node, copy)
    return copy


def _copy_theme(node: etree._Element, target: etree._Element) -> None:
    name = local(node.tag)
    if not isinstance(node.tag, str) or namespace(node.tag) != A or name in _THEME_DROPPED:
        if name == "blipFill":
            etree.SubElement(etree.SubElement(target, qn(A, "solidFill")), qn(A, "schemeClr"), val="phClr")
        return
    if name == "font" and not (node.get("typeface") in FONTS and node.get("script") in SCRIPTS):
        return
    copy = etree.SubElement(target, node.tag)
    if name in ("clrScheme", "fontScheme", "fmtScheme"):
        copy.set("name", "Office")
    for key, value in node.attrib.items():
        if key == "typeface":
            copy.set(key, value if value in FONTS or not value else "Calibri")
        elif key in _THEME_KEYS and (value in FORMAT_WORDS or value in SCRIPTS or _THEME_NUMBER.fullmatch(value)):
            copy.set(key, value)
    for child in node:
        _copy_theme(child, copy)


_ON_OFF = ("mirrorMargins", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter")
_COMPATIBILITY = frozenset({"11", "12", "14", "15"})


def make_settings(old: etree._Element | None, notes: frozenset[str], language: str) -> etree._Element:
    """New settings that keep only what the layout rests on; ``notes`` are the kinds of notes the copy has."""
    root = etree.Element(w("settings"), nsmap={"w": W})
    etree.SubElement(root, w("removePersonalInformation"))
    etree.SubElement(root, w("removeDateAndTime"))
    for name in _ON_OFF:
        _keep_switch(old, root, name)
    stop = old.find(w("defaultTabStop")) if old is not None else None
    value = stop.get(w("val"), "") if stop is not None else ""
    etree.SubElement(root, w("defaultTabStop"), {w("val"): value if re.fullmatch(r"\d{1,5}", value) else "720"})
    for name in ("autoHyphenation", "evenAndOddHeaders"):
        _keep_switch(old, root, name)
    for kind in ("footnote", "endnote"):
        if f"{kind}s" in notes:
            pr = etree.SubElement(root, w(f"{kind}Pr"))
            for number in _separators(old, kind):
                etree.SubElement(pr, w(kind), {w("id"): number})
    compat = etree.SubElement(root, w("compat"))
    mode = "15"
    for node in old.iter(w("compatSetting")) if old is not None else ():
        if node.get(w("name")) == "compatibilityMode" and node.get(w("val")) in _COMPATIBILITY:
            mode = node.get(w("val"), mode)
    uri = "http://schemas.microsoft.com/office/word"
    etree.SubElement(compat, w("compatSetting"), {w("name"): "compatibilityMode", w("uri"): uri, w("val"): mode})
    etree.SubElement(root, w("themeFontLang"), {w("val"): language})
    return root


def _keep_switch(old: etree._Element | None, root: etree._Element, name: str) -> None:
    node = old.find(w(name)) if old is not None else None
    if node is not None and node.get(w("val"), "1") not in ("0", "false", "off"):
        etree.SubElement(root, w(name))


def _separators(old: etree._Element | None, kind: str) -> list[str]:
    pr = old.find(w(f"{kind}Pr")) if old is not None else None
    if pr is None:
        return []
    return [node.get(w("id"), "") for node in pr.iter(w(kind)) if re.fullmatch(r"-?\d{1,2}", node.get(w("id"), ""))]
