"""Files that a browser sends: taken in piece by piece, each straight into the private folder, within limits, or not at all."""

from __future__ import annotations

import hmac
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from pipeline.errors import OutputFailed, UsageError
from pipeline.files.opening import MAX_FILE

_LONGEST_FIELD = 4096
_MOST_FIELDS = 20
_NOT_OURS = "that form was not from this page"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one form may bring: bytes in a file, files, and bytes together."""

    file: int = MAX_FILE
    files: int = 2000
    together: int = 1024 * 1024 * 1024


@dataclass(slots=True)
class Sent:
    """A form with files: its other fields, and each file with the name that it was sent under and where it lies now."""

    fields: dict[str, str] = field(default_factory=dict, repr=False)
    files: list[tuple[str, str, Path]] = field(default_factory=list, repr=False)


class Receiver:
    """Takes in the bytes of one form; ``csrf`` has to come before the first file.  Raises ``UsageError``, ``OutputFailed``."""

    def __init__(self, content_type: str, into: Path, csrf: str, limits: Limits) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
            raise UsageError(_NOT_OURS, "Open the page anew, and choose the files again.")
        self.sent = Sent()
        self._into, self._csrf, self._limits = into, csrf, limits
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = b"", b""
        self._name, self._words, self._size, self._together = "", b"", 0, 0
        self._open: IO[bytes] | None = None
        self._whole = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin, "on_header_field": self._header_field, "on_header_value": self._header_value,
                "on_header_end": self._header_end, "on_headers_finished": self._headed, "on_part_data": self._data,
                "on_part_end": self._end, "on_end": self._finished,
            },
        )  # fmt: skip

    def feed(self, chunk: bytes) -> None:
        """Take in some more bytes."""
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise UsageError("the form did not come as a browser sends it", "Choose the files again.") from None
        except OSError:
            raise OutputFailed("a file could not be kept", "Free some space on the disk, and choose the files again.") from None

    def finish(self) -> Sent:
        """What came; raises ``UsageError`` when the form broke off or was never ours."""
        if not self._whole:
            raise UsageError("the form broke off", "Choose the files again.")
        self._check_form()
        return self.sent

    def close(self) -> None:
        """Let go of a file that did not come whole."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _begin(self) -> None:
        self._headers, self._words, self._size = {}, b"", 0

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""

    def _headed(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.sent.fields) >= _MOST_FIELDS:
                raise UsageError(_NOT_OURS, "Open the page anew, and choose the files again.")
            return
        self._check_form()
        if len(self.sent.files) >= self._limits.files:
            raise UsageError(f"those are more than {self._limits.files} files", "Send them in several goes.")
        path = self._into / f"{len(self.sent.files):06d}"
        self._open = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb")
        self.sent.files.append((self._name, _unquoted(options[b"filename"]), path))

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._open is None:
            if self._size > _LONGEST_FIELD:
                raise UsageError(_NOT_OURS, "Open the page anew, and choose the files again.")
            self._words += data[start:end]
            return
        self._together += end - start
        if self._size > self._limits.file:
            raise UsageError(f"a file is larger than {_megabytes(self._limits.file)}", "Save it in parts; nothing was kept.")
        if self._together > self._limits.together:
            raise UsageError(
                f"those files are larger than {_megabytes(self._limits.together)} together", "Send them in several goes."
            )
        self._open.write(data[start:end])

    def _end(self) -> None:
        if self._open is None:
            self.sent.fields[self._name] = self._words.decode("utf-8", "replace")
            return
        self._open.close()
        self._open = None
        if not self.sent.files[-1][1]:  # what a browser sends for a field in which no file was chosen
            self.sent.files.pop()[2].unlink(missing_ok=True)

    def _finished(self) -> None:
        self._whole = True

    def _check_form(self) -> None:
        if not hmac.compare_digest(self.sent.fields.get("csrf", "").encode(), self._csrf.encode()):
            raise UsageError(_NOT_OURS, "Open the page anew, and choose the files again.")


async def receive(chunks: AsyncIterator[bytes], content_type: str, into: Path, csrf: str, limits: Limits | None = None) -> Sent:
    """Take in a whole form; when anything of it is refused, nothing of it stays.  Raises ``UsageError``, ``OutputFailed``."""
    refused: Exception | None = None
    receiver: Receiver | None = None
    try:
        receiver = Receiver(content_type, into, csrf, limits or Limits())
    except UsageError as error:
        refused = error
    async for chunk in chunks:
        if refused is None and receiver is not None:
            try:
                await run_in_threadpool(receiver.feed, chunk)
            except (UsageError, OutputFailed) as error:
                # A browser that is cut off while it sends shows nobody our answer: the rest is let go by.
                refused = error
                receiver.close()
                shutil.rmtree(into, ignore_errors=True)
    try:
        if refused is not None or receiver is None:
            raise refused or UsageError(_NOT_OURS)
        return receiver.finish()
    except BaseException:
        if receiver is not None:
            receiver.close()
        shutil.rmtree(into, ignore_errors=True)
        raise


def _unquoted(name: bytes) -> str:
    # Browsers write a quotation mark and line ends of a name like this, and nothing else.
    text = name.decode("utf-8", "replace")
    return text.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def _megabytes(number: int) -> str:
    return f"{max(1, number // (1024 * 1024))} MB"
