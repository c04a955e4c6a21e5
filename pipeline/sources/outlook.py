"""Messages saved by Outlook (.msg): the properties of the message, its recipients and its attachments."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import olefile

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import ReadError, UnreadableFile
from pipeline.files.fragments import Fragment, ended
from pipeline.files.markup import html_text
from pipeline.sources.email import message_fragments

ReadAttachment = Callable[[bytes, str], list[Fragment]]

# Property tags of [MS-OXPROPS]; the last four digits of a stream's name say the type (001F text, 001E old text, 0102 bytes).
_HEADERS = {"0C1A": "From", "0C1F": "From", "5D01": "From", "0E04": "To", "0E03": "Cc", "0E02": "Bcc", "0037": "Subject"}
_BODY, _HTML, _FILE, _LONG_NAME, _SHORT_NAME = "1000", "1013", "3701", "3707", "3704"
_MAX_STREAMS = 5_000


def read_outlook(data: bytes, name: str, read_attachment: ReadAttachment) -> list[Fragment]:
    """Every text of a .msg; an attachment that cannot be read makes the whole message unreadable (fail closed)."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {"/".join(path): ole.openstream(path).read() for path in ole.listdir()[:_MAX_STREAMS]}
    except Exception as error:  # olefile raises anything at all on damaged files
        raise UnreadableFile(f"{name}: not a sound Outlook message", "Save it again, or as .eml or .txt.") from error
    if not any(path.startswith("__substg1.0_") for path in streams):
        raise UnreadableFile(f"{name}: no Outlook message inside", "Save it again, or as .eml or .txt.")
    found: list[Fragment] = []
    for tag, value in _strings(streams, ""):
        if tag in _HEADERS and value.strip():
            where = Locator("e-mail header", _HEADERS[tag])
            found += [Fragment(_HEADERS[tag], None, where, ending=": "), Fragment(value, BlockKind.FIELD, where, _HEADERS[tag])]
    found += _bodies(streams)
    known = {fragment.text for fragment in found}
    for path in sorted(streams):
        leaf = path.rpartition("/")[2]
        value = _string(leaf, streams[path])
        if value and value not in known and leaf[12:16] not in (_BODY, _HTML) and any(char.isalpha() for char in value):
            found.append(Fragment(value, BlockKind.METADATA, Locator("message property", leaf[12:16])))
            known.add(value)
    return found + _attachments(streams, name, read_attachment)


def _strings(streams: dict[str, bytes], folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted(streams):
        if path.startswith(folder) and "/" not in path[len(folder) :]:
            value = _string(path[len(folder) :], streams[path])
            if value:
                yield path[len(folder) :][12:16], value


def _string(leaf: str, data: bytes) -> str:
    if not leaf.startswith("__substg1.0_"):
        return ""
    if leaf.upper().endswith("001F"):
        return data.decode("utf-16-le", "replace").rstrip("\0")
    return data.decode("cp1252", "replace").rstrip("\0") if leaf.upper().endswith("001E") else ""


def _bodies(streams: dict[str, bytes]) -> list[Fragment]:
    plain = next((value for tag, value in _strings(streams, "") if tag == _BODY), "")
    rich = next((data for path, data in streams.items() if path.upper().startswith(f"__SUBSTG1.0_{_HTML}")), b"")
    shown, behind = html_text(rich.decode("utf-8", "replace")) if rich else ("", ())
    found = ended(message_fragments((plain or shown).replace("\r\n", "\n")))
    extra = [line for line in shown.split("\n") if line.strip() and line.strip() not in plain] if plain else []
    return found + [Fragment(text, BlockKind.HIDDEN, Locator("formatted version")) for text in (*extra, *behind)]


def _attachments(streams: dict[str, bytes], name: str, read_attachment: ReadAttachment) -> list[Fragment]:
    folders = sorted({path.split("/")[0] for path in streams if path.startswith("__attach")})
    found: list[Fragment] = []
    for number, folder in enumerate(folders, start=1):
        tags = dict(_strings(streams, f"{folder}/"))
        called = tags.get(_LONG_NAME) or tags.get(_SHORT_NAME) or ""
        content = streams.get(f"{folder}/__substg1.0_{_FILE}0102")
        suffix = called[called.rfind(".") :] if "." in called else ".txt"
        try:
            if content is None:
                raise UnreadableFile("an attached message")
            inner = ended(read_attachment(content, f"attachment {number}{suffix}"))
        except ReadError as error:
            raise UnreadableFile(
                f"{name}: attachment {number} cannot be read", "Save the attachment as a file of its own and remove it."
            ) from error
        for piece in inner:
            where = Locator(f"attachment {number} > {piece.locator.part}", piece.locator.position)
            found.append(Fragment(piece.text, piece.kind, where, piece.label, piece.ending))
    return found
