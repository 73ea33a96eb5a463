"""Estimates from past appointments, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InvalidInputError
from scenarios.rolling import NoShowFrom, estimated

HEAD = "Asked,start,doctor,status\n"


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """A file of past appointments."""
    file = folder / "past.csv"
    file.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def test_days_are_as_they_were(tmp_path: Path) -> None:
    """Four asked for in two days, three of them on Monday; one was cancelled, and one of the
    other three missed.
    """
    file = written(
        tmp_path,
        "2026-03-02T08:00,2026-03-02T20:00,dr,served",
        "2026-03-02T09:00,2026-03-04T09:00,dr,No-Show",
        "2026-03-02T10:00-05:00,2026-03-06T10:00-05:00,dr,fulfilled",
        "2026-03-03T10:00,2026-03-04T10:00,dr,cancelled",
    )
    found = estimated(file)
    assert (found.appointments, found.days, found.requests_per_day) == (4, 2, 2.0)
    assert found.weekdays == (1.5, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0)
    assert (found.lead_days[0], found.lead_days[50], found.lead_days[-1]) == (0.5, 1.5, 4.0)
    assert found.no_show == pytest.approx(1 / 3)
    assert found.no_show_by_lead == ()
    assert found.patient_cancels == 0.25


def test_who_stays_away_is_counted_by_lead(tmp_path: Path) -> None:
    """Thirty visits on the day itself, thirty a week later; of 29 a month later nothing is said."""
    rows = [f"2026-03-02T08:00,2026-03-02T20:00,dr,{s}" for s in ["served"] * 30]
    rows += [f"2026-03-02T08:00,2026-03-09T08:00,dr,{s}" for s in ["served", "noshow"] * 15]
    rows += ["2026-03-02T08:00,2026-04-09T08:00,dr,noshow"] * 29
    found = estimated(written(tmp_path, *rows))
    assert found.no_show_by_lead == (
        NoShowFrom(days=0.0, share=0.0),
        NoShowFrom(days=7.0, share=0.5),
    )


def test_an_estimate_stands_beside_what_is_given(tmp_path: Path) -> None:
    """What is given wins; a share of those who stay away that is given holds for every lead."""
    file = written(tmp_path, *["2026-03-02T08:00,2026-03-02T20:00,dr,no_show"] * 30)
    found = estimated(file)
    values = found.beside({"days"})
    assert (values["requests_per_day"], values["no_show"]) == (30.0, 1.0)
    assert values["no_show_by_lead"] == [{"days": 0.0, "share": 1.0}]
    assert set(found.beside({"no_show", "weekdays"})) == {
        "requests_per_day",
        "lead_days",
        "patient_cancels",
    }


def test_everything_wrong_with_a_file_is_said_at_once(tmp_path: Path) -> None:
    """By line and column."""
    file = written(
        tmp_path,
        "soon,2026-03-02T20:00,dr,served",
        "2026-03-02T08:00,2026-03-01T20:00,dr,served",
        "2026-03-02T08:00Z,2026-03-03T20:00,dr,served",
        "2026-03-02T08:00,2026-03-01T20:00,dr,lost",
        "2026-03-02T08:00,2026-03-03T20:00",
    )
    with pytest.raises(InvalidInputError) as error:
        estimated(file)
    assert [(row.code, row.path) for row in error.value.problems] == [
        ("bad_instant", "past.csv:2/asked"),
        ("empty_interval", "past.csv:3/start"),
        ("bad_instant", "past.csv:4/start"),
        ("wrong_value", "past.csv:5/status"),
        ("empty_interval", "past.csv:5/start"),
        ("wrong_number_of_cells", "past.csv:6"),
    ]


@pytest.mark.parametrize(
    ("head", "code"),
    [(HEAD, "empty_dataset"), ("asked,start\n", "unknown_column"), ("", "unknown_column")],
    ids=["no rows", "no status", "nothing"],
)
def test_a_file_without_appointments_is_refused(tmp_path: Path, head: str, code: str) -> None:
    """Or without the columns."""
    with pytest.raises(InvalidInputError) as error:
        estimated(written(tmp_path, head=head))
    assert {row.code for row in error.value.problems} == {code}


def test_no_file_is_said(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(InvalidInputError, match="no such file"):
        estimated(tmp_path / "nothing.csv")
