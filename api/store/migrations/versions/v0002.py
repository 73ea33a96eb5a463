"""Answers that are given again to who asks again, and secrets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both."""
    op.create_table(
        "answer",
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hold_id", sa.Text),
        sa.Column("kept_until", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("client", "route", "key", name="answer_pkey"),
        sqlite_strict=True,
    )
    op.create_index("ix_answer_hold_id", "answer", ["hold_id"])
    op.create_index("ix_answer_kept_until", "answer", ["kept_until"])
    op.create_table(
        "secret",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="secret_pkey"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop both: cursors that were given out are void, and nothing is replayed."""
    op.drop_table("secret")
    op.drop_table("answer")
