"""What a place costs its request, for the brute force: days late, and milli-days of trouble."""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from brute_force_places import suits
from brute_force_world import DAY, Place, World, modality

from engine.domain import Request, Role


def cost(world: World, place: Place) -> tuple[int, int]:
    """Lateness in days and inconvenience in milli-days."""
    request, role = place.request, place.role
    zone = world.zone(role)
    created = request.created.astimezone(UTC).replace(second=0, microsecond=0)
    ready = created
    if request.earliest is not None:
        ready = max(created, world.instant(request.earliest, end=False))
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
    price += 2000 * (wishes.modality not in (None, modality(role)))
    price += sum(
        _half_up(t.days * 1000) for t in request.doctor_terms if t.doctor_id == world.who(role)
    )
    return max(late, 0), price


def _half_up(value: float) -> int:
    return math.floor(round(value, 6) + 0.5)


def _due(world: World, request: Request, ready: datetime, zone: ZoneInfo) -> datetime:
    if request.see_by is not None:
        return world.instant(request.see_by, end=True)
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
