"""FHIR resources to our records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine.domain import Coordinates, Doctor, InsurancePlan, Location, Role, VisitType
from engine.geography import PostalPlace, great_circle_metres, postal_place
from engine.interchange import fhir_shapes as fhir
from engine.interchange.assembly import place
from engine.interchange.make import make
from engine.interchange.plan_net.directory import Directory, Entry
from engine.interchange.plan_net.options import DirectoryOptions
from engine.problems import Report

METRES_PER_KM = 1_000
FAR_FROM_POSTAL_AREA_KM = 100
"""Coordinates farther than this from their postal area are wrong: geocoders answer an address
they do not know with the middle of the country."""


def doctor(entry: Entry, findings: Report) -> Doctor | None:
    """A doctor of ours."""
    row: fhir.Practitioner = entry.resource
    name = row.name[0] if row.name else fhir.HumanName()
    tongues = (coding.code for concept in row.communication for coding in concept.coding)
    npis = [i.value for i in row.identifier if i.system == fhir.NPI_SYSTEM]
    values = {
        "id": row.id,
        "name": " ".join((*name.given, name.family)).strip(),
        "npi": next(filter(None, npis), npis[0] if npis else None),
        "gender": None if row.gender == "unknown" else row.gender,
        "languages": tuple(dict.fromkeys(code for code in tongues if code)),
    }
    sources = {"name": "name/0", "npi": "identifier", "languages": "communication"}
    return make(Doctor, values, entry.path, sources, findings)


def insurance_plan(entry: Entry, directory: Directory) -> InsurancePlan | None:
    """An insurance plan of ours; ``None``, and an error, where it is not active."""
    row: fhir.InsurancePlan = entry.resource
    if row.status != "active":
        directory.refuse(entry, "status", "the insurance plan is not active", row.status)
        return None
    networks = (
        directory.referred(network, "Organization", f"{entry.path}/network/{number}")
        for number, network in enumerate(row.network)
    )
    values = {
        "id": row.id,
        "payer": row.owned_by.display if row.owned_by else "",
        "name": row.name,
        "networks": tuple(dict.fromkeys(filter(None, networks))),
    }
    sources = {"payer": "ownedBy/display", "networks": "network"}
    return make(InsurancePlan, values, entry.path, sources, directory.report.findings)


def location(entry: Entry, directory: Directory) -> Location | None:
    """A place of ours; ``None``, and an error, where it is closed or its clock is not known.

    The clock is that of the coordinates, else of the postal code. Coordinates that lie far
    from the postal area are replaced by its centre, and that is reported.
    """
    row: fhir.Location = entry.resource
    if row.status != "active":
        directory.refuse(entry, "status", "the place is not active", row.status)
        return None
    findings = directory.report.findings
    postal = postal_place(row.address.postal_code) if row.address else None
    point = _point(entry, postal, findings)
    return place(entry.path, row, point, postal, findings)


def _point(entry: Entry, postal: PostalPlace | None, findings: Report) -> Coordinates | None:
    """Coordinates of a place, or the centre of its postal area where they are far from it."""
    position: fhir.Position | None = entry.resource.position
    if position is None:
        return None
    point = Coordinates(latitude=position.latitude, longitude=position.longitude)
    if postal is None or (away := _km_between(point, postal)) <= FAR_FROM_POSTAL_AREA_KM:
        return point
    shown = f"{point.latitude}, {point.longitude}"
    message = f"{away} km from postal code {postal.postal_code}, whose centre is used"
    findings.warn("repaired_value", f"{entry.path}/position", message, shown)
    return Coordinates(latitude=postal.latitude, longitude=postal.longitude)


def _km_between(point: Coordinates, postal: PostalPlace) -> int:
    here = (np.array(point.latitude), np.array(point.longitude))
    there = (np.array(postal.latitude), np.array(postal.longitude))
    return int(great_circle_metres(*here, *there)) // METRES_PER_KM


def visit_types(
    roles: Sequence[Role],
    names: Mapping[str, tuple[str, str]],
    options: DirectoryOptions,
    findings: Report,
) -> Iterator[VisitType | None]:
    """One type of visit per specialty: a directory has none.

    Parameters
    ----------
    roles
        Whose specialties.
    names
        What the directory calls each, behind the path where it does.
    options
        Lengths of visits.
    findings
        Where it is said which names were repaired.
    """
    for code in sorted({code for role in roles for code in role.specialties}):
        path, name = names.get(code, ("", ""))
        values = {
            "id": visit_type_id(code),
            "name": name,
            "specialties": (code,),
            "minutes": options.minutes,
            "minutes_new": options.minutes_new,
        }
        yield make(VisitType, values, path, {"name": "display"}, findings)


def visit_type_id(specialty: str) -> str:
    """Id of the type of visit for a specialty."""
    return f"visit-{specialty}"
