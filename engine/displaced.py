"""Who is told another place: what the rules of a repair have in common."""

from __future__ import annotations

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.rows import Entries
from engine.snapshot import Snapshot


def is_moved(snapshot: Snapshot, candidates: Candidates) -> Bool:
    """Whether each is another place than the one told: another cell, so another start, doctor,
    place or modality, or not at all where the one told cannot be kept.

    Where nothing was told, nothing is moved.
    """
    told, request = snapshot.told, candidates.request
    moved: Bool = (told.first_cell[request] != candidates.first_cell) & (
        told.standing[request] >= 0
    )
    return moved


class Innocents:
    """Those who could stay, counted in people: whoever has several appointments is one.

    Attributes
    ----------
    alone, together
        bool, shape (R,): requests of people with one such appointment; with several.
    num_people
        How many people there are.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._patient = snapshot.requests.patient
        innocent = snapshot.told.is_innocent
        count = np.bincount(self._patient[innocent], minlength=len(snapshot.patients.ids))
        self.alone: Bool = innocent & (count[self._patient] == 1)
        self.together: Bool = innocent & (count[self._patient] > 1)
        self.num_people = int((count > 0).sum())

    def displaced(self, snapshot: Snapshot, candidates: Candidates) -> tuple[Entries, Int, Entries]:
        """Rows that open a column for everybody with several appointments of whom one is moved
        or left unplaced: ``Σ x_moved + u - z ≤ 0``, one per appointment.

        Returns
        -------
        candidates, request, auxiliary
            Entries of candidates; the request of every row, ascending; entries of z, by patient.
        """
        request = np.flatnonzero(self.together)
        place = np.full(len(self.together), -1, np.int64)
        place[request] = np.arange(len(request))
        moved = np.flatnonzero(self.together[candidates.request] & is_moved(snapshot, candidates))
        uses = Entries(place[candidates.request[moved]], moved, np.ones(len(moved), np.int64))
        opened = Entries(
            np.arange(len(request)), self._patient[request], np.full(len(request), -1, np.int64)
        )
        return uses, request, opened
