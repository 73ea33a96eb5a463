"""What places may stand together, for the brute force: seats, patients, doctors, caps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations

from brute_force_together import Visit, hold_together
from brute_force_world import Place, Published, World
from extra_seats import extra_seats


def fits(world: World, chosen: list[Place], *, alone: bool = False) -> bool:
    """Whether places fit together and with the appointments; ``alone``: others may follow."""
    published = world.published
    return (
        _seats_hold(world, chosen, published)
        and _patients_hold(chosen, published)
        and _doctors_hold(chosen, published)
        and _caps_hold(world, chosen, published)
        and hold_together(world, visits_of(world, chosen), alone=alone)
    )


def visits_of(world: World, chosen: list[Place]) -> list[Visit]:
    """Places chosen and appointments as visits."""
    booked = [row for row in world.published if row.request_id is not None]
    return [_visit(world, place, is_new=True) for place in chosen] + [
        _visit(world, row, is_new=False) for row in booked
    ]


def _visit(world: World, row: Place | Published, *, is_new: bool) -> Visit:
    return Visit(
        row.request_id or "",
        row.patient_id or "",
        row.visit_type_id or "",
        row.role,
        row.start,
        row.end,
        row.busy_start,
        row.busy_end,
        row.start.astimezone(world.zone(row.role)).date(),
        row.is_timed,
        is_new=is_new,
    )


def _seats_hold(world: World, chosen: list[Place], published: list[Published]) -> bool:
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
    begins = moment.astimezone(world.zone(place.role))
    return place.session.capacity + extra_seats(place.session, world.overbooked_step, begins)


def _patients_hold(chosen: list[Place], published: list[Published]) -> bool:
    timed = [place for place in chosen if place.is_timed]
    for a, b in combinations(timed, 2):
        if a.request.patient_id == b.request.patient_id and _overlap(a, b, "start", "end"):
            return False
    return not any(
        a.request.patient_id == p.patient_id and p.is_timed and _overlap(a, p, "start", "end")
        for a in timed
        for p in published
    )


def _doctors_hold(chosen: list[Place], published: list[Published]) -> bool:
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


def _caps_hold(world: World, chosen: list[Place], published: list[Published]) -> bool:
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


def _overlap(a: Place | Published, b: Place | Published, start: str, end: str) -> bool:
    return bool(getattr(a, start) < getattr(b, end) and getattr(b, start) < getattr(a, end))
