"""The tables of the records as they are now; how they came to be so stands in ``migrations/versions``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision that this version knows, oldest first."""
VERSION_TABLE = "storysafe_schema"


class Words(TypeDecorator[str]):
    """Text; a file name that is not Unicode is kept with its odd bytes written out, for no database takes them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """What is written."""
        if value is None or value.isascii():
            return value
        return value.encode("utf-8", "backslashreplace").decode("utf-8")


metadata = MetaData()

runs = Table(
    "runs", metadata,
    Column("run_id", Words, primary_key=True),
    Column("day", Date, nullable=False),
    Column("purposes", Words, nullable=False),
    Column("policy_version", Words, nullable=False),
    Column("model_version", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("recipient", Words, nullable=False),
)  # fmt: skip

# A run repeated into another folder is the same run, and its files are in both.
run_folders = Table(
    "run_folders", metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Words, ForeignKey("runs.run_id"), nullable=False),
    Column("out", Words, nullable=False),
    Column("begun_at", Words, nullable=False),
    Column("ended_at", Words),
    UniqueConstraint("run_id", "out", name="one_folder_of_a_run"),
)  # fmt: skip

stories = Table(
    "stories", metadata,
    Column("run_id", Words, ForeignKey("runs.run_id"), primary_key=True),
    Column("story_id", Words, primary_key=True),
    Column("source", Words, nullable=False),
    Column("digest", Words, nullable=False),
)  # fmt: skip

story_cases = Table(
    "story_cases", metadata,
    Column("run_id", Words, primary_key=True),
    Column("story_id", Words, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("case_ref", Words, nullable=False),
    Column("case_key", Words, nullable=False),
    ForeignKeyConstraint(["run_id", "story_id"], ["stories.run_id", "stories.story_id"], name="case_of_a_story"),
    Index("stories_of_a_case", "case_key"),
)  # fmt: skip

releases = Table(
    "releases", metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("run_id", Words, ForeignKey("runs.run_id"), nullable=False),
    Column("story_id", Words, nullable=False),
    Column("purpose", Words, nullable=False),
    Column("path", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("case_ref", Words, nullable=False),
    Column("case_key", Words, nullable=False),
    Column("identified", Boolean, nullable=False),
    Column("permission", Words, nullable=False),
    Column("consent_id", Words, nullable=False),
    Column("consent_key", Words, nullable=False),
    Column("sought", Boolean, nullable=False),
    Column("channels", Words, nullable=False),
    Column("recipients", Words, nullable=False),
    Column("recorded_at", Words, nullable=False),
    Index("releases_of_a_case", "case_key"),
    Index("releases_of_a_run", "run_id"),
)  # fmt: skip

attempts = Table(
    "attempts", metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("case_ref", Words, nullable=False),
    Column("case_key", Words, nullable=False),
    Column("day", Date, nullable=False),
    Column("method", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("recorded_at", Words, nullable=False),
    Index("attempts_of_a_case", "case_key"),
)  # fmt: skip

# told_by: "person" for one that somebody recorded here, "register" for one that a run read in a permission register.
withdrawals = Table(
    "withdrawals", metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("case_ref", Words, nullable=False),
    Column("case_key", Words, nullable=False),
    Column("consent_id", Words, nullable=False),
    Column("consent_key", Words, nullable=False),
    Column("day", Date, nullable=False),
    Column("no_use", Boolean, nullable=False),
    Column("recorded_by", Words, nullable=False),
    Column("recorded_at", Words, nullable=False),
    Column("told_by", Words, nullable=False, server_default="person"),
    Index("withdrawals_of_a_case", "case_key"),
)  # fmt: skip

recalls_done = Table(
    "recalls_done", metadata,
    Column("id", Integer, primary_key=True),
    Column("release_id", Integer, ForeignKey("releases.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("by", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("recorded_at", Words, nullable=False),
    Index("recalls_done_of_a_release", "release_id"),
)  # fmt: skip

register_imports = Table(
    "register_imports", metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("folder", Words, nullable=False),
    Column("header", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("imported_at", Words, nullable=False),
)  # fmt: skip

# origin: the file that a row came from, empty for one that was recorded here.  cells: JSON, in the order of the header
# of its import.  A row that was replaced or that has gone from its file stays, with ended_at.
register_rows = Table(
    "register_rows", metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("origin", Words, nullable=False),
    Column("import_id", Integer, ForeignKey("register_imports.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("cells", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("begun_at", Words, nullable=False),
    Column("ended_at", Words),
    UniqueConstraint("kind", "key", "version", name="one_version_of_a_row"),
)  # fmt: skip

# seq counts without a gap; body: canonical JSON; digest: sha256 over the rest of the row.  mark: what makes an entry that is
# recorded twice one entry.
duty_entries = Table(
    "duty_entries", metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Words, nullable=False),
    Column("mark", Words, nullable=False, unique=True),
    Column("at", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("previous", Words, nullable=False),
    Column("digest", Words, nullable=False),
)  # fmt: skip
