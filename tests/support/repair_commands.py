"""What ``slotmatch repair`` is asked in tests, and the clinics that it is asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clinic import Clinic
from repairs import LIMITS

from api.cli.repairing import RepairOptions
from engine.domain import Dataset
from engine.interchange.dataset import write_document

CLOSED = ("session=lost",)


def options(dataset: Clinic | Dataset, folder: Path, **more: Any) -> RepairOptions:
    """What is asked of a clinic; options that say what happened stand under their own names."""
    path = folder / "clinic.json"
    whole = dataset.dataset() if isinstance(dataset, Clinic) else dataset
    path.write_bytes(write_document(whole))
    names = ("absent", "closed", "shortened", "taken", "network_left")
    said = {f"--{name.replace('_', '-')}": more.pop(name) for name in names if name in more}
    known: dict[str, Any] = {
        "dataset": path,
        "plan": None,
        "happened": said,
        "events": None,
        "double_bookings": False,
        "before": None,
        "max_additional": 0,
        "depth": None,
        "menus": 0,
        "plans": False,
        "answers": None,
        "offered": None,
        "backfill": False,
        "policy": None,
        "limits": LIMITS,
        "out": None,
        "as_json": False,
        "quiet": True,
    }
    return RepairOptions(**(known | more))


def booked() -> Clinic:
    """Ann and Bob are with the doctor on Monday morning; there is room on Tuesday."""
    clinic = Clinic().session("09:00", "09:30", id="monday").session("09:00", "10:00", 1)
    clinic.request("ann").request("bob").request("open")
    clinic.appointment("09:00", "09:15", request="ann", id="ann")
    return clinic.appointment("09:15", "09:30", request="bob", id="bob")
