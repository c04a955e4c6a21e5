"""Rich Text Format: the text it shows, and the groups that hold properties, notes and embedded data."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import UnreadableFile
from pipeline.files.fragments import Fragment, ended
from pipeline.sources.text import text_fragments
from pipeline.word.binary import binary_strings

_PROPERTY = re.compile(
    r"\{\\(title|subject|author|manager|company|operator|category|keywords|comment|doccomm|hlinkbase)\b ?"
    r"((?:[^{}]|\\[{}]){1,2000})\}"
)
_UNSEEN = tuple(
    """
        annotation atnauthor atnid bkmkstart fldinst docvar userprops revtbl template footnote header footer xmlopen
        datafield formfield shptxt sv staticval propname mmquery mmconnectstr mmdatasource mmheadersource xmlns
        passwordhash
    """.split()
)
_DATA = re.compile(r"\\(?:objdata|pict)\b[^{}]{0,200}?((?:[0-9a-fA-F]{2}\s*){16,})")
_MAX_GROUPS = 5_000


def read_rich_text(data: bytes, name: str) -> list[Fragment]:
    """Every text of an .rtf; ``UnreadableFile`` when it is not one."""
    source = data.decode("latin-1")
    if not source.lstrip().startswith("{\\rtf"):
        raise UnreadableFile(f"{name}: not a Rich Text file inside", "Open it in Word and save it as .docx.")
    try:
        shown = rtf_to_text(source, encoding="cp1252", errors="replace")
        found = ended(text_fragments(shown))
        for number, group in enumerate(_groups(source), start=1):
            text = rtf_to_text("{\\rtf1 " + group + "}", encoding="cp1252", errors="replace").strip()
            if text not in shown and (any(char.isalpha() for char in text) or len(text) > 5):
                found.append(Fragment(text, BlockKind.HIDDEN, Locator("behind the text", f"item {number}")))
    except (ValueError, IndexError, KeyError, TypeError, LookupError, RecursionError) as error:
        raise UnreadableFile(f"{name}: the file is damaged", "Open it in Word and save it as .docx.") from error
    for match in _PROPERTY.finditer(source):
        value = rtf_to_text("{\\rtf1 " + match[2] + "}", encoding="cp1252", errors="replace").strip()
        found.append(Fragment(value, BlockKind.METADATA, Locator("property"), match[1]))
    for match in _DATA.finditer(source):
        raw = bytes.fromhex(re.sub(r"\s", "", match[1]))
        found += [Fragment(text, BlockKind.HIDDEN, Locator("embedded data")) for text in binary_strings(raw)]
    return found


def _groups(source: str) -> list[str]:
    """The contents of groups that a page does not show, with their markers taken off so that the text comes out."""
    found: list[str] = []
    for word in _UNSEEN:
        for match in re.finditer(r"\{(?:\\\*)?\\" + word + r"[a-z]*-?\d* ?", source):
            end = _closing(source, match.end())
            found.append(source[match.end() : end].replace("\\*", ""))
            if len(found) > _MAX_GROUPS:
                return found
    return found


def _closing(source: str, start: int) -> int:
    depth = 1
    for match in re.compile(r"\\[{}\\]|[{}]").finditer(source, start, start + 200_000):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return min(len(source), start + 200_000)
