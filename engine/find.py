"""Find: the best places for one request among what is free, at once."""

from __future__ import annotations

from itertools import islice

import numpy as np

from engine.arrays import NONE, ints
from engine.domain import Dataset
from engine.eligible import candidates_in_roles, eligible_roles
from engine.errors import RequestError
from engine.explain import ruled_out_by
from engine.found import Found
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.judging import PlaceJudges
from engine.policy import Policy
from engine.problems import Problem, one_of, shown
from engine.ranking import Ranking
from engine.snapshot import ASKED, Extracts, take_snapshot
from engine.where import Where, where_told

_IDS_COMPARED = 10_000  # more would take seconds
_ONE = ints([ASKED])


def find(dataset: Dataset, request_id: str, k: int = 10, policy: Policy | None = None) -> Found:
    """Name the best ``k`` places for one request, next to what is booked.

    Who asks more than once of a dataset makes a ``Finder`` and asks that; parameters, answer
    and errors are the same.
    """
    return Finder(dataset, policy).find(request_id, k)


class Finder:
    """Answers for any request of a dataset where it could go, from arrays that are made once.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks.check_dataset``.
    policy
        The default one where not given.

    Raises
    ------
    DatasetError
        The dataset was not checked, and refers to what is not there.
    PolicyError
        A request has an urgency that the policy does not know.
    """

    def __init__(self, dataset: Dataset, policy: Policy | None = None) -> None:
        self._policy = policy or Policy.default()
        self._policy.require_urgencies(dataset)
        self._whole = take_snapshot(dataset)
        self._extracts = Extracts.of(self._whole)
        self._judges = PlaceJudges(self._extracts, self._policy)
        self._dataset_hash = dataset_hash(dataset)
        self._policy_hash = policy_hash(self._policy)

    def find(self, request_id: str, k: int = 10) -> Found:
        """Name the best ``k`` places for one request.

        A place is a candidate that every rule of the policy admits and that no row refuses when
        it alone is placed next to the appointments: other open requests take no part. Places
        are ranked by the levels of the policy in their order, then by start, session and role.

        Where the request holds an appointment, that place stays taken and is not among the
        answers, but the patient, who would not go to both, is free. Where it is in a link,
        partners that hold appointments bind it, and partners that are open do not.

        Every place is judged by rules written a second time before it is returned.

        Raises
        ------
        RequestError
            There is no such request.
        VerificationError
            The judges found a place or its values wrong: a fault of the engine.
        """
        if k < 1:
            raise ValueError(f"k {k} is below 1")
        request = self._request(request_id)
        roles = eligible_roles(self._extracts.around(request, ints([])), self._policy, _ONE)
        doctors = np.unique(self._whole.roles.doctor[roles])
        near = self._extracts.around(request, doctors)
        candidates = candidates_in_roles(near, self._policy, ASKED, roles)
        ranking = Ranking.of(near, self._policy, candidates)
        best = list(islice(ranking.standing(), min(k, len(candidates))))
        self._judges.require(request, ranking, ints(best))
        straw = None
        if not len(candidates):
            straw = ruled_out_by(near, self._policy, _ONE)[ASKED]
        return Found(
            request_id=request_id,
            places=tuple(ranking.place(rank, index) for rank, index in enumerate(best, 1)),
            considered=len(candidates),
            reason=None if best else "no_candidate" if straw else "crowded_out",
            ruled_out_by=straw,
            held=self._held(request),
            linked_with=self._open_partners(request),
            units={rule.level: rule.unit for rule in self._policy.objectives}
            | {rule.name: rule.unit for rule in self._policy.objectives},
            dataset_hash=self._dataset_hash,
            policy_hash=self._policy_hash,
        )

    def _request(self, request_id: str) -> int:
        """Index of a request."""
        ids = self._whole.index.requests
        if request_id not in ids:
            near = one_of(islice(ids, _IDS_COMPARED), request_id)
            message = f"there is no request with this id. {near}"
            problem = Problem("dangling_reference", "request_id", message, shown(request_id))
            raise RequestError([problem])
        return ids[request_id]

    def _held(self, request: int) -> Where | None:
        """Where a request has its appointment."""
        published = self._whole.published
        held = int(published.of_request[request])
        if held == NONE:
            return None
        session = int(published.session[held])
        told = int(published.start[held]), int(published.end[held])
        return where_told(self._whole, int(published.role[held]), session, *told)

    def _open_partners(self, request: int) -> tuple[str, ...]:
        """Requests of its link that hold no appointment."""
        partners = self._extracts.partners(request)
        still_open = partners[self._whole.is_open[partners]]
        return tuple(self._whole.requests.ids[partner] for partner in still_open.tolist())
