"""A whole world from a spec; or requests around doctors who are there already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from engine.domain import (
    DATASET_SCHEMA,
    Appointment,
    Coordinates,
    Dataset,
    Header,
    Interval,
    Request,
    Session,
)
from scenarios.world import booking
from scenarios.world.around import circumstances_around
from scenarios.world.city import City
from scenarios.world.demand import Calendar, Circumstances, draw_demand
from scenarios.world.dice import Dice
from scenarios.world.insurance import insurance_plans
from scenarios.world.medicine import (
    CELLS_OF_VISITS,
    CHILDREN,
    FIELDS,
    SHARE_OF_VISITS,
    WOMEN,
    field_shares,
    visit_type_id,
    visit_types,
)
from scenarios.world.spec import WorldSpec
from scenarios.world.supply import Supply, make_supply, spread, working_days

AS_OF_HOUR = 7


def generate_world(spec: WorldSpec) -> Dataset:
    """Generate a city with everything in it.

    Raises
    ------
    ValueError
        The postal code of the centre is unknown.
    """
    dice = Dice(spec.seed)
    city = City.around(spec.postal_code, spec.doctors)
    plans = insurance_plans(dice)
    supply = make_supply(dice, spec, city)
    header = _header(spec, ZoneInfo(city.areas[0].time_zone))
    num_days = (header.horizon.end - header.horizon.start).days
    calendar = Calendar(header.as_of, spec.first_day, num_days)
    given = _anywhere_in(city, dice, spec, supply, [plan.id for plan in plans])
    patients, requests = draw_demand(dice, calendar, given)
    return Dataset(
        header=header,
        patients=patients,
        requests=requests,
        doctors=supply.doctors,
        roles=tuple(practice.role for practice in supply.practices),
        locations=supply.locations,
        insurance_plans=plans,
        visit_types=visit_types(spec),
        sessions=supply.sessions,
        appointments=tuple(_bookings(dice, spec, supply, requests)),
    )


def requests_around(dataset: Dataset, number: int, seed: int) -> Dataset:
    """The dataset with ``number`` drawn requests instead of its own.

    Each begins at a role: a home near its place, its specialty, mostly an insurance plan it
    takes. Appointments of former requests become blocks.

    Raises
    ------
    ValueError
        No role with sessions, at a place with coordinates or a known postal code, practises
        a specialty that has a type of visit.
    """
    dice = Dice(seed)
    header = dataset.header
    zone = ZoneInfo(header.time_zone)
    first_day = max(header.as_of, header.horizon.start).astimezone(zone).date()
    num_days = (header.horizon.end.astimezone(zone).date() - first_day).days
    given = circumstances_around(dice, dataset, number)
    patients, requests = draw_demand(dice, Calendar(header.as_of, first_day, num_days), given)
    blocks = tuple(replace(row, request_id=None) for row in dataset.appointments)
    return replace(dataset, patients=patients, requests=requests, links=(), appointments=blocks)


def _header(spec: WorldSpec, zone: ZoneInfo) -> Header:
    days = working_days(spec)
    as_of = datetime.combine(spec.first_day, time(AS_OF_HOUR), zone)
    start = datetime.combine(spec.first_day, time(), zone)
    end = (days[-1] + timedelta(days=1)).replace(tzinfo=zone)
    return Header(
        schema=DATASET_SCHEMA,
        as_of=as_of,
        horizon=Interval(start=start, end=end),
        time_zone=zone.key,
    )


def _anywhere_in(
    city: City, dice: Dice, spec: WorldSpec, supply: Supply, plan_ids: list[str]
) -> Iterator[Circumstances]:
    """Patients anywhere in the city, fields of medicine as often as doctors practise them."""
    doctors_of: dict[int, list[str]] = defaultdict(list)
    for practice in supply.practices:
        if practice.role.location_id is not None and practice.role.doctor_id is not None:
            doctors_of[practice.field].append(practice.role.doctor_id)
    offered = np.array([bool(doctors_of[index]) for index in range(len(FIELDS))])
    shares = np.where(offered, field_shares(), 0.0)
    wanted = dice.rng.permutation(spread(shares / shares.sum(), spec.requests))
    areas = dice.rng.integers(0, len(city.areas), spec.requests)
    latitude, longitude = city.points(dice, areas)
    lengths = list(zip(CELLS_OF_VISITS, SHARE_OF_VISITS[spec.visits], strict=True))
    for number, field in enumerate(wanted.tolist()):
        yield Circumstances(
            home=Coordinates(latitude=float(latitude[number]), longitude=float(longitude[number])),
            state=city.areas[areas[number]].state,
            specialty=FIELDS[field].code,
            visit_types={
                visit_type_id(FIELDS[field], cells): share for cells, share in lengths if share
            },
            plan_ids=plan_ids,
            doctor_ids=doctors_of[field],
            children_only=field == CHILDREN,
            women_only=field == WOMEN,
        )


def _bookings(
    dice: Dice, spec: WorldSpec, supply: Supply, requests: Sequence[Request]
) -> Iterator[Appointment]:
    """Book what is not to be free, field by field."""
    field_of_role = {practice.role.id: practice.field for practice in supply.practices}
    cells_of_type = {
        visit_type_id(field, cells): (index, cells)
        for index, field in enumerate(FIELDS)
        for cells in CELLS_OF_VISITS
    }
    asked: Counter[int] = Counter()
    for request in requests:
        field, cells = cells_of_type[request.visit_type_id]
        asked[field] += cells
    sessions_of: dict[int, list[Session]] = defaultdict(list)
    for session in supply.sessions:
        sessions_of[field_of_role[session.role_id]].append(session)
    for field, sessions in sorted(sessions_of.items()):
        if spec.tightness == "tight":
            wanted = round(asked[field] * booking.FREE_PER_REQUESTED)
            free = booking.tight(dice, len(sessions), wanted)
        else:
            free = booking.loose(dice, len(sessions))
        yield from booking.booked_blocks(sessions, free)
