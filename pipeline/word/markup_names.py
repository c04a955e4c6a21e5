"""Names that the mark-up itself uses: of elements, namespaces, relationships and parts that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.word.names import local, namespace
from pipeline.word.vocabulary import is_vocabulary

_NAMESPACE = re.compile(rb"""xmlns(?::([\w.-]{1,80}))?\s*=\s*["']([^"']{1,400})["']""")
_KNOWN = re.compile(
    r"https?://(?:[\w-]+\.)*(?:openxmlformats\.org|microsoft\.com|w3\.org|purl\.org|oasis-open\.org|openoffice\.org|apple\.com)/.*"
    r"|urn:(?:schemas-microsoft-com|oasis)[:\w.-]*"
)
_RELATIONSHIP = re.compile(r"https?://(?:schemas\.(?:openxmlformats\.org|microsoft\.com)|purl\.oclc\.org)/[\w./-]*")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|[_.-]+")


def namespaces(data: bytes) -> Iterator[tuple[str, str]]:
    """The prefixes and names of namespaces that no office program declares."""
    for prefix, uri in dict.fromkeys(_NAMESPACE.findall(data)):
        name = uri.decode("utf-8", "replace")
        if not _KNOWN.fullmatch(name):
            yield "", " ".join(_CAMEL.sub(" ", name).replace("/", " ").replace(":", " ").split())
            yield "", _CAMEL.sub(" ", prefix.decode("utf-8", "replace"))


def elements(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The names of elements and attributes that are no format's own, taken apart into words, once each."""
    names: dict[str, None] = {}
    plain = bool(namespace(root.tag))  # in a part of a known vocabulary an element without a namespace is one of it
    for tag in dict.fromkeys(node.tag for node in root.iter(etree.Element)):
        space = namespace(tag)
        if not (_KNOWN.fullmatch(space) if space else plain):
            names.setdefault(local(tag))
            names.update(dict.fromkeys(local(key) for node in root.iter(tag) for key in node.attrib))
    yield from (("", _CAMEL.sub(" ", name)) for name in names)


def relationships(root: etree._Element, there: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Ids and types of relationships, and targets inside the package that it does not hold (``there``: its parts' names)."""
    for node in root:
        rid, kind, target = node.get("Id", ""), node.get("Type", ""), node.get("Target", "")
        if rid and not is_vocabulary(rid):
            yield "", _CAMEL.sub(" ", rid)
        if kind and not _RELATIONSHIP.fullmatch(kind):
            yield "", kind
        if target and node.get("TargetMode") != "External" and target.rpartition("/")[2] not in there:
            yield "", target


def declared(root: etree._Element, there: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Parts that the list of content types names and the package does not hold."""
    for node in root:
        part = node.get("PartName", "")
        if part and part.rpartition("/")[2] not in there:
            yield "", part
