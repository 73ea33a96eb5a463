"""Drawings: where numbers are, and what is said of them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from scenarios.details import FrontierPoint, Home, Place, TravelMap
from scenarios.report.plots.axes import Scale, around, ticks
from scenarios.report.plots.frontier import frontier
from scenarios.report.plots.histogram import histogram
from scenarios.report.plots.intervals import Across, Dot, Series, intervals
from scenarios.report.plots.over_days import over_days
from scenarios.report.plots.travel import band_of, travel
from scenarios.report.svg import drawing, element, text
from scenarios.statistics import Estimate

ACROSS = Across("factor", ((1.0, "1"), (2.0, "2")), 0.5, 2.5, is_joined=True)


def titles(drawn: str) -> list[str]:
    """What is said where one points."""
    return re.findall(r"<title>(.*?)</title>", drawn)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0, 7, (0, 2, 4, 6, 8)),
        (93, 101, (92, 94, 96, 98, 100, 102)),
        (0.003, 0.004, (0.003, 0.0032, 0.0034, 0.0036, 0.0038, 0.004)),
        (5, 5, (5,)),
    ],
)
def test_ticks_are_round_and_hold_what_there_is(
    low: float, high: float, found: tuple[float, ...]
) -> None:
    """Steps of 1, 2 or 5; a single number is its own tick."""
    assert ticks(low, high) == pytest.approx(found)


def test_a_scale_has_room_for_one_number() -> None:
    """It lies in the middle; where nothing can be below 0, or above 100, nothing is."""
    assert Scale(*around([4.0]), 0, 10)(4.0) == pytest.approx(5)
    assert Scale(3, 3, 0, 10)(3) == 5
    assert around([0.0], least=0) == (0, 1)
    assert around([99, 103], most=100) == (99, 100)
    assert around([]) == (0, 1)


def test_texts_in_drawings_are_escaped() -> None:
    """In elements and in attributes; what is an element already is not escaped again."""
    drawn = drawing(10, 10, 'a "label" <b>', element("g", text(1.04, 2, "<script>")))
    assert 'aria-label="a &#34;label&#34; &lt;b&gt;"' in drawn
    assert '<g><text x="1" y="2">&lt;script&gt;</text></g>' in drawn


def test_means_have_their_intervals() -> None:
    """One with an interval, one without, one that is not known; cut at 100 %."""
    dots = (
        Dot(1.0, "first", Estimate(0.9, 0.6, 1.2, 3)),
        Dot(2.0, "second", Estimate(0.5, None, None, 1)),
        Dot(2.0, "third", Estimate(None, None, None, 0, 3)),
    )
    drawn = intervals("label", "share", [Series("", dots)], ACROSS)
    assert titles(drawn) == ["first: 90.0 ± 30.0 %", "second: 50.0 %"]
    assert drawn.count('class="interval') == 1
    assert 'y2="12"' in drawn
    assert ">120<" not in drawn
    beyond = Dot(1.0, "late", Estimate(None, None, None, 0, 3, more_than=12.0))
    (title,) = titles(intervals("label", "days", [Series("", (beyond,))], ACROSS))
    assert title == "late: &gt; 12.00 days"
    assert "joined" in drawn


def test_what_has_no_value_is_an_empty_drawing() -> None:
    """Of a measure and of what it is compared with."""
    none = Dot(1.0, "first", Estimate(None, None, None, 0, 3))
    series = [Series("", (none,)), Series("without", (none,), is_baseline=True)]
    drawn = intervals("label", "days", series, ACROSS)
    assert "sign" not in drawn
    assert "joined" not in drawn


def test_bars_are_shares_of_all_visits() -> None:
    """Three of four; the last bin of all is open; without the changes there is an outline."""
    drawn = histogram("label", "days", [3, 1], [0, 2])
    assert titles(drawn) == [
        "0 to below 1 days: 75.0 %; without the changes 0.0 %",
        "1 to below 2 days: 25.0 %; without the changes 100.0 %",
    ]
    assert "without step" in drawn
    alone = histogram("label", "km", [0] * 60 + [2])
    assert titles(alone)[-1] == "60 or more km: 100.0 %"
    assert ">60+</text>" in alone
    assert "without" not in alone


def test_answers_that_are_open_are_hollow() -> None:
    """Each says who moves and who is left; those of one run are joined."""
    points = tuple(
        FrontierPoint(additional=more, unplaced=2 - more, moved=more, price=0, proven=more == 0)
        for more in (0, 1)
    )
    drawn = frontier("label", {7: points})
    assert titles(drawn) == [
        "Seed 7: 0 people moved for others, 2 left without a place, proven",
        "Seed 7: 1 person moved for others, 1 left without a place, open",
    ]
    assert drawn.count("sign s0 open") == 1
    assert drawn.count("joined") == 1


def test_days_without_a_number_are_left_out() -> None:
    """The line goes on at the next one; without anything to compare there is one line."""
    drawn = over_days("label", date(2026, 3, 2), [1.0, None, 3.0], [])
    (line,) = re.findall(r'd="(M[^"]*)" class="with"', drawn)
    assert line.count("L") == 1
    assert "days from 2 March 2026" in drawn


def test_homes_are_told_apart_by_their_way() -> None:
    """By kilometres; by video; without any place a cross. Who lives far off is beyond the map."""
    assert [band_of(Home(x=0, y=0, km=km, is_placed=True)) for km in (0, 5, 19.9, 500, None)] == [
        "b0",
        "b1",
        "b2",
        "b3",
        "video",
    ]
    assert band_of(Home(x=0, y=0)) == "none"
    near = [Home(x=number / 20, y=0, km=1, is_placed=True) for number in range(98)]
    far = Home(x=900, y=900, km=1200, is_placed=True)
    place = Place(id="p", name="<p>", x=0, y=0, visits=9)
    told = TravelMap(
        places=(place,), homes=(*near, Home(x=1, y=0), far), num_places=1, num_homes=100
    )
    drawn = travel("label", told)
    assert drawn.num_beyond == 1
    assert titles(drawn.map) == ["&lt;p&gt;: 9 visits"]
    assert drawn.map.count("home none") == 1
    assert "km</text>" in drawn.map
