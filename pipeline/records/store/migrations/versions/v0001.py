"""Runs, stories, releases, attempts, withdrawals and the registers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _runs()
    _releases()
    _people()
    _registers()


def _text(name: str, unique: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, unique=unique or None)


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer, primary_key=True)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        *(_text(name) for name in ("purposes", "policy_version", "model_version", "version", "channel", "recipient")),
    )
    op.create_table(
        "run_folders",
        _id(),
        sa.Column("run_id", sa.Text, sa.ForeignKey("runs.run_id"), nullable=False),
        _text("out"),
        _text("begun_at"),
        sa.Column("ended_at", sa.Text),
        sa.UniqueConstraint("run_id", "out", name="one_folder_of_a_run"),
    )
    op.create_table(
        "stories",
        sa.Column("run_id", sa.Text, sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("story_id", sa.Text, primary_key=True),
        _text("source"),
        _text("digest"),
    )
    op.create_table(
        "story_cases",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("story_id", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        _text("case_ref"),
        _text("case_key"),
        sa.ForeignKeyConstraint(["run_id", "story_id"], ["stories.run_id", "stories.story_id"], name="case_of_a_story"),
    )
    op.create_index("stories_of_a_case", "story_cases", ["case_key"])


def _releases() -> None:
    op.create_table(
        "releases",
        _id(),
        _text("digest", unique=True),
        sa.Column("run_id", sa.Text, sa.ForeignKey("runs.run_id"), nullable=False),
        *(_text(name) for name in ("story_id", "purpose", "path", "sha256", "case_ref", "case_key")),
        sa.Column("identified", sa.Boolean, nullable=False),
        *(_text(name) for name in ("permission", "consent_id", "consent_key")),
        sa.Column("sought", sa.Boolean, nullable=False),
        *(_text(name) for name in ("channels", "recipients", "recorded_at")),
    )
    op.create_index("releases_of_a_case", "releases", ["case_key"])
    op.create_index("releases_of_a_run", "releases", ["run_id"])


def _people() -> None:
    op.create_table(
        "attempts",
        _id(),
        _text("digest", unique=True),
        _text("case_ref"),
        _text("case_key"),
        sa.Column("day", sa.Date, nullable=False),
        *(_text(name) for name in ("method", "by", "note", "recorded_at")),
    )
    op.create_index("attempts_of_a_case", "attempts", ["case_key"])
    op.create_table(
        "withdrawals",
        _id(),
        _text("digest", unique=True),
        *(_text(name) for name in ("case_ref", "case_key", "consent_id", "consent_key")),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("no_use", sa.Boolean, nullable=False),
        _text("recorded_by"),
        _text("recorded_at"),
    )
    op.create_index("withdrawals_of_a_case", "withdrawals", ["case_key"])


def _registers() -> None:
    op.create_table(
        "register_imports",
        _id(),
        *(_text(name) for name in ("kind", "name", "folder", "header", "sha256", "imported_at")),
    )
    op.create_table(
        "register_rows",
        _id(),
        _text("kind"),
        _text("key"),
        sa.Column("version", sa.Integer, nullable=False),
        _text("origin"),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("register_imports.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *(_text(name) for name in ("cells", "content", "begun_at")),
        sa.Column("ended_at", sa.Text),
        sa.UniqueConstraint("kind", "key", "version", name="one_version_of_a_row"),
    )
