"""Resources of a publication to our records."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain import Coordinates, Location, Role
from engine.geography import postal_place
from engine.interchange import fhir_shapes as fhir
from engine.interchange.assembly import place
from engine.interchange.make import make
from engine.interchange.smart_links.options import PublicationOptions
from engine.interchange.smart_links.publication import Entry
from engine.problems import Report
from engine.time_grid import elapsed

_LOST_ZERO = re.compile(r"(\d{3,4})(-\d{4})?")


def location(path: str, row: fhir.Location, findings: Report) -> Location | None:
    """A place of ours; ``None``, and an error, where its clock is not known."""
    code = _postal_code(path, row, findings)
    postal = postal_place(code) if code else None
    position = row.position
    point = None
    if position is not None:
        point = Coordinates(latitude=position.latitude, longitude=position.longitude)
    return place(path, row, point, postal, findings)


def _postal_code(path: str, row: fhir.Location, findings: Report) -> str:
    """The postal code, with the leading zeros that spreadsheets lose."""
    code = row.address.postal_code if row.address else ""
    lost = _LOST_ZERO.fullmatch(code)
    if not code or not lost:
        return code
    mended = lost[1].zfill(5) + (lost[2] or "")
    place = postal_place(mended)
    where = f"{path}/address/postalCode"
    if place is not None and row.address is not None and row.address.state in ("", place.state):
        findings.warn("repaired_value", where, f"lost its leading zero: read as {mended}", code)
        return mended
    findings.warn("unknown_postal_code", where, "no such postal code: it is left out", code)
    return ""


def role(entry: Entry, where: Location, findings: Report) -> Role | None:
    """A role of ours: what the schedule's service does at its place."""
    code = service_code(entry.resource)
    if not code:
        message = "names no type of service"
        findings.error("unusable_row", f"{entry.path}/serviceType", message)
        return None
    values = {
        "id": entry.resource.id,
        "service_id": code,
        "location_id": where.id,
        "networks": "any",
    }
    return make(Role, values, entry.path, {"service_id": "serviceType"}, findings)


def service_code(schedule: fhir.Schedule) -> str:
    """Code of the service: that of SMART Scheduling Links, where there are several."""
    codings = [coding for concept in schedule.service_type for coding in concept.coding]
    codings.sort(key=lambda coding: coding.system != fhir.SMART_SERVICE_SYSTEM)
    return next((coding.code for coding in codings if coding.code), "")


def service_name(schedule: fhir.Schedule) -> str:
    """What the service is called."""
    codings = [coding for concept in schedule.service_type for coding in concept.coding]
    named = (coding.display for coding in codings if coding.code == service_code(schedule))
    return next(filter(None, named), "")


def told(
    entry: Entry, where: Location, options: PublicationOptions, findings: Report
) -> tuple[datetime, datetime]:
    """Start and end of a slot; an offset that the place's clock has not is reported."""
    slot, zone = entry.resource, ZoneInfo(where.time_zone)
    instants = []
    for name, instant in (("start", slot.start), ("end", slot.end)):
        clock = instant.replace(tzinfo=zone)
        if instant.utcoffset() and instant.utcoffset() != clock.utcoffset():  # UTC says nothing
            meant = "the time on the wall is kept" if options.offset == "wall" else "it is trusted"
            message = f"the clock at the place is at {clock:%z}: {meant}"
            findings.warn("other_offset", f"{entry.path}/{name}", message, instant.isoformat())
            instant = clock if options.offset == "wall" else instant
        instants.append(instant.astimezone(zone))
    return instants[0], instants[1]


def session_values(
    desk: Role,
    window: tuple[datetime, datetime],
    seats: int,
    options: PublicationOptions,
) -> dict[str, Any]:
    """Fields of the session of a slot: a day counted in seats, or one cell."""
    start, end = window
    minutes = elapsed(start, end) // timedelta(minutes=1)
    is_day = minutes >= options.day_minutes
    return {
        "id": f"{desk.id}-{start:%Y-%m-%d}" if is_day else f"{desk.id}-{start:%Y-%m-%dT%H:%M}",
        "role_id": desk.id,
        "start": start,
        "end": end,
        "kind": "day" if is_day else "timed",
        "cell_minutes": None if is_day else minutes,
        "capacity": seats,
        "visit_type_ids": (desk.service_id,),
    }
