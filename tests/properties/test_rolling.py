"""Rolling runs of random worlds: nobody is lost, and nobody is there twice."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.events.events import DoctorAbsent
from engine.policy import Policy
from scenarios.rolling import RollingSpec, simulate
from scenarios.situation import Situation

SHARES = st.sampled_from([0.0, 0.3, 1.0])


@st.composite
def specs(draw: st.DrawFn, dataset: Dataset) -> RollingSpec:
    """Days in which anything may happen."""
    begins = dataset.header.as_of
    first, days = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    away = DoctorAbsent(
        doctor_id="dr",
        start=begins + timedelta(days=first, hours=draw(st.integers(0, 9))),
        end=begins + timedelta(days=first + days),
    )
    return RollingSpec(
        days=draw(st.integers(1, 4)),
        requests_per_day=draw(st.sampled_from([0.0, 1.0, 3.0])),
        no_show=draw(SHARES),
        patient_cancels=draw(SHARES),
        patience_days=draw(st.sampled_from([None, 0.0, 1.5])),
        nightly_match=draw(st.booleans()),
        window_days=draw(st.integers(1, 8)),
        starts_empty=draw(st.booleans()),
        absences=draw(st.sampled_from([(), (away,)])),
        notice_days=draw(st.integers(0, 1)),
        max_additional=draw(st.integers(0, 1)),
    )


@given(dataset=tiny_worlds(max_requests=5), data=st.data())
def test_every_request_is_in_one_state(dataset: Dataset, data: st.DataObject) -> None:
    """Who came is told of once, and the days add up to it; each day was checked on the way."""
    linked = {name for link in dataset.links for name in link.request_ids}
    spec = data.draw(specs(dataset))
    if all(row.id in linked for row in dataset.requests):
        spec = RollingSpec(days=spec.days, nightly_match=spec.nightly_match)
    history = simulate(Situation(dataset, Policy.default()), spec, data.draw(st.integers(0, 9)))
    assert len({row.request_id for row in history.journeys}) == len(history.journeys)
    last = history.days[-1]
    assert history.states["waiting"] == last.waiting
    assert history.states["placed"] == last.booked
    for state in ("served", "no_show", "expired"):
        assert history.states[state] == sum(getattr(day, state) for day in history.days)
    withdrawn = sum(day.cancelled + day.gave_up for day in history.days)
    assert history.states["withdrawn"] == withdrawn
