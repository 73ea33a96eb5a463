"""Some cells take one visit more."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from engine.domain.record import record
from engine.problems import Report
from engine.seats import Seats
from engine.snapshot import take_snapshot
from scenarios.situation import Situation


@record
class Overbooking:
    """A share of all cells takes one visit more.

    ``engine.seats.Seats`` says which. A cell that is overbooked already is so by the new share,
    not twice.
    """

    kind: Literal["overbooking"] = "overbooking"
    """What changes."""
    share: Annotated[float, Field(strict=True, ge=0, le=0.5, allow_inf_nan=False)]
    """Share of cells with one seat more; 0: nobody is overbooked."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Warn of a share so small that no cell of the horizon gets a seat."""
        snapshot = take_snapshot(situation.dataset)
        before, after = (
            seats.per_cell(snapshot)
            for seats in (Seats(overbooking=0.0), Seats(overbooking=self.share))
        )
        if self.share and not (after > before).any():
            message = "there are so few cells that none of them gets another seat"
            report.warn("nothing_touched", f"{path}/share", message, self.share)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the seats; nothing is drawn."""
        policy = situation.policy
        seats = replace(policy.seats, overbooking=self.share)
        return replace(situation, policy=policy.with_seats(seats))
