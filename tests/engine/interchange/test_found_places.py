"""What a find answers, on the wire."""

from __future__ import annotations

import json

from clinic import Clinic

from engine.find import find
from engine.interchange.found_places import FoundDocument, found_content
from engine.interchange.plan_file import plan_rows, row_content
from engine.interchange.validation import adapter
from engine.match import match
from engine.solve.limits import Limits

OF_THE_PRICE = {"rank", "levels", "contributions"}


def test_a_place_is_written_as_a_row_of_the_plan_writes_it() -> None:
    """The best place of the only request is what the plan's row says, in the same words."""
    dataset = Clinic().video_role().session(role_id="video").request("ann").dataset()
    (row,) = plan_rows(match(dataset, limits=Limits(deterministic=True)))
    (content,) = found_content(find(dataset, "ann", 1))["places"]
    planned = row_content(row)
    assert {name: content[name] for name in content.keys() - OF_THE_PRICE} == {
        name: planned[name] for name in planned.keys() - {"request_id", "state"}
    }
    assert content["rank"] == 1
    assert content["levels"]["inconvenience"] == content["contributions"]["wait"] == 375


def test_what_is_absent_is_left_out() -> None:
    """A found place has no reason, an answer without any has one; a held place has no session
    where it lies outside of all.
    """
    clinic = Clinic().session("09:00", "09:15").request("ann").request("bob")
    clinic.appointment("12:00", "12:15", request="bob").link("ann", "bob")
    content = found_content(find(clinic.dataset(), "ann"))
    assert content.keys() & {"reason", "ruled_out_by", "held"} == set()
    assert content["linked_with"] == []
    content = found_content(find(clinic.dataset(), "bob"))
    assert content["linked_with"] == ["ann"]
    assert content["held"] == {
        "doctor_id": "dr",
        "role_id": "role",
        "location_id": "office",
        "start": "2026-03-02T12:00:00-05:00",
        "end": "2026-03-02T12:15:00-05:00",
    }
    clinic.sessions.clear()
    content = found_content(find(clinic.dataset(), "ann"))
    assert (content["reason"], content["ruled_out_by"]) == ("no_candidate", "no_session")


def test_what_is_written_can_be_read() -> None:
    """The document is JSON, and of the shape that its schema states."""
    clinic = Clinic().session("09:00", "10:00").request("ann")
    content = found_content(find(clinic.dataset(), "ann"))
    read = adapter(FoundDocument).validate_json(json.dumps(content))
    assert adapter(FoundDocument).dump_python(read, mode="json", exclude_none=True) == content
    schema = adapter(FoundDocument).json_schema()
    assert all("description" in field for field in schema["properties"].values())
