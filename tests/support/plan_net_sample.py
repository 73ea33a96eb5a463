"""A Plan-Net directory of a few rows, written by hand, with one mistake of each kind."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from engine.domain import Dataset
from engine.interchange.dataset import read_dataset, write_dataset
from engine.interchange.import_report import ImportReport
from engine.interchange.plan_net import DirectoryOptions, read_plan_net

EXTENSION = "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/"
NUCC = "http://nucc.org/provider-taxonomy"
NPI = "http://hl7.org/fhir/sid/us-npi"


def practitioner(id: str, npi: str = "1234567893", **more: Any) -> dict[str, Any]:
    """A practitioner who speaks English and Spanish."""
    return {
        "resourceType": "Practitioner",
        "id": id,
        "identifier": [{"system": NPI, "value": npi}],
        "name": [{"family": "Example", "given": ["Some", "Body"]}],
        "gender": "female",
        "communication": [{"coding": [{"code": "en"}]}, {"coding": [{"code": "es"}]}],
    } | more


def location(id: str, **more: Any) -> dict[str, Any]:
    """A place in Hartford, Connecticut."""
    return {
        "resourceType": "Location",
        "id": id,
        "status": "active",
        "name": id.upper(),
        "address": {"state": "CT", "postalCode": "061031234"},
        "position": {"latitude": 41.7658, "longitude": -72.6734},
    } | more


def role(
    id: str, who: str = "p1", where: str = "l1", network: str = "n1", **more: Any
) -> dict[str, Any]:
    """A role on Monday and Sunday mornings."""
    extension = {
        "url": EXTENSION + "network-reference",
        "valueReference": {"reference": f"Organization/{network}"},
    }
    return {
        "resourceType": "PractitionerRole",
        "id": id,
        "extension": [extension] if network else [],
        "practitioner": {"reference": f"Practitioner/{who}"},
        "organization": {"reference": "Organization/o1"},
        "specialty": [{"coding": [{"system": NUCC, "code": "207R00000X", "display": "Inner"}]}],
        "location": [{"reference": f"Location/{where}"}],
        "healthcareService": [{"reference": "HealthcareService/h1"}],
        "availableTime": [
            {
                "daysOfWeek": ["mon", "sun"],
                "availableStartTime": "01:30:00",
                "availableEndTime": "04:00:00",
            }
        ],
    } | more


def accepting(code: str) -> list[dict[str, Any]]:
    """The extension that says which patients are accepted."""
    part = {"url": "acceptingPatients", "valueCodeableConcept": {"coding": [{"code": code}]}}
    return [{"url": EXTENSION + "newpatients", "extension": [part]}]


ROWS: list[Any] = [
    practitioner("p1"),
    practitioner("p2", npi="1234567890", gender="unknown"),
    location("l1"),
    location("l3", position={"latitude": 39.78373, "longitude": -100.445882}),
    location("l2", position=None, extension=accepting("nopt")),
    location("closed", status="inactive"),
    location("lost", position=None, address={"state": "CT", "postalCode": "00000"}),
    {
        "resourceType": "InsurancePlan",
        "id": "plan",
        "name": "Plan",
        "ownedBy": {"reference": "Organization/x", "display": "Payer"},
        "network": [{"reference": "Organization/n1"}, {"reference": "Organization/n2"}],
    },
    {
        "resourceType": "OrganizationAffiliation",
        "id": "a1",
        "participatingOrganization": {"reference": "Organization/o1"},
        "network": [{"reference": "Organization/n2"}],
    },
    {"resourceType": "HealthcareService", "id": "h1", "extension": accepting("existptonly")},
    {"resourceType": "Organization", "id": "o1"},
    role("r1"),
    role("in-kansas", where="l3"),
    role("both", location=[{"reference": "Location/l1"}, {"reference": "Location/l2"}]),
    role("by-organisation", network=""),
    role("no-plan", network="n9"),
    role("own-patients", extension=role("x")["extension"] + accepting("existptfam")),
    role("no-hours", availableTime=[]),
    role("all-day", availableTime=[{"daysOfWeek": ["tue"], "allDay": True}]),
    role(
        "backwards",
        availableTime=[{"availableStartTime": "12:00:00", "availableEndTime": "09:00:00"}],
    ),
    role("ghost", who="nobody"),
    role("nowhere", where="nowhere"),
    role("at-closed", where="closed"),
    role("at-lost", where="lost"),
    role("left", active=False),
    role("no-specialty", specialty=[{"coding": [{"system": "other", "code": "x"}]}]),
    role("no-place", location=[]),
    role("r1"),
    {
        "resourceType": "PractitionerRole",
        "id": "bad-time",
        "availableTime": [{"daysOfWeek": ["someday"]}],
    },
    {"resourceType": "Practitioner"},
    "{broken",
    "[1]",
]
"""Lines of the directory, in order."""


def network(reference: Any) -> dict[str, Any]:
    """The extension that names a network of a role."""
    return {"url": EXTENSION + "network-reference", "valueReference": reference}


def hours(start: str, end: str, *days: str) -> dict[str, Any]:
    """Weekly hours, ``HH:MM``."""
    times = {"availableStartTime": f"{start}:00", "availableEndTime": f"{end}:00"}
    return {"daysOfWeek": list(days)} | times


def write_directory(folder: Path, rows: Sequence[Any] = ROWS) -> Path:
    """Write rows into one file, and return the folder."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    with gzip.open(folder / "all.ndjson.gz", "wt") as stream:
        stream.write("\n".join(lines) + "\n")
    return folder


def line_of(id: str) -> int:
    """Line on which a resource stands first."""
    return next(n for n, row in enumerate(ROWS, 1) if isinstance(row, dict) and row.get("id") == id)


PLAN = {
    "resourceType": "InsurancePlan",
    "id": "plan",
    "status": "active",
    "ownedBy": {"display": "Payer"},
    "network": [{"reference": "Organization/n1"}],
}
SERVICE = {"resourceType": "HealthcareService", "id": "h1", "extension": accepting("newpt")}
AFFILIATION = {
    "resourceType": "OrganizationAffiliation",
    "id": "a1",
    "participatingOrganization": {"reference": "Organization/o1"},
    "network": [{"reference": "Organization/n1"}],
}
Finding = tuple[str, str, str | None]


def imported(folder: Path, *rows: Any) -> tuple[Dataset, ImportReport, set[Finding]]:
    """Read a good directory and ``rows``, which begin at line 5.

    Returns the dataset, which can be written and read again, the report, and of each finding
    its code, its line and field, and the value.
    """
    good = [practitioner("p1"), location("l1"), PLAN, SERVICE]
    folder.mkdir(exist_ok=True)
    options = DirectoryOptions(date(2026, 3, 2), days=7)
    dataset, report = read_plan_net(write_directory(folder, [*good, *rows]), options)
    write_dataset(dataset, folder / "written")
    again, _ = read_dataset(folder / "written")
    assert again == dataset
    found = {
        (p.code, p.path.partition(":")[2], p.value and p.value.strip("'"))
        for p in report.findings.problems
    }
    return dataset, report, found
