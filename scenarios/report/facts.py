"""The head of a scenario: what was asked, what was run, and what is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scenarios.measures import MEASURES
from scenarios.numbers import count_text, named
from scenarios.report.numbers import amount, day_text, number, shortened
from scenarios.report.told import PointTold, Told, in_a_line
from scenarios.rolling import RollingSpec
from scenarios.runs.comparison import Verdict
from scenarios.scenario_file import GivenDataset, GivenPolicy, RepairRun, Scenario

_MOST_LETTERS = 120


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the head."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class VerdictTold:
    """An acceptance test at a point, in words."""

    asked: str
    found: str
    holds: bool


def facts(told: Told) -> tuple[Fact, ...]:
    """What was changed, run and repeated."""
    scenario, points = told.scenario, told.points
    done = sum(point.comparison.num_runs for point in points)
    asked = sum(point.comparison.num_asked for point in points)
    runs = f"{done:,} of {count_text(asked, 'run')}" if done < asked else count_text(done, "run")
    if len(points) > 1:
        runs = f"{runs} at {count_text(len(points), 'point')} of a sweep"
    if any(point.plain for point in points):
        runs = f"{runs} with the changes, each against one without on the same seed"
    seeds = scenario.seeds
    first = f"{seeds.start}" if len(seeds) == 1 else f"{seeds.start} to {seeds[-1]}"
    return (
        Fact("Base", base_text(scenario)),
        *_set(scenario),
        Fact("What is run", run_text(scenario)),
        *_estimated(points),
        *_swept(scenario),
        Fact("Runs", runs),
        Fact("Seeds", first),
        Fact("Proof", proof_text(points)),
        Fact("Policy", policy_text(scenario)),
    )


def _estimated(points: tuple[PointTold, ...]) -> Iterator[Fact]:
    """What past appointments say of how days pass; point by point it may be another file."""
    for found in dict.fromkeys(point.comparison.estimated for point in points):
        if found is not None:
            said = f"{count_text(found.estimate.appointments, 'appointment')} in {found.file}"
            fields = ", ".join(map(named, found.fields)) or "nothing"
            yield Fact("Estimated from", f"{said}: {fields}")


def _set(scenario: Scenario) -> Iterator[Fact]:
    """What was said in place of the file, beside its base."""
    for path, value in scenario.source.overridden.items():
        if path != "base":
            said = shortened(in_a_line(value), _MOST_LETTERS)
            yield Fact("Set", f"{path}: {said}, in place of what the file says")


def _swept(scenario: Scenario) -> Iterator[Fact]:
    """What the sweep puts in; a value that is long stands with its point."""
    for path, values in scenario.sweep.items():
        said = ", ".join(map(in_a_line, values))
        short = said if len(said) <= _MOST_LETTERS else count_text(len(values), "value")
        yield Fact("Swept", f"{path}: {short}")


def base_text(scenario: Scenario) -> str:
    """What the changes are applied to."""
    base, other = scenario.base, scenario.source.overridden.get("base")
    if isinstance(other, str):
        return f"the dataset {other}, in place of what the file says"
    if base.generate is None:
        if isinstance(base.dataset, GivenDataset):
            return f"a dataset that came with the scenario, {base.dataset.name}"
        return f"the example {base.example}" if base.example else f"the dataset {base.dataset}"
    drawn = base.generate
    seed = "a world for every seed" if drawn.seed is None else f"one world, of seed {drawn.seed}"
    return (
        f"drawn: {count_text(drawn.requests, 'request')}, {count_text(drawn.doctors, 'doctor')}, "
        f"{count_text(drawn.days, 'working day')} from {day_text(drawn.first_day)}, around postal "
        f"code {drawn.postal_code}; visits {drawn.visits}, places {drawn.tightness}; {seed}"
    )


def policy_text(scenario: Scenario) -> str:
    """What rules are followed."""
    if isinstance(scenario.policy, GivenPolicy):
        return f"one that came with the scenario, {scenario.policy.name}"
    return scenario.policy or "the default one"


def run_text(scenario: Scenario) -> str:
    """What is done with every repetition."""
    run = scenario.run
    if isinstance(run, RepairRun):
        others = count_text(run.max_additional, "other", "others")
        events = "; ".join(event.kind.replace("_", " ") for event in run.events)
        return f"the open requests are matched; then {events} is mended, moving {others} at most"
    if isinstance(run, RollingSpec):
        placed = "matched at night" if run.nightly_match else "given the earliest place at once"
        return (
            f"{count_text(run.days, 'day')} pass, with {run.requests_per_day:g} requests a day, "
            f"{placed}, in a window of {count_text(run.window_days, 'day')}"
        )
    return "the open requests are matched once"


def proof_text(points: tuple[PointTold, ...]) -> str:
    """How many plans are proven to be best."""
    outcomes = {
        outcome.key: outcome.proven
        for point in points
        for runs in (point.changed, point.plain)
        for outcome in runs.values()
    }
    if not outcomes:
        return "no run is done"
    if all(outcomes.values()):
        return f"every plan is proven to be best, of {count_text(len(outcomes), 'different run')}"
    proven = sum(outcomes.values())
    return (
        f"{proven:,} of {count_text(len(outcomes), 'different run')} have plans proven to be "
        "best; where one is not, a difference may be one of the search"
    )


def verdicts(point: PointTold) -> tuple[VerdictTold, ...]:
    """Acceptance tests at a point."""
    return tuple(_verdict(verdict) for verdict in point.comparison.verdicts)


def _verdict(verdict: Verdict) -> VerdictTold:
    test, value = verdict.test, verdict.value
    unit = MEASURES[test.measure].unit
    least = test.at_least is not None
    bound = amount(test.at_least if least else test.at_most, unit)
    asked = f"{named(test.measure)} {'at least' if least else 'at most'} {bound}"
    if value.more_than is not None:
        return VerdictTold(asked, f"more than {amount(value.more_than, unit)}", verdict.holds)
    if value.mean is None:
        return VerdictTold(asked, "has no value", verdict.holds)
    found = amount(value.mean, unit)
    if value.low is not None and value.high is not None and value.low < value.high:
        found += f" ({number(value.low, unit)} to {number(value.high, unit)})"
    if value.missing:
        found += f", of {value.count} of {value.count + value.missing} runs"
    return VerdictTold(asked, found, verdict.holds)
