"""Requests of people to see what is held about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the requests and the days that they are due and answered."""
    op.create_table(
        "access_requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("case_ref", sa.Text, nullable=False),
        sa.Column("case_key", sa.Text, nullable=False),
        sa.Column("received", sa.Date, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("sent", sa.Date),
        sa.Column("recorded_at", sa.Text, nullable=False),
    )
    op.create_index("access_requests_of_a_case", "access_requests", ["case_key"])
