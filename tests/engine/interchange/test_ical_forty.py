"""Forty calendars made for the purpose: every instant is right, and comes back from an export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from forty_calendars import CASES, FOLDER, Case, lines_of

from engine.checks import check_dataset
from engine.domain import Dataset
from engine.interchange.canonical import dataset_hash
from engine.interchange.ical import CalendarOptions, calendars_of, read_calendars
from engine.interchange.import_report import ImportReport

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def read(case: Case) -> tuple[Dataset, ImportReport]:
    """The dataset with what a calendar says."""
    return read_calendars(case.base(), [f"role={case.file}"], CalendarOptions())


def test_there_are_forty() -> None:
    """Every calendar in the folder has its row in the table, and there are forty of them."""
    names = sorted(file.stem for file in FOLDER.glob("*.ics"))
    assert names == sorted(case.name for case in CASES)
    assert len(names) == 40


@by_name
def test_every_session_and_block_has_the_right_instants(case: Case) -> None:
    """Those of the table and no others; what is wrong is found, and nothing else."""
    dataset, report = read(case)
    assert lines_of(dataset) == case.expected
    codes = {problem.code for problem in report.findings.problems} - {"unused_minutes"}
    assert codes == set(case.codes)
    assert not check_dataset(dataset).num_errors


@by_name
def test_export_and_import_again_are_equal(case: Case, tmp_path: Path) -> None:
    """What is written as calendars and read into the dataset without it is the same to the byte."""
    dataset, _ = read(case)
    for name, text in calendars_of(dataset).items():
        assert text is not None
        (tmp_path / name).write_bytes(text)
    bare = replace(dataset, sessions=(), appointments=())
    again, report = read_calendars(bare, [str(tmp_path)], CalendarOptions())
    assert not report.findings.num_errors
    assert dataset_hash(again) == dataset_hash(dataset)
