"""A place as people are told of it: by ids, and on its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.arrays import NONE
from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Where:
    """A place, as the patient is told of it.

    Parameters
    ----------
    doctor_id, service_id
        With whom; one of the two.
    role_id
        In which role.
    location_id
        ``None``: by video.
    session_id
        ``None``: an appointment outside every session.
    start, end
        The told interval, on the clock of the place; of a day session, its own.
    """

    doctor_id: str | None
    service_id: str | None
    role_id: str
    location_id: str | None
    session_id: str | None
    start: datetime
    end: datetime

    def days_until(self, other: Where) -> int:
        """Days by which another place is later, below 0 where it is earlier; each on its clock."""
        return (other.start.date() - self.start.date()).days

    def is_with(self, other: Where) -> bool:
        """Whether another place is with the same doctor or service."""
        return (self.doctor_id, self.service_id) == (other.doctor_id, other.service_id)


def where_told(snapshot: Snapshot, role: int, session: int, start: int, end: int) -> Where:
    """A place by its ids, with its minutes on its clock; ``session`` -1: outside every one."""
    doctor_id, service_id, location_id = who_and_where(snapshot, role)
    zone = int(snapshot.roles.zone[role])
    return Where(
        doctor_id=doctor_id,
        service_id=service_id,
        role_id=snapshot.roles.ids[role],
        location_id=location_id,
        session_id=None if session == NONE else snapshot.sessions.ids[session],
        start=snapshot.grid.instant(start, zone),
        end=snapshot.grid.instant(end, zone),
    )


def who_and_where(snapshot: Snapshot, role: int) -> tuple[str | None, str | None, str | None]:
    """Doctor, service and location of a role; of the first two, one is there."""
    doctor, location = int(snapshot.roles.doctor[role]), int(snapshot.roles.location[role])
    who = snapshot.doctors.ids[doctor]
    is_service = bool(snapshot.doctors.is_service[doctor])
    where = None if location == NONE else snapshot.locations.ids[location]
    return (None, who, where) if is_service else (who, None, where)
