"""Keys, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them; the head of the audit is written with its first row."""
    _make_access_key()
    _make_audit()


def downgrade() -> None:
    """Drop them: keys, and the history of all that was changed."""
    for table in ("audit_head", "audit_body", "audit", "access_key"):
        op.drop_table(table)


def _make_access_key() -> None:
    op.create_table(
        "access_key",
        sa.Column("number", _WHOLE, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created", _WHOLE, nullable=False),
        sa.Column("expires", _WHOLE),
        sa.Column("revoked", _WHOLE),
        sa.PrimaryKeyConstraint("number", name="access_key_pkey"),
        sa.UniqueConstraint("id", name="access_key_id_key"),
        sqlite_strict=True,
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _WHOLE, nullable=False, autoincrement=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("link", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="audit_pkey"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_body",
        sa.Column("number", _WHOLE, nullable=False, autoincrement=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.PrimaryKeyConstraint("number", name="audit_body_pkey"),
        sa.ForeignKeyConstraint(["number"], ["audit.number"], name="audit_body_number_fkey"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("number", _WHOLE, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("one", name="audit_head_pkey"),
        sa.CheckConstraint("one = 1", name="audit_head_only"),
        sqlite_strict=True,
    )
