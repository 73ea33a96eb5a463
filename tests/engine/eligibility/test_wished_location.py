"""Only the places insisted on."""

from __future__ import annotations

from typing import Any

from clinic import Clinic, agree

from engine.domain import Wishes


def wishing(*, insists: bool) -> Clinic:
    """Two places and video; Ann wishes for the second place."""
    clinic = Clinic().location("north").role("north-role", location_id="north").video_role()
    clinic.session(id="office").session("10:00", "11:00", role_id="north-role", id="north")
    clinic.session("11:00", "12:00", role_id="video", id="video")
    more: dict[str, Any] = {"insists_on": ("locations",)} if insists else {}
    return clinic.request("ann", wishes=Wishes(location_ids=("north",)), **more)


def test_listed_place_is_admitted() -> None:
    """The wished place will do."""
    assert agree(wishing(insists=True), "ann", ("north", "10:00"), "wished_location")


def test_other_place_and_video_are_refused() -> None:
    """Another place will not, and video is no place."""
    clinic = wishing(insists=True)
    assert not agree(clinic, "ann", ("office", "09:00"), "wished_location")
    assert not agree(clinic, "ann", ("video", "11:00"), "wished_location")


def test_mere_wish_does_not_bind() -> None:
    """Without insisting, every place will."""
    assert agree(wishing(insists=False), "ann", ("office", "09:00"), "wished_location")
