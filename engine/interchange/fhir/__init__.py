"""FHIR R4 schedules, slots and appointments: bundles and NDJSON, read and written."""

from engine.interchange.fhir.read import read_fhir
from engine.interchange.fhir.write import Written, write_fhir

__all__ = ["Written", "read_fhir", "write_fhir"]
