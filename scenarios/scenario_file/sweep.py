"""The grid of a sweep: values put into the file, by paths such as ``changes/0/factor``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product, takewhile
from typing import Any

from engine.problems import Problem, Report
from scenarios.scenario_file.paths import obstacle_to, put
from scenarios.scenario_file.records import MAX_RUNS, MAX_SWEPT

SWEPT = ("base", "policy", "run", "changes", "limits")
"""Fields of a file that a path may begin with."""

MAX_JUDGED = 3_000_000
"""Values that are judged over all points; a second for every 250,000."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One point of the grid.

    Parameters
    ----------
    values
        By path, the value put in there.
    number_of
        By path, which of its values that is, counted from 0.
    """

    values: Mapping[str, Any]
    number_of: Mapping[str, int]

    def put_into(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """What the file says at this point; without its sweep."""
        changed: Any = {key: value for key, value in content.items() if key != "sweep"}
        for path, value in self.values.items():
            changed = put(changed, path.split("/"), value)
        return dict(changed)

    def at_value(self, problem: Problem) -> Problem:
        """The problem, at the value of the sweep that stands where it is; as it is otherwise."""
        for path, number in self.number_of.items():
            if f"{problem.path}/".startswith(f"/{path}/"):
                rest = problem.path[len(path) + 1 :]
                return replace(problem, path=f"/sweep/{path}/{number}{rest}")
        return problem

    def blamed(self, problem: Problem) -> Problem:
        """The problem, at the value of the sweep that made it: the nearest one."""
        moved = self.at_value(problem)
        if moved is not problem:
            return moved
        path = max(self.values, key=lambda path: _num_shared(f"/{path}", problem.path))
        here = f"/sweep/{path}/{self.number_of[path]}"
        return replace(problem, path=here, message=f"{problem.path[1:]}: {problem.message}")


UNSWEPT = Choice({}, {})
"""Nothing is put in."""


def _num_shared(one: str, other: str) -> int:
    """How many parts two paths begin with that are the same."""
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def choices(sweep: Mapping[str, Sequence[Any]]) -> Iterator[Choice]:
    """Every point of the grid; the last path varies fastest. Without paths there is one."""
    for numbers in product(*(range(len(values)) for values in sweep.values())):
        number_of = dict(zip(sweep, numbers, strict=True))
        yield Choice({path: sweep[path][number_of[path]] for path in sweep}, number_of)


def check_sweep(
    content: Mapping[str, Any], num_values: int, report: Report
) -> dict[str, Sequence[Any]]:
    """Judge the paths of a file's sweep, and how many runs it makes.

    Parameters
    ----------
    content
        The plain values of the file.
    num_values
        How many they are: all are judged at every point.
    report
        Where to say what is wrong.

    Returns
    -------
    dict
        What can be put in; empty where that would be too much.
    """
    sweep = content.get("sweep", {})
    if not isinstance(sweep, dict) or len(sweep) > MAX_SWEPT:
        return {}  # said already, with what the records ask for
    usable: dict[str, Sequence[Any]] = {}
    for path, values in sweep.items():
        obstacle = obstacle_to(content, path.split("/"), SWEPT)
        if obstacle is not None:
            report.error("wrong_value", f"/sweep/{path}", obstacle)
        elif isinstance(values, list) and values:
            _check_distinct(path, values, report)
            usable[path] = values
    for one, other in combinations(usable, 2):
        if f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/"):
            report.error("wrong_value", f"/sweep/{other}", f"{one!r} is swept too, and overlaps")
            return {}
    too_much = _too_much(content, math.prod(map(len, usable.values())), num_values)
    if too_much is not None:
        report.error("out_of_range", "/sweep", too_much)
        return {}
    return usable


def _too_much(content: Mapping[str, Any], num_points: int, num_values: int) -> str | None:
    """Why a sweep of so many points is too much; ``None`` where it is not."""
    stated = content.get("repetitions", 1)
    can_be = isinstance(stated, int) and 1 <= stated <= MAX_RUNS  # else it is said already
    num_runs = num_points * (stated if can_be else 1)
    if num_runs > MAX_RUNS:
        return f"points times repetitions is {num_runs:,}: above {MAX_RUNS:,}"
    if num_points * num_values > MAX_JUDGED:
        return f"points times values in the file is above {MAX_JUDGED:,}"
    return None


def _check_distinct(path: str, values: Sequence[Any], report: Report) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        text = json.dumps(value, sort_keys=True)
        if text in seen:
            where = f"/sweep/{path}/{index}"
            report.error("wrong_value", where, "the value stands in the list already", value)
        seen.add(text)
