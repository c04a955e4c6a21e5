"""Where an organisation keeps its records: a folder, and perhaps the address of a database server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import KeyLost, RecordsError, WrongPassphrase

if TYPE_CHECKING:
    from pipeline.records.store import Store


@dataclass(frozen=True, slots=True)
class Workspace:
    """``root`` holds the secret and, unless ``records`` names a database server, the records themselves.

    ``key`` opens an encrypted workspace; it is never kept.
    """

    root: Path
    records: str = field(default="", repr=False)  # an address may hold a password
    key: bytes = field(default=b"", repr=False)

    @property
    def secret(self) -> Path:
        """The file that keys the made-up names."""
        return self.root / "secret"

    @property
    def database(self) -> Path:
        """The file of the records, unless they are at a server."""
        return self.root / "records.db"

    @property
    def key_file(self) -> Path:
        """The file that is there when the workspace is encrypted."""
        return self.root / "key.json"

    @property
    def trail(self) -> Path:
        """The workspace's own audit trail: who was refused what, and what the register of duties was given."""
        return self.root / "audit.jsonl"

    @property
    def policy(self) -> Path:
        """The policy that the organisation works by, when it keeps it here."""
        return self.root / "policy.toml"

    @property
    def reviews(self) -> Path:
        """The folder of what people decided about stories: places, words of their own and names of their own."""
        return self.root / "reviews"

    @property
    def lists(self) -> Path:
        """The organisation's own lists: words that are nobody, words that are always somebody, people, other words."""
        return self.root / "lists.csv"

    @property
    def begun(self) -> bool:
        """False where nothing was ever recorded."""
        return bool(self.records) or self.database.exists() or self.mark.exists()

    @property
    def mark(self) -> Path:
        """The file that says that records were begun here: without them, withdrawals would be forgotten in silence."""
        return self.root / "records.begun"

    def store(self) -> Store:
        """The records, opened; raises ``RecordsError`` when they cannot be."""
        from pipeline.records.store import Store

        if self.records:
            return Store.open(self.records)
        self._guard()
        if self.mark.exists() and not self.database.exists():
            raise RecordsError(
                f"The records of the workspace are gone: {self.database.name} is missing, and with it every withdrawal.",
                f"Put it back from your backup. To begin anew for good, delete {self.mark.name} beside it too.",
            )
        from pipeline.records.keys import derived, write_private

        store = Store.open(self.database, derived(self.key, "records") if self.key else b"")
        if not self.mark.exists():
            write_private(self.mark, b"storysafe\n")
        return store

    def load_secret(self) -> bytes:
        """The organisation's secret, made on first use unless all is encrypted; raises ``StorysafeError``."""
        from pipeline.records.keys import unseal
        from pipeline.records.secret import load_or_create_secret

        self._guard()
        return unseal(self.secret, self.key, "secret") if self.key else load_or_create_secret(self.secret)

    def _guard(self) -> None:
        if self.key:
            return
        if self.key_file.exists():
            raise WrongPassphrase("The workspace is encrypted and no passphrase was given.", "Set STORYSAFE_PASSPHRASE.")
        from pipeline.records.keys import is_sealed

        if is_sealed(self.secret):
            raise KeyLost(
                "The workspace is encrypted, and its key file is missing.",
                "Put back the file key.json from your backup: nobody can open the records without it.",
            )
