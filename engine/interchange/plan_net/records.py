"""FHIR resources to our records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import numpy as np

from engine.domain import (
    Coordinates,
    Doctor,
    InsurancePlan,
    Interval,
    Location,
    Role,
    Session,
    VisitType,
)
from engine.geography import PostalPlace, great_circle_metres, postal_place, zone_at
from engine.interchange import fhir_shapes as fhir
from engine.interchange.plan_net.directory import Entry
from engine.interchange.plan_net.options import DirectoryOptions
from engine.interchange.weekly_hours import WeeklyHours, occurrences
from engine.problems import Report

METRES_PER_KM = 1_000
FAR_FROM_POSTAL_AREA_KM = 100
"""Coordinates farther than this from their postal area are wrong: geocoders answer an address
they do not know with the middle of the country."""


def codes_of(role: fhir.PractitionerRole) -> tuple[str, ...]:
    """NUCC codes of a role's specialties."""
    codes = (concept.code(fhir.NUCC_SYSTEM) for concept in role.specialty)
    return tuple(dict.fromkeys(code for code in codes if code))


def doctor(row: fhir.Practitioner) -> Doctor:
    """A doctor of ours."""
    name = row.name[0] if row.name else fhir.HumanName()
    tongues = (coding.code for concept in row.communication for coding in concept.coding)
    npi = next((i.value for i in row.identifier if i.system == fhir.NPI_SYSTEM), None)
    return Doctor(
        id=row.id,
        name=" ".join((*name.given, name.family)).strip(),
        npi=npi,
        gender=None if row.gender == "unknown" else row.gender,
        languages=tuple(dict.fromkeys(code for code in tongues if code)),
    )


def insurance_plan(row: fhir.InsurancePlan) -> InsurancePlan:
    """An insurance plan of ours."""
    payer = row.owned_by.display if row.owned_by else ""
    networks = dict.fromkeys(network.id for network in row.network if network.id)
    return InsurancePlan(id=row.id, payer=payer, name=row.name, networks=tuple(networks))


def location(entry: Entry, findings: Report) -> Location | None:
    """A place of ours; ``None`` where it is closed, or its clock cannot be known.

    The clock is that of the coordinates, else of the postal code. Coordinates that lie far
    from the postal area are replaced by its centre, and that is reported.
    """
    row: fhir.Location = entry.resource
    postal = postal_place(row.address.postal_code) if row.address else None
    point = _point(row)
    if postal is not None and point is not None:
        away = _km_between(point, postal)
        if away > FAR_FROM_POSTAL_AREA_KM:
            shown = f"{point.latitude}, {point.longitude}"
            message = f"{away} km from postal code {postal.postal_code}, whose centre is used"
            findings.warn("repaired_value", f"{entry.path}/position", message, shown)
            point = Coordinates(latitude=postal.latitude, longitude=postal.longitude)
    zone = zone_at(point.latitude, point.longitude) if point else None
    zone = zone or (postal.time_zone if postal else None)
    if row.status != "active" or zone is None:
        return None
    return Location(
        id=row.id,
        name=row.name,
        coordinates=point,
        time_zone=zone,
        postal_code=postal.postal_code if postal else None,
        state=row.address.state or None if row.address else None,
    )


def _point(row: fhir.Location) -> Coordinates | None:
    if row.position is None:
        return None
    return Coordinates(latitude=row.position.latitude, longitude=row.position.longitude)


def _km_between(point: Coordinates, postal: PostalPlace) -> int:
    here = (np.array(point.latitude), np.array(point.longitude))
    there = (np.array(postal.latitude), np.array(postal.longitude))
    return int(great_circle_metres(*here, *there)) // METRES_PER_KM


def visit_types(
    roles: Sequence[Role], names: dict[str, str], options: DirectoryOptions
) -> Iterator[VisitType]:
    """One type of visit per specialty: a directory has none."""
    for code in sorted({code for role in roles for code in role.specialties}):
        yield VisitType(
            id=f"visit-{code}",
            name=names.get(code, ""),
            specialties=(code,),
            minutes=options.minutes,
            minutes_new=options.minutes_new,
        )


def sessions(
    role: Role,
    hours: Sequence[WeeklyHours],
    zone: ZoneInfo,
    horizon: Interval,
    options: DirectoryOptions,
) -> Iterator[Session]:
    """Sessions of a role in the horizon, each offering the visits of its specialties."""
    offered = tuple(f"visit-{code}" for code in role.specialties)
    for stretch in hours:
        for start, end in occurrences(stretch, zone, horizon.start, horizon.end):
            yield Session(
                id=f"{role.id}-{start:%Y%m%d-%H%M}",
                role_id=role.id,
                start=start,
                end=end,
                cell_minutes=options.cell_minutes,
                visit_type_ids=offered,
            )
