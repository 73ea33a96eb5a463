"""What is asked of every store."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import Connection, TextClause

from api.doctor.finding import Finding, unless
from api.store.invariants import broken_invariants
from api.store.revision import revision_of

_MOST_SECONDS = 5.0
"""Clocks may differ by so much."""


def schema(connection: Connection) -> Finding:
    """Version of the tables."""
    revision = revision_of(connection)
    match revision.standing:
        case "current":
            return Finding("schema", "ok", f"version {revision.there}")
        case "none":
            return Finding("schema", "warning", "no tables", "slotmatch load makes them")
        case "older":
            found = f"version {revision.there}, the code has {revision.newest}"
            advice = "it is brought up when it is next opened: take a backup before"
            return Finding("schema", "warning", found, advice)
    found = f"version {revision.there}, the code knows {revision.newest}"
    return Finding("schema", "error", found, "use the version of slotmatch that made it")


def clock(connection: Connection, query: TextClause) -> Finding:
    """The database's clock, by which holds end, beside this machine's.

    Parameters
    ----------
    query
        Seconds since 1970, with a fraction.
    """
    before = time.time()
    there = float(connection.execute(query).scalar_one())
    after = time.time()
    apart = max(before - there, there - after, 0.0)
    found = f"{apart:.1f} s from this machine's"
    advice = "holds end by the database's clock: let both machines keep time by the same server"
    return unless(apart <= _MOST_SECONDS, "warning", "clock", found, advice)


def content(connection: Connection, damages: list[str]) -> Iterator[Finding]:
    """Whether the database, and what the store promises, are whole.

    Parameters
    ----------
    damages
        What the database says of itself.
    """
    advice = "stop the service; put a backup in its place (slotmatch store restore)"
    found = _told(damages) or "nothing is damaged"
    yield unless(not damages, "error", "integrity", found, advice)
    if not damages:
        broken = broken_invariants(connection)
        found = _told(broken) or "nothing is promised twice"
        yield unless(not broken, "error", "promises", found, advice)


def _told(sentences: list[str]) -> str:
    more = f"; and {len(sentences) - 3} more" if len(sentences) > 3 else ""
    return "; ".join(sentences[:3]) + more
