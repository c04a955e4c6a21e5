"""Plain text and Markdown: the decoded file is the story's text, to the character."""

from __future__ import annotations

import re
import unicodedata

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import UnreadableFile
from pipeline.files.fragments import Fragment
from pipeline.files.labels import split_line

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEADING = re.compile(r"#{1,6} ")
_MAIL_LABELS = frozenset({"from", "to", "cc", "bcc", "subject", "date", "sent"})


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or Windows-1252 that reads as one; else ``UnreadableFile``."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data, encoding, name)
    try:
        return _checked(data, "utf-8", name)
    except UnreadableFile:
        pass
    text = _checked(data, "cp1252", name)
    if not _sensible(text):
        raise _unreadable(name)
    return text


def _checked(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(name) from error
    if "\x00" in text or sum(unicodedata.category(char) == "Cc" and char not in "\r\n\t\f\v" for char in text[:4096]) > 8:
        raise _unreadable(name)
    return text


def _sensible(text: str) -> bool:
    """Whether the characters beyond ASCII are the few that British office files hold, in among letters."""
    beyond = [char for char in text if ord(char) > 127]
    usual = set("£€‘’“”–—…•°½¼¾·éèêëáàâäãåçíìîïñóòôöõøúùûüýÿœæßÉÈÊÁÀÂÄÇÍÓÔÖÚÜÑŠšŽž\xa0®©™´²³ºª×÷§±")
    return sum(char in usual for char in beyond) >= 0.95 * len(beyond) and len(beyond) <= 0.2 * len(text)


def _unreadable(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name}: the text is in an encoding that cannot be told for certain", "Save it as UTF-8 text and run again."
    )


def text_fragments(text: str, part: str = "body") -> list[Fragment]:
    """Lines as paragraphs, headings and fields; joined with their endings they are the text again."""
    fragments: list[Fragment] = []
    for number, (line, ending) in enumerate(_lines(text), start=1):
        where = Locator(part, f"line {number}")
        field = split_line(line) or _mail_field(line)
        if not line.strip():
            fragments.append(Fragment(line + ending, None, where, ending="", anchor=number))
        elif field is None:
            fragments.append(Fragment(line, _kind(line), where, ending=ending, anchor=number))
        else:
            label, start, end = field
            fragments.append(Fragment(line[:start], None, where, ending="", anchor=number))
            fragments.append(Fragment(line[start:end], BlockKind.FIELD, where, label, line[end:] + ending, number))
    return fragments


def _lines(text: str) -> list[tuple[str, str]]:
    found = []
    for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text):
        bare = line.rstrip("\r\n")
        found.append((bare, line[len(bare) :]))
    return found


def _mail_field(line: str) -> tuple[str, int, int] | None:
    label, mark, value = line.partition(":")
    if mark and value.strip() and label.strip().lower() in _MAIL_LABELS:
        start = len(line) - len(value.lstrip())
        return label.strip(), start, len(line.rstrip())
    return None


def _kind(line: str) -> BlockKind:
    bare = line.strip()
    if _HEADING.match(bare):
        return BlockKind.HEADING
    capitals = len(bare) < 80 and bare.isupper() and len(bare.split()) > 1 and not any(char.isdigit() for char in bare)
    numbered = re.fullmatch(r"\d{1,2}\.\s+[A-Z][\w' -]{2,50}", bare) is not None
    return BlockKind.HEADING if capitals or numbered else BlockKind.PARAGRAPH
