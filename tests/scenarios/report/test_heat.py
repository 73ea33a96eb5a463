"""Use of time as shades: what is shown, what is cut, and what is more than full."""

from __future__ import annotations

from datetime import date

from scenarios.details import DayTold, Details, DoctorUse, UseOfTime
from scenarios.report import PointTold, Told
from scenarios.report.heat import Heat, heat
from scenarios.runs.outcome import Outcome


def of_details(told: Told, changed: Details, plain: Details | None = None) -> Heat | None:
    """The shades of one run."""
    point = told.points[0]

    def runs(details: Details | None) -> dict[int, Outcome]:
        made = Outcome(key="k", rows=(), proven=True, stopped="", details=details or Details())
        return {} if details is None else {4: made}

    return heat(PointTold(1, "", point.scenario, point.comparison, runs(changed), runs(plain)))


def use(*doctors: tuple[str, tuple[int, ...], tuple[int, ...]], many: int = 0) -> Details:
    """Doctors, with the minutes that are taken and offered."""
    rows = tuple(DoctorUse(id=name, taken=taken, offered=all_) for name, taken, all_ in doctors)
    return Details(
        use=UseOfTime(
            first_day=date(2026, 3, 2), num_days=3, num_doctors=max(many, len(rows)), doctors=rows
        )
    )


def test_shades_are_tenths_and_days_without_time_are_left_out(swept: Told) -> None:
    """A day on which nobody has time has no column; one of a doctor who has none is empty."""
    found = of_details(
        swept,
        use(("a", (30, 0, 60), (60, 0, 30)), ("b", (0, 0, 0), (0, 0, 60))),
        use(("a", (15, 0, 60), (60, 0, 60))),
    )
    assert found is not None
    assert found.columns == ("Mon 2", "Wed 4")
    assert [[field.shade for field in row.fields] for row in found.rows] == [[5, 11], [None, 0]]
    assert [row.fields[0].said for row in found.rows] == ["50", ""]
    assert found.rows[0].fields[0].title == (
        "a, Mon 2 March: 50% of 60 minutes; without the changes 25%"
    )
    assert found.title == "Use of time by doctor and day, seed 4"
    assert found.cut == ""


def test_what_is_cut_is_said(swept: Told) -> None:
    """Of 40 doctors one is shown, of three days one."""
    found = of_details(swept, use(("a", (30,), (60,)), many=40))
    assert found is not None
    assert found.cut == "the 1 busiest of 40 doctors; the first 1 of 3 days"


def test_weeks_of_days_that_pass_begin_on_monday(swept: Told) -> None:
    """A Sunday and a Monday are in two weeks; other days are empty."""
    days = tuple(
        DayTold(
            date=date(2026, 3, number),
            arrived=0,
            waiting=0,
            booked=0,
            served=0,
            open_minutes=60,
            visit_minutes=minutes,
        )
        for number, minutes in ((8, 30), (9, 60))
    )
    found = of_details(swept, Details(days=days))
    assert found is not None
    assert [row.name for row in found.rows] == ["2 Mar 2026", "9 Mar 2026"]
    assert [field.said for field in found.rows[0].fields] == ["", "", "", "", "", "", "50"]
    assert found.rows[1].fields[0].shade == 10


def test_of_nothing_there_are_no_shades(swept: Told) -> None:
    """Of a run without timed sessions, and of a point without runs."""
    assert of_details(swept, Details()) is None
    point = swept.points[0]
    assert heat(PointTold(1, "", point.scenario, point.comparison, {}, {})) is None
