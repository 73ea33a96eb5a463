"""Whom to call after a repair is printed, with what to offer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from repair_commands import booked

pytestmark = pytest.mark.usefixtures("wide")


def test_menus_are_a_list_of_calls(said: Any) -> None:
    """Whom first, what they were told, what each can be offered at which price, and why not more:
    of four places on Tuesday, one each is the plan's, and the others are in one menu each.
    """
    text = said(booked(), closed=("session=monday",), menus=3)
    calls = text.partition("Whom to call, and what to offer")[2]
    assert "│ 1 │ ann │ Mon 02 Mar 09:00 │ 1. Tue 03 Mar 09:" in calls
    assert "dr, office: 3.00 days" in calls
    assert "what else is free is offered to others" in calls
    content = json.loads(said(booked(), closed=("session=monday",), menus=3, as_json=True))
    menus = content["frontier"][0]["menus"]
    offered = [
        place["start"] for menu in menus for row in menu["options"] for place in row["places"]
    ]
    assert len(offered) == len(set(offered)) == 4
