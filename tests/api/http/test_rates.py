"""How often somebody may ask."""

from __future__ import annotations

import pytest

from api.http.rates import Rates, TooOftenError


def test_a_bucket_fills_as_time_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many at once, then so many a second; who asks too often hears when to come back."""
    clock = [100.0]
    monkeypatch.setattr("api.http.rates.monotonic", lambda: clock[0])
    rates = Rates(per_second=0.5, most=3)
    for _ in range(3):
        rates.take("one")
    with pytest.raises(TooOftenError) as caught:
        rates.take("one")
    assert caught.value.seconds == 2
    rates.take("other")
    clock[0] += 2.5
    rates.take("one")
    with pytest.raises(TooOftenError):
        rates.take("one")
    clock[0] += 1_000
    for _ in range(3):
        rates.take("one")
    with pytest.raises(TooOftenError):
        rates.take("one")


def test_buckets_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of addresses there is no end: those of long ago are forgotten."""
    monkeypatch.setattr("api.http.rates._MOST_BUCKETS", 10)
    rates = Rates(per_second=1, most=1)
    for number in range(1_000):
        rates.take(str(number))
    assert len(rates._buckets) == 10
