"""Bodies of requests: what may be asked, and how it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from typing import Annotated, Any

from pydantic import Field

from api.http.settings import MAX_SECONDS
from engine.domain import Dataset, Link, Patient, Request
from engine.domain.fields import Flag, Id
from engine.domain.record import record
from engine.errors import InvalidInputError
from engine.found import Extras, GroupBy, Grouping
from engine.interchange.asked import ASKED, asked_of
from engine.interchange.dataset import dataset_from
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.policy_file import policy_from
from engine.interchange.validation import read_record
from engine.policy import Policy
from engine.problems import Problem, Report
from engine.solve.limits import Limits

DEFAULT_SECONDS = 10.0
DEFAULT_PLACES = 10
MAX_PLACES = 1_000
MAX_GROUPS = 100

Seconds = Annotated[float, Field(strict=True, ge=0, le=MAX_SECONDS, allow_inf_nan=False)]


@record
class RequestedLimits:
    """Limits of one match."""

    seconds: Seconds = DEFAULT_SECONDS
    """Wall time; the plan is judged on top of it. Above 30, the match is a job."""
    workers: Annotated[int, Field(strict=True, ge=1, le=64)] = 1
    """Components solved side by side."""
    seed: Annotated[int, Field(strict=True, ge=0, lt=1 << 31)] = 0
    """Seed of every solver."""
    deterministic: Flag = False
    """Let no clock decide: ``seconds`` is then the solver's own unit of work."""

    def as_limits(self) -> Limits:
        """The engine's own."""
        return Limits(
            seconds=self.seconds,
            workers=self.workers,
            seed=self.seed,
            deterministic=self.deterministic,
            deterministic_seconds=self.seconds,
        )


@record
class MatchRequest:
    """A match: of a dataset inside, or of requests against the dataset that the service holds."""

    dataset: Dataset | None = None
    """The booking world: the open requests in it are placed."""
    requests: tuple[Request, ...] = ()
    """Requests to place into the dataset that the service holds, instead of those it has open."""
    patients: tuple[Patient, ...] = ()
    """Who asks, as far as the dataset that the service holds does not know them."""
    links: tuple[Link, ...] = ()
    """Which of the requests belong together."""
    policy: dict[str, Any] | None = None
    """Rules and parameters over the defaults, as ``slotmatch policy --json`` prints them."""
    limits: RequestedLimits = field(default_factory=RequestedLimits)
    """How long it may take."""


@record
class LiveFindRequest:
    """A search for the best places of one request of the store, or of one that comes along."""

    request_id: Id | None = None
    """A request that is known; or"""
    request: Request | None = None
    """one that is not. Nothing is written."""
    patient: Patient | None = None
    """Who asks, where they are not known."""
    k: Annotated[int, Field(strict=True, ge=1, le=MAX_PLACES)] | None = None
    """How many places: by default 10. Not with ``group_by``."""
    group_by: GroupBy | None = None
    """Name the best places of every day, or of every doctor or service, instead of the best of all:
    days in their order from the first that has a place, doctors by their best place.
    """
    groups: Annotated[int, Field(strict=True, ge=1, le=MAX_GROUPS)] | None = None
    """How many days or doctors: by default 7."""
    per_group: Annotated[int, Field(strict=True, ge=1, le=MAX_GROUPS)] | None = None
    """How many places of each: by default 3; of all together at most 1,000."""
    next_available: Flag | None = None
    """Whether to name the earliest place whatever ``latest`` of the request and the price; by
    default where there is no other.
    """
    counts: Flag | None = None
    """Whether to say what every rule leaves; by default where there are fewer places, or groups,
    than asked for.
    """

    @property
    def extras(self) -> Extras:
        """What the answer holds beside the best places."""
        return Extras(self._grouping, self.next_available, self.counts)

    @property
    def num_places(self) -> int:
        """How many places are asked for."""
        return DEFAULT_PLACES if self.k is None else self.k

    def frame_problems(self) -> list[Problem]:
        """What is wrong with members next to each other."""
        found: list[Problem] = []
        if (self.request is None) == (self.request_id is None):
            message = "exactly one of request_id and request must be given"
            found.append(Problem("not_exactly_one", "/request", message))
        elif self.request is None:
            if self.patient is not None:
                message = "who asks is known where the request is"
                found.append(Problem("not_exactly_one", "/patient", message))
        elif self.patient is not None and self.patient.id != self.request.patient_id:
            message = "the patient who comes along is another"
            found.append(Problem("dangling_reference", "/request/patient_id", message))
        return [*found, *self._problems_of_groups()]

    def _problems_of_groups(self) -> Iterator[Problem]:
        grouping = self._grouping
        if grouping is None:
            for name, value in (("groups", self.groups), ("per_group", self.per_group)):
                if value is not None:
                    message = "counts for nothing without group_by"
                    yield Problem("not_exactly_one", f"/{name}", message)
        elif self.k is not None:
            message = "groups and per_group say how many, where group_by is given"
            yield Problem("not_exactly_one", "/k", message)
        elif grouping.groups * grouping.per_group > MAX_PLACES:
            message = f"at most {MAX_PLACES} places in all groups together"
            yield Problem("out_of_range", "/per_group", message)

    @property
    def _grouping(self) -> Grouping | None:
        if self.group_by is None:
            return None
        stated = {"groups": self.groups, "per_group": self.per_group}
        return Grouping(self.group_by, **{k: n for k, n in stated.items() if n is not None})


@record
class FindRequest(LiveFindRequest):
    """The same in the dataset that the service holds, or with it in the store that it has."""

    policy: dict[str, Any] | None = None
    """Rules and parameters over the defaults; a store has a policy of its own."""


def read_body(raw: bytes, names: tuple[str, ...]) -> tuple[dict[str, Any], list[Problem]]:
    """A body as an object, and its members of other names.

    Raises
    ------
    InvalidInputError
        It is no JSON object.
    """
    report = Report()
    content = body_object(raw)
    for key in content.keys() - set(names):
        report.error("unknown_field", f"/{key}", f"one of {', '.join(names)} expected")
    return content, report.problems


def body_object(raw: bytes) -> dict[str, Any]:
    """A body as an object.

    Raises
    ------
    InvalidInputError
        It is no JSON object.
    """
    report = Report()
    content = parse_json(raw, "/", report)
    if content is UNREADABLE:
        raise InvalidInputError.of(report)
    if not isinstance(content, dict):
        raise InvalidInputError([Problem("wrong_type", "/", "the body must be an object")])
    return content


def read_limits(content: dict[str, Any]) -> tuple[RequestedLimits | None, list[Problem]]:
    """The limits asked for; ``None`` and the reasons where they cannot be used."""
    report = Report()
    limits = read_record(RequestedLimits, content.get("limits", {}), "/limits", report)
    return limits, report.problems


def read_match(
    content: dict[str, Any], held: Dataset | None, problems: list[Problem]
) -> tuple[Dataset, Policy, Report]:
    """The dataset to match, under which policy, and the warnings.

    Parameters
    ----------
    content
        Members of a ``MatchRequest``.
    held
        What the service holds.
    problems
        What was found wrong before.

    Raises
    ------
    InvalidInputError
        Everything that is wrong.
    """
    policy, of_policy = read_policy(content.get("policy"))
    of_frame = _frame_problems(content, held)
    problems = [*problems, *of_policy, *of_frame]
    if of_frame and "dataset" not in content:
        raise InvalidInputError(problems)
    urgencies = None if policy is None else policy.urgencies.names
    try:
        if "dataset" in content:
            dataset, report = dataset_from(content["dataset"], urgencies, "/dataset")
        elif held is not None:
            dataset, report = asked_of(held, content, urgencies)
    except InvalidInputError as error:
        counts = error.counts + Counter((row.severity, row.code) for row in problems)
        raise InvalidInputError([*problems, *error.problems], counts) from error
    if problems or policy is None:
        raise InvalidInputError(problems)
    return dataset, policy, report


def _frame_problems(content: dict[str, Any], held: Dataset | None) -> list[Problem]:
    """What is wrong with how a match says which dataset it is about."""
    asked = [name for name in ASKED if name in content]
    if "dataset" in content:
        message = "stands in the dataset where there is one inside"
        return [Problem("not_exactly_one", f"/{name}", message) for name in asked]
    if held is None:
        message = "the field is required: the service holds no dataset"
        return [Problem("missing_field", "/dataset", message)]
    if "requests" not in content:
        return [Problem("missing_field", "/requests", "or a dataset is required")]
    return []


def read_policy(content: Any) -> tuple[Policy | None, list[Problem]]:
    """The policy asked for; ``None`` and the reasons where it cannot be used."""
    if content is None:
        return Policy.default(), []
    if not isinstance(content, dict):
        return None, [Problem("wrong_type", "/policy", "must be an object")]
    try:
        return policy_from(content, "/policy"), []
    except InvalidInputError as error:
        return None, list(error.problems)


def read_dataset(
    content: dict[str, Any], held: Dataset | None, urgencies: tuple[str, ...] | None
) -> tuple[Dataset, Report]:
    """The dataset inside, or the one held.

    Raises
    ------
    InvalidInputError
        It cannot be read, or there is neither.
    """
    if "dataset" in content:
        return dataset_from(content["dataset"], urgencies, "/dataset")
    if held is None:
        message = "the field is required: the service holds no dataset"
        raise InvalidInputError([Problem("missing_field", "/dataset", message)])
    return held, Report()
