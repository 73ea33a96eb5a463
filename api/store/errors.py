"""What a store refuses, and what fails under it.

::

    InvalidInputError
    └── StoreError           the store cannot be used at all: its address, its file, its schema
    EngineError
    ├── RefusalError         an operation that is not done, and left no trace
    │   ├── NotThereError      there is no such record or appointment
    │   ├── OtherVersionError  somebody has changed the record since
    │   ├── UnfitError         a record, or a place, breaks a rule of its own
    │   ├── TakenError         something there is promised already
    │   │   ├── BreaksError    it would make appointments collide that are promised
    │   │   └── GuardedError   the database forbade what was counted as free
    │   ├── NotHeldError       the hold is over, or another key's, or was never one
    │   ├── NoPlanError        there is no such plan of this key, or not any more
    │   ├── CommittedError     the plan was committed before
    │   └── StillPromisedError who is to be forgotten has appointments that are not over
    └── DatabaseError        the database could not; nothing was done
        ├── OverlapError       it forbade an overlap: its constraint found it, and not we
        ├── BusyError          others were in the way for too long; to be asked again
        └── FullError          there is no room on its disk; what is there can still be read

No message holds anything of a row: a database's own words may, so they are not repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.errors import EngineError, InvalidInputError
from engine.problems import Problem, shown


class StoreError(InvalidInputError):
    """The store cannot be used."""


@dataclass(frozen=True, slots=True)
class Collision:
    """Where an appointment, or a place for one, collides with what is promised.

    Parameters
    ----------
    appointment_id
        Whose place it is; ``None``: a place that somebody asked for.
    kind
        Of what there is not enough: ``session``, ``doctor``, ``patient`` or ``room``.
    of
        Ids: of the session, the doctor, the patient; of the location and the kind of room. Of a
        session that went long ago, nothing.
    start, end
        Where the appointment needs it, in UTC.
    with_ids
        Appointments that are there; none: there is no such thing, or not any more.
    """

    appointment_id: str | None
    kind: str
    of: tuple[str, ...]
    start: datetime
    end: datetime
    with_ids: tuple[str, ...]

    def sentence(self) -> str:
        """Render for people."""
        who = "the place" if self.appointment_id is None else f"appointment {self.appointment_id}"
        when = f"{self.start:%Y-%m-%dT%H:%MZ}–{self.end:%Y-%m-%dT%H:%MZ}"
        what = f"{' '.join([self.kind, ', '.join(self.of)]).strip()}, {when}"
        if not self.with_ids:
            return f"{who}: there is no {what}"
        return f"{who} collides with {', '.join(self.with_ids)}: {what}"


class RefusalError(EngineError):
    """An operation was refused; nothing was changed."""

    code = "refused"


class NotThereError(RefusalError):
    """There is no such record."""

    code = "not_there"


class OtherVersionError(RefusalError):
    """The record is not at the version that was expected.

    Parameters
    ----------
    version
        Where it is; 0: nowhere.
    """

    code = "other_version"

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


class UnfitError(RefusalError):
    """A record breaks a rule of the dataset, or a place is none that its role has."""

    code = "unfit"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.sentence() for problem in problems[:3]))
        self.problems = tuple(problems)


class TakenError(RefusalError):
    """Something at the place is promised already."""

    code = "taken"

    def __init__(self, collisions: Sequence[Collision]) -> None:
        super().__init__("; ".join(collision.sentence() for collision in collisions[:3]))
        self.collisions = tuple(collisions)


class BreaksError(TakenError):
    """Appointments would collide that do not now."""

    code = "breaks"


class GuardedError(TakenError):
    """The database forbade a place that was counted as free: it is none that can be had."""

    code = "guarded"

    def __init__(self) -> None:
        super().__init__(())


class NotHeldError(RefusalError):
    """There is no such hold of this key."""

    code = "not_held"


class NoPlanError(RefusalError):
    """There is no such plan of this key, or not any more."""

    code = "no_plan"


class CommittedError(RefusalError):
    """The plan was committed before."""

    code = "committed"


class StillPromisedError(RefusalError):
    """The patient has places that are not over.

    Parameters
    ----------
    ids
        Of their appointments.
    """

    code = "still_promised"

    def __init__(self, ids: Sequence[str]) -> None:
        listed = ", ".join(shown(name) for name in ids)
        super().__init__(f"these appointments are not over: {listed}. Maybe cancel them first")
        self.ids = tuple(ids)


class DatabaseError(EngineError):
    """The database could not do it.

    Parameters
    ----------
    state
        What kind of failure: an SQLSTATE, or SQLite's name of it.
    constraint
        Which one was broken, where the database tells.
    """

    code = "database_refused"

    def __init__(self, state: str, constraint: str | None = None) -> None:
        super().__init__(f"the database refused ({state}{f', {constraint}' if constraint else ''})")
        self.state = state
        self.constraint = constraint


class OverlapError(DatabaseError):
    """The database forbade an overlap."""

    code = "overlap"


class BusyError(DatabaseError):
    """Others were in the way for too long."""

    code = "store_busy"


class FullError(DatabaseError):
    """No room is left to write."""

    code = "store_full"
