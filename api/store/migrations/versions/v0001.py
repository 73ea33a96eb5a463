"""Records, appointments, occupations that cannot overlap, and the log of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_GUARDED = "state IN ('booked', 'held')"


def upgrade() -> None:
    """Make everything."""
    _make_record()
    _make_appointment()
    _make_occupation()
    _make_change()
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop everything: the data too."""
    for table in ("change", "occupation", "appointment", "record"):
        op.drop_table(table)


def _make_record() -> None:
    op.create_table(
        "record",
        sa.Column("number", _WHOLE, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("start", _WHOLE),
        sa.Column("end", _WHOLE),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="record_pkey"),
        sa.UniqueConstraint("kind", "id", name="record_kind_id_key"),
        sqlite_strict=True,
    )
    op.create_index("record_owner", "record", ["kind", "owner", "end"])


def _make_appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("number", _WHOLE, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text),
        sa.Column("role_id", sa.Text, nullable=False),
        sa.Column("start", _WHOLE, nullable=False),
        sa.Column("end", _WHOLE, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("held_until", _WHOLE),
        sa.Column("held_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="appointment_pkey"),
        sa.UniqueConstraint("id", name="appointment_id_key"),
        sa.CheckConstraint('start < "end"', name="appointment_interval"),
        sa.CheckConstraint(
            "status IN ('booked', 'held', 'conflicted', 'cancelled')", name="appointment_status"
        ),
        sa.CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name="appointment_hold"),
        sqlite_strict=True,
    )
    op.create_index("appointment_role", "appointment", ["role_id", "end"])
    op.create_index("appointment_request", "appointment", ["request_id"])
    _index_where("appointment_held", "held_until", "status = 'held'")
    _index_where(
        "appointment_one_place", "request_id", "status IN ('booked', 'conflicted')", unique=True
    )


def _index_where(name: str, column: str, condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(
        name,
        "appointment",
        [column],
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )


def _make_occupation() -> None:
    op.create_table(
        "occupation",
        sa.Column("number", _WHOLE, nullable=False),
        sa.Column("appointment_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("seat", sa.Integer),
        sa.Column("home", sa.Text),
        sa.Column("start", _WHOLE, nullable=False),
        sa.Column("end", _WHOLE, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="occupation_pkey"),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name="occupation_appointment_id_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.CheckConstraint('start < "end"', name="occupation_interval"),
        sa.CheckConstraint(
            "state IN ('booked', 'held', 'conflicted', 'block')", name="occupation_state"
        ),
        sa.CheckConstraint(
            "state IN ('conflicted', 'block') OR (seat IS NULL) <> (home IS NULL)",
            name="occupation_guarded",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_occupation_appointment_id", "occupation", ["appointment_id"])
    op.create_index("occupation_of", "occupation", ["kind", "id", "end"])


def _make_change() -> None:
    op.create_table(
        "change",
        sa.Column("sequence", _WHOLE, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="change_pkey"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


# An address of the internet is the one type of PostgreSQL that a GiST index compares by = and by
# <> without an extension; texts are hashed to 64 bits of one. Two that fall on one number could
# only forbid too much of one seat; with homes too little, once in 2^64.
_SAME = "(inet '8000::' + hashtextextended(kind || ' ' || id, 0)) inet_ops WITH ="
_SAME_SEAT = "(inet '8000::' + seat) inet_ops WITH ="
_OTHER_HOME = "(inet '8000::' + hashtextextended(home, 0)) inet_ops WITH <>"
_MEETS = 'int8range(start, "end") WITH &&'

# The same rule for SQLite; what is NULL is never equal, nor different.
_COLLIDES = f"""
BEGIN
    SELECT RAISE(ABORT, 'slot_conflict') WHERE EXISTS (
        SELECT 1 FROM occupation AS other
        WHERE other.kind = NEW.kind AND other.id = NEW.id
        AND other."end" > NEW.start AND other.start < NEW."end"
        AND (other.seat = NEW.seat OR other.home <> NEW.home)
        AND other.{_GUARDED} AND other.number IS NOT NEW.number
    );
END
"""  # noqa: S608 nothing of it comes from outside

_GUARDS = {
    "postgresql": (
        f"""ALTER TABLE occupation ADD CONSTRAINT occupation_one_per_seat
        EXCLUDE USING gist ({_SAME}, {_SAME_SEAT}, {_MEETS}) WHERE ({_GUARDED})
        DEFERRABLE INITIALLY IMMEDIATE""",
        f"""ALTER TABLE occupation ADD CONSTRAINT occupation_one_home
        EXCLUDE USING gist ({_SAME}, {_OTHER_HOME}, {_MEETS}) WHERE ({_GUARDED})
        DEFERRABLE INITIALLY IMMEDIATE""",
    ),
    "sqlite": (
        f"""CREATE TRIGGER occupation_added BEFORE INSERT ON occupation
        WHEN NEW.{_GUARDED} {_COLLIDES}""",
        f"""CREATE TRIGGER occupation_changed
        BEFORE UPDATE OF kind, id, seat, home, start, "end", state ON occupation
        WHEN NEW.{_GUARDED} {_COLLIDES}""",
    ),
}
