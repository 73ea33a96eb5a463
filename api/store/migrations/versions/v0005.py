"""How long holds of a key may last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Keys that there are may hold as long as any."""
    op.add_column("access_key", sa.Column("hold_seconds", _WHOLE))


def downgrade() -> None:
    """Drop it: every key may then hold as long as any."""
    op.drop_column("access_key", "hold_seconds")
