"""Patients of a bundle as patients of ours; their names are not read."""

from __future__ import annotations

from typing import Any

from engine.domain import Coordinates, Dataset, Patient, PostalArea
from engine.geography import postal_place
from engine.interchange.fhir import shapes as fhir
from engine.interchange.fhir.names import GEOLOCATION_EXTENSION
from engine.interchange.fhir.resources import Entry, Resources, Target
from engine.interchange.make import make
from engine.interchange.validation import read_record
from engine.problems import Report


class Patients:
    """Patients that appointments name, made when one does.

    Attributes
    ----------
    rows
        Line and record of those that the dataset has not already.
    """

    def __init__(self, dataset: Dataset, resources: Resources) -> None:
        self._known = {row.id for row in dataset.patients}
        self._findings = resources.report.findings
        self._made: dict[str, tuple[str, Patient | None]] = {}

    @property
    def rows(self) -> list[tuple[str, Patient]]:
        """Line and record of those that were made."""
        return [(path, patient) for path, patient in self._made.values() if patient is not None]

    def named(self, target: Target) -> str | None:
        """Id of a patient; ``None`` where neither the dataset nor a bundle has that one."""
        if not target.name or target.name in self._known:
            return target.name or None
        if target.entry is None:
            return None
        path, made = self._made.get(target.name, ("", None))
        if not path:
            path, made = target.entry.path, self._patient(target.entry)
            self._made[target.name] = path, made
        return None if made is None or path != target.entry.path else made.id

    def _patient(self, entry: Entry) -> Patient | None:
        row: fhir.Patient = entry.resource
        codes = (coding.code for part in row.communication for coding in part.language.coding)
        number, address = _address(row)
        where = f"{entry.path}/address/{number}"
        values: dict[str, Any] = {
            "id": entry.name,
            "home": None if address is None else _home(where, address, self._findings),
            "state": (address.state if address else "") or None,
            "birth_date": row.birth_date,
            "gender": None if row.gender == "unknown" else row.gender,
            "languages": tuple(dict.fromkeys(code for code in codes if code)),
        }
        sources = {
            "state": f"address/{number}/state",
            "birth_date": "birthDate",
            "languages": "communication",
        }
        return make(Patient, values, entry.path, sources, self._findings)


def _address(row: fhir.Patient) -> tuple[int, fhir.Address | None]:
    """Where somebody lives: an address that is a home, else any that is in use."""
    current = [(n, row) for n, row in enumerate(row.address) if row.use not in ("old", "billing")]
    current.sort(key=lambda pair: pair[1].use != "home")
    return current[0] if current else (0, None)


def _home(path: str, address: fhir.Address, findings: Report) -> Coordinates | PostalArea | None:
    """Coordinates where they are given, else the area of the postal code, if it is known."""
    point = address.extended(GEOLOCATION_EXTENSION)
    if point is not None:
        parts = {part.url: part.value_decimal for part in point.extension}
        found: Coordinates | None = read_record(Coordinates, parts, f"{path}/extension", Report())
        if found is not None:
            return found
        message = "are no coordinates: they are left out"
        findings.warn("repaired_value", f"{path}/extension", message, parts)
    code = address.postal_code
    if code and postal_place(code) is None:
        message = "no such US postal code: it is left out"
        findings.warn("unknown_postal_code", f"{path}/postalCode", message, code)
    elif code:
        return PostalArea(postal_code=code)
    return None
