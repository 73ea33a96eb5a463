"""Days pass: requests are made and get places, visits are held, and things go wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.errors import DisruptionError
from engine.events.checks import check_disruptions
from engine.solve.limits import Cancel, Limits
from scenarios.rolling.conservation import require_conservation, require_whole
from scenarios.rolling.history import Day, History
from scenarios.rolling.repeating import repeated
from scenarios.rolling.run import Run
from scenarios.rolling.spec import RollingSpec
from scenarios.situation import Situation

SECONDS_A_DAY = 10.0
"""Deterministic seconds that a match, or a repair, may take unless limits are given."""

OnDay = Callable[[Day], None]
"""Hears of every day when it is over."""


def simulate(
    situation: Situation,
    spec: RollingSpec,
    seed: int,
    on_day: OnDay | None = None,
    *,
    limits: Limits | None = None,
    cancel: Cancel | None = None,
) -> History:
    """Let days pass in a situation.

    A day begins, at midnight on the clock of the dataset (the first one at its ``as_of``), with
    what is known in the morning: holds that ran out, requests that nobody waits for any more,
    absences with their repair, and the match of all who wait; or, without matches at night,
    another try for each. Then requests are made and places cancelled, minute by minute. In the
    evening the visits of the day have been held. Requests of a link are always matched at night,
    since they must be placed together.

    Parameters
    ----------
    situation
        What the days begin with.
    spec, seed
        How days pass, and the seed of all draws; the same give the same history.
    on_day
        Hears of every day.
    limits
        Of each match and repair; by default deterministic, with one worker.
    cancel
        Asks to stop: the day is ended with what was found until then, and no other begins; who
        would have asked later is in no state.

    Raises
    ------
    DatasetError
        Copies of requests are asked for, and there is none.
    DisruptionError
        An absence names what is not there.
    PolicyError
        A request has an urgency that the policy does not know.
    InternalError
        A request was lost, or is there twice: a fault of ours.
    """
    report = check_disruptions(situation.dataset, spec.absences, "absences")
    if report.num_errors:
        raise DisruptionError.of(report)
    situation.policy.require_urgencies(situation.dataset)
    if spec.repeats_sessions:
        dataset = repeated(situation.dataset, spec.days + spec.window_days)
        situation = replace(situation, dataset=dataset)
    run = Run(situation, spec, seed, limits or _limits(), cancel)
    days: list[Day] = []
    for number in range(spec.days):
        if cancel is not None and cancel.is_set():
            return History(seed, tuple(days), run.journeys())
        day = run.day(number)
        require_conservation(run.book, days[-1] if days else None, day)
        days.append(day)
        if on_day is not None:
            on_day(day)
    history = History(seed, tuple(days), run.journeys())
    require_whole(history)
    return history


def _limits() -> Limits:
    """By which the same spec gives the same history."""
    return Limits(workers=1, deterministic=True, deterministic_seconds=SECONDS_A_DAY)
