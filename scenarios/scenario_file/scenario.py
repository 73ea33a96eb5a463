"""A scenario as it was read, and the points of its sweep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from engine.errors import InvalidInputError, ScenarioError
from engine.interchange.files import whole_file
from engine.problems import Problem, Report
from scenarios.scenario_file.definition import read_definition
from scenarios.scenario_file.estimating import Estimated, estimated_of
from scenarios.scenario_file.examples import examples
from scenarios.scenario_file.lines import Lines, located
from scenarios.scenario_file.overriding import AS_WRITTEN, Overrides, overridden
from scenarios.scenario_file.records import Definition
from scenarios.scenario_file.remarks import remarks
from scenarios.scenario_file.sweep import UNSWEPT, Choice, check_sweep, choices
from scenarios.scenario_file.yaml_text import MAX_YAML_BYTES, parse_yaml


@dataclass(frozen=True, slots=True)
class Source:
    """What a scenario was read from.

    Parameters
    ----------
    content
        Its plain values.
    lines
        Where they stand in the file.
    folder
        Where its file names lead from; ``None``: it names no files.
    num_values
        How many values it holds: all are judged at every point of its sweep.
    remarks
        What stands above it in comments, paragraph by paragraph.
    choice
        What a sweep put in.
    overridden
        By path, what was said in place of the file; a base by its name.
    """

    content: Mapping[str, Any]
    lines: Lines
    folder: Path | None
    num_values: int
    remarks: tuple[str, ...] = ()
    choice: Choice = UNSWEPT
    overridden: Mapping[str, Any] = field(default_factory=dict)

    def at(self, choice: Choice) -> Source:
        """The same at a point of the sweep."""
        return replace(self, content=choice.put_into(self.content), choice=choice)

    def read(self, report: Report) -> Definition | None:
        """What it says; ``None`` where there is an error, which is reported."""
        return read_definition(self.content, self.folder, report)


@dataclass(frozen=True, kw_only=True)
class Scenario(Definition):
    """What a file says, with where it says it.

    Parameters
    ----------
    source
        What it was read from.
    """

    source: Source

    @property
    def dataset_path(self) -> Path | None:
        """Where the dataset is; ``None`` where a world is drawn, or one was given."""
        if self.base.example is not None:
            return examples()[self.base.example]
        return self._path(self.base.dataset)

    @property
    def policy_path(self) -> Path | None:
        """Where the policy is; ``None``: it is the default one, or was given."""
        return self._path(self.policy)

    @property
    def estimated(self) -> Estimated | None:
        """What a rolling run takes from past appointments; ``None``: nothing."""
        return estimated_of(self.source.content.get("run"), self.source.folder)

    def grid(self) -> tuple[Point, ...]:
        """Every point of the sweep; the last path varies fastest. Without a sweep: itself.

        Raises
        ------
        ScenarioError
            At some point the scenario cannot be used.
        """
        if not self.sweep:
            return (Point({}, self),)
        report = Report()
        points = tuple(_points(self, report))
        if report.num_errors:
            raise located(report, self.source.lines)
        return points

    def located(self, error: InvalidInputError) -> ScenarioError:
        """An error whose paths are those of the file (``/changes/0``), with their lines.

        What a sweep put in is in the line of that value.
        """
        moved = [self.source.choice.at_value(problem) for problem in error.problems]
        return located(Report(moved, error.counts), self.source.lines)

    def _path(self, name: object) -> Path | None:
        return (self.source.folder or Path()) / name if isinstance(name, str) else None


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a sweep.

    Parameters
    ----------
    values
        By path into the file, the value that was put in there.
    scenario
        With the values in it, and without a sweep.
    """

    values: Mapping[str, Any]
    scenario: Scenario


def read_scenario(path: Path, overrides: Overrides = AS_WRITTEN) -> Scenario:
    """Read a scenario file; the files that it names are relative to it.

    Parameters
    ----------
    overrides
        What is said in place of what it says.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each with its line.
    """
    report = Report()
    if not path.exists():
        report.error("not_found", str(path), "there is no such file")
        raise ScenarioError.of(report)
    if not path.is_file():
        report.error("not_readable", str(path), "is no file")
        raise ScenarioError.of(report)
    raw = whole_file(path, path.name, report, MAX_YAML_BYTES)
    if raw is None:
        raise ScenarioError.of(report)
    return scenario_from(raw, path.name, path.parent, overrides)


def scenario_from(
    raw: bytes, name: str, folder: Path | None = None, overrides: Overrides = AS_WRITTEN
) -> Scenario:
    """Read a scenario from the bytes of a YAML text (UTF-8); JSON is YAML too.

    Parameters
    ----------
    name
        For messages.
    folder
        Where the files that it names are; ``None``: it may name none, since what comes from
        afar has no say in which files are read here.
    overrides
        What is said in place of what the text says.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each with its line.
    """
    unread = Report()
    text = parse_yaml(raw, name, unread)
    if text is None:
        raise ScenarioError.of(unread)
    found = overridden(text, overrides, unread)
    content, lines = found.text.content, found.text.lines
    source = Source(
        content, lines, folder, len(lines.line_of), remarks(raw), overridden=found.values
    )
    return scenario_of(source, unread)


def scenario_of(source: Source, unread: Report) -> Scenario:
    """What a source says, with its sweep judged at every point.

    Parameters
    ----------
    unread
        What was found wrong before.

    Raises
    ------
    ScenarioError
        Everything that is wrong.
    """
    report = Report()
    definition = source.read(report)
    if isinstance(source.content, dict):
        _check_points(source, set(report.problems), report)
    if unread.num_errors or report.num_errors or definition is None:
        raise located(report, source.lines, unread)
    return _scenario(definition, source)


def _scenario(definition: Definition, source: Source) -> Scenario:
    said = {field.name: getattr(definition, field.name) for field in fields(Definition)}
    return Scenario(**said, source=source)


def _points(scenario: Scenario, report: Report) -> Iterator[Point]:
    """The points that can be used."""
    for choice in choices(scenario.sweep):
        found, source = Report(), scenario.source.at(choice)
        definition = source.read(found)
        if definition is not None:
            yield Point(choice.values, _scenario(definition, source))
        for problem in found.problems:
            report.add(choice.blamed(problem))


def _check_points(source: Source, own: set[Problem], report: Report) -> None:
    """Report what is wrong at some point and not in the file itself, each thing once."""
    known = set(own)
    sweep = check_sweep(source.content, source.num_values, report)
    for choice in choices(sweep) if sweep else ():
        found = Report()
        source.at(choice).read(found)
        for problem in found.problems:
            blamed = problem if problem in own else choice.blamed(problem)
            if blamed not in known:
                known.add(blamed)
                report.add(blamed)
