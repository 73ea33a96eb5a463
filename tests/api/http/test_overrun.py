"""How long a solver process may take, by a clock of the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.http.channel import Channel
from api.http.overrun import Overrun


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Its one number is what the clock shows."""
    shown = [0.0]
    monkeypatch.setattr("api.http.overrun.time.monotonic", lambda: shown[0])
    return shown


def test_what_never_says_how_long_it_may_take_has_the_most(
    tmp_path: Path, clock: list[float]
) -> None:
    """Thirty seconds, and five of grace."""
    overrun = Overrun(30, 5, Channel(tmp_path))
    clock[0] = 34.9
    assert not overrun.is_due()
    clock[0] = 35.1
    assert overrun.is_due()


def test_reading_is_not_taken_from_the_time_of_the_search(
    tmp_path: Path, clock: list[float]
) -> None:
    """Twenty seconds to read, then the three that were asked for, and the grace."""
    channel = Channel(tmp_path)
    overrun = Overrun(30, 5, channel)
    clock[0] = 20
    channel.tell(seconds=3)
    assert not overrun.is_due()
    clock[0] = 27.9
    assert not overrun.is_due()
    clock[0] = 28.1
    assert overrun.is_due()


def test_a_wish_to_stop_leaves_the_grace(tmp_path: Path, clock: list[float]) -> None:
    """However much time there was."""
    channel = Channel(tmp_path)
    overrun = Overrun(3600, 5, channel)
    channel.tell(seconds=3600)
    assert not overrun.is_due()
    clock[0] = 10
    channel.ask_to_stop()
    assert not overrun.is_due()
    clock[0] = 15.1
    assert overrun.is_due()
