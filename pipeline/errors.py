"""Every way a run can fail, each with the exit code and the remedy that the user sees.

    StorysafeError (1)
    ├── UsageError (2)          the command line asks for something impossible
    │   ├── OutputNotEmpty
    │   └── PolicyError         a policy or organisation file that cannot be understood
    ├── RegisterError           a register that is missing, locked or malformed
    ├── ReadError               a source file that cannot be read (held, never fatal to the run)
    │   ├── UnsupportedFormat
    │   └── UnreadableFile
    ├── RenderError             a document layout that cannot be filled
    ├── ModelMissing            models/ is incomplete
    └── OutputFailed            the disk is full or refuses to be written

No message may hold a value from a document or a register cell: name the file, row and column instead (P12).
"""

from __future__ import annotations


class StorysafeError(Exception):
    """A failure that the user can be told about.

    ``message`` says what went wrong without any personal value; ``remedy`` says what to do next.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        # Errors cross process boundaries when a run uses several workers.
        return (type(self), (self.message, self.remedy))


class UsageError(StorysafeError):
    """The command cannot be carried out as it was given."""

    exit_code = 2


class OutputNotEmpty(UsageError):
    """The output folder already holds something and --overwrite was not given."""


class PolicyError(UsageError):
    """A policy or organisation file has a line that cannot be understood."""


class RegisterError(StorysafeError):
    """A register (clients, stories, permissions, decisions) cannot be read as a whole."""


class ReadError(StorysafeError):
    """One source file cannot be read; its story is held with ``reason``."""

    reason = "unreadable"


class UnsupportedFormat(ReadError):
    """The format is not one that storysafe reads."""

    reason = "unsupported"


class UnreadableFile(ReadError):
    """The file is damaged, empty, encrypted, hostile or not in the encoding it should be."""


class RenderError(StorysafeError):
    """A document layout cannot be filled."""


class ModelMissing(StorysafeError):
    """A model, list or threshold file that detection needs is not there."""


class OutputFailed(StorysafeError):
    """The output could not be written (disk full, no permission)."""
