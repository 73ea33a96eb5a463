"""More people ask, or fewer."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from engine.domain import Dataset, Request
from engine.domain.fields import Flag, Id
from engine.domain.record import record
from engine.problems import Report
from scenarios.changes.area import Area
from scenarios.changes.checking import Checker
from scenarios.changes.copies import Unit, units_of, with_copies, without_units
from scenarios.changes.specialties import all_specialties, below
from scenarios.situation import Situation


@record
class DemandScaled:
    """More people ask, or fewer: of everybody, or of a specialty, an area, an insurance plan.

    What is scaled are open requests, those that no appointment names. Above 1, each is copied
    as often as the whole part of ``factor - 1`` says, and a random share of the rest once more:
    new requests with new ids, of new patients who are like the old ones in all but their id.
    Below 1, a random share of ``1 - factor`` is left out; the patients stay. Requests of a link
    are copied or left out together, and only where all of them are meant. Numbers are rounded,
    half up; where links do not fit, there are a few less.

    The same seed draws the same order at every factor, so that, but for links, the demand of a
    smaller factor is part of that of a larger one.
    """

    kind: Literal["demand_scaled"] = "demand_scaled"
    """What changes."""
    factor: Annotated[float, Field(strict=True, ge=0, le=10, allow_inf_nan=False)]
    """How many requests there are afterwards for every one now."""
    specialty: Id | None = None
    """Only requests for it, or for what is below it; where a request names none, its type of
    visit is asked."""
    exactly: Flag = False
    """Not for what is below the specialty."""
    area: Area | None = None
    """Only of patients who live here."""
    insurance_plan_id: Id | None = None
    """Only of patients with this plan."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report unknown ids, and a specialty that nobody asks for or practises."""
        checker = Checker(situation, path, report)
        checker.refer("insurance_plan_id", self.insurance_plan_id, "insurance_plans")
        codes = all_specialties(situation.dataset)
        checker.specialty("specialty", self.specialty, codes, exactly=self.exactly)
        if self.area is not None:
            self.area.check(situation, f"{path}/area", report)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with more or fewer requests, drawn by the seed."""
        dataset = situation.dataset
        units = self._meant(dataset)
        if self.factor < 1:
            gone = self._drawn(units, 1 - self.factor, seed)
            return replace(situation, dataset=without_units(dataset, gone))
        times = int(self.factor - 1)
        rounds = [units] * times + [self._drawn(units, self.factor - 1 - times, seed)]
        return replace(situation, dataset=with_copies(dataset, rounds))

    def _meant(self, dataset: Dataset) -> list[Unit]:
        """Open requests that fit every filter, links whole."""
        codes = below(self.specialty, all_specialties(dataset), exactly=self.exactly)
        of_type = {row.id: row.specialties for row in dataset.visit_types}
        told = {row.request_id for row in dataset.appointments}
        people = {
            row.id
            for row in dataset.patients
            if self.insurance_plan_id in (None, row.insurance_plan_id)
        }
        if self.area is not None:
            people &= self.area.patients(dataset)

        def is_meant(row: Request) -> bool:
            if row.id in told or row.patient_id not in people:
                return False
            asked = (row.specialty,) if row.specialty else of_type[row.visit_type_id]
            return self.specialty is None or not codes.isdisjoint(asked)

        return [unit for unit in units_of(dataset) if all(map(is_meant, unit.requests))]

    def _drawn(self, units: Sequence[Unit], share: float, seed: int) -> list[Unit]:
        """A random share of the requests, in their order."""
        wanted = int(np.floor(share * sum(len(unit.requests) for unit in units) + 0.5))
        rng = np.random.Generator(np.random.PCG64([seed, self._stream()]))
        chosen = []
        for number in rng.permutation(len(units)).tolist():
            if len(units[number].requests) <= wanted:
                wanted -= len(units[number].requests)
                chosen.append(number)
        return [units[number] for number in sorted(chosen)]

    def _stream(self) -> int:
        """What tells the draws of this change from those of others, whatever its factor."""
        filters = (self.kind, self.specialty, self.area, self.insurance_plan_id)
        return zlib.crc32(repr(filters).encode())
