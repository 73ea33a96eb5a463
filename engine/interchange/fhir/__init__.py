"""FHIR R4 schedules, slots and appointments: bundles and NDJSON, read and written."""

from engine.interchange.fhir.read import read_fhir

__all__ = ["read_fhir"]
