"""A known answer: one doctor without hours is the queue M/D/1."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from clinic import Clinic, at
from scipy.special import stdtrit

from engine.domain import Session
from engine.policy import Policy
from engine.time_grid import MINUTES_PER_DAY
from engine.urgency import Urgencies
from scenarios.rolling import History, RollingSpec, simulate
from scenarios.situation import Situation

MINUTES = 5
DAYS = 2
SEEDS = 8
SETTLING = timedelta(hours=4)
RULES = ("slot_capacity", "time_window", "unplaced_requests", "wait")


@pytest.mark.parametrize("load", [0.2, 0.4, 0.6])
def test_waits_agree_with_the_queue(load: float) -> None:
    """With visits of D minutes, back to back, and a load ρ, the mean wait is
    W = ρD / (2(1 − ρ)): within the 95 % confidence interval over seeds.

    Cells of one minute, and arrivals in whole minutes, change nothing: several in one minute
    wait for each other as long as the part of a minute makes up that is cut off. A visit does not
    run over midnight, where two sessions meet: with 5 minutes of 1,440 that is a per mille.
    """
    clinic = Clinic(days=DAYS + 2).visit_type("visit", MINUTES).request("ann")
    for day in range(DAYS + 1):
        hours = {"start": at("00:00", day), "end": at("00:00", day + 1)}
        clinic.sessions.append(Session(id=f"s{day}", role_id="role", cell_minutes=1, **hours))
    policy = Policy.of(Urgencies(), {name: {} for name in RULES})
    spec = RollingSpec(
        days=DAYS,
        requests_per_day=load * MINUTES_PER_DAY / MINUTES,
        nightly_match=False,
        window_days=2,
        starts_empty=True,
    )
    situation = Situation(clinic.dataset(), policy)
    means = [
        np.mean(waits(simulate(situation, spec, seed))) * MINUTES_PER_DAY for seed in range(SEEDS)
    ]
    half = stdtrit(SEEDS - 1, 0.975) * np.std(means, ddof=1) / np.sqrt(SEEDS)
    known = load * MINUTES / (2 * (1 - load))
    assert abs(np.mean(means) - known) <= half
    assert half < known / 3


def waits(history: History) -> list[float]:
    """Days that those waited who asked when the queue had settled."""
    settled = history.days[0].begins + SETTLING
    found = (row.days_waited for row in history.journeys if row.asked >= settled)
    return [days for days in found if days is not None]
