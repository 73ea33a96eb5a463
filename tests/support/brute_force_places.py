"""Where one request alone could go, for the brute force: every rule about a single place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from brute_force_fits import fits
from brute_force_world import ORDER, WEEKDAYS, Place, World, modality

from engine.domain import Declined, Request, Role, Session

RELEASE = timedelta(minutes=2880)


def places(world: World, request: Request) -> Iterator[Place]:
    """Every eligible place of a request, alone."""
    for session in world.dataset.sessions:
        role = world.roles[session.role_id]
        for place in starts(world, request, session, role):
            if is_eligible(world, place) and fits(world, [place], alone=True):
                yield place


def starts(world: World, request: Request, session: Session, role: Role) -> Iterator[Place]:
    """Every cell of a session at which the visit could begin, eligible or not."""
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


def is_eligible(world: World, place: Place) -> bool:
    """Whether a request may take a place, whatever else is there."""
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
        visit_type.modality in ("any", modality(role)),
        "modality" not in insists or wishes.modality == modality(role),
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
    if row.before is not None and place.start >= world.instant(row.before, end=False):
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


def _in_window(world: World, place: Place, start: datetime) -> bool:
    request, zone = place.request, start.tzinfo
    earliest = None if request.earliest is None else world.instant(request.earliest, end=False)
    latest = None if request.latest is None else world.instant(request.latest, end=True)
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
