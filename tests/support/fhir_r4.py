"""What FHIR R4 (4.0.1) asks of the resources that are written, copied by hand from its pages.

https://hl7.org/fhir/R4/bundle.html, schedule.html, slot.html, appointment.html, and of the
others patient.html, practitioner.html, practitionerrole.html, location.html,
healthcareservice.html; types from datatypes.html, references from references.html. The value
sets are valueset-slotstatus.html, valueset-appointmentstatus.html,
valueset-participationstatus.html, valueset-bundle-type.html, valueset-administrative-gender.html
and valueset-location-status.html, all of them required.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

Content = dict[str, Any]

_OFFSET = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
INSTANT = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?{_OFFSET}")
DATE_TIME = re.compile(rf"\d{{4}}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?{_OFFSET})?)?)?")
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
CODE = re.compile(r"[^\s]+(\s[^\s]+)*")

SLOT_STATUS = {"busy", "free", "busy-unavailable", "busy-tentative", "entered-in-error"}
APPOINTMENT_STATUS = {
    *("proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow"),
    *("entered-in-error", "checked-in", "waitlist"),
}
PARTICIPATION_STATUS = {"accepted", "declined", "tentative", "needs-action"}
GENDER = {"male", "female", "other", "unknown"}
SCHEDULE_ACTORS = {
    *("Patient", "Practitioner", "PractitionerRole", "RelatedPerson", "Device"),
    *("HealthcareService", "Location"),
}

# element: (least, most or None, type); what is not named here is not written
_COMMON = {
    "resourceType": (1, 1, "code"),
    "id": (0, 1, "id"),
    "identifier": (0, None, "Identifier"),
    "extension": (0, None, "Extension"),
}
RESOURCES: dict[str, dict[str, tuple[int, int | None, Any]]] = {
    "Schedule": {
        "active": (0, 1, "boolean"),
        "actor": (1, None, SCHEDULE_ACTORS),
    },
    "Slot": {
        "serviceType": (0, None, "Concept"),
        "schedule": (1, 1, {"Schedule"}),
        "status": (1, 1, frozenset(SLOT_STATUS)),
        "start": (1, 1, "instant"),
        "end": (1, 1, "instant"),
        "overbooked": (0, 1, "boolean"),
    },
    "Appointment": {
        "status": (1, 1, frozenset(APPOINTMENT_STATUS)),
        "serviceType": (0, None, "Concept"),
        "specialty": (0, None, "Concept"),
        "priority": (0, 1, "unsignedInt"),
        "start": (0, 1, "instant"),
        "end": (0, 1, "instant"),
        "minutesDuration": (0, 1, "positiveInt"),
        "slot": (0, None, {"Slot"}),
        "created": (0, 1, "dateTime"),
        "participant": (1, None, "Participant"),
        "requestedPeriod": (0, None, "Period"),
    },
    "Patient": {
        "gender": (0, 1, frozenset(GENDER)),
        "birthDate": (0, 1, "date"),
        "address": (0, None, "Address"),
        "communication": (0, None, "Communication"),
    },
    "Practitioner": {
        "name": (0, None, "HumanName"),
        "gender": (0, 1, frozenset(GENDER)),
        "communication": (0, None, "Concept"),
    },
    "PractitionerRole": {
        "active": (0, 1, "boolean"),
        "practitioner": (0, 1, {"Practitioner"}),
        "specialty": (0, None, "Concept"),
        "location": (0, None, {"Location"}),
        "healthcareService": (0, None, {"HealthcareService"}),
    },
    "Location": {
        "status": (0, 1, frozenset({"active", "suspended", "inactive"})),
        "name": (0, 1, "string"),
        "address": (0, 1, "Address"),
        "position": (0, 1, "Position"),
    },
    "HealthcareService": {"active": (0, 1, "boolean"), "name": (0, 1, "string")},
}
_PARTS: dict[str, dict[str, tuple[int, int | None, Any]]] = {
    "Identifier": {"system": (0, 1, "uri"), "value": (0, 1, "string")},
    "Concept": {"coding": (0, None, "Coding")},
    "Coding": {"system": (0, 1, "uri"), "code": (0, 1, "code"), "display": (0, 1, "string")},
    "Period": {"start": (0, 1, "dateTime"), "end": (0, 1, "dateTime")},
    "Participant": {
        "actor": (0, 1, SCHEDULE_ACTORS),
        "status": (1, 1, frozenset(PARTICIPATION_STATUS)),
    },
    "Communication": {"language": (1, 1, "Concept")},
    "HumanName": {"text": (0, 1, "string")},
    "Position": {"longitude": (1, 1, "decimal"), "latitude": (1, 1, "decimal")},
    "Address": {
        "use": (0, 1, frozenset({"home", "work", "temp", "old", "billing"})),
        "state": (0, 1, "string"),
        "postalCode": (0, 1, "string"),
        "extension": (0, None, "Extension"),
    },
    "Extension": {
        "url": (1, 1, "uri"),
        "extension": (0, None, "Extension"),
        "valueInteger": (0, 1, "integer"),
        "valueBoolean": (0, 1, "boolean"),
        "valueInstant": (0, 1, "instant"),
        "valueDecimal": (0, 1, "decimal"),
    },
}
_FORMS = {"instant": INSTANT, "dateTime": DATE_TIME, "date": DATE, "id": ID, "code": CODE}


def mistakes(rows: list[Content]) -> Iterator[str]:
    """Everything that R4 refuses in some resources, references among them included."""
    known = {f"{row['resourceType']}/{row['id']}" for row in rows}
    if len(known) != len(rows):
        yield "an id twice"
    for row in rows:
        kind = row["resourceType"]
        where = f"{kind}/{row['id']}"
        yield from _of_elements(where, row, _COMMON | RESOURCES[kind], known)
        if kind in ("Slot", "Appointment"):
            yield from _of_times(where, row)


def _of_times(where: str, row: Content) -> Iterator[str]:
    """Invariants app-2 and app-3, and that what begins ends later."""
    if ("start" in row) != ("end" in row):
        yield f"{where}: app-2"
    if "start" not in row and row["status"] not in ("proposed", "cancelled", "waitlist"):
        yield f"{where}: app-3"
    if "start" in row and _instant(row["start"]) >= _instant(row["end"]):
        yield f"{where}: ends before it begins"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _of_elements(
    where: str, content: Content, elements: dict[str, Any], known: set[str]
) -> Iterator[str]:
    for name in content.keys() - elements.keys():
        yield f"{where}/{name}: no such element"
    for name, (least, most, kind) in elements.items():
        value = content.get(name)
        is_list = most is None
        if value in ([], {}, ""):
            yield f"{where}/{name}: empty"
        if value is not None and isinstance(value, list) != is_list:
            yield f"{where}/{name}: a list where there is none, or none where there is one"
            continue
        rows = (value or []) if is_list else ([] if value is None else [value])
        if len(rows) < least:
            yield f"{where}/{name}: required"
        for row in rows:
            yield from _of_value(f"{where}/{name}", row, kind, known)


def _of_value(where: str, value: Any, kind: Any, known: set[str]) -> Iterator[str]:
    if isinstance(kind, frozenset):
        if value not in kind:
            yield f"{where}: {value!r} is not in the value set"
    elif isinstance(kind, set):
        yield from _of_reference(where, value, kind, known)
    elif kind in _PARTS:
        yield from _of_elements(where, value, _PARTS[kind], known)
        values = [name for name in value if name.startswith("value") and kind == "Extension"]
        if kind == "Extension" and (len(values) == 1) == ("extension" in value):
            yield f"{where}: ext-1"
    elif kind in _FORMS:
        if not isinstance(value, str) or not _FORMS[kind].fullmatch(value):
            yield f"{where}: {value!r} is no {kind}"
    elif not _is_primitive(value, kind):
        yield f"{where}: {value!r} is no {kind}"


def _of_reference(where: str, value: Any, kinds: set[str], known: set[str]) -> Iterator[str]:
    text = value.get("reference", "")
    if set(value) != {"reference"} or text.partition("/")[0] not in kinds or text not in known:
        yield f"{where}: {value!r} refers to nothing"


def _is_primitive(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("string", "uri"):
        return isinstance(value, str) and value != ""
    if kind == "decimal":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    least = {"integer": -(2**31), "unsignedInt": 0, "positiveInt": 1}[kind]
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**31
