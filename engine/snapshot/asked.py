"""The request that is asked about: one of the snapshot, or one that it does not hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from zoneinfo import ZoneInfo

from engine.arrays import NONE, ints, rows_taken
from engine.domain import Dataset, Header, Patient, Request
from engine.errors import DatasetError, RequestError
from engine.problems import Problem, shown
from engine.snapshot.demand import (
    Patients,
    Requests,
    Wishes,
    take_patients,
    take_requests,
    take_wishes,
)
from engine.snapshot.index import Index
from engine.snapshot.snapshot import Snapshot
from engine.time_grid import beginning_of, elapsed, end_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and its patient, as tables of one row.

    Parameters
    ----------
    request, patient
        Index in the snapshot; -1: it does not hold them.
    index
        Words, those of the request among them.
    requests, wishes, patients
        One row each; the patient's index is 0.
    """

    request: int
    patient: int
    index: Index
    requests: Requests
    wishes: Wishes
    patients: Patients

    @classmethod
    def known(cls, whole: Snapshot, request: int) -> Asked:
        """One that the snapshot holds."""
        row, patient = ints([request]), int(whole.requests.patient[request])
        return cls(
            request=request,
            patient=patient,
            index=whole.index,
            requests=replace(rows_taken(whole.requests, row), patient=ints([0])),
            wishes=rows_taken(whole.wishes, row),
            patients=rows_taken(whole.patients, ints([patient])),
        )

    @classmethod
    def new(
        cls, whole: Snapshot, header: Header, request: Request, patient: Patient | None
    ) -> Asked:
        """One that the snapshot does not hold.

        Parameters
        ----------
        header
            Of the dataset.
        patient
            Who asks; not needed where the snapshot holds the patient, and not looked at then.

        Raises
        ------
        DatasetError
            It refers to what is not there.
        RequestError
            It is about a time so far away that no clock is known for it.
        """
        _require_clocks(whole, header, request)
        held = whole.index.patients.get(request.patient_id, NONE)
        people = () if patient is None else (patient,)
        index = replace(
            _with_words(whole.index, request, people), patients={request.patient_id: 0}, requests={}
        )
        alone = Dataset(header=header, patients=people, requests=(request,))
        if held == NONE and [row.id for row in people] != [request.patient_id]:
            raise _dangling(request.patient_id)
        try:
            patients = (
                take_patients(alone, index)
                if held == NONE
                else rows_taken(whole.patients, ints([held]))
            )
            requests, wishes = take_requests(alone, index, whole.grid), take_wishes(alone, index)
        except KeyError as error:
            raise _dangling(str(error)) from error
        kept = replace(index, patients=whole.index.patients, requests=whole.index.requests)
        return cls(NONE, held, kept, requests, wishes, patients)


def _with_words(index: Index, request: Request, people: tuple[Patient, ...]) -> Index:
    """The index with words that this request is the first to use."""

    def more(known: dict[str, int], *words: str | None) -> dict[str, int]:
        new = [word for word in dict.fromkeys(words) if word is not None and word not in known]
        return {**known, **{word: len(known) + i for i, word in enumerate(new)}} if new else known

    return replace(
        index,
        codes=more(index.codes, request.specialty),
        languages=more(
            index.languages,
            request.wishes.language,
            *(word for row in people for word in row.languages),
        ),
        states=more(index.states, *(row.state for row in people)),
        families=more(index.families, *(row.family_id for row in people)),
        urgencies=more(index.urgencies, request.urgency),
    )


def _require_clocks(whole: Snapshot, header: Header, request: Request) -> None:
    """Raise ``RequestError`` where a request speaks of instants beyond those of the grid."""
    zone, grid = ZoneInfo(header.time_zone), whole.grid
    begins = (value for value in (request.created, request.earliest) if value is not None)
    ends = (value for value in (request.latest, request.see_by) if value is not None)
    instants = chain((beginning_of(v, zone) for v in begins), (end_of(v, zone) for v in ends))
    for instant in instants:
        if not grid.knows(instant):
            days = elapsed(grid.origin, instant).days
            message = f"lies {days} days from the start of the horizon: too far to know the clocks"
            raise RequestError([Problem("out_of_range", "request", message, shown(str(instant)))])


def _dangling(name: str) -> DatasetError:
    message = "is referred to, but no record has this id"
    return DatasetError([Problem("dangling_reference", "request", message, shown(name))])
