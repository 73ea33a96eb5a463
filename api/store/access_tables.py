"""Tables beside what is promised: who may ask, and what was changed by whom."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text

from api.store.tables import Whole, metadata

access_key = Table(
    "access_key",
    metadata,
    Column("number", Whole, primary_key=True, doc="in the order of coming"),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, doc="whose it is, for people"),
    Column("digest", Text, nullable=False, doc="SHA-256 of the whole key"),
    Column("scopes", Text, nullable=False, doc="words, with spaces between"),
    Column("created", Whole, nullable=False),
    Column("expires", Whole, doc="none: never"),
    Column("revoked", Whole, doc="none: not"),
    Column("hold_seconds", Whole, doc="a hold lasts no longer; none: as long as any may"),
    sqlite_strict=True,
)

audit = Table(
    "audit",
    metadata,
    Column("number", Whole, primary_key=True, autoincrement=False, doc="1, 2, 3, …"),
    Column("at", Whole, nullable=False, doc="by the database's clock"),
    Column("actor", Text, nullable=False, doc="id of a key, or local: and a user's name"),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False, doc="of what was changed"),
    Column("subject", Text, nullable=False, doc="keyed hash of the id of what was changed"),
    Column("before", Text, doc="keyed hash of what it was; none: it was not"),
    Column("after", Text, doc="keyed hash of what it is; none: it is gone"),
    Column("link", Text, nullable=False, doc="SHA-256 over this row and the link before"),
    sqlite_strict=True,
)

audit_body = Table(
    "audit_body",
    metadata,
    Column(
        "number",
        Whole,
        ForeignKey("audit.number"),
        primary_key=True,
        autoincrement=False,
        doc="of the row of the audit",
    ),
    Column("salt", Text, nullable=False, doc="without it the hashes cannot be tried out"),
    Column("id", Text, nullable=False, doc="of what was changed"),
    Column("before", Text),
    Column("after", Text),
    sqlite_strict=True,
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("secret", Text, nullable=False, doc="key of the hashes of this store"),
    Column("number", Whole, nullable=False, doc="how many rows there are"),
    Column("link", Text, nullable=False, doc="of the last of them"),
    CheckConstraint("one = 1", name="only"),
    sqlite_strict=True,
)
