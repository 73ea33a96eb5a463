"""``slotmatch scenario``: what the commands do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.cli import exit_codes
from api.cli.console import notes, print_json, print_table
from api.cli.outputs import check_folder, try_folder
from api.cli.running import Monitor, run_watched
from api.cli.scenario_report import ReportFiles
from api.cli.scenario_tables import library_table, print_scenario
from engine.errors import ScenarioError
from engine.problems import Problem, one_of
from scenarios.library import in_library, library
from scenarios.measures import MEASURES
from scenarios.numbers import count_text
from scenarios.runs.batch import Batch, run_all
from scenarios.runs.cluster import on_cluster
from scenarios.runs.comparison import Comparison, compared
from scenarios.runs.content import scenario_content
from scenarios.runs.kept import Kept
from scenarios.runs.local import local_processes
from scenarios.runs.outcome import Outcome
from scenarios.runs.task import Task, tasks_of
from scenarios.scenario_file import Overrides, Scenario, read_scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioOptions:
    """What ``slotmatch scenario`` was asked."""

    files: tuple[str, ...]
    overrides: Overrides
    out: Path
    jobs: int
    groups: bool
    measures: tuple[str, ...]
    as_json: bool
    quiet: bool
    files_to_write: ReportFiles
    cluster: str | None = None


def run_scenarios(options: ScenarioOptions) -> int:
    """Read all, run what is missing, and print."""
    asked = [(scenario, tasks_of(scenario)) for scenario in _read(options)]
    options.files_to_write.check()
    try_folder(options.out)
    every = [task for _, tasks in asked for task in tasks]
    batch = _run_watched(every, options)
    if not options.quiet:
        notes.print(
            f"{count_text(batch.num_run, 'run')} done, {batch.num_found:,} were there", markup=False
        )
    if batch.num_left:
        notes.print(f"{count_text(batch.num_left, 'run was', 'runs were')} not begun", markup=False)
    return _show(asked, batch.outcomes, options, is_complete=not batch.num_left)


def compare_scenarios(options: ScenarioOptions) -> int:
    """Read all, and print what is known."""
    asked = [(scenario, tasks_of(scenario)) for scenario in _read(options)]
    options.files_to_write.check()
    check_folder(options.out)
    kept, keys = Kept(options.out), {task.key for _, tasks in asked for task in tasks}
    found = {key: outcome for key in keys if (outcome := kept.get(key)) is not None}
    if len(found) < len(keys):
        missing = len(keys) - len(found)
        notes.print(f"{missing:,} of {count_text(len(keys), 'run')} missing", markup=False)
    return _show(asked, found, options, is_complete=len(found) == len(keys))


def list_scenarios(*, as_json: bool) -> int:
    """Print the library."""
    rows = [(path.stem, read_scenario(path).title) for path in library()]
    if as_json:
        print_json([{"name": name, "title": title} for name, title in rows])
    else:
        print_table(library_table(rows))
    return exit_codes.OK


def _read(options: ScenarioOptions) -> list[Scenario]:
    """All scenarios.

    Raises
    ------
    ScenarioError
        Everything that is wrong with any of them, and with the measures that are asked for.
    """
    found: list[Scenario] = []
    problems = [
        Problem("wrong_value", "--measure", f"no such measure. {one_of(MEASURES, name)}", name)
        for name in options.measures
        if name not in MEASURES
    ]
    for name in options.files:
        try:
            found.append(read_scenario(_file_of(name), options.overrides))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))  # options are wrong for every file
    return found


def _file_of(name: str) -> Path:
    """A file of the library by its name, or any by its path.

    Raises
    ------
    ScenarioError
        There is neither.
    """
    path = in_library(name) or Path(name)
    if not path.exists():
        known = one_of([path.stem for path in library()], name)
        message = f"there is no such file, and no such scenario in the library. {known}"
        raise ScenarioError([Problem("not_found", name, message)])
    return path


def _run_watched(tasks: list[Task], options: ScenarioOptions) -> Batch:
    """Run with progress on stderr and Ctrl-C under control."""

    def work(monitor: Monitor) -> Batch:
        def on_done(done: int, total: int) -> None:
            monitor.enter(f"{done:,} of {count_text(total, 'run')}")

        there = options.cluster
        start = local_processes(options.jobs) if there is None else on_cluster(there)
        return run_all(tasks, Kept(options.out), start, monitor.cancel, on_done)

    stopping = "finishing the runs that have begun"
    batch, _ = run_watched(work, (), quiet=options.quiet, stopping=stopping)
    return batch


def _show(
    asked: list[tuple[Scenario, tuple[Task, ...]]],
    outcomes: Mapping[str, Outcome],
    options: ScenarioOptions,
    *,
    is_complete: bool,
) -> int:
    """Print what came of all; the exit code."""
    found = [(scenario, compared(tasks, outcomes)) for scenario, tasks in asked]
    if options.as_json:
        print_json([scenario_content(*row, options.measures) for row in found])
    else:
        for scenario, some in found:
            print_scenario(scenario, some, options.measures, with_groups=options.groups)
    points_of_each = [some for _, some in found]
    options.files_to_write.write(
        asked, outcomes, points_of_each, options.measures, quiet=options.quiet
    )
    points = [point for some in points_of_each for point in some]
    return _exit_code(points, is_complete=is_complete)


def _exit_code(points: list[Comparison], *, is_complete: bool) -> int:
    if not all(point.holds for point in points if point.num_runs):
        return exit_codes.NOT_ACCEPTED
    is_proven = is_complete and not any(point.num_unproven for point in points)
    return exit_codes.OK if is_proven else exit_codes.UNPROVEN
