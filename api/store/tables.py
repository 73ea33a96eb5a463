"""Tables of the store. ``migrations/`` makes them; a test compares the two.

Instants are whole seconds since 1970 in UTC. Records, and appointments, keep the row that a
dataset has of them as it was written, so that what goes in comes out the same; columns beside
it are what is searched by.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

Whole = BigInteger().with_variant(Integer(), "sqlite")  # whose INTEGER has 64 bits

STATUSES = ("booked", "held", "conflicted", "cancelled")
"""An appointment's; one that is cancelled is kept, and is no part of a dataset."""

GUARDED = ("booked", "held")
"""States of an occupation that the database keeps apart."""

OUTSIDE = ("conflicted", "block")
"""States that it does not: promised in spite of a collision; taken by somebody else."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
    }
)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """SQL: the column has one of some values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


record = Table(
    "record",
    metadata,
    Column("number", Whole, primary_key=True, doc="in the order of coming"),
    Column("kind", Text, nullable=False, doc="collection of a dataset, or header"),
    Column("id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("owner", Text, doc="a session's role, a resource's location, a request's patient"),
    Column("start", Whole, doc="of a session"),
    Column("end", Whole, doc="of a session"),
    Column("body", Text, nullable=False, doc="the row of the dataset, JSON"),
    UniqueConstraint("kind", "id"),
    Index("record_owner", "kind", "owner", "end"),
    sqlite_strict=True,
)

appointment = Table(
    "appointment",
    metadata,
    Column("number", Whole, primary_key=True, doc="in the order of coming"),
    Column("id", Text, nullable=False, unique=True),
    Column("request_id", Text, doc="none: a block"),
    Column("role_id", Text, nullable=False),
    Column("start", Whole, nullable=False),
    Column("end", Whole, nullable=False),
    Column("status", Text, nullable=False),
    Column("held_until", Whole),
    Column("held_by", Text, doc="key that may book it"),
    Column("reason", Text, doc="why it was cancelled"),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False, doc="the row of the dataset, JSON"),
    CheckConstraint('start < "end"', name="interval"),
    CheckConstraint(one_of("status", STATUSES), name="status"),
    CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name="hold"),
    Index("appointment_role", "role_id", "end"),
    Index("appointment_request", "request_id"),
    Index(
        "appointment_held",
        "held_until",
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
    Index(
        "appointment_one_place",
        "request_id",
        unique=True,
        sqlite_where=text(one_of("status", ("booked", "conflicted"))),
        postgresql_where=text(one_of("status", ("booked", "conflicted"))),
    ),
    sqlite_strict=True,
)

occupation = Table(
    "occupation",
    metadata,
    Column("number", Whole, primary_key=True),
    Column(
        "appointment_id",
        Text,
        ForeignKey("appointment.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("kind", Text, nullable=False, doc="session, doctor, patient or room"),
    Column("id", Text, nullable=False, doc="of what is occupied"),
    Column("seat", Integer, doc="which of several; none of a doctor, nor outside"),
    Column("home", Text, doc="of a doctor: in which session, or on which errand"),
    Column("start", Whole, nullable=False),
    Column("end", Whole, nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint('start < "end"', name="interval"),
    CheckConstraint(one_of("state", (*GUARDED, *OUTSIDE)), name="state"),
    CheckConstraint(
        f"{one_of('state', OUTSIDE)} OR (seat IS NULL) <> (home IS NULL)", name="guarded"
    ),
    Index("occupation_of", "kind", "id", "end"),
    sqlite_strict=True,
)

change = Table(
    "change",
    metadata,
    Column("sequence", Whole, primary_key=True, doc="in the order of commits"),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

answer = Table(
    "answer",
    metadata,
    Column("client", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("key", Text, nullable=False, doc="that the client made up for one request"),
    Column("fingerprint", Text, nullable=False, doc="of what was asked"),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False, doc="JSON"),
    Column("body", Text, nullable=False),
    Column("hold_id", Text, doc="the hold that it speaks of", index=True),
    Column("kept_until", Whole, nullable=False, index=True),
    PrimaryKeyConstraint("client", "route", "key"),
    sqlite_strict=True,
)

secret = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True, doc="what it is for"),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

plan = Table(
    "plan",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client", Text, nullable=False, doc="who had it made, and alone may commit it"),
    Column("kept_until", Whole, nullable=False, index=True),
    Column("committed", Whole, doc="when; none: not"),
    Column("body", Text, nullable=False, doc="what it places, and what it rests on, JSON"),
    sqlite_strict=True,
)
