"""Plain values to what a scenario file says, with everything that is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.events.event_file import EVENTS
from engine.interchange.kinds import Kinds
from engine.interchange.validation import read_record
from engine.problems import Report, one_of
from scenarios.changes import CHANGES_FORMAT
from scenarios.measures import MEASURES
from scenarios.scenario_file.estimating import with_estimates
from scenarios.scenario_file.examples import examples
from scenarios.scenario_file.records import ABSENCES, RUNS, Acceptance, Base, Definition, Generated

_FIELDS = tuple(Definition.__dataclass_fields__)


def read_definition(content: Any, folder: Path | None, report: Report) -> Definition | None:
    """Read what a file says.

    Parameters
    ----------
    content
        Its plain values.
    folder
        Where its file names lead from; ``None``: it may name no files.
    report
        Where to say what is wrong; paths begin at the file, as ``/changes/0/factor``.

    Returns
    -------
    Definition or None
        ``None`` where there is an error.
    """
    if not isinstance(content, dict):
        report.error("wrong_type", "", "must be an object: a scenario is keys and values", content)
        return None
    before = report.num_errors
    given = {key: value for key, value in content.items() if _is_known(key, report)}
    if "changes" in given:
        given["changes"] = _list_of(CHANGES_FORMAT, given["changes"], "/changes", report)
    if "run" in given:
        given["run"] = _read_run(given["run"], folder, report)
        if given["run"] is None:
            del given["run"]
    definition: Definition | None = read_record(Definition, given, "", report)
    if isinstance(given.get("base"), dict):
        _check_base(given["base"], folder, report)
    _check_acceptance(given.get("acceptance"), report)
    if isinstance(given.get("policy"), str):
        _check_file(given["policy"], "/policy", folder, report)
    return definition if report.num_errors == before else None


def _is_known(key: str, report: Report) -> bool:
    if key not in _FIELDS:
        report.error("unknown_field", f"/{key}", f"there is no such field. {one_of(_FIELDS, key)}")
    return key in _FIELDS


def _list_of(kinds: Kinds[Any], value: Any, path: str, report: Report) -> tuple[Any, ...]:
    """Those records of a list that can be read."""
    if not isinstance(value, list):
        report.error("wrong_type", path, f"must be a list of {kinds.noun}s", value)
        return ()
    rows = (kinds.one(part, f"{path}/{index}", report) for index, part in enumerate(value))
    return tuple(row for row in rows if row is not None)


def _read_run(value: Any, folder: Path | None, report: Report) -> Any:
    """The run, and the events in it; ``None`` where it cannot be read."""
    if not isinstance(value, dict):
        return RUNS.one(value, "/run", report)
    given, found, judged = with_estimates(value, folder, report), Report(), set()
    for key, kinds in (("events", EVENTS), ("absences", ABSENCES)):
        if given.get(key):
            before = report.num_errors
            given[key] = _list_of(kinds, given[key], f"/run/{key}", report)
            judged |= {f"/run/{key}"} if report.num_errors > before else set()
    run = RUNS.one(given, "/run", found)
    for problem in found.problems:
        if problem.path not in judged:  # that a list is empty whose every event is wrong
            report.add(problem)
    return run


def _alone(record_type: type, value: Any) -> Any:
    """A record read by itself; ``None`` where that is refused, which was said already."""
    return read_record(record_type, value, "", Report())


def _check_base(base: Mapping[str, Any], folder: Path | None, report: Report) -> None:
    """Judge what the base names, whatever else is wrong with it."""
    names = tuple(Base.__dataclass_fields__)
    given = [name for name in names if base.get(name) is not None]
    if len(given) != 1:
        message = f"exactly one of {', '.join(names)} is given"
        report.error("not_exactly_one", "/base", message, given or None)
    dataset, example = base.get("dataset"), base.get("example")
    if isinstance(dataset, str):
        _check_file(dataset, "/base/dataset", folder, report)
    if isinstance(example, str) and example not in examples():
        message = f"no such example. {one_of(examples(), example)}"
        report.error("wrong_value", "/base/example", message, example)
    world = _alone(Generated, base.get("generate"))
    if world is not None:
        try:
            world.spec(seed=0)
        except ValueError as error:
            report.error("out_of_range", "/base/generate", str(error))


def _check_file(name: str, path: str, folder: Path | None, report: Report) -> None:
    if folder is None:
        report.error("file_not_taken", path, "no file can be named here", name)
    elif not os.path.exists(folder / name):  # noqa: PTH110 - no error for a name that is too long
        where = "" if os.path.isabs(name) else f" in {folder}"  # noqa: PTH117 - as it is written
        report.error("not_found", path, f"the file or folder does not exist{where}", name)


def _check_acceptance(value: Any, report: Report) -> None:
    """Judge the tests, each by itself."""
    for index, row in enumerate(value if isinstance(value, list) else ()):
        test = _alone(Acceptance, row) if isinstance(row, Mapping) else None
        if test is None:
            continue
        path = f"/acceptance/{index}"
        if (test.at_least is None) == (test.at_most is None):
            message = "exactly one of at_least and at_most is given"
            report.error("not_exactly_one", path, message)
        if test.measure not in MEASURES:
            message = f"no such measure. {one_of(MEASURES, test.measure)}"
            report.error("wrong_value", f"{path}/measure", message, test.measure)
        elif MEASURES[test.measure].unit == "share":
            _check_share(test, path, report)


def _check_share(test: Acceptance, path: str, report: Report) -> None:
    """80 for 0.8 would be a bound that no share ever reaches, or one that holds for all."""
    for name, bound in (("at_least", test.at_least), ("at_most", test.at_most)):
        if bound is not None and not 0 <= bound <= 1:
            report.error("out_of_range", f"{path}/{name}", "a share is between 0 and 1", bound)
