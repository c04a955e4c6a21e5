"""Recalls that were carried out, and who told of a withdrawal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what a recall needs; every withdrawal so far was recorded by a person."""
    op.add_column("withdrawals", sa.Column("told_by", sa.Text, nullable=False, server_default="person"))
    op.create_table(
        "recalls_done",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("release_id", sa.Integer, sa.ForeignKey("releases.id"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
    )
    op.create_index("recalls_done_of_a_release", "recalls_done", ["release_id"])
