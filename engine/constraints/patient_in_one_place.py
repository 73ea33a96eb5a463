"""A patient is in one place at a time."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Int, ranges
from engine.candidates import Candidates
from engine.rows import Rows, at_most
from engine.rules import Couples, Suspicion, beside_appointments_of_patients, rule
from engine.snapshot import Snapshot


@rule
class PatientInOnePlace:
    """Nobody is told to be in two places at once.

    Formula: for every patient with several requests and every instant t at which a visit
    can start, ``Σ_{c of the patient, start_c ≤ t < end_c} x_c ≤ 1 − published visits at t``,
    at least 0. Intervals that overlap share the later one's start, so the rows at starts
    say everything. Told intervals count; a day session has none. Key: patient × instant.
    """

    name: ClassVar[str] = "patient_in_one_place"
    couples: ClassVar[Couples] = "patient"

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per patient and instant that a candidate covers."""
        requests = snapshot.requests
        several = np.bincount(requests.patient, minlength=len(snapshot.patients.ids)) > 1
        chosen = np.flatnonzero(several[requests.patient[candidates.request]] & candidates.has_time)
        if not len(chosen):
            return at_most(chosen, chosen, chosen, chosen)
        return self._rows_at(snapshot, candidates, chosen, possible_starts(snapshot))

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Rows of the instants at which candidates and appointments start: no other is the later
        start of two that overlap.
        """
        chosen = np.flatnonzero(candidates.has_time)
        starts = candidates.start[chosen], snapshot.published.start
        return self._rows_at(snapshot, candidates, chosen, np.unique(np.concatenate(starts)))

    @staticmethod
    def _rows_at(snapshot: Snapshot, candidates: Candidates, chosen: Int, instants: Int) -> Rows:
        requests, published, mine = snapshot.requests, snapshot.published, candidates.where(chosen)
        key, index = _covered(instants, requests.patient[mine.request], mine.start, mine.end)
        told = np.flatnonzero((published.request != NONE) & published.has_time)
        patient = requests.patient[published.request[told]]
        used, _ = _covered(instants, patient, published.start[told], published.end[told])
        used_key, count = np.unique(used, return_counts=True)
        return at_most(key, chosen[index], used_key, np.maximum(1 - count, 0), 1)

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects sessions in which an appointment of the patient lies."""
        sessions, published = snapshot.sessions, snapshot.published
        return beside_appointments_of_patients(
            snapshot,
            lambda session, told: (
                (sessions.start[session] < published.end[told])
                & (published.start[told] < sessions.end[session])
            ),
        )


def possible_starts(snapshot: Snapshot) -> Int:
    """Every minute at which a visit can start or has been told to start, ascending."""
    sessions, published = snapshot.sessions, snapshot.published
    timed = sessions.cell_start[~sessions.is_day[sessions.cell_session]]
    told = timed[:, None] + np.unique(snapshot.visit_types.before)
    kept = snapshot.told.start[snapshot.told.can_stay]
    return np.unique(np.concatenate([told.ravel(), published.start, kept]))


def _covered(instants: Int, patient: Int, start: Int, end: Int) -> tuple[Int, Int]:
    """Keys of the instants that visits cover, and whose visit it is (its index)."""
    first = np.searchsorted(instants, start, side="left")
    last = np.searchsorted(instants, end, side="left")
    index = np.repeat(np.arange(len(start)), last - first)
    return patient[index] * len(instants) + ranges(first, last - first), index
