"""Repairs: what may be asked, and how it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import Field

from api.http.asking import RequestedLimits, read_policy
from engine.domain import Dataset
from engine.domain.fields import Flag
from engine.domain.record import record
from engine.errors import InternalError, InvalidInputError
from engine.events.aftermath import aftermath_of
from engine.events.event_file import EVENTS
from engine.events.events import Disruption
from engine.events.findings import Aftermath
from engine.interchange.booked import booked, two_places
from engine.interchange.dataset import dataset_from
from engine.interchange.plan_file import PlanRow, plan_from
from engine.interchange.validation import read_record
from engine.policy import Policy
from engine.problems import Problem, Report, Severity
from engine.repair.account import MOST_OPTIONS, Wanted
from engine.repair.repair import Extent
from engine.snapshot import take_snapshot

T = TypeVar("T")

MAX_PEOPLE = 1_000
"""As in ``engine.repair.repair.Extent``."""


@record
class _Reach:
    """How far a repair may go, and what else is asked."""

    max_additional: Annotated[int, Field(strict=True, ge=0, le=MAX_PEOPLE)] = 0
    """People who may be displaced though they could have stayed."""
    depth: Annotated[int | None, Field(strict=True, ge=1, le=MAX_PEOPLE)] = None
    """Longest chain of people who make room for each other; none: any."""
    menus: Annotated[int, Field(strict=True, ge=0, le=MOST_OPTIONS)] = 0
    """Places to offer to everybody whom a plan moves; 0: no menus."""
    plans: Flag = False
    """Whether whole plans that differ are wanted, beside the last of the frontier: one by which
    visits are soonest, and one that keeps people with their doctors.
    """


@record
class RepairRequest(_Reach):
    """A repair: of a dataset inside, or of the dataset that the service holds."""

    dataset: Dataset | None = None
    """The booking world; its appointments are what people were told."""
    plan: tuple[PlanRow, ...] | None = None
    """A plan that was made for it, as a match answers it: its places become appointments."""
    disruptions: tuple[Disruption, ...] = ()
    """What happened, in order; ids are those of the dataset."""
    policy: dict[str, Any] | None = None
    """Rules and parameters over the defaults."""
    limits: RequestedLimits = field(default_factory=RequestedLimits)
    """How long it may take."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a repair starts from.

    Parameters
    ----------
    aftermath
        How things are, and who is concerned.
    policy, extent
        Under which rules, and how far it may go.
    wanted
        What else is to be said.
    warnings
        What is odd about what was sent.
    """

    aftermath: Aftermath
    policy: Policy
    extent: Extent
    wanted: Wanted
    warnings: tuple[Problem, ...]


class _Findings:
    """What is wrong, from several readers."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[tuple[Severity, str]] = Counter()
        self.add(problems)

    def add(self, problems: list[Problem]) -> None:
        """Take findings over."""
        self._problems += problems
        self._counts += Counter((row.severity, row.code) for row in problems)

    def of(self, read: Callable[[], T]) -> T | None:
        """What a reader gives; ``None`` where it cannot be used."""
        try:
            return read()
        except InvalidInputError as error:
            self._problems += error.problems
            self._counts += error.counts
        return None

    def refuse_any(self) -> None:
        """Raise where anything is wrong."""
        if self._problems:
            raise InvalidInputError(self._problems, self._counts)


def read_repair(content: dict[str, Any], held: Dataset | None, problems: list[Problem]) -> Given:
    """What to repair, with the events applied.

    Parameters
    ----------
    content
        Members of a ``RepairRequest``.
    held
        What the service holds.
    problems
        What was found wrong before.

    Raises
    ------
    InvalidInputError
        Everything that is wrong: with what was sent, then with its plan, then with what the
        events name.
    """
    found, report = _Findings(problems), Report()
    policy, of_policy = read_policy(content.get("policy"))
    members = {key: content[key] for key in _Reach.__dataclass_fields__ if key in content}
    reach: _Reach | None = read_record(_Reach, members, "", report)
    found.add([*of_policy, *report.problems])
    events = found.of(lambda: EVENTS.of(content.get("disruptions", []), "/disruptions"))
    urgencies = None if policy is None else policy.urgencies.names
    read = found.of(lambda: _dataset(content, held, urgencies))
    found.refuse_any()
    if policy is None or reach is None or events is None or read is None:
        raise InternalError("nothing was found wrong with what could not be read")
    dataset, warnings = read
    if content.get("plan") is not None:
        dataset = _told(dataset, content["plan"])
    aftermath = aftermath_of(dataset, events, policy, "/disruptions")
    return Given(
        aftermath,
        policy,
        Extent(reach.max_additional, reach.depth),
        Wanted(reach.menus, reach.plans),
        (*warnings.problems, *aftermath.warnings),
    )


def _dataset(
    content: dict[str, Any], held: Dataset | None, urgencies: tuple[str, ...] | None
) -> tuple[Dataset, Report]:
    """The dataset inside, or the one held."""
    if "dataset" in content:
        return dataset_from(content["dataset"], urgencies, "/dataset")
    if held is None:
        message = "the field is required: the service holds no dataset"
        raise InvalidInputError([Problem("missing_field", "/dataset", message)])
    return held, Report()


def _told(dataset: Dataset, rows: Any) -> Dataset:
    """The dataset in which the places of a plan are appointments."""
    snapshot = take_snapshot(dataset)
    plan = plan_from(rows, snapshot, "/plan")
    problems = two_places(snapshot, plan, "/plan")
    if problems:
        raise InvalidInputError(problems)
    return booked(dataset, snapshot, plan)
