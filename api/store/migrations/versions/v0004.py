"""Plans that were made and can be committed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "plan",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("kept_until", _WHOLE, nullable=False),
        sa.Column("committed", _WHOLE),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="plan_pkey"),
        sqlite_strict=True,
    )
    op.create_index("ix_plan_kept_until", "plan", ["kept_until"])


def downgrade() -> None:
    """Drop it: plans that nobody has committed are to be made anew."""
    op.drop_table("plan")
