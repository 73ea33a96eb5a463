"""What holds for changes of every kind, and for lists of them."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic
from hypothesis import given, settings
from hypothesis import strategies as st
from situations import change, situation_of
from worlds import tiny_worlds

from engine.checks import check_dataset
from engine.domain import Dataset
from engine.errors import ScenarioError
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.interchange.dataset import read_document, write_document
from engine.policy import Policy
from engine.problems import Report
from engine.snapshot import take_snapshot
from scenarios.changes import CHANGES, CHANGES_FORMAT, OneChange, applied
from scenarios.situation import Situation

DAYS = ["mon", "sun"]
MOMENTS = (None, "2026-03-02", "2026-03-03", "2026-03-08", "2026-03-02T09:20:00-05:00")
NIGHT = {"days": DAYS, "start": "01:30", "end": "04:00"}


def one_of(draw: st.DrawFn, *values: Any) -> Any:
    """One of some values."""
    return draw(st.sampled_from(values))


def fields_of(draw: st.DrawFn, kind: str, dataset: Dataset) -> dict[str, Any]:
    """Fields of a change of some kind, with ids that the dataset has."""
    who = one_of(draw, *(row.id for row in (*dataset.doctors, *dataset.services)))
    role = one_of(draw, *(row.id for row in dataset.roles))
    place = one_of(draw, *(row.id for row in dataset.locations))
    start, end = one_of(draw, *MOMENTS), one_of(draw, None, "2026-03-08", "2026-03-09")
    if kind.startswith("insurance_plan"):
        network = {"P": "N1", "Q": "N2"}[plan := one_of(draw, "P", "Q")]
        return {"insurance_plan_id": plan, "network": network}
    return {
        "doctor_leaves": {"doctor_id": who, "start": start},
        "doctor_absent": {
            "doctor_id": who,
            "start": start or MOMENTS[1],
            "end": end or "2026-03-08",
        },
        "sessions_added": {"role_id": role, "hours": [NIGHT], "cell_minutes": 30, "start": start},
        "sessions_cut": {"role_id": role, "weekdays": one_of(draw, [], DAYS), "end": end},
        "location_opens": {
            "location": {"id": "new", "time_zone": "America/New_York", "postal_code": "10018"},
            "hours": [NIGHT],
            "doctor_ids": [one_of(draw, "dr", "other", "chair")],
            "cell_minutes": 15,
        },
        "location_closes": {"location_id": place, "start": start, "end": end},
        "demand_scaled": {
            "factor": one_of(draw, 0, 0.4, 1.5, 2.5),
            "area": one_of(draw, None, {"location_id": place, "km": 20}),
        },
        "visit_length": {"visit_type_id": "visit", "minutes": one_of(draw, 5, 200)},
        "places_reserved": {
            "urgency": "urgent",
            "places": one_of(draw, 1, 3),
            "minutes": one_of(draw, None, 25),
        },
        "overbooking": {"share": one_of(draw, 0, 0.3)},
        "policy_set": {"rules": {"load_spread": {}}},
    }[kind]


@st.composite
def changed_worlds(draw: st.DrawFn, kind: str) -> tuple[Dataset, OneChange]:
    """A tiny world, with appointments and links, and a change to it."""
    dataset = draw(tiny_worlds(always=("appointments", "linked")))
    return dataset, change(kind, **fields_of(draw, kind, dataset))


@pytest.mark.parametrize("kind", CHANGES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_change_leaves_a_dataset_that_can_be_used(kind: str, data: st.DataObject) -> None:
    """Without errors, as arrays and as bytes too; the same seed gives the same bytes; and the
    world that was given is as it was.
    """
    dataset, row = data.draw(changed_worlds(kind))
    before = dataset_hash(dataset)
    situation = Situation(dataset, Policy.default())
    found, again = (applied(situation, [row], seed=7) for _ in range(2))
    assert [one for one in check_dataset(found.dataset).problems if one.is_error] == []
    take_snapshot(found.dataset)
    read, _ = read_document(write_document(found.dataset))
    assert dataset_hash(read) == dataset_hash(found.dataset) == dataset_hash(again.dataset)
    assert policy_hash(found.policy) == policy_hash(again.policy)
    assert dataset_hash(dataset) == before
    held = {one.id for one in found.dataset.appointments}
    assert held <= {one.id for one in dataset.appointments}
    if kind != "demand_scaled":
        assert found.dataset.requests == dataset.requests


@pytest.mark.parametrize("kind", CHANGES)
def test_every_kind_names_itself(kind: str) -> None:
    """The table's key is what a file says, and the schema knows it."""
    assert CHANGES[kind].__dataclass_fields__["kind"].default == kind
    assert f'"const": "{kind}"'.replace('"', "'") in str(CHANGES_FORMAT.schema())


def test_each_change_is_judged_after_those_before_it() -> None:
    """A place that one opens, another can close; the seed is the same for all."""
    place = {"id": "north", "time_zone": "America/New_York", "postal_code": "10018"}
    times = [{"days": ["tue"], "start": "09:00", "end": "10:00"}]
    opens = change("location_opens", location=place, hours=times, doctor_ids=["dr"])
    closes = change("location_closes", location_id="north")
    situation = situation_of(Clinic().session())
    assert len(applied(situation, [opens], 1).dataset.sessions) == 3
    found = applied(situation, [opens, closes], 1).dataset
    assert [row.id for row in found.sessions] == ["s1"]
    with pytest.raises(ScenarioError) as caught:
        applied(situation, [closes, opens], 1)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("dangling_reference", "/changes/0/location_id")


def test_everything_wrong_is_said_at_once() -> None:
    """Of every change of the list, under the path that it stands at."""
    rows = [
        change("doctor_leaves", doctor_id="x"),
        change("overbooking", share=0.25),
        change("sessions_cut", role_id="y", end="2026-03-01"),
    ]
    with pytest.raises(ScenarioError) as caught:
        applied(situation_of(Clinic().session()), rows, 1, path="flu.yaml:7/changes")
    assert [(row.code, row.path) for row in caught.value.problems] == [
        ("dangling_reference", "flu.yaml:7/changes/0/doctor_id"),
        ("dangling_reference", "flu.yaml:7/changes/2/role_id"),
        ("empty_interval", "flu.yaml:7/changes/2/end"),
    ]


def test_a_change_of_nothing_is_said() -> None:
    """A doctor without sessions leaves; who has some does not go unnoticed."""
    clinic = Clinic().doctor("eve").role("eve-role", doctor_id="eve").session()
    rows = [change("doctor_leaves", doctor_id=name) for name in ("eve", "dr")]
    report = Report()
    applied(situation_of(clinic), rows, 1, warnings=report)
    assert [(row.code, row.path, row.severity) for row in report.problems] == [
        ("nothing_touched", "/changes/0", "warning")
    ]


def test_no_changes_change_nothing() -> None:
    """The baseline is the situation itself."""
    situation = situation_of(Clinic().session())
    assert applied(situation, [], 1) is situation


def test_bad_changes_are_refused_when_they_are_read() -> None:
    """Unknown kinds and fields, numbers out of range, in one pass."""
    content = [
        {"kind": "doctor_leave", "doctor_id": "dr"},
        {"kind": "overbooking", "share": -1},
        {"kind": "places_reserved", "urgency": "urgent", "places": 0, "colour": "red"},
        {"kind": "demand_scaled"},
    ]
    with pytest.raises(ScenarioError) as caught:
        CHANGES_FORMAT.of(content, "/changes")
    assert sorted((row.code, row.path) for row in caught.value.problems) == [
        ("missing_field", "/changes/3/factor"),
        ("out_of_range", "/changes/1/share"),
        ("out_of_range", "/changes/2/places"),
        ("unknown_field", "/changes/2/colour"),
        ("wrong_value", "/changes/0/kind"),
    ]
    assert "doctor_leaves" in str(caught.value)
