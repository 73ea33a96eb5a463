"""Patients, requests and links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.checks.context import Context
from engine.domain import INSISTABLE, Declined, Link, Patient, PostalArea, Request, WeeklyTime
from engine.time_grid import beginning_of, clock_minutes, elapsed, end_of


def check_patients(context: Context) -> None:
    """References, postal codes; warn of unknown homes."""
    groups = {role.group_id for role in context.dataset.roles if role.group_id is not None}
    known = (context.ids["doctors"], context.ids["services"], groups)
    for path, patient in context.rows("patients"):
        context.refer(f"{path}/insurance_plan_id", patient.insurance_plan_id, "insurance_plans")
        _check_home(context, path, patient)
        for index, other in enumerate(patient.established_with):
            if not any(other in some for some in known):
                message = "there is no doctor, service or group with this id"
                path_there = f"{path}/established_with/{index}"
                context.report.warn("dangling_reference", path_there, message, other)


def _check_home(context: Context, path: str, patient: Patient) -> None:
    if patient.home is None:
        message = "the home is unknown: every distance admits, at no price"
        context.report.warn("home_unknown", f"{path}/home", message)
    elif isinstance(patient.home, PostalArea):
        context.postal_code(f"{path}/home/postal_code", patient.home.postal_code)


def check_requests(context: Context) -> None:
    """References, windows, wishes and what they rest on."""
    homes = {patient.id: patient.home for patient in context.dataset.patients}
    for path, request in context.rows("requests"):
        context.refer(f"{path}/patient_id", request.patient_id, "patients")
        context.refer(f"{path}/visit_type_id", request.visit_type_id, "visit_types")
        terms = [term.doctor_id for term in request.doctor_terms]
        context.refer_all(f"{path}/doctor_terms", terms, "doctors", "services")
        _check_window(context, path, request)
        _check_wishes(context, path, request)
        check_refusals(context, f"{path}/declined", request.declined)
        if request.max_travel_km is not None and homes.get(request.patient_id, ()) is None:
            message = "the patient's home is unknown: there is nothing to measure from"
            where = f"{path}/max_travel_km"
            context.report.error("max_travel_without_home", where, message, request.max_travel_km)


def _check_window(context: Context, path: str, request: Request) -> None:
    if request.earliest is None or request.latest is None:
        return
    zone = ZoneInfo(context.dataset.header.time_zone)
    start, end = beginning_of(request.earliest, zone), end_of(request.latest, zone)
    if elapsed(start, end) <= timedelta():
        message = f"the latest is not after the earliest {request.earliest.isoformat()}"
        context.report.error(
            "empty_interval", f"{path}/latest", message, request.latest.isoformat()
        )


def _check_wishes(context: Context, path: str, request: Request) -> None:
    wishes = request.wishes
    wished = [wish.doctor_id for wish in wishes.doctors]
    context.refer_all(f"{path}/wishes/doctors", wished, "doctors", "services")
    context.refer_all(f"{path}/wishes/location_ids", wishes.location_ids, "locations")
    for index, stretch in enumerate(wishes.times):
        _check_weekly_time(context, f"{path}/wishes/times/{index}", stretch)
    made = (wishes.doctors, wishes.modality, wishes.location_ids, wishes.times)
    for name, wish in zip(INSISTABLE, made, strict=True):
        if name in request.insists_on and not wish:
            message = "insists on a wish that is not made"
            context.report.error("nothing_to_insist_on", f"{path}/insists_on", message, name)


def check_refusals(context: Context, path: str, places: Sequence[Declined]) -> None:
    """References and times of what is declined; a refusal that names nothing is none."""
    for index, place in enumerate(places):
        where = f"{path}/{index}"
        context.refer(f"{where}/doctor_id", place.doctor_id, "doctors", "services")
        context.refer(f"{where}/location_id", place.location_id, "locations")
        context.refer(f"{where}/role_id", place.role_id, "roles")
        for number, stretch in enumerate(place.times):
            _check_weekly_time(context, f"{where}/times/{number}", stretch)
        if place == Declined():
            message = "declines nothing; name a doctor, a place, a role, a start or times"
            context.report.error("missing_field", where, message)


def _check_weekly_time(context: Context, path: str, stretch: WeeklyTime) -> None:
    if clock_minutes(stretch.end) <= clock_minutes(stretch.start):
        message = f"the end is not after the start {stretch.start}"
        context.report.error("empty_interval", f"{path}/end", message, stretch.end)


def check_links(context: Context) -> None:
    """References; a request in two links; gaps that contradict."""
    link_of: dict[str, str] = {}
    for path, link in context.rows("links"):
        context.refer_all(f"{path}/request_ids", link.request_ids, "requests")
        for request_id in link.request_ids:
            first = link_of.setdefault(request_id, path)
            if first != path:
                message = f"the request is in the link at {first} already"
                context.report.error("two_links", f"{path}/request_ids", message, request_id)
        _check_gaps(context, path, link)


def _check_gaps(context: Context, path: str, link: Link) -> None:
    gaps: Sequence[tuple[str, int | None, int | None]] = (
        ("minutes", link.min_gap_minutes, link.max_gap_minutes),
        ("days", link.min_gap_days, link.max_gap_days),
    )
    for unit, least, most in gaps:
        if least is not None and most is not None and least > most:
            message = f"is below min_gap_{unit} {least}"
            context.report.error("empty_interval", f"{path}/max_gap_{unit}", message, most)
