"""Doctors, their roles at sites or by video, and their sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from engine.arrays import Float, Int
from engine.domain import Coordinates, Doctor, Location, Role, Session
from engine.domain.fields import AcceptsNew, Gender
from scenarios.world.city import City
from scenarios.world.dice import Dice
from scenarios.world.insurance import (
    SHARE_ANY_NETWORK,
    SHARE_ROLE_IN_NETWORK,
    SHARE_SELF_PAY,
    networks,
)
from scenarios.world.medicine import (
    CELL_MINUTES,
    CELLS_OF_VISITS,
    CHILDREN,
    FIELDS,
    SHARE_OF_VISITS,
    WOMEN,
    field_shares,
    visit_type_id,
)
from scenarios.world.spec import WorldSpec

DOCTORS_PER_SITE = 8
SHARE_FULL_TIME = 0.6
SHARE_VIDEO = 0.15
SHARE_SPANISH = 0.2
SHARE_FEMALE_DOCTORS = 0.4
LAST_AGE_OF_CHILDREN = 17
ACCEPTS_NEW: dict[AcceptsNew, float] = {
    "all": 0.82,
    "existing": 0.10,
    "family": 0.06,
    "none": 0.02,
}
HALF_DAY_HOURS = (9, 14)
SATURDAY = 5
CELLS_PER_HALF_DAY = 8
WORKING_DAYS_A_YEAR = 260
"""Of 52 weeks: within them, month and day name a day."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A role, its field of medicine, and the half days it works."""

    role: Role
    field: int
    half_days: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """Records of who sees patients."""

    doctors: tuple[Doctor, ...]
    locations: tuple[Location, ...]
    practices: tuple[Practice, ...]
    sessions: tuple[Session, ...]


def working_days(spec: WorldSpec) -> list[datetime]:
    """Midnights, without a zone, of the days with sessions."""
    first = datetime.combine(spec.first_day, time())
    days = (first + timedelta(days=n) for n in range(2 * spec.days + 7))
    return [day for day in days if day.weekday() < SATURDAY][: spec.days]


def make_supply(dice: Dice, spec: WorldSpec, city: City) -> Supply:
    """Draw the doctors of a world with everything they offer."""
    locations = _locations(dice, spec, city)
    doctors: list[Doctor] = []
    practices: list[Practice] = []
    for number, field in enumerate(dice.rng.permutation(spread(field_shares(), spec.doctors)), 1):
        doctor = _doctor(dice, number)
        site = dice.pick(locations)
        doctors.append(doctor)
        practices += _practices(dice, spec, _role(dice, doctor, int(field), site), int(field), site)
    zone = ZoneInfo(city.areas[0].time_zone)
    sessions = [session for practice in practices for session in _sessions(spec, practice, zone)]
    return Supply(tuple(doctors), locations, tuple(practices), tuple(sessions))


def spread(shares: Float, count: int) -> Int:
    """Indices of ``shares``, ``count`` in all, each as often as its share says.

    Largest remainders get what rounding leaves.
    """
    exact = shares * count
    number = np.floor(exact).astype(np.int64)
    order = np.argsort(number - exact, kind="stable")
    number[order[: count - int(number.sum())]] += 1
    return np.repeat(np.arange(len(shares)), number)


def _locations(dice: Dice, spec: WorldSpec, city: City) -> tuple[Location, ...]:
    number = max(2, spec.doctors // DOCTORS_PER_SITE)
    areas = dice.rng.integers(0, len(city.areas), number)
    latitude, longitude = city.points(dice, areas)
    return tuple(
        Location(
            id=f"site-{n + 1:03d}",
            name=f"{city.areas[area].city}, site {n + 1}",
            coordinates=Coordinates(latitude=float(latitude[n]), longitude=float(longitude[n])),
            time_zone=city.areas[area].time_zone,
            postal_code=city.areas[area].postal_code,
            state=city.areas[area].state,
        )
        for n, area in enumerate(areas.tolist())
    )


def _doctor(dice: Dice, number: int) -> Doctor:
    gender: Gender = "female" if dice.chance(SHARE_FEMALE_DOCTORS) else "male"
    languages = ("en", "es") if dice.chance(SHARE_SPANISH) else ("en",)
    return Doctor(id=f"doctor-{number:05d}", gender=gender, languages=languages)


def _role(dice: Dice, doctor: Doctor, field: int, site: Location) -> Role:
    own = [name for name in networks() if dice.chance(SHARE_ROLE_IN_NETWORK)]
    return Role(
        id=f"{doctor.id}-at-{site.id}",
        doctor_id=doctor.id,
        location_id=site.id,
        specialties=(FIELDS[field].code,),
        networks="any" if dice.chance(SHARE_ANY_NETWORK) else tuple(own),
        accepts_self_pay=dice.chance(SHARE_SELF_PAY),
        accepts_new=dice.weighted(ACCEPTS_NEW),
        group_id=f"group-{site.id}",
        age_max=LAST_AGE_OF_CHILDREN if field == CHILDREN else None,
        genders_served=("female",) if field == WOMEN else (),
    )


def _practices(
    dice: Dice, spec: WorldSpec, role: Role, field: int, site: Location
) -> Iterator[Practice]:
    """The role at its site and, with some doctors, one half day a week by video."""
    half_days = _half_days(dice, spec)
    at_video: tuple[datetime, ...] = ()
    if dice.chance(SHARE_VIDEO):
        first = half_days[0]
        same = (first.weekday(), first.hour)
        at_video = tuple(half for half in half_days if (half.weekday(), half.hour) == same)
        by_video = replace(
            role,
            id=f"{role.doctor_id}-by-video",
            location_id=None,
            time_zone=site.time_zone,
            licensed_states=(site.state or "",),
        )
        yield Practice(by_video, field, at_video)
    yield Practice(role, field, tuple(half for half in half_days if half not in at_video))


def _half_days(dice: Dice, spec: WorldSpec) -> list[datetime]:
    """Begin of the half days a doctor works: all of them, or four to seven of ten a week."""
    weekly = [(weekday, hour) for weekday in range(SATURDAY) for hour in HALF_DAY_HOURS]
    if not dice.chance(SHARE_FULL_TIME):
        weekly = dice.some(weekly, dice.whole(4, 7))
    days = working_days(spec)
    halves = [
        day.replace(hour=hour)
        for day in days
        for weekday, hour in weekly
        if day.weekday() == weekday
    ]
    return halves or [days[0].replace(hour=HALF_DAY_HOURS[0])]


def _sessions(spec: WorldSpec, practice: Practice, zone: ZoneInfo) -> Iterator[Session]:
    field = FIELDS[practice.field]
    offered = tuple(
        visit_type_id(field, cells)
        for cells, share in zip(CELLS_OF_VISITS, SHARE_OF_VISITS[spec.visits], strict=True)
        if share
    )
    length = timedelta(minutes=CELLS_PER_HALF_DAY * CELL_MINUTES)
    stamp = "%m%d-%H" if spec.days <= WORKING_DAYS_A_YEAR else "%Y%m%d-%H"
    for half in practice.half_days:
        yield Session(
            id=f"{practice.role.id}-{half.strftime(stamp)}",
            role_id=practice.role.id,
            start=half.replace(tzinfo=zone),
            end=(half + length).replace(tzinfo=zone),
            cell_minutes=CELL_MINUTES,
            visit_type_ids=offered,
        )
