"""What a scenario file says, as records."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from engine.domain.fields import MAX_ID_LENGTH, Day, Id, Text
from engine.domain.record import record
from engine.errors import ScenarioError
from engine.events.events import Disruption, DoctorAbsent, LocationClosed
from engine.interchange.kinds import Kinds
from engine.repair.extent import MAX_PEOPLE
from scenarios.file_name import FileName
from scenarios.rolling import RollingSpec
from scenarios.scenario_file.given import AS_IT_IS, GivenDataset, GivenPolicy
from scenarios.world import WorldSpec

SCENARIO_SCHEMA = "slotmatch.scenario/1"

MAX_RUNS = 10_000
"""Most that one file may ask for: points of its sweep times repetitions."""

MAX_SWEPT = 10
"""Most paths of a sweep: two values at each would make a thousand points."""

MAX_SEED = 2_000_000_000
"""So that the seed of the last repetition is one that solvers take."""

Name = Annotated[
    str,
    StringConstraints(strict=True, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$"),
]
if TYPE_CHECKING:
    DatasetFile = str | GivenDataset
    PolicyFile = str | GivenPolicy
else:
    DatasetFile = PolicyFile = Annotated[FileName, AS_IT_IS]
SweptPath = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=300)]
SweptValues = Annotated[tuple[Any, ...], Field(min_length=1, max_length=MAX_RUNS)]
Seed = Annotated[int, Field(strict=True, ge=0, le=MAX_SEED)]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Bound = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Seconds = Annotated[float, Field(strict=True, gt=0, le=1_000_000, allow_inf_nan=False)]
Rate = Annotated[float, Field(strict=True, ge=0, le=10_000, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]


@record
class Generated:
    """A world to be drawn, as ``slotmatch generate`` draws it."""

    requests: Whole = 1_000
    """How many."""
    doctors: Whole = 100
    """How many."""
    days: Whole = 10
    """Working days with sessions."""
    visits: Literal["single", "multi"] = "multi"
    """Visits of one cell, or of 1 to 4."""
    tightness: Literal["tight", "loose"] = "tight"
    """1.1 times as many free cells as requested ones, or 60 % of the cells free."""
    seed: Seed | None = None
    """Of all draws; left out: the seed of the repetition, so that each has its own world."""
    postal_code: Id = "10018"
    """Centre of the city."""
    first_day: Day = date(2026, 3, 2)
    """First day with sessions, a working day."""

    def spec(self, seed: int) -> WorldSpec:
        """The world of the repetition with this seed.

        Raises
        ------
        ValueError
            There can be no such world.
        """
        return WorldSpec(
            requests=self.requests,
            doctors=self.doctors,
            days=self.days,
            visits=self.visits,
            tightness=self.tightness,
            seed=seed if self.seed is None else self.seed,
            postal_code=self.postal_code,
            first_day=self.first_day,
        )


@record
class Base:
    """What the changes are applied to: exactly one of the three."""

    dataset: DatasetFile | None = None
    """A dataset: a folder or a JSON document, relative to the scenario file."""
    generate: Generated | None = None
    """A world to be drawn."""
    example: Id | None = None
    """An example by its name, such as small_clinic."""


@record
class MatchRun:
    """The open requests are matched once."""

    kind: Literal["match"] = "match"
    """What is run."""


@record
class RepairRun:
    """The open requests are matched, then something happens and is mended."""

    kind: Literal["repair"] = "repair"
    """What is run."""
    events: Annotated[tuple[Disruption, ...], Field(min_length=1)]
    """What happens, as in a file of events."""
    max_additional: Annotated[int, Field(strict=True, ge=0, le=MAX_PEOPLE)] = 0
    """How many others may be displaced, at most."""
    depth: Annotated[int | None, Field(strict=True, ge=1, le=MAX_PEOPLE)] = None
    """How far from those who are forced others may move; left out: everybody may."""


OneAbsence = DoctorAbsent | LocationClosed
Absence = Annotated[OneAbsence, Field(discriminator="kind")]
ABSENCES: Kinds[OneAbsence] = Kinds(
    {"doctor_absent": DoctorAbsent, "location_closed": LocationClosed},
    tuple[Absence, ...],
    "absence",
    ScenarioError,
)
"""Events that begin at some time, so that a day can be told on which they happen."""


OneRun = MatchRun | RepairRun | RollingSpec
Run = Annotated[OneRun, Field(discriminator="kind")]
RUNS: Kinds[OneRun] = Kinds(
    {"match": MatchRun, "repair": RepairRun, "rolling": RollingSpec},
    tuple[Run, ...],
    "run",
    ScenarioError,
)
"""How a run is read."""


@record
class RunLimits:
    """How long one match or repair may take."""

    seconds: Seconds = 30.0
    """Wall time; not used where deterministic_seconds is given."""
    deterministic_seconds: Seconds | None = None
    """The solver's own unit of work, near a second: the same numbers on every machine."""


@record
class Acceptance:
    """A test that makes the scenario pass or fail: exactly one of the two bounds."""

    measure: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MAX_ID_LENGTH)]
    """What is measured."""
    at_least: Bound | None = None
    """The mean over the repetitions may be no less; of a share, 0 to 1."""
    at_most: Bound | None = None
    """The mean over the repetitions may be no more; of a share, 0 to 1."""


@record
class Definition:
    """A what-if: a base, changes, a kind of run, repetitions, and what makes it pass."""

    schema: Literal["slotmatch.scenario/1"]
    """Which format this is."""
    name: Name
    """Letters, digits and dashes; also the name of what is written."""
    title: Text = ""
    """For people."""
    base: Base
    """What the changes are applied to."""
    policy: PolicyFile | None = None
    """A policy (TOML), relative to the scenario file; left out: the default one."""
    run: Run = MatchRun()
    """What is done with each repetition."""
    changes: tuple[Any, ...] = ()
    """What is changed, one after the other."""
    repetitions: Annotated[int, Field(strict=True, ge=1, le=MAX_RUNS)] = 1
    """How often each point is run, each time with a seed of its own."""
    seed: Seed = 1
    """Of the first repetition; the next ones count on from it."""
    limits: RunLimits = RunLimits()
    """How long each match or repair may take."""
    sweep: Annotated[dict[SweptPath, SweptValues], Field(max_length=MAX_SWEPT)] = field(
        default_factory=dict
    )
    """By path into this file, such as changes/0/factor, the values it takes; several paths
    make a grid."""
    acceptance: tuple[Acceptance, ...] = ()
    """What makes the scenario pass or fail."""

    @property
    def seeds(self) -> range:
        """Seed of every repetition."""
        return range(self.seed, self.seed + self.repetitions)
