"""What a database's errors mean to the person at the keyboard; no text of the database itself is ever passed on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from pipeline.errors import RecordsError

LOCKED: Final = ("are held by another program for too long", "Wait until it has finished, or close it, then run again.")
READ_ONLY: Final = ("cannot be written", "Check that the disk is not read-only and that you may write there.")
DAMAGED: Final = (
    "are damaged",
    "Keep the file as it is, and put back your latest backup; the registers and OUT/internal tell what came after it.",
)
FULL: Final = ("cannot be written, for the disk is full", "Free some space and run again; what was recorded before is whole.")
CLOSED: Final = ("cannot be opened", "Check the folder, and that you may read and write it.")
DOWN: Final = ("cannot be reached", "Check the address and that the database server is running, then run again.")
REFUSED: Final = ("cannot be opened with that name and password", "Check the address with whoever runs the database server.")
NOT_THERE: Final = ("are not at that address", "Ask whoever runs the database server to make the database first.")
FOREIGN: Final = ("are not there: the database belongs to another program", "Give storysafe a database of its own.")
UNSEALED: Final = (
    "are not encrypted although this workspace is",
    "Somebody put another file in their place: keep it as it is, and put back your latest backup.",
)
OTHER: Final = ("cannot be used", "Check the disk or the database server, then run again.")

# The primary result codes of SQLite.
_SQLITE = {
    3: READ_ONLY, 5: LOCKED, 6: LOCKED, 8: READ_ONLY, 10: READ_ONLY, 11: DAMAGED, 13: FULL, 14: CLOSED, 26: DAMAGED,
}  # fmt: skip
# SQLSTATE, whole or its class.
_POSTGRES = {
    "55P03": LOCKED, "57014": LOCKED, "25006": READ_ONLY, "42501": READ_ONLY, "53100": FULL, "3D000": NOT_THERE,
    "28": REFUSED, "08": DOWN, "57": DOWN, "53": DOWN, "XX": DAMAGED, "42": FOREIGN,
}  # fmt: skip


@contextlib.contextmanager
def speaking(where: str) -> Iterator[None]:
    """Turn an error of the database into a ``RecordsError`` about the records in ``where``."""
    try:
        yield
    except IntegrityError:
        raise RecordsError(
            f"The records in {where} refuse an entry that nothing stands behind.", "Begin the run before recording its stories."
        ) from None
    except DBAPIError as error:
        raise trouble(where, _meaning(error)) from None
    except SQLAlchemyError:
        raise trouble(where, OTHER) from None


def trouble(where: str, meaning: tuple[str, str]) -> RecordsError:
    """The error that says so about the records in ``where``."""
    return RecordsError(f"The records in {where} {meaning[0]}.", meaning[1])


def _meaning(error: DBAPIError) -> tuple[str, str]:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF, OTHER)
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2], OTHER)
    # A server that was never reached gives no state; a password that it refused is told in the text alone.
    if "password" in str(error.orig) or "authentication" in str(error.orig):
        return REFUSED
    if "does not exist" in str(error.orig):
        return NOT_THERE
    return DOWN
