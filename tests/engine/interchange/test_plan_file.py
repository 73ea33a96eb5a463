"""Plan files written."""

from __future__ import annotations

import json

from clinic import Clinic

from engine.interchange.plan_file import write_plan
from engine.match import match
from engine.solve.limits import Limits


def test_header_carries_the_certificate() -> None:
    """Levels with value, bound, gap and status; why it stopped; versions and hashes."""
    clinic = Clinic().session("09:00", "09:30").request("ann")
    result = match(clinic.dataset(), limits=Limits(deterministic=True))
    header = json.loads(next(write_plan(result)))
    assert header["schema"] == "slotmatch.plan/1"
    certificate = header["certificate"]
    assert [level["name"] for level in certificate["levels"]][-2:] == ["lateness", "inconvenience"]
    assert {"value", "bound", "gap", "relative_gap", "status", "unit"} <= set(
        certificate["levels"][0]
    )
    assert certificate["stopped"] == "proven"
    assert {"ortools", "python", "slotmatch"} <= set(certificate["versions"])
