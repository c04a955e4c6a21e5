"""Saved e-mails: headers, the message, what it quotes, and attachments read like files."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from email import policy
from email.message import EmailMessage, Message, MIMEPart

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import ReadError, UnreadableFile
from pipeline.files.fragments import Fragment, ended
from pipeline.files.markup import html_text
from pipeline.sources.text import text_fragments

ReadAttachment = Callable[[bytes, str], list[Fragment]]

_TOLD = ("from", "to", "cc", "bcc", "reply-to", "date", "subject")
_QUOTE_START = re.compile(
    r"\s*(?:>|On .{4,200} wrote:\s*$|-{2,}\s*(?:Original|Forwarded) [Mm]essage|From: .*$|Begin forwarded message)"
)
_SIGNATURE = re.compile(r"(?:-- ?|_{3,}|Sent from my .*|Kind regards,?|Best wishes,?|Many thanks,?|Regards,?|Thanks,?)\s*$")
_MAX_PARTS = 200


def read_email(data: bytes, name: str, read_attachment: ReadAttachment) -> list[Fragment]:
    """Every text of an .eml; an attachment that cannot be read makes the whole message unreadable (fail closed)."""
    try:
        message = email.message_from_bytes(data, policy=policy.default)
        parts = [part for part in message.walk() if not part.is_multipart()]
        if len(parts) > _MAX_PARTS or not message.keys():
            raise _unreadable(name)
        fragments = _headers(message)
        fragments += _bodies(message, name)
        fragments += _attachments(message, name, read_attachment)
        return fragments
    except ReadError:
        raise
    except (ValueError, LookupError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        # The standard library's parser raises many things on malformed messages.
        raise _unreadable(name) from error


def _unreadable(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name}: not a sound e-mail", "Save the message again from the mail program.")


def _headers(message: EmailMessage) -> list[Fragment]:
    found: list[Fragment] = []
    for number, (key, value) in enumerate(message.items(), start=1):
        told = key.lower() in _TOLD
        where = Locator("e-mail header", f"line {number}")
        text = re.sub(r"\s+", " ", str(value)).strip()
        found.append(Fragment(key, None, where, ending=": "))
        found.append(Fragment(text or "-", BlockKind.FIELD if told else BlockKind.METADATA, where, key))
    return found


def _bodies(message: EmailMessage, name: str) -> list[Fragment]:
    plain = message.get_body(preferencelist=("plain",))
    rich = message.get_body(preferencelist=("html",))
    found: list[Fragment] = []
    shown = ""
    if plain is not None:
        shown = _text(plain, name)
        found += ended(message_fragments(shown))
    if rich is not None:
        visible, behind = html_text(_text(rich, name))
        if plain is None:
            found += ended(message_fragments(visible))
        else:
            known = re.sub(r"\s+", "", shown)
            extra = [line for line in visible.split("\n") if re.sub(r"\s+", "", line) not in known]
            found += _hidden(extra, "formatted version")
        found += _hidden(behind, "behind the formatted text")
    return found


def _hidden(lines: list[str] | tuple[str, ...], part: str) -> list[Fragment]:
    return [
        Fragment(line, BlockKind.HIDDEN, Locator(part, f"item {number}"))
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def message_fragments(text: str) -> list[Fragment]:
    """The lines of a message; from the signature on they are furniture, from the first quotation on notes."""
    found: list[Fragment] = []
    as_kind: BlockKind | None = None
    for fragment in text_fragments(text, "message"):
        if _QUOTE_START.match(fragment.text):
            as_kind = BlockKind.NOTE
        elif as_kind is None and _SIGNATURE.fullmatch(fragment.text.strip()):
            as_kind = BlockKind.FURNITURE
        kind = as_kind if as_kind is not None and fragment.kind is not None else fragment.kind
        found.append(Fragment(fragment.text, kind, fragment.locator, fragment.label, fragment.ending, fragment.anchor))
    return found


def _text(part: Message, name: str) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        raise _unreadable(name)
    charset = part.get_content_charset() or "utf-8"
    try:
        return raw.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return raw.decode("cp1252", "replace")


def _attachments(message: EmailMessage, name: str, read_attachment: ReadAttachment) -> list[Fragment]:
    found: list[Fragment] = []
    bodies = {id(body) for body in (message.get_body(("plain",)), message.get_body(("html",))) if body is not None}
    number = 0
    for part in _leaves(message):
        if id(part) in bodies:
            continue
        number += 1
        where = f"attachment {number}"
        called = part.get_filename() or ""
        if called:
            found.append(Fragment(called, BlockKind.METADATA, Locator(where, "name")))
        if part.get_content_type() == "message/rfc822":
            attached = part.get_payload(0)
            inner = attached.as_bytes() if isinstance(attached, Message) else b""
            called = "attached.eml"
        else:
            payload = part.get_payload(decode=True)
            inner = payload if isinstance(payload, bytes) else b""
        found += _attachment(inner, called, part.get_content_type(), where, name, read_attachment)
    return found


def _attachment(
    data: bytes, called: str, content_type: str, where: str, name: str, read_attachment: ReadAttachment
) -> list[Fragment]:
    if not data.strip():
        return []
    if not called:
        called = "part.html" if content_type == "text/html" else "part.txt"
    suffix = called[called.rfind(".") :] if "." in called else ""
    try:
        inner = ended(read_attachment(data, f"{where}{suffix}"))
    except ReadError as error:
        raise UnreadableFile(
            f"{name}: {where} cannot be read", "Save the attachment as a file of its own and remove it from the message."
        ) from error
    return [
        Fragment(
            piece.text, piece.kind, Locator(f"{where} > {piece.locator.part}", piece.locator.position), piece.label, piece.ending
        )
        for piece in inner
    ]


def _leaves(message: MIMEPart) -> list[MIMEPart]:
    """The parts that hold content, without going into attached messages, which are read as files."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        return [message]
    return [leaf for part in message.iter_parts() for leaf in _leaves(part)]
