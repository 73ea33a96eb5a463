"""A FHIR R4 Plan-Net directory (NDJSON per resource type) as doctors, places and sessions."""

from engine.interchange.plan_net.options import DirectoryOptions
from engine.interchange.plan_net.read import read_plan_net

__all__ = ["DirectoryOptions", "read_plan_net"]
