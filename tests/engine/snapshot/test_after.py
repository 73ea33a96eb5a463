"""A snapshot made of an earlier one is that of the dataset itself."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from clinic import Clinic, at

from engine.domain import Appointment, Dataset
from engine.snapshot import snapshot_after, take_snapshot


@pytest.fixture
def before() -> Dataset:
    """Two sessions and a day, with a visit in each and a block."""
    clinic = Clinic().visit_type("visit", minutes_before=5).session("09:00", "12:00", id="a")
    clinic.session("13:00", "15:00", 1, "b").session("09:00", "17:00", 2, "c", kind="day")
    for name, start, end, day in (("x", "09:15", "09:30", 0), ("y", "13:15", "13:30", 1)):
        clinic.request(name).appointment(start, end, day, name, id=name)
    clinic.request("z").appointment("09:00", "17:00", 2, "z", id="z")
    clinic.appointment("10:00", "10:30", id="block")
    return clinic.dataset()


def arrays(value: Any) -> Any:
    """Whatever a snapshot holds, to be compared."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tolist()
    if is_dataclass(value):
        return {field.name: arrays(getattr(value, field.name)) for field in fields(value)}
    return value


def changed(before: Dataset, change: str) -> Dataset:
    """What an event makes of a dataset."""
    a, b, c = before.sessions
    x, y, z, block = before.appointments
    cut = replace(a, id="a-2", start=at("11:00"))
    other = Appointment(id="new", request_id=None, role_id=a.role_id, start=a.start, end=a.end)
    month_later = replace(block, start=block.start + timedelta(50), end=block.end + timedelta(50))
    return {
        "nothing": before,
        "cut": replace(before, sessions=(replace(a, end=at("10:00")), cut, b, c)),
        "closed": replace(before, sessions=(c, a)),
        "no sessions": replace(before, sessions=()),
        "fewer visits": replace(before, appointments=(z, x)),
        "more visits": replace(before, appointments=(other, x, y, z, block)),
        "longer": replace(before, appointments=(replace(x, end=at("10:00")), y, z, block)),
        "lapsed": replace(
            before, appointments=(replace(x, status="held", held_until=x.start), y, z, block)
        ),
        "far away": replace(before, appointments=(x, y, z, month_later)),
        "patients": replace(before, patients=tuple(reversed(before.patients))),
    }[change]


@pytest.mark.parametrize(
    "change",
    [
        "nothing",
        "cut",
        "closed",
        "no sessions",
        "fewer visits",
        "more visits",
        "longer",
        "lapsed",
        "far away",
        "patients",
    ],
)
def test_the_same_as_if_it_were_read_whole(before: Dataset, change: str) -> None:
    """Array by array, whatever was cut, added, lost or changed."""
    after = changed(before, change)
    found = snapshot_after(take_snapshot(before), before, after)
    assert arrays(found) == arrays(take_snapshot(after))
