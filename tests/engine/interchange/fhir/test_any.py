"""Bundles in which anything may stand anywhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from clinic import Clinic
from fhir_sample import appointment, bundle, codes, part, patient, ref, schedule, slot
from hypothesis import given
from hypothesis import strategies as st

from engine.checks import check_dataset
from engine.errors import DatasetError
from engine.interchange.dataset import read_dataset, write_dataset, write_document
from engine.interchange.fhir import read_fhir
from engine.interchange.fhir.names import DAY_EXTENSION, HELD_UNTIL_EXTENSION, SEATS_EXTENSION
from engine.interchange.fhir_shapes import CAPACITY_EXTENSION

HELD = [{"url": HELD_UNTIL_EXTENSION, "valueInstant": "2026-03-02T08:00:00-05:00"}]
SEATS = [
    {"url": CAPACITY_EXTENSION, "valueInteger": 2},
    {"url": SEATS_EXTENSION, "valueInteger": 3},
    {"url": DAY_EXTENSION, "valueBoolean": True},
]
PERIOD = {"start": "2026-03-01", "end": "2026-03-30"}
ROLE = {
    "resourceType": "PractitionerRole",
    "id": "theirs",
    "practitioner": ref("Practitioner/dr"),
    "location": [ref("Location/office")],
}
WAITS = appointment(id="W", status="waitlist", requestedPeriod=[PERIOD], priority=3)
del WAITS["start"], WAITS["end"]
WHOLE = bundle(
    schedule("PractitionerRole/theirs", "Location/office", planningHorizon=PERIOD),
    ROLE,
    slot(serviceType=codes("visit"), extension=SEATS),
    slot("09:15", "09:30", "T", status="busy", contained=[patient("p"), schedule(id="s")]),
    patient(),
    appointment("09:15", "09:30", slot=[ref("Slot/T")], minutesDuration=15),
    appointment("10:00", "10:15", "H", status="pending", extension=HELD),
    appointment("11:00", "11:15", "C", contained=[patient("p")], participant=[part("#p")]),
    WAITS,
    kind="collection",
)
GONE = "(nothing at all)"
ODD: list[Any] = [
    *(GONE, None, True, 0, -1, 1e308, 10**30, [], {}, [None], "", " ", "\x00", "a\tb", "\ud800"),
    *("x" * 5000, "x" * 200, "0001", "0000", "9999-12-31", "0001-01-01T00:00:00+14:00"),
    *("2026-03-08T03:00:00.123456789-04:00", "9999-12-31T23:59:59-14:00", "2000-01-01T00:00:00Z"),
    *("2099-12-31T23:59:00-12:00", "2026-02-30", "visit", "dr", "P", "A", "S", "W", "#p", "#", "/"),
    *(
        "Slot/S",
        "Patient/P",
        "Schedule/D",
        "Schedule/s",
        "Practitioner/dr",
        "Appointment",
        "Bundle",
    ),
    *("PractitionerRole/theirs", "PractitionerRole/role", "urn:uuid:0", "https://a.example/Slot/S"),
    *("free", "busy", "booked", "pending", "waitlist", "cancelled", "history", "%00", "%ff"),
]

changes = st.tuples(st.integers(0, 10_000), st.sampled_from(ODD))


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of everything inside a value."""
    inside = value.items() if isinstance(value, dict) else ()
    for key, inner in enumerate(value) if isinstance(value, list) else inside:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def change(target: Any, place: int, value: Any) -> None:
    """Put ``value`` somewhere into a bundle, or take away what is there."""
    found = list(paths(target))
    *way, last = found[place % len(found)]
    for key in way:
        target = target[key]
    if value == GONE:
        del target[last]
    else:
        target[last] = copy.deepcopy(value)


@given(st.lists(changes, max_size=6), st.booleans())
def test_what_is_read_can_be_written_and_read_again(
    made: list[tuple[int, Any]], has_default: bool
) -> None:
    """However odd a bundle is, it is refused, or becomes a dataset without errors, with as many
    records as the report says; nobody waits who has not asked to.
    """
    whole = copy.deepcopy(WHOLE)
    for place, value in made:
        change(whole, place, value)
    base = Clinic().dataset()
    with TemporaryDirectory() as name:
        file = Path(name) / "b.json"
        file.write_text(json.dumps(whole))
        try:
            dataset, report = read_fhir([file], base, "visit" if has_default else None)
        except DatasetError:
            return
        write_dataset(dataset, Path(name) / "out")
        again, _ = read_dataset(Path(name) / "out")
    assert write_document(again) == write_document(dataset)
    assert check_dataset(dataset).num_errors == 0
    for kind, number in report.made.items():
        assert number == len(getattr(dataset, kind)) - len(getattr(base, kind))
    held = {row.request_id for row in dataset.appointments}
    asking = [row for row in _resources(whole) if row.get("status") in ("waitlist", "proposed")]
    assert len([row for row in dataset.requests if row.id not in held]) <= len(asking)


def _resources(whole: Any) -> list[Any]:
    """Resources of a bundle, as far as they are any."""
    entries = whole.get("entry")
    listed = entries if isinstance(entries, list) else []
    rows = [entry.get("resource") for entry in listed if isinstance(entry, dict)]
    return [row for row in rows if isinstance(row, dict)]
