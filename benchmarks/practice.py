"""A practice for booking: nothing but places, and somebody for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.store.placing import Place
from engine.domain import (
    DATASET_SCHEMA,
    Coordinates,
    Dataset,
    Doctor,
    Header,
    Interval,
    Location,
    Patient,
    Request,
    Resource,
    Role,
    Session,
    VisitType,
)

AS_OF = datetime(2026, 3, 2, tzinfo=UTC)
"""When its world is; its first day is the day after."""

MINUTES = 15
_CENTRE = Coordinates(latitude=40.75, longitude=-73.99)


@dataclass(frozen=True, slots=True)
class Practice:
    """Doctors who work all day, in visits of a quarter of an hour.

    Parameters
    ----------
    doctors, days, cells
        So many doctors, each with so many places on each of so many days.
    asking
        Requests, each of a patient of their own; ``None``: as many as there are places.
    rooms
        Rooms, of which every visit needs one; ``None``: none is needed.
    """

    doctors: int = 10
    days: int = 5
    cells: int = 32
    asking: int | None = None
    rooms: int | None = None

    def places(self) -> Iterator[Place]:
        """Every place, day by day, from doctor to doctor."""
        length = timedelta(minutes=MINUTES)
        for day in range(self.days):
            for cell in range(self.cells):
                start = _opens(day) + cell * length
                for doctor in range(self.doctors):
                    yield Place(f"role-{doctor}", start, start + length)

    def requests(self) -> list[str]:
        """Ids of all who ask."""
        there = self.doctors * self.days * self.cells
        return [f"request-{number}" for number in range(self.asking or there)]

    def dataset(self) -> Dataset:
        """All of it."""
        needed = () if self.rooms is None else ("room",)
        names = self.requests()
        return Dataset(
            header=Header(
                schema=DATASET_SCHEMA,
                as_of=AS_OF,
                horizon=Interval(start=AS_OF, end=AS_OF + timedelta(days=self.days + 1)),
                time_zone="UTC",
            ),
            patients=tuple(
                Patient(id=f"patient-of-{name}", home=_CENTRE, state="NY") for name in names
            ),
            requests=tuple(
                Request(id=name, patient_id=f"patient-of-{name}", visit_type_id="visit",
                        created=AS_OF)
                for name in names
            ),
            doctors=tuple(Doctor(id=f"doctor-{number}") for number in range(self.doctors)),
            roles=tuple(
                Role(id=f"role-{number}", doctor_id=f"doctor-{number}", location_id="office",
                     networks="any")
                for number in range(self.doctors)
            ),
            locations=(
                Location(id="office", coordinates=_CENTRE, time_zone="UTC", state="NY"),
            ),
            visit_types=(VisitType(id="visit", minutes=MINUTES, resources=needed),),
            resources=tuple(
                Resource(id="rooms", kind="room", location_id="office", capacity=self.rooms or 1)
                for _ in needed
            ),
            sessions=tuple(
                Session(
                    id=f"session-{number}-{day}",
                    role_id=f"role-{number}",
                    start=_opens(day),
                    end=_opens(day) + self.cells * timedelta(minutes=MINUTES),
                    cell_minutes=MINUTES,
                )
                for number in range(self.doctors)
                for day in range(self.days)
            ),
        )  # fmt: skip


def _opens(day: int) -> datetime:
    return AS_OF + timedelta(days=day + 1, hours=8)
