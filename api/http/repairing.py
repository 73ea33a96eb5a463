"""Repairs: what may be asked, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from api.http.asking import RequestedLimits, read_dataset, read_policy
from api.http.findings import Findings, required
from engine.domain import Dataset
from engine.domain.fields import Flag
from engine.domain.record import record
from engine.errors import InvalidInputError
from engine.events.aftermath import aftermath_between, aftermath_of
from engine.events.checks import check_disruptions
from engine.events.event_file import EVENTS
from engine.events.events import Disruption
from engine.events.findings import Aftermath
from engine.interchange.booked import booked, two_places
from engine.interchange.dataset import dataset_from
from engine.interchange.plan_file import PlanRow
from engine.interchange.plan_reading import plan_from
from engine.interchange.validation import read_record
from engine.policy import Policy
from engine.problems import Problem, Report
from engine.repair.account import MOST_OPTIONS, Wanted
from engine.repair.earlier import Round, Said, all_settled, rounds_from
from engine.repair.extent import MAX_PEOPLE, Extent
from engine.repair.negotiation import Settled
from engine.snapshot import take_snapshot

_EVENTS = "/disruptions"


@record
class _Reach:
    """How far a repair may go, and what else is asked."""

    max_additional: Annotated[int, Field(strict=True, ge=0, le=MAX_PEOPLE)] = 0
    """People who may be displaced though they could have stayed."""
    depth: Annotated[int | None, Field(strict=True, ge=1, le=MAX_PEOPLE)] = None
    """Steps from those who must be moved to the last who may be displaced for them; none: any."""
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
    before: Dataset | None = None
    """How the world was, instead of ``plan`` and ``disruptions``: whatever is lost in the dataset
    that was not lost in this one is mended.
    """
    earlier: tuple[Round, ...] = ()
    """What was offered before and what people said to it, round by round. The rest of the request
    is that of the first round: nothing is kept between them.
    """
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
    answered
        The world after earlier answers; ``None``: there were none.
    warnings
        What is odd about what was sent.
    """

    aftermath: Aftermath
    policy: Policy
    extent: Extent
    wanted: Wanted
    answered: Settled | None
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """Members of a body, each of which can be read by itself."""

    policy: Policy
    reach: _Reach
    events: tuple[Disruption, ...]
    rounds: tuple[Said, ...]
    dataset: Dataset
    before: Dataset | None
    warnings: tuple[Problem, ...]


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
        Everything that is wrong: with what was sent, then with its plan, then with what
        answers and events name.
    """
    sent, answered = _sent(content, held, problems), None
    dataset = sent.dataset
    if content.get("plan") is not None:
        dataset = _told(dataset, content["plan"])
    if sent.rounds:
        found = Findings()
        answered = found.of(lambda: all_settled(dataset, sent.rounds))
        if answered is None:
            report = check_disruptions(dataset, sent.events, _EVENTS)
            found.add(row for row in report.problems if row.is_error)
            found.refuse_any()
    aftermath = _aftermath(dataset if answered is None else answered.dataset, sent)
    reach = sent.reach
    return Given(
        aftermath,
        sent.policy,
        Extent(reach.max_additional, reach.depth),
        Wanted(reach.menus, reach.plans),
        answered,
        (*sent.warnings, *aftermath.warnings),
    )


def _sent(content: dict[str, Any], held: Dataset | None, problems: list[Problem]) -> _Sent:
    """What was sent; raises with everything that is wrong with any of it."""
    found, report = Findings([*problems, *_said_twice(content)]), Report()
    policy, of_policy = read_policy(content.get("policy"))
    members = {key: content[key] for key in _Reach.__dataclass_fields__ if key in content}
    reach: _Reach | None = read_record(_Reach, members, "", report)
    found.add([*of_policy, *report.problems])
    events = found.of(lambda: EVENTS.of(content.get("disruptions", []), _EVENTS))
    rounds = found.of(lambda: rounds_from(content.get("earlier", []), "/earlier"))
    urgencies = None if policy is None else policy.urgencies.names
    read = found.of(lambda: read_dataset(content, held, urgencies))
    was = found.of(lambda: _before(content, urgencies))
    found.refuse_any()
    (dataset, of_dataset), (before, of_before) = required(read), required(was)
    return _Sent(
        required(policy),
        required(reach),
        required(events),
        required(rounds),
        dataset,
        before,
        (*of_dataset.problems, *of_before.problems),
    )


def _said_twice(content: dict[str, Any]) -> list[Problem]:
    """What stands beside a dataset of before, which says by itself what was lost."""
    if content.get("before") is None:
        return []
    message = "a dataset of before says by itself what was lost: nothing else may"
    names = [name for name in ("plan", "disruptions") if content.get(name)]
    beside = ["before", *names] if names else []
    return [Problem("not_exactly_one", f"/{name}", message) for name in beside]


def _aftermath(dataset: Dataset, sent: _Sent) -> Aftermath:
    """What happened, by the events or by how the world was before."""
    if sent.before is not None:
        return aftermath_between(sent.before, dataset, sent.policy)
    return aftermath_of(dataset, sent.events, sent.policy, _EVENTS)


def _before(
    content: dict[str, Any], urgencies: tuple[str, ...] | None
) -> tuple[Dataset | None, Report]:
    """How the world was; ``None``: nothing is said of it."""
    if content.get("before") is None:
        return None, Report()
    return dataset_from(content["before"], urgencies, "/before")


def _told(dataset: Dataset, rows: Any) -> Dataset:
    """The dataset in which the places of a plan are appointments."""
    snapshot = take_snapshot(dataset)
    plan = plan_from(rows, snapshot, "/plan")
    problems = two_places(snapshot, plan, "/plan")
    if problems:
        raise InvalidInputError(problems)
    return booked(dataset, snapshot, plan)
