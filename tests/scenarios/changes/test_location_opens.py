"""A new place opens."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, at, starts
from situations import after, hours, wrong

from engine.domain import Service

NORTH = {
    "id": "north",
    "time_zone": "America/New_York",
    "coordinates": {"latitude": 40.84, "longitude": -73.99},
}
SATURDAY = {"days": ["sat"], "start": "09:00", "end": "11:00"}


def clinic() -> Clinic:
    """Two heart doctors with a role each, one of them by video too, and a skin doctor."""
    made = Clinic().video_role(specialties=("heart",)).role("role", specialties=("heart",))
    made.doctor("eve", gender="female", languages=("en",), npi="1234567893")
    made.role("eve-role", doctor_id="eve", specialties=("heart",), group_id="G")
    made.doctor("sam").role("sam-role", doctor_id="sam", specialties=("skin",))
    made.session().session(role_id="eve-role", cell_minutes=20)
    return made.session(role_id="sam-role").session(role_id="video", start="14:00", end="15:00")


def opened(**more: Any) -> dict[str, Any]:
    """Fields of a place in the north, open on Saturdays."""
    return {"location": NORTH, "hours": [SATURDAY], **more}


def test_doctors_who_are_there_work_there_too() -> None:
    """With a copy of their role at a place, and cells as there; their sessions stay."""
    found = after(clinic(), "location_opens", **opened(doctor_ids=["eve", "dr"])).dataset
    assert [row.id for row in found.locations] == ["office", "north"]
    eve, dr = found.roles[-2:]
    assert (eve.id, eve.doctor_id, eve.location_id, eve.group_id) == (
        "north-eve",
        "eve",
        "north",
        "G",
    )
    assert (dr.id, dr.location_id, dr.time_zone, dr.licensed_states) == (
        "north-dr",
        "north",
        None,
        (),
    )
    assert [row.cell_minutes for row in found.sessions[-2:]] == [20, 15]
    assert hours(found, "north-eve") == hours(found, "north-dr") == ["07 09:00-11:00"]
    assert len(found.sessions) == 6
    assert len(found.doctors) == 3


def test_new_doctors_are_like_others_of_the_specialty() -> None:
    """In turn, without their names and numbers."""
    found = after(clinic(), "location_opens", **opened(new_doctors=3, specialty="heart")).dataset
    assert [row.id for row in found.doctors[-3:]] == [
        "north-doctor",
        "north-doctor-2",
        "north-doctor-3",
    ]
    assert [row.gender for row in found.doctors[-3:]] == [None, "female", None]
    assert {row.npi for row in found.doctors[-3:]} == {None}
    assert [row.group_id for row in found.roles[-3:]] == [None, "G", None]
    assert [row.cell_minutes for row in found.sessions[-3:]] == [15, 20, 15]


def test_patients_can_go_there() -> None:
    """A request that had no place before has one."""
    before = Clinic().session(day=20).request("ann")
    assert starts(before, "ann") == []
    more = opened(doctor_ids=["dr"], start="2026-03-07")
    found = after(before, "location_opens", **more).dataset
    assert found.sessions[-1].start == at("09:00", 5)


def test_rooms_and_services() -> None:
    """A service can open too; rooms are there as many as stated."""
    made = clinic()
    made.services.append(Service(id="chair"))
    made.role("chair-role", service_id="chair")
    more = opened(doctor_ids=["chair"], cell_minutes=5, resources={"scanner": 2})
    found = after(made, "location_opens", **more).dataset
    assert (found.roles[-1].service_id, found.roles[-1].doctor_id) == ("chair", None)
    assert [(row.kind, row.location_id, row.capacity) for row in found.resources] == [
        ("scanner", "north", 2)
    ]


def test_a_place_by_its_postal_code() -> None:
    """Instead of coordinates."""
    place = {"id": "north", "time_zone": "America/New_York", "postal_code": "10018"}
    found = after(clinic(), "location_opens", **opened(location=place, doctor_ids=["dr"])).dataset
    assert found.locations[-1].postal_code == "10018"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [("missing_field", "doctor_ids")]),
        ({"doctor_ids": ["ev"]}, [("dangling_reference", "doctor_ids/0")]),
        ({"doctor_ids": ["eve", "eve"]}, [("duplicate_reference", "doctor_ids/1")]),
        ({"new_doctors": 1}, [("missing_field", "specialty")]),
        ({"new_doctors": 1, "specialty": "hart"}, [("dangling_reference", "specialty")]),
        (
            {"doctor_ids": ["dr"], "location": NORTH | {"id": "office", "coordinates": None}},
            [("duplicate_id", "location/id"), ("missing_field", "location/coordinates")],
        ),
        (
            {
                "doctor_ids": ["dr"],
                "location": NORTH | {"coordinates": None, "postal_code": "00000"},
                "hours": [SATURDAY | {"end": "08:00"}],
            },
            [("unknown_postal_code", "location/postal_code"), ("empty_interval", "hours/0/end")],
        ),
    ],
)
def test_everything_wrong_is_found(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """In one pass, each where it stands."""
    rows = wrong(clinic(), "location_opens", **(opened() | fields))
    assert rows == [(code, f"/changes/0/{path}") for code, path in found]


def test_cells_of_unknown_length_must_be_stated() -> None:
    """The copied role has no sessions to take it from."""
    found = wrong(Clinic(), "location_opens", **opened(doctor_ids=["dr"]))
    assert found == [("missing_cell_minutes", "/changes/0/cell_minutes")]
