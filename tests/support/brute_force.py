"""The rules a third time, in plain Python on the records, with every plan tried.

Slow and obvious: datetimes of the standard library, no arrays, nothing shared with the
engine but the records. For worlds of a handful of requests.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, product
from zoneinfo import ZoneInfo

from brute_force_together import Visit, all_or_none, hold_together, load

from engine.domain import Coordinates, Dataset, Declined, PostalArea, Request, Role, Session
from engine.geography import postal_place

ORDER = ("emergent", "urgent", "soon", "routine")
RELEASE = timedelta(minutes=2880)
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Place:
    """One way to place one request."""

    request: Request
    session: Session
    role: Role
    start: datetime
    end: datetime
    busy_start: datetime
    busy_end: datetime

    @property
    def is_timed(self) -> bool:
        """Whether there is a told time."""
        return self.session.kind == "timed"


class World:
    """A dataset with its records by id."""

    def __init__(self, dataset: Dataset, overbooked_step: int = 0) -> None:
        self.dataset = dataset
        self.overbooked_step = overbooked_step
        self.now = dataset.header.as_of.astimezone(UTC)
        self.patients = {row.id: row for row in dataset.patients}
        self.roles = {row.id: row for row in dataset.roles}
        self.locations = {row.id: row for row in dataset.locations}
        self.visit_types = {row.id: row for row in dataset.visit_types}
        self.doctors = {row.id: row for row in dataset.doctors}
        self.plans = {row.id: row for row in dataset.insurance_plans}
        self.requests = {row.id: row for row in dataset.requests}
        self.active = [
            row
            for row in dataset.appointments
            if row.status != "held" or row.held_until.astimezone(UTC) > self.now  # type: ignore[union-attr]
        ]
        held = {row.request_id for row in self.active}
        self.open = [row for row in dataset.requests if row.id not in held]
        self.published = _published(self)

    def zone(self, role: Role) -> ZoneInfo:
        """The clock at the place of a role."""
        if role.location_id is None:
            return ZoneInfo(role.time_zone or "")
        return ZoneInfo(self.locations[role.location_id].time_zone)

    def who(self, role: Role) -> str:
        """The doctor or service of a role."""
        return role.doctor_id or role.service_id or ""

    def knows(self, patient_id: str, role: Role) -> bool:
        """Whether the patient is established there."""
        return bool(
            {self.who(role), role.group_id} & set(self.patients[patient_id].established_with)
        )

    def minutes(self, request: Request, role: Role) -> int:
        """Length of the visit."""
        for term in request.doctor_terms:
            if term.doctor_id == self.who(role) and term.minutes is not None:
                return term.minutes
        known = self.knows(request.patient_id, role)
        for own in role.visit_minutes:
            if own.visit_type_id == request.visit_type_id:
                return own.minutes if known else own.minutes_new or own.minutes
        visit_type = self.visit_types[request.visit_type_id]
        return visit_type.minutes if known else visit_type.minutes_new or visit_type.minutes

    def point(self, location_id: str | None) -> Coordinates | None:
        """Where a place is."""
        if location_id is None:
            return None
        location = self.locations[location_id]
        return location.coordinates or _centre(location.postal_code)

    def metres(self, request: Request, role: Role) -> int | None:
        """Distance, by the spherical law of cosines."""
        home = self.patients[request.patient_id].home
        if isinstance(home, PostalArea):
            home = _centre(home.postal_code)
        there = self.point(role.location_id)
        if home is None or there is None:
            return None
        a, b = math.radians(home.latitude), math.radians(there.latitude)
        across = math.cos(math.radians(home.longitude - there.longitude))
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * across
        return round(6_371_008.8 * math.acos(max(-1.0, min(1.0, cosine))))


def _centre(postal_code: str | None) -> Coordinates | None:
    place = postal_place(postal_code) if postal_code else None
    return Coordinates(latitude=place.latitude, longitude=place.longitude) if place else None


def places(world: World, request: Request) -> Iterator[Place]:
    """Every eligible place of a request, alone."""
    for session in world.dataset.sessions:
        role = world.roles[session.role_id]
        for place in _starts(world, request, session, role):
            if _eligible(world, place) and _fits_alone(world, place):
                yield place


def _starts(world: World, request: Request, session: Session, role: Role) -> Iterator[Place]:
    start, end = session.start.astimezone(UTC), session.end.astimezone(UTC)
    horizon = world.dataset.header.horizon
    if session.kind == "day":
        inside = horizon.start.astimezone(UTC) <= start and end <= horizon.end.astimezone(UTC)
        if inside and end > world.now:
            yield Place(request, session, role, start, end, start, end)
        return
    visit_type = world.visit_types[request.visit_type_id]
    before = timedelta(minutes=visit_type.minutes_before)
    length = timedelta(minutes=world.minutes(request, role))
    after = timedelta(minutes=visit_type.minutes_after)
    cell = timedelta(minutes=session.cell_minutes or 0)
    cells = -(-(before + length + after) // cell)
    first = start
    while first + cells * cell <= end:
        told = first + before
        inside = horizon.start.astimezone(UTC) <= first
        inside &= first + cells * cell <= horizon.end.astimezone(UTC)
        if inside and first >= world.now:
            yield Place(request, session, role, told, told + length, first, first + cells * cell)
        first += cell


def _eligible(world: World, place: Place) -> bool:
    request, role, session = place.request, place.role, place.session
    patient = world.patients[request.patient_id]
    visit_type = world.visit_types[request.visit_type_id]
    doctor = world.doctors.get(role.doctor_id or "")
    zone = world.zone(role)
    start = place.start.astimezone(zone)
    wishes, insists = request.wishes, request.insists_on
    checks = [
        request.specialty is None or any(_answers(request.specialty, c) for c in role.specialties),
        _paid(world, patient.insurance_plan_id, role),
        visit_type.modality in ("any", _modality(role)),
        "modality" not in insists or wishes.modality == _modality(role),
        role.location_id is not None or patient.state in role.licensed_states,
        len(role.genders_served) in (0, 3) or patient.gender in role.genders_served,
        wishes.gender is None or (doctor is not None and doctor.gender == wishes.gender),
        doctor is None
        or not doctor.languages
        or not patient.languages
        or bool(set(doctor.languages) & set(patient.languages)),
        doctor is None or wishes.language is None or wishes.language in doctor.languages,
        _taken_on(world, patient.id, role),
        "doctors" not in insists or world.who(role) in {w.doctor_id for w in wishes.doctors},
        "locations" not in insists or role.location_id in wishes.location_ids,
        _near(world, request, role),
        not session.visit_type_ids or request.visit_type_id in session.visit_type_ids,
        not visit_type.specialties
        or any(_answers(a, h) for a in visit_type.specialties for h in role.specialties),
        _in_window(world, place, start),
        "times" not in insists or suits(world, place),
        (place.start if place.is_timed else place.end) - world.now
        >= timedelta(minutes=role.min_notice_minutes or 0),
        _age_served(world, place, start.date()),
        _open_to(world, place),
        not any(_is_declined(world, place, row) for row in request.declined),
    ]
    return all(checks)


def _is_declined(world: World, place: Place, row: Declined) -> bool:
    start = place.start.astimezone(world.zone(place.role))
    if row.start is not None and row.start.astimezone(UTC) != place.start.astimezone(UTC):
        return False
    if row.before is not None and place.start >= _instant(world, row.before, end=False):
        return False
    names = (row.doctor_id, row.location_id, row.role_id)
    there = (world.who(place.role), place.role.location_id, place.role.id)
    if any(name not in (None, own) for name, own in zip(names, there, strict=True)):
        return False
    if not row.times:
        return True
    day = WEEKDAYS[start.weekday()]
    clocks = [f"{start:%H:%M}"]
    if not place.is_timed:
        clocks = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440)]
    return all(any(day in s.days and s.start <= c < s.end for s in row.times) for c in clocks)


def _answers(asked: str, held: str) -> bool:
    stem = asked[:4] if len(asked) == 10 and asked.endswith("00000X") else asked
    is_nucc = asked[:2].isdigit() and held[:2].isdigit()
    return asked == held or (is_nucc and len(stem) < 10 and held.startswith(stem))


def _paid(world: World, plan_id: str | None, role: Role) -> bool:
    if role.networks == "any":
        return True
    if plan_id is None:
        return role.accepts_self_pay
    return bool(set(world.plans[plan_id].networks) & set(role.networks))


def _modality(role: Role) -> str:
    return "video" if role.location_id is None else "in_person"


def _taken_on(world: World, patient_id: str, role: Role) -> bool:
    if role.accepts_new in ("all", "none"):
        return role.accepts_new == "all"
    family = world.patients[patient_id].family_id
    circle = {patient_id}
    if role.accepts_new == "family" and family is not None:
        circle |= {row.id for row in world.dataset.patients if row.family_id == family}
    return any(world.knows(person, role) for person in circle)


def _near(world: World, request: Request, role: Role) -> bool:
    if request.max_travel_km is None or role.location_id is None:
        return True
    metres = world.metres(request, role)
    return metres is not None and metres <= request.max_travel_km * 1000


def _instant(world: World, value: date | datetime, *, end: bool) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    zone = ZoneInfo(world.dataset.header.time_zone)
    return datetime.combine(value + (DAY if end else timedelta()), time(), zone).astimezone(UTC)


def _in_window(world: World, place: Place, start: datetime) -> bool:
    request, zone = place.request, start.tzinfo
    earliest = None if request.earliest is None else _instant(world, request.earliest, end=False)
    latest = None if request.latest is None else _instant(world, request.latest, end=True)
    if place.is_timed:
        return (earliest is None or earliest <= place.start) and (
            latest is None or place.end <= latest
        )
    if earliest is not None and place.end <= earliest:
        return False
    if latest is not None and place.start >= latest:
        return False
    last = None if latest is None else (latest - timedelta(minutes=1)).astimezone(zone).date()
    first = None if earliest is None else earliest.astimezone(zone).date()
    return (first is None or first <= start.date()) and (last is None or start.date() <= last)


def suits(world: World, place: Place) -> bool:
    """Whether a visit lies in the weekly times of its request."""
    times = place.request.wishes.times
    if not times:
        return True
    zone = world.zone(place.role)
    start, end = place.start.astimezone(zone), place.end.astimezone(zone)
    if not place.is_timed:
        return any(WEEKDAYS[start.weekday()] in stretch.days for stretch in times)
    moment = start
    while moment.astimezone(UTC) < end.astimezone(UTC):
        clock = f"{moment:%H:%M}"
        day = WEEKDAYS[moment.weekday()]
        if not any(day in s.days and s.start <= clock < s.end for s in times):
            return False
        moment = (moment.astimezone(UTC) + timedelta(minutes=1)).astimezone(zone)
    return True


def _age_served(world: World, place: Place, day: date) -> bool:
    role, visit_type = place.role, world.visit_types[place.request.visit_type_id]
    lows = [x for x in (role.age_min, visit_type.age_min) if x is not None]
    highs = [x for x in (role.age_max, visit_type.age_max) if x is not None]
    if not lows and not highs:
        return True
    birth = world.patients[place.request.patient_id].birth_date
    if birth is None:
        return False
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return all(low <= age for low in lows) and all(age <= high for high in highs)


def _open_to(world: World, place: Place) -> bool:
    kept = place.session.reserved_for
    if kept is None or ORDER.index(place.request.urgency) <= ORDER.index(kept):
        return True
    cell = timedelta(minutes=place.session.cell_minutes or 0)
    last = place.busy_end - cell if place.is_timed else place.busy_start
    return last - world.now <= RELEASE


def _overlap(a: Place | object, b: Place | object, start: str, end: str) -> bool:
    return bool(getattr(a, start) < getattr(b, end) and getattr(b, start) < getattr(a, end))


@dataclass(frozen=True)
class _Published:
    """An active appointment in the shape of a place."""

    request_id: str | None
    patient_id: str | None
    visit_type_id: str | None
    role: Role
    start: datetime
    end: datetime
    busy_start: datetime
    busy_end: datetime
    sessions: tuple[str, ...]
    is_timed: bool


def _published(world: World) -> list[_Published]:
    found = []
    for row in world.active:
        request = world.requests.get(row.request_id or "")
        pad = world.visit_types[request.visit_type_id] if request else None
        start, end = row.start.astimezone(UTC), row.end.astimezone(UTC)
        busy_start = start - timedelta(minutes=pad.minutes_before if pad else 0)
        busy_end = end + timedelta(minutes=pad.minutes_after if pad else 0)
        mine = [s for s in world.dataset.sessions if s.role_id == row.role_id]
        mine = [
            s
            for s in mine
            if s.start.astimezone(UTC) < busy_end and busy_start < s.end.astimezone(UTC)
        ]
        seats = [s for s in mine if s.kind == "day" and s.start == row.start and s.end == row.end]
        timed = [s for s in mine if s.kind == "timed"]
        days = sorted(seats or mine, key=lambda s: (not _offers(s, request), s.id))
        timed.sort(key=lambda s: (s.start.astimezone(UTC), s.id))
        taken = days[:1] if seats or not timed else timed
        found.append(
            _Published(
                request.id if request else None,
                request.patient_id if request else None,
                request.visit_type_id if request else None,
                world.roles[row.role_id],
                start,
                end,
                busy_start,
                busy_end,
                tuple(s.id for s in taken),
                not seats,
            )
        )
    return found


def _offers(session: Session, request: Request | None) -> bool:
    return not session.visit_type_ids or (
        request is not None and request.visit_type_id in session.visit_type_ids
    )


def _fits_alone(world: World, place: Place) -> bool:
    """Whether appointments leave room for a place."""
    return _fits(world, [place], alone=True)


def _fits(world: World, chosen: list[Place], *, alone: bool = False) -> bool:
    """Whether places fit together and with the appointments; ``alone``: others may follow."""
    published = world.published
    return (
        _seats_hold(world, chosen, published)
        and _patients_hold(chosen, published)
        and _doctors_hold(chosen, published)
        and _caps_hold(world, chosen, published)
        and hold_together(world, _visits(world, chosen), alone=alone)
    )


def _visits(world: World, chosen: list[Place]) -> list[Visit]:
    """Places chosen and appointments as visits."""
    return [
        Visit(
            p.request.id,
            p.request.patient_id,
            p.request.visit_type_id,
            p.role,
            p.start,
            p.end,
            p.busy_start,
            p.busy_end,
            p.start.astimezone(world.zone(p.role)).date(),
            p.is_timed,
            is_new=True,
        )
        for p in chosen
    ] + [
        Visit(
            p.request_id,
            p.patient_id or "",
            p.visit_type_id or "",
            p.role,
            p.start,
            p.end,
            p.busy_start,
            p.busy_end,
            p.start.astimezone(world.zone(p.role)).date(),
            p.is_timed,
            is_new=False,
        )
        for p in world.published
        if p.request_id is not None
    ]


def _seats_hold(world: World, chosen: list[Place], published: list[_Published]) -> bool:
    for place in chosen:
        cell = timedelta(minutes=place.session.cell_minutes or 0)
        moment = place.busy_start
        while moment < place.busy_end:
            until = moment + cell if place.is_timed else place.busy_end
            mates = [p for p in chosen if p.session.id == place.session.id]
            use = sum(p.busy_start <= moment < p.busy_end for p in mates)
            use += sum(
                place.session.id in p.sessions and p.busy_start < until and moment < p.busy_end
                for p in published
            )
            if use > _seats(world, place, moment):
                return False
            moment = until
    return True


def _seats(world: World, place: Place, moment: datetime) -> int:
    """Seats of the cell that begins then, with every n-th cell overbooked."""
    session, step = place.session, world.overbooked_step
    if not step:
        return session.capacity
    if not place.is_timed:
        return session.capacity + session.capacity // step
    cell = timedelta(minutes=session.cell_minutes or 0)
    number = (moment - session.start.astimezone(UTC)) // cell + 1
    return session.capacity + (number % step == 0)


def _patients_hold(chosen: list[Place], published: list[_Published]) -> bool:
    timed = [place for place in chosen if place.is_timed]
    for a, b in combinations(timed, 2):
        if a.request.patient_id == b.request.patient_id and _overlap(a, b, "start", "end"):
            return False
    return not any(
        a.request.patient_id == p.patient_id and p.is_timed and _overlap(a, p, "start", "end")
        for a in timed
        for p in published
    )


def _doctors_hold(chosen: list[Place], published: list[_Published]) -> bool:
    timed = [p for p in chosen if p.is_timed and p.role.doctor_id is not None]
    for a, b in combinations(timed, 2):
        same = a.role.doctor_id == b.role.doctor_id and a.session.id != b.session.id
        if same and _overlap(a, b, "busy_start", "busy_end"):
            return False
    for a in timed:
        for p in published:
            if p.role.doctor_id != a.role.doctor_id or not p.is_timed:
                continue
            home = p.sessions[0] if p.sessions else None
            if home != a.session.id and _overlap(a, p, "busy_start", "busy_end"):
                return False
    return True


def _caps_hold(world: World, chosen: list[Place], published: list[_Published]) -> bool:
    visits = [(p.role, p.request.visit_type_id, p.start) for p in chosen]
    fixed = [(p.role, p.visit_type_id or "", p.start) for p in published if p.visit_type_id]
    for role in world.dataset.roles:
        for cap in role.daily_caps:
            days: dict[date, list[bool]] = {}
            for number, (r, visit_type_id, start) in enumerate(visits + fixed):
                scope = r.id == role.id if cap.per == "role" else world.who(r) == world.who(role)
                if scope and cap.visit_type_id in (None, visit_type_id):
                    day = start.astimezone(world.zone(r)).date()
                    days.setdefault(day, []).append(number < len(visits))
            if any(len(mine) > cap.limit and any(mine) for mine in days.values()):
                return False
    return True


def cost(world: World, place: Place) -> tuple[int, int]:
    """Lateness in days and inconvenience in milli-days."""
    request, role = place.request, place.role
    zone = world.zone(role)
    created = request.created.astimezone(UTC).replace(second=0, microsecond=0)
    ready = created
    if request.earliest is not None:
        ready = max(created, _instant(world, request.earliest, end=False))
    start = place.start.astimezone(zone)
    due = _due(world, request, ready, zone)
    late = math.ceil((place.start - due) / DAY)
    if place.is_timed:
        wait = _half_up((place.start - ready).total_seconds() / 60 * 1000 / 1440)
    else:
        late = (start.date() - (due - timedelta(minutes=1)).astimezone(zone).date()).days
        wait = 1000 * (start.date() - ready.astimezone(zone).date()).days
    price = max(wait, 0) + _doctor_price(world, request, role)
    price += 0 if suits(world, place) else 2750
    metres = world.metres(request, role) if role.location_id else None
    price += _half_up(max(0, (metres or 0) - 5000) * 0.1)
    wishes = request.wishes
    price += 1000 * (bool(wishes.location_ids) and role.location_id not in wishes.location_ids)
    price += 2000 * (wishes.modality not in (None, _modality(role)))
    price += sum(
        _half_up(t.days * 1000) for t in request.doctor_terms if t.doctor_id == world.who(role)
    )
    return max(late, 0), price


def _half_up(value: float) -> int:
    return math.floor(round(value, 6) + 0.5)


def _due(world: World, request: Request, ready: datetime, zone: ZoneInfo) -> datetime:
    if request.see_by is not None:
        return _instant(world, request.see_by, end=True)
    if request.urgency in ("emergent", "urgent"):
        return ready + timedelta(hours=24 if request.urgency == "emergent" else 48)
    day, left = ready.astimezone(zone).date(), 10 if request.urgency == "soon" else 15
    while left:
        day += DAY
        left -= day.weekday() < 5 and day not in world.dataset.header.holidays
    return datetime.combine(day + DAY, time(), zone).astimezone(UTC)


def _doctor_price(world: World, request: Request, role: Role) -> int:
    listed = request.wishes.doctors
    if not listed:
        return 0
    highest = max([5000] + [_half_up(w.days * 1000) for w in listed if w.days is not None])
    for place, wish in enumerate(listed):
        if wish.doctor_id == world.who(role):
            return (
                _half_up(5000 * place / len(listed))
                if wish.days is None
                else _half_up(wish.days * 1000)
            )
    return highest


def optimum(dataset: Dataset, *, overbooked_step: int = 0, spread: bool = False) -> tuple[int, ...]:
    """Best values of the levels over every plan there is: unplaced by class, late, price, and
    the load where asked for.
    """
    world = World(dataset, overbooked_step)
    options = [list(_options(world, row)) for row in world.open]
    if not options:
        return (0,) * (len(ORDER) + 2 + spread)
    best: tuple[int, ...] | None = None
    for choice in product(*options):
        value = tuple(map(sum, zip(*(counted for _, counted in choice), strict=True)))
        if best is not None and value > best[: len(value)]:
            continue
        chosen = [place for place, _ in choice if place is not None]
        value += (load(world, _visits(world, chosen)),) if spread else ()
        placed = {place.request.id for place in chosen}
        if (best is None or value < best) and all_or_none(world, placed) and _fits(world, chosen):
            best = value
    assert best is not None
    return best


def _options(world: World, request: Request) -> Iterator[tuple[Place | None, tuple[int, ...]]]:
    """Every way to place a request, or none, and what it counts at each level."""
    yield None, (*(int(request.urgency == name) for name in ORDER), 0, 0)
    for place in places(world, request):
        yield place, (*(0 for _ in ORDER), *cost(world, place))
