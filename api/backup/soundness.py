"""Whether a copy of a store is one that can be worked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy import Connection, func, select

from api.store.errors import StoreError
from api.store.invariants import broken_invariants
from api.store.revision import Revision, revision_of
from api.store.tables import appointment, record
from engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Parameters
    ----------
    version
        Of its tables.
    records, appointments
        How many.
    """

    version: str
    records: int
    appointments: int


def sound_backup(connection: Connection, where: str) -> Backup:
    """What a copy holds.

    Raises
    ------
    StoreError
        It is none of a store, is of a later version, or holds what no store would.
    """
    revision = revision_of(connection)
    version = known_version(revision, where)
    if revision.standing == "current":
        broken = broken_invariants(connection)
        if broken:
            refuse("damaged_store", where, "; ".join(broken))
    counts = (
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (record, appointment)
    )
    return Backup(version, *counts)


def known_version(revision: Revision, where: str) -> str:
    """The version of some tables, where there are any and the code knows it.

    Raises
    ------
    StoreError
    """
    if revision.there is None:
        refuse("not_a_backup", where, "it holds no store")
    if revision.standing == "newer":
        message = (
            f"its schema {revision.there} is newer than this version of slotmatch, which knows "
            f"{revision.newest}"
        )
        refuse("newer_store", where, message)
    return revision.there


def refuse(code: str, where: str, message: str) -> NoReturn:
    """Do nothing, and say why."""
    raise StoreError([Problem(code, where, message)])


def refuse_to_replace(where: str) -> NoReturn:
    """Keep what is there."""
    refuse("store_not_empty", where, "a store is there. Maybe --force is meant: it would be lost")


def refuse_to_disturb(where: str) -> NoReturn:
    """Keep what somebody works with."""
    refuse("store_in_use", where, "somebody has it open: stop the service before")
