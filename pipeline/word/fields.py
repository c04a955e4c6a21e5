"""The few fields that a sanitised copy keeps, because they say nothing but a page number."""

from __future__ import annotations

from lxml import etree

from pipeline.word.names import w

_KEPT = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})


def field_code(instruction: str) -> str | None:
    """The code to write for a field; ``None`` when only its result stays."""
    words = instruction.split()
    return words[0].upper() if words and words[0].upper() in _KEPT else None


def kept_fields(root: etree._Element) -> dict[etree._Element, str]:
    """The nodes (w:fldChar, w:instrText) of a part's kept fields, with the code that an instruction is to say."""
    kept: dict[etree._Element, str] = {}
    stack: list[tuple[list[etree._Element], list[etree._Element]]] = []
    for node in root.iter(w("fldChar"), w("instrText")):
        if node.tag == w("instrText"):
            if stack:
                stack[-1][1].append(node)
            continue
        kind = node.get(w("fldCharType"))
        if kind == "begin":
            stack.append(([node], []))
        elif stack and kind == "separate":
            stack[-1][0].append(node)
        elif stack and kind == "end":
            marks, codes = stack.pop()
            code = field_code("".join(item.text or "" for item in codes))
            if code is not None:
                kept.update(dict.fromkeys([*marks, node], ""))
                kept.update({item: code if number == 0 else "" for number, item in enumerate(codes)})
    return kept
