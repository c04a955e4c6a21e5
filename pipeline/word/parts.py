"""A Word package: its parts, how they point at each other, and the XML of each parsed once."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from lxml import etree

from pipeline.errors import UnreadableFile
from pipeline.files.opening import Package, open_package, parse_xml
from pipeline.word.chunks import expand
from pipeline.word.names import RELS, STRICT, R, local, qn

_MAIN = ("document.main+xml", "template.main+xml", "document.macroEnabled.main+xml", "template.macroEnabledTemplate.main+xml")


@dataclass(frozen=True, slots=True)
class Relationship:
    """One line of a .rels part; ``target`` is a part name, or the written target when ``external``."""

    rid: str
    kind: str
    target: str
    external: bool


class WordPackage:
    """The parts of one .docx; trees are parsed when first asked for and then shared, so that they can be changed."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.package: Package = open_package(data, name)
        self._trees: dict[str, etree._Element] = {}
        self.types = self._content_types()
        self.main = self._main_part()

    def tree(self, part: str) -> etree._Element:
        """The root element of an XML part, in the transitional namespaces."""
        if part not in self._trees:
            data = self.package.entries[part]
            # Strict documents differ by namespace names only, as far as text is concerned.
            for strict, transitional in STRICT.items():
                data = data.replace(strict.encode(), transitional.encode())
            self._trees[part] = parse_xml(data, self.name)
            if b"altChunk" in data:
                expand(self._trees[part], lambda chunk: self._chunk(part, chunk))
        return self._trees[part]

    def _chunk(self, part: str, chunk: etree._Element) -> tuple[str, bytes] | None:
        """The part that a w:altChunk points at, unless it is not there or is this package's own."""
        rid = chunk.get(qn(R, "id"), "")
        for rel in self.relationships(part):
            if rel.rid == rid and not rel.external and rel.target in self.package.entries:
                return rel.target, self.package.entries[rel.target]
        return None

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """What a part ("" for the package) points at."""
        folder, leaf = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", leaf + ".rels")
        if rels not in self.package.entries:
            return ()
        found = []
        for node in self.tree(rels).iter(qn(RELS, "Relationship")):
            external = node.get("TargetMode") == "External"
            target = node.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found.append(Relationship(node.get("Id", ""), node.get("Type", ""), target, external))
        return tuple(found)

    def related(self, part: str, kind: str) -> tuple[str, ...]:
        """The present parts that a part points at with relationships whose type ends in ``kind``."""
        return tuple(
            rel.target
            for rel in self.relationships(part)
            if rel.kind.endswith("/" + kind) and not rel.external and rel.target in self.package.entries
        )

    def xml_parts(self) -> tuple[str, ...]:
        """Every part that holds XML, by name or by its first bytes."""
        return tuple(part for part, data in self.package.entries.items() if is_xml(part, data))

    def _content_types(self) -> dict[str, str]:
        entries = self.package.entries
        if "[Content_Types].xml" not in entries:
            raise UnreadableFile(f"{self.name}: not a Word file inside", "Open it in Word and save it again as .docx.")
        root = self.tree("[Content_Types].xml")
        return {
            node.get("PartName", "").lstrip("/"): node.get("ContentType", "") for node in root if local(node.tag) == "Override"
        }

    def _main_part(self) -> str:
        for part in self.related("", "officeDocument"):
            if self.types.get(part, "").endswith(_MAIN) or part.endswith("document.xml"):
                return part
        raise UnreadableFile(f"{self.name}: no Word document inside", "Open it in Word and save it again as .docx.")


def is_xml(part: str, data: bytes) -> bool:
    """Whether a part is XML: by its name's ending, or because it starts as XML does."""
    if part.lower().endswith((".xml", ".rels", ".vml")):
        return True
    return bool(re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml", data[:64]))
