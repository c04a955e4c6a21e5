"""Every way a run can fail, each with the exit code and the remedy that the user sees.

    StorysafeError (1)
    ├── UsageError (2)          the command line asks for something impossible
    │   ├── OutputNotEmpty
    │   └── PolicyError         a policy or organisation file that cannot be understood
    ├── RegisterError           a register that is missing, locked or malformed
    ├── RecordsError            the organisation's records cannot be opened, read or written
    │   ├── DecisionRefused     a manager's decision that may not be recorded as it stands
    │   ├── EntriesAltered      the register of duties is not as it was written
    │   ├── WrongPassphrase     the records are encrypted and the passphrase is missing or not theirs
    │   └── KeyLost             the records are encrypted and their key file is missing or damaged
    ├── AccessRefused           whoever is at work may not use that command (P10, P29)
    ├── ReviewRefused           a reviewer's change that the policy forbids, or that is about another text
    │   └── ReviewOvertaken     somebody else changed the same review meanwhile
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


class RecordsError(StorysafeError):
    """The organisation's records are damaged, locked, read-only, of a newer version or not where they should be."""


class DecisionRefused(RecordsError):
    """A manager's decision is not in order: approved by its own author, about many cases, or half filled in (P21)."""


class EntriesAltered(RecordsError):
    """An entry of the register of duties was changed, moved or taken away (P22)."""


class WrongPassphrase(RecordsError):
    """The records are encrypted, and no passphrase was given or it is not the one they were encrypted with."""


class KeyLost(RecordsError):
    """The records are encrypted, and the key file that the passphrase opens is missing or damaged."""


class AccessRefused(StorysafeError):
    """Whoever is at work is not registered, has not signed or been trained, or their role does not cover it (P10, P29)."""


class ReviewRefused(StorysafeError):
    """A change in a review that the policy forbids, or that was made to another text than this one (P21)."""


class ReviewOvertaken(ReviewRefused):
    """Somebody else changed the review since it was looked at; nothing was overwritten."""


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
