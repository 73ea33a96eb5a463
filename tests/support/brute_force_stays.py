"""What visits may do together in a repair, for the brute force: new, kept and fixed alike.

A new place holds its cells, one that was told its own minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from brute_force_together import Visit, hold_together
from brute_force_world import World

from engine.domain import Role, Session


@dataclass(frozen=True)
class Stay:
    """A visit in a plan: a new place, one that is kept, or one that stays whatever happens."""

    request_id: str | None
    patient_id: str
    visit_type_id: str
    role: Role
    start: datetime
    end: datetime
    busy_start: datetime
    busy_end: datetime
    sessions: tuple[str, ...]
    is_timed: bool
    is_fixed: bool = False


def fits(world: World, stays: list[Stay], only: set[str] | None = None) -> bool:
    """Whether visits stand together; those that are fixed may have broken a rule before.

    Parameters
    ----------
    only
        Requests of which one at least must be part of what is broken; by default any.
    """
    if only is not None:
        stays = [replace(s, is_fixed=s.is_fixed or s.request_id not in only) for s in stays]
    return (
        all(seats_hold(session, stays) for session in world.dataset.sessions)
        and not any(_collide(one, other) for one, other in combinations(stays, 2))
        and _caps_hold(world, stays)
        and hold_together(
            world, [_visit(world, stay) for stay in stays if stay.request_id], alone=False
        )
    )


def _visit(world: World, stay: Stay) -> Visit:
    return Visit(
        stay.request_id or "",
        stay.patient_id,
        stay.visit_type_id,
        stay.role,
        stay.start,
        stay.end,
        stay.busy_start,
        stay.busy_end,
        stay.start.astimezone(world.zone(stay.role)).date(),
        stay.is_timed,
        is_new=not stay.is_fixed,
    )


def seats_hold(session: Session, stays: list[Stay]) -> bool:
    """Whether no cell of a session is taken by more than it has seats, but by those fixed."""
    mine = [stay for stay in stays if session.id in stay.sessions]
    start, end = session.start.astimezone(UTC), session.end.astimezone(UTC)
    cell = end - start if session.kind == "day" else timedelta(minutes=session.cell_minutes or 0)
    while start + cell <= end:
        there = [s for s in mine if s.busy_start < start + cell and start < s.busy_end]
        if len(there) > session.capacity and any(not stay.is_fixed for stay in there):
            return False
        start += cell
    return True


def _collide(one: Stay, other: Stay) -> bool:
    """Whether a patient, or a doctor, would have to be in two places."""
    if (one.is_fixed and other.is_fixed) or not (one.is_timed and other.is_timed):
        return False
    is_same = one.patient_id and one.patient_id == other.patient_id
    if is_same and one.start < other.end and other.start < one.end:
        return True
    if one.role.doctor_id is None or one.role.doctor_id != other.role.doctor_id:
        return False
    if one.sessions and one.sessions[:1] == other.sessions[:1]:
        return False
    return one.busy_start < other.busy_end and other.busy_start < one.busy_end


def _caps_hold(world: World, stays: list[Stay]) -> bool:
    for role in world.dataset.roles:
        for cap in role.daily_caps:
            on_day: dict[date, list[Stay]] = {}
            for stay in stays:
                is_role = stay.role.id == role.id
                scope = is_role if cap.per == "role" else world.who(stay.role) == world.who(role)
                if stay.request_id and scope and cap.visit_type_id in (None, stay.visit_type_id):
                    day = stay.start.astimezone(world.zone(stay.role)).date()
                    on_day.setdefault(day, []).append(stay)
            for there in on_day.values():
                if len(there) > cap.limit and not all(stay.is_fixed for stay in there):
                    return False
    return True
