"""Scenarios whose runs take a moment."""

from __future__ import annotations

from pathlib import Path

from clinic import Clinic

from engine.interchange.dataset import write_document
from scenarios.scenario_file import Scenario, scenario_from

HEAD = "schema: slotmatch.scenario/1\nname: one-more\n"
DRAWN = "base: {generate: {requests: 12, doctors: 3, days: 2, visits: single}}\n"
SOON = "limits: {deterministic_seconds: 2}\n"
TWICE = "changes: [{kind: demand_scaled, factor: 2.0}]\n"


def clinic_file(folder: Path) -> Path:
    """Ann and Bob ask for the only place."""
    clinic = Clinic().session("09:00", "09:15").request("ann").request("bob")
    path = folder / "clinic.json"
    path.write_bytes(write_document(clinic.dataset()))
    return path


def what_if(text: str, folder: Path | None = None) -> Scenario:
    """The scenario of a text behind the head."""
    return scenario_from(f"{HEAD}{text}".encode(), "file.yaml", folder)
