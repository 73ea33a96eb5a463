"""The dataset that a solver process keeps, and finds in it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from api.http.asking import FindRequest, read_body, read_policy
from engine.checks import check_dataset
from engine.domain import Dataset, Patient, Request
from engine.errors import DatasetError, InvalidInputError
from engine.find import Finder, find
from engine.found import Found
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.interchange.validation import read_record
from engine.policy import Policy
from engine.problems import Problem, Report
from engine.vicinity import Vicinities

_MEMBERS = tuple(FindRequest.__dataclass_fields__)
_FINDERS = 2  # policies asked for in turn for which arrays are not made anew


class Held:
    """A dataset, with what is made of it once.

    Parameters
    ----------
    dataset
        Without errors.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._finders: dict[str, Finder] = {}

    def finder(self, policy: Policy) -> Finder:
        """For requests that the dataset holds, under a policy."""
        key = policy_hash(policy)
        if key not in self._finders:
            made = Finder(self.dataset, policy)
            while len(self._finders) >= _FINDERS:
                self._finders.pop(next(iter(self._finders)))
            self._finders[key] = made
        return self._finders[key]

    @cached_property
    def hash(self) -> str:
        """Of the dataset."""
        return dataset_hash(self.dataset)

    @cached_property
    def vicinities(self) -> Vicinities:
        """For requests that the dataset does not hold."""
        return Vicinities(self.dataset)

    def prepare(self) -> None:
        """Make what finds need, before somebody waits for it."""
        self.finder(Policy.default())
        _ = self.hash, self.vicinities


def find_in(held: Held, raw: bytes) -> Found:
    """Answer a ``FindRequest``.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with it.
    """
    content, problems = read_body(raw, _MEMBERS)
    policy, of_policy = read_policy(content.get("policy"))
    report = Report()
    asked: FindRequest | None = read_record(
        FindRequest, {key: content[key] for key in content if key in _MEMBERS}, "", report
    )
    problems += [*of_policy, *report.problems]
    if asked is not None:
        problems += asked.frame_problems()
    if problems or policy is None or asked is None:
        raise InvalidInputError(problems)
    if asked.request is None:
        if held.vicinities.request(asked.request_id or "") is None:
            raise InvalidInputError(
                [Problem("dangling_reference", "/request_id", "no such request")]
            )
        return held.finder(policy).find(asked.request_id or "", asked.num_places, asked.extras)
    patient = _patient(held, asked, asked.request)
    return _find_new(held, asked, asked.request, patient, policy)


def _patient(held: Held, asked: FindRequest, request: Request) -> Patient:
    """Who asks: as told, or as the dataset knows them."""
    problems = []
    known = held.vicinities.patient(request.patient_id)
    if asked.patient is not None:
        if held.vicinities.patient(asked.patient.id) is not None:
            problems.append(Problem("duplicate_id", "/patient/id", "the dataset has this patient"))
        known = asked.patient if asked.patient.id == request.patient_id else None
    if known is None:
        problems.append(Problem("dangling_reference", "/request/patient_id", "no such patient"))
    if held.vicinities.holds_place(request.id):
        message = "the dataset has a request with this id, and it holds an appointment"
        problems.append(Problem("duplicate_id", "/request/id", message))
    if problems or known is None:
        raise InvalidInputError(problems)
    return known


def _find_new(
    held: Held, asked: FindRequest, request: Request, patient: Patient, policy: Policy
) -> Found:
    """Find places for a request that the dataset does not hold."""
    _check(held.vicinities.without_times(request, patient), policy)
    near = held.vicinities.around(request, patient, policy)
    found = find(near, request.id, asked.num_places, policy, asked.extras)
    return replace(found, dataset_hash=held.hash)


def _check(bare: Dataset, policy: Policy) -> None:
    """Raise where the request or the patient breaks a check; the rest was checked before."""
    asked = {"requests": "/request", "patients": "/patient"}

    def where(collection: str, index: int) -> str:
        return asked[collection] if collection in asked and not index else "held"

    found = check_dataset(bare, where, urgencies=policy.urgencies.names)
    problems = [row for row in found.problems if row.is_error]
    if problems:
        raise DatasetError(problems)
