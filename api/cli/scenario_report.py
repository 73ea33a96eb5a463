"""What ``slotmatch scenario`` writes beside its tables: a page, and files of everything."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.console import notes
from api.cli.outputs import try_file, try_folder, whole_file
from engine.errors import ScenarioError
from engine.problems import Problem, shown
from scenarios.numbers import count_text
from scenarios.runs.comparison import Comparison
from scenarios.runs.outcome import Outcome
from scenarios.runs.task import Task
from scenarios.scenario_file import Scenario

if TYPE_CHECKING:
    from scenarios.report import Told


_PAGES = ("", ".html", ".htm")  # a pipe has no ending


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where to write to.

    Parameters
    ----------
    page
        One HTML file; ``None``: none.
    tables
        A folder of Parquet and CSV; ``None``: none.
    """

    page: Path | None = None
    tables: Path | None = None

    def check(self) -> None:
        """Try, before anything is run.

        Raises
        ------
        OSError
            Something cannot be written.
        ScenarioError
            The page has the name of something else, or what writes Parquet is not installed.
        """
        if self.page is not None:
            _require_page(self.page)
            try_file(self.page)
        if self.tables is not None:
            _require_library()
            try_folder(self.tables)

    def write(
        self,
        asked: Sequence[tuple[Scenario, tuple[Task, ...]]],
        outcomes: Mapping[str, Outcome],
        found: Sequence[Sequence[Comparison]],
        measures: Sequence[str] = (),
        *,
        quiet: bool,
    ) -> None:
        """Write what was asked for, of all runs that are done.

        Parameters
        ----------
        asked
            Scenarios with their runs.
        outcomes
            By key.
        found
            What each scenario comes to, point by point.
        measures
            That are drawn across the points of a sweep; none: those that say most.

        Raises
        ------
        OSError
            Something cannot be written, or the page would be too large.
        """
        if self.page is None and self.tables is None:
            return
        from scenarios.report import Told

        told = [Told.of(*runs, outcomes, points) for runs, points in zip(asked, found, strict=True)]
        if self.tables is not None:
            _write_tables(told, self.tables, quiet=quiet)
        if self.page is not None:
            _write_page(told, self.page, measures, quiet=quiet)


def _require_page(path: Path) -> None:
    if path.suffix.lower() not in _PAGES:
        message = "the page is HTML. Maybe call it so: FILE.html"
        raise ScenarioError([Problem("wrong_value", "--report", message, shown(str(path)))])


def _require_library() -> None:
    from scenarios.report.tables import missing_library

    message = missing_library()
    if message is not None:
        said = f"pyarrow is not installed. {message}"
        raise ScenarioError([Problem("missing_extra", "--tables", said)])


def _write_page(told: Sequence[Told], path: Path, measures: Sequence[str], *, quiet: bool) -> None:
    from scenarios.report import TooLargeError, report_html

    try:
        page = report_html(told, measures).encode()
    except TooLargeError as error:
        raise OSError(errno.EFBIG, str(error), str(path)) from error
    with whole_file(path) as stream:
        stream.write(page)
    if not quiet:
        notes.print(f"{path}: {len(page):,} bytes", markup=False)


def _write_tables(told: Sequence[Told], folder: Path, *, quiet: bool) -> None:
    from scenarios.report.tables import TABLES, write_table

    for table in TABLES:
        with ExitStack() as files:
            parquet = files.enter_context(whole_file(folder / f"{table.name}.parquet"))
            text = files.enter_context(whole_file(folder / f"{table.name}.csv"))
            num_rows = write_table(table, told, parquet, text)
        if not quiet and num_rows:
            notes.print(f"{folder / table.name}: {count_text(num_rows, 'row')}", markup=False)
