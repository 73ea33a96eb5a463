"""Rows of a SMART Scheduling Links publication, written by hand."""

from __future__ import annotations

from typing import Any

from engine.interchange.fhir_shapes import CAPACITY_EXTENSION, SMART_SERVICE_SYSTEM


def location(id: str, **more: Any) -> dict[str, Any]:
    """A pharmacy in Millville, New Jersey, whose postal code lost its zero."""
    return {
        "resourceType": "Location",
        "id": id,
        "name": "Pharmacy",
        "address": {"state": "NJ", "postalCode": "8332-3762"},
        "position": {"latitude": 39.4056, "longitude": -75.0392},
    } | more


def schedule(id: str, place: str = "L", **more: Any) -> dict[str, Any]:
    """What the pharmacy offers."""
    codings = [
        {"system": "http://terminology.hl7.org/CodeSystem/service-type", "code": "57"},
        {"system": SMART_SERVICE_SYSTEM, "code": "covid19-immunization", "display": "Jab"},
    ]
    return {
        "resourceType": "Schedule",
        "id": id,
        "serviceType": [{"coding": codings}],
        "actor": [{"reference": f"Location/{place}"}],
    } | more


def slot(start: str, end: str, seats: int | None = 9, **more: Any) -> dict[str, Any]:
    """A free slot."""
    capacity = [{"url": CAPACITY_EXTENSION, "valueInteger": seats}]
    return {
        "resourceType": "Slot",
        "id": "S",
        "schedule": {"reference": "Schedule/D"},
        "status": "free",
        "start": start,
        "end": end,
        "extension": [] if seats is None else capacity,
    } | more


DAY = slot("2023-03-25T09:00:00-04:00", "2023-03-25T18:00:00-04:00")
