"""Records added to a dataset: judged with it, and left out where they break a check."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import Clinic, at

from engine.domain import Appointment, Patient, Request
from engine.errors import DatasetError
from engine.interchange.assembly import added
from engine.interchange.import_report import ImportReport


def request(id: str, patient: str) -> Request:
    """A request for the clinic's visit."""
    return Request(id=id, patient_id=patient, visit_type_id="visit", created=at("00:00"))


def test_records_are_added_behind_those_that_are_there() -> None:
    """Both stand in the dataset, and the report says what was made."""
    base, report = Clinic().request("r1").dataset(), ImportReport()
    rows = {
        "patients": [("p.csv:2", Patient(id="ann"))],
        "requests": [("r.csv:2", request("r2", "ann"))],
    }
    dataset = added(base, rows, report)
    assert [row.id for row in dataset.requests] == ["r1", "r2"]
    assert report.made == {"patients": 1, "requests": 1}
    assert not report.findings.num_errors


def test_what_breaks_a_check_is_left_out_with_what_refers_to_it() -> None:
    """A request of nobody goes, and so does its appointment; each with its line."""
    base, report = Clinic().request("r1").dataset(), ImportReport()
    appointment = Appointment(
        id="a", request_id="r2", role_id="role", start=at("09:00"), end=at("09:30")
    )
    rows = {
        "requests": [("r.csv:2", request("r2", "nobody")), ("r.csv:3", request("r1", "r1"))],
        "appointments": [("a.csv:2", appointment)],
    }
    dataset = added(base, rows, report)
    assert dataset == base
    assert report.made == {"requests": 0, "appointments": 0}
    found = {(row.code, row.path.partition("/")[0]) for row in report.findings.problems}
    assert found == {
        ("dangling_reference", "r.csv:2"),
        ("duplicate_id", "r.csv:3"),
        ("dangling_reference", "a.csv:2"),
    }


def test_mistakes_that_were_there_before_are_not_blamed_on_the_rows() -> None:
    """A dataset that is wrong itself takes nothing."""
    base = replace(Clinic().dataset(), requests=(request("r1", "nobody"),))
    with pytest.raises(DatasetError):
        added(base, {"patients": [("p.csv:2", Patient(id="ann"))]}, ImportReport())
