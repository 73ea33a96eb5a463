"""Processes apart: what they say is heard, and how they die is said."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from benchmarks.apart import Bounds, DiedError, Say, apart, peak_mib


def says(say: Say, *things: object) -> None:
    """Say one thing after the other."""
    for thing in things:
        say(thing)


def fails(_say: Say) -> None:
    """Fail."""
    raise LookupError("no such thing")


def takes(say: Say, mib: int) -> None:
    """Take memory, and say how much was held at most."""
    held = np.ones(mib << 17)
    say((len(held), peak_mib()))


def kills_itself(_say: Say) -> None:
    """Die as a solver does that crashes."""
    os.kill(os.getpid(), signal.SIGSEGV)


def sleeps(_say: Say) -> None:
    """Never answer."""
    time.sleep(600)


def leaves(_say: Say) -> None:
    """End without a word."""


def test_what_is_said_is_heard() -> None:
    """One message after the other."""
    with apart(says, "one", (2, None)) as process:
        assert process.hear(60) == "one"
        assert process.hear(60) == (2, None)


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (fails, "LookupError: no such thing"),
        (kills_itself, "died of SIGSEGV"),
        (leaves, "ended with 0 without an answer"),
    ],
)
def test_a_death_is_said(function, why: str) -> None:
    """Whatever ends a process, who waits hears what it was."""
    with apart(function) as process, pytest.raises(DiedError, match=why):
        process.hear(60)


def test_who_never_answers_is_killed() -> None:
    """After its time there is no process any more."""
    began = time.monotonic()
    with apart(sleeps) as process, pytest.raises(DiedError, match="no answer within 1 s"):
        process.hear(1)
    assert time.monotonic() - began < 30


def test_memory_is_bounded_and_measured() -> None:
    """What a process held at most is its own; more than it may have is said in words."""
    with apart(takes, 300) as process:
        count, peak = process.hear(60)
    assert count == 300 << 17
    assert 300 < peak < 1_000 + peak_mib()  # Linux counts the peak of who started it
    bounds = Bounds(memory_gib=3)
    with (
        apart(takes, 4_000, bounds=bounds) as process,
        pytest.raises(DiedError, match="out of memory: more than 3 GiB"),
    ):
        process.hear(60)
