"""The scenario file: what an analyst writes, read with every mistake and its line."""

from scenarios.scenario_file.estimating import Estimated
from scenarios.scenario_file.given import GivenDataset, GivenPolicy
from scenarios.scenario_file.overriding import Overrides
from scenarios.scenario_file.records import (
    RUNS,
    SCENARIO_SCHEMA,
    Acceptance,
    Base,
    Generated,
    MatchRun,
    OneRun,
    RepairRun,
    RunLimits,
)
from scenarios.scenario_file.scenario import Point, Scenario, read_scenario, scenario_from
from scenarios.scenario_file.schema import scenario_schema
from scenarios.scenario_file.sent import scenario_sent

__all__ = [
    "RUNS",
    "SCENARIO_SCHEMA",
    "Acceptance",
    "Base",
    "Estimated",
    "Generated",
    "GivenDataset",
    "GivenPolicy",
    "MatchRun",
    "OneRun",
    "Overrides",
    "Point",
    "RepairRun",
    "RunLimits",
    "Scenario",
    "read_scenario",
    "scenario_from",
    "scenario_schema",
    "scenario_sent",
]
