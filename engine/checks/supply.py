"""Doctors, services, roles, places, visit types, rooms, sessions and appointments."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, timedelta

from engine.checks.context import Context
from engine.checks.npi import npi_check_digit_holds
from engine.domain import Role, Session
from engine.time_grid import elapsed

_NOTHING = timedelta()
_LONGEST_SESSION = timedelta(hours=48)


def check_doctors(context: Context) -> None:
    """Warn of NPIs whose check digit is wrong."""
    for path, doctor in context.rows("doctors"):
        if doctor.npi is not None and not npi_check_digit_holds(doctor.npi):
            message = "ten digits, of which the last is wrong"
            context.report.warn("npi_check_digit", f"{path}/npi", message, doctor.npi)


def check_roles(context: Context) -> None:
    """References; who, where, and whether anybody can come."""
    for path, role in context.rows("roles"):
        context.refer(f"{path}/doctor_id", role.doctor_id, "doctors")
        context.refer(f"{path}/service_id", role.service_id, "services")
        context.refer(f"{path}/location_id", role.location_id, "locations")
        minutes = [own.visit_type_id for own in role.visit_minutes]
        context.refer_all(f"{path}/visit_minutes", minutes, "visit_types")
        for index, cap in enumerate(role.daily_caps):
            where = f"{path}/daily_caps/{index}/visit_type_id"
            context.refer(where, cap.visit_type_id, "visit_types")
        context.age_range(path, role)
        if (role.doctor_id is None) == (role.service_id is None):
            message = "exactly one of doctor_id and service_id must be given"
            context.report.error("not_exactly_one", f"{path}/doctor_id", message)
        _check_video(context, path, role)
        if not role.networks and not role.accepts_self_pay:
            message = "no network and no self-payers: the role admits nobody"
            context.report.warn("no_networks", f"{path}/networks", message)


def _check_video(context: Context, path: str, role: Role) -> None:
    if role.location_id is not None:
        return
    if role.time_zone is None:
        message = "a role without a place is by video and needs a time zone"
        context.report.error("missing_time_zone", f"{path}/time_zone", message)
    if not role.licensed_states:
        message = "a video role admits only patients in its licensed states: it admits nobody"
        context.report.warn("unlicensed_video", f"{path}/licensed_states", message)


def check_caps(context: Context) -> None:
    """Warn where the roles of a doctor state different limits for the same thing."""
    limits: dict[tuple[str | None, str | None], set[int]] = defaultdict(set)
    for path, role in context.rows("roles"):
        for index, cap in enumerate(role.daily_caps):
            if cap.per == "doctor":
                seen = limits[(role.doctor_id or role.service_id, cap.visit_type_id)]
                seen.add(cap.limit)
                if len(seen) > 1:
                    message = f"the doctor's roles state {sorted(seen)}: the lowest holds"
                    where = f"{path}/daily_caps/{index}/limit"
                    context.report.warn("cap_differs", where, message, cap.limit)


def check_locations(context: Context) -> None:
    """Postal codes; warn of places that cannot be measured to."""
    for path, location in context.rows("locations"):
        if location.coordinates is not None:
            continue
        if location.postal_code is not None:
            context.postal_code(f"{path}/postal_code", location.postal_code)
        else:
            message = "neither coordinates nor postal code: every distance admits, at no price"
            context.report.warn("place_unknown", f"{path}/coordinates", message)


def check_visit_types_and_resources(context: Context) -> None:
    """Age ranges, references, and kinds of rooms that nobody has."""
    kinds = {resource.kind for resource in context.dataset.resources}
    for path, visit_type in context.rows("visit_types"):
        context.age_range(path, visit_type)
        context.distinct(f"{path}/resources", visit_type.resources)
        for index, kind in enumerate(visit_type.resources):
            if kind not in kinds:
                message = "no place has a room or device of this kind"
                context.report.warn("no_such_resource", f"{path}/resources/{index}", message, kind)
    for path, resource in context.rows("resources"):
        context.refer(f"{path}/location_id", resource.location_id, "locations")


def check_sessions(context: Context) -> None:
    """References, lengths, and sessions that are of no use."""
    for path, session in context.rows("sessions"):
        context.refer(f"{path}/role_id", session.role_id, "roles")
        context.refer_all(f"{path}/visit_type_ids", session.visit_type_ids, "visit_types")
        context.ordered(path, session.start, session.end)
        if elapsed(session.start, session.end) > _LONGEST_SESSION:
            message = f"a session lasts {_LONGEST_SESSION} at most; make one of every day"
            end = session.end.isoformat()
            context.report.error("out_of_range", f"{path}/end", message, end)
        _check_cells(context, path, session)
        horizon = context.dataset.header.horizon
        ends_before = elapsed(horizon.start, session.end) <= _NOTHING
        if ends_before or elapsed(session.start, horizon.end) <= _NOTHING:
            message = f"lies outside the horizon from {horizon.start.isoformat()}"
            start = session.start.isoformat()
            context.report.warn("outside_horizon", f"{path}/start", message, start)


def _check_cells(context: Context, path: str, session: Session) -> None:
    if session.kind == "day":
        return
    if session.cell_minutes is None:
        message = "a timed session needs the length of its cells"
        context.report.error("missing_cell_minutes", f"{path}/cell_minutes", message)
        return
    length = elapsed(session.start, session.end)
    rest = length % timedelta(minutes=session.cell_minutes)
    if length > _NOTHING and rest:
        message = f"the last {rest} of the session is no whole cell and stays unused"
        context.report.warn("unused_minutes", f"{path}/cell_minutes", message, session.cell_minutes)


def check_overlapping_sessions(context: Context) -> None:
    """Warn where two sessions of one doctor overlap (a clinic and a video hour, say)."""
    doctor_of = {role.id: role.doctor_id for role in context.dataset.roles}
    sessions_of: dict[str, list[tuple[Session, str]]] = defaultdict(list)
    for path, session in context.rows("sessions"):
        doctor = doctor_of.get(session.role_id)
        if doctor is not None and session.kind == "timed":
            sessions_of[doctor].append((session, path))
    for rows in sessions_of.values():
        rows.sort(key=lambda row: row[0].start.astimezone(UTC))
        last, last_path = rows[0]
        for session, path in rows[1:]:
            if elapsed(session.start, last.end) > _NOTHING:
                message = f"overlaps the doctor's session at {last_path}"
                context.report.warn("overlapping_sessions", f"{path}/start", message, session.id)
            if elapsed(last.end, session.end) > _NOTHING:
                last, last_path = session, path


def check_appointments(context: Context) -> None:
    """References, lengths, holds; a request holds one active place at most."""
    place_of: dict[str, str] = {}
    now = context.dataset.header.as_of
    for path, appointment in context.rows("appointments"):
        context.refer(f"{path}/role_id", appointment.role_id, "roles")
        context.refer(f"{path}/request_id", appointment.request_id, "requests")
        context.ordered(path, appointment.start, appointment.end)
        if appointment.status == "held" and appointment.held_until is None:
            message = "a held appointment states until when it is held"
            context.report.error("hold_without_end", f"{path}/held_until", message)
        if appointment.request_id is not None and appointment.is_active(now):
            first = place_of.setdefault(appointment.request_id, path)
            if first != path:
                message = f"the request holds the place at {first} already"
                where = f"{path}/request_id"
                context.report.error("two_places", where, message, appointment.request_id)
