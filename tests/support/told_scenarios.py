"""Scenarios with what came of them, as a report is given them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from clinic import Clinic

from engine.domain import Coordinates
from engine.interchange.dataset import write_document
from scenarios.report import Told
from scenarios.runs.comparison import compared
from scenarios.runs.outcome import Outcome
from scenarios.runs.perform import perform
from scenarios.runs.task import tasks_of
from scenarios.scenario_file import Scenario, scenario_from

HOSTILE = '<script>alert("1")</script> & \'x\' onload="y" ]]> {{ 7*7 }}'
"""A name that would do harm if it were taken for anything but text."""

REMARKS = """\
# Question: what if Ann, <b>Bob</b> and others ask?
# Nobody knows.
#
# Look at: match_rate.
"""
TITLE = "title: '{}'\n".format(HOSTILE.replace("'", "''"))
HEAD = "schema: slotmatch.scenario/1\nname: told\n"
OF_THE_CLINIC = "base: {dataset: clinic.json}\nlimits: {deterministic_seconds: 2}\n"
SWEPT = """\
changes:
- {kind: overbooking, share: 0.25}
- {kind: demand_scaled, factor: 1.0}
repetitions: 2
sweep: {changes/1/factor: [1.5, 2.0]}
acceptance: [{measure: match_rate, at_least: 0.5}, {measure: travel_km_median, at_most: 0.1}]
"""
MENDED = """\
run:
  kind: repair
  events:
  - {kind: doctor_absent, doctor_id: dr, start: 2026-03-02T09:00-05:00, end: 2026-03-02T09:30-05:00}
"""
PASSING = """\
run: {kind: rolling, days: 4, requests_per_day: 1}
changes: [{kind: overbooking, share: 0.25}]
"""


def hostile_clinic(folder: Path) -> None:
    """Five ask for six cells of a doctor whose names would do harm, and live all around."""
    clinic = Clinic().doctor("dr", name=HOSTILE).location("far", name="Far & <wide>")
    clinic.locations[0] = clinic.locations[0].__class__(
        id="office",
        name=HOSTILE,
        coordinates=Coordinates(latitude=40.75, longitude=-73.99),
        time_zone="America/New_York",
        state="NY",
    )
    clinic.session("09:00", "10:00").session("09:00", "09:30", 1)
    for number, name in enumerate(("ann", "bob", "cy", "dee", "eve")):
        home = Coordinates(latitude=40.75 + 0.03 * number, longitude=-73.99)
        clinic.patient(name, home=home, languages=("es" if number % 2 else "en",)).request(name)
    (folder / "clinic.json").write_bytes(write_document(clinic.dataset()))


def told(text: str, folder: Path | None = None, *, remarks: str = "", only: int = 1_000) -> Told:
    """What comes of a text behind the head.

    Parameters
    ----------
    only
        So many of its runs are done.
    """
    scenario = scenario_from(f"{remarks}{HEAD}{text}".encode(), "file.yaml", folder)
    tasks = tasks_of(scenario)
    return told_of(scenario, {task.key: perform(task) for task in tasks[:only]})


def told_of(scenario: Scenario, outcomes: Mapping[str, Outcome]) -> Told:
    """What came of a scenario, of which some runs are done."""
    tasks = tasks_of(scenario)
    return Told.of(scenario, tasks, outcomes, compared(tasks, outcomes))
