"""In person or by video."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, agree

from engine.domain import Wishes


def both(required: str = "any", **request: Any) -> Clinic:
    """An office session and a video session of one doctor."""
    clinic = Clinic().visit_type("visit", modality=required).video_role()
    clinic.session(id="office").session("10:00", "11:00", role_id="video", id="video")
    return clinic.request("ann", **request)


@pytest.mark.parametrize(
    ("required", "office", "video"),
    [("any", True, True), ("in_person", True, False), ("video", False, True)],
)
def test_visit_type_decides(required: str, *, office: bool, video: bool) -> None:
    """A type that must be in person is not done by video, and the reverse."""
    clinic = both(required)
    assert agree(clinic, "ann", ("office", "09:00"), "modality") == office
    assert agree(clinic, "ann", ("video", "10:00"), "modality") == video


def test_insisted_wish_binds() -> None:
    """Who insists on video is not asked to come."""
    clinic = both(wishes=Wishes(modality="video"), insists_on=("modality",))
    assert not agree(clinic, "ann", ("office", "09:00"), "modality")
    assert agree(clinic, "ann", ("video", "10:00"), "modality")


def test_mere_wish_does_not_bind() -> None:
    """Who only prefers video may be asked to come."""
    clinic = both(wishes=Wishes(modality="video"))
    assert agree(clinic, "ann", ("office", "09:00"), "modality")
