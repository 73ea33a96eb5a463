"""What the service and a solver process tell each other."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from api.http.channel import Channel
from api.http.watching import watched
from engine.solve.progress import Progress


def test_a_wish_to_stop_is_heard_at_the_other_end(tmp_path: Path) -> None:
    """Nothing is wished until somebody does."""
    service, solver = Channel(tmp_path), Channel(tmp_path)
    assert not solver.is_asked_to_stop()
    service.ask_to_stop()
    assert solver.is_asked_to_stop()


def test_the_last_word_of_each_kind_is_what_was_told(tmp_path: Path) -> None:
    """Before the first word there is nothing; later ones add to it or replace it."""
    service, solver = Channel(tmp_path), Channel(tmp_path)
    assert service.told() == {}
    solver.tell(seconds=3)
    solver.tell(progress={"components": 1})
    solver.tell(progress={"components": 2})
    assert service.told() == {"seconds": 3, "progress": {"components": 2}}


def test_a_reader_never_sees_half_a_word(tmp_path: Path) -> None:
    """A thousand words told while somebody reads all the time: each is read whole."""
    service, solver = Channel(tmp_path), Channel(tmp_path)
    teller = threading.Thread(
        target=lambda: [solver.tell(progress=list(range(n))) for n in range(1_000)]
    )
    teller.start()
    while teller.is_alive():
        read = service.told().get("progress", [])
        assert read == list(range(len(read)))
    teller.join()
    assert len(service.told()["progress"]) == 999


def test_a_watched_solve_tells_how_far_it_is(tmp_path: Path) -> None:
    """Levels with value and bound, and components; the newest only."""
    channel, told = Channel(tmp_path), threading.Event()
    with watched(channel, ("unplaced", "late"), 60) as watch:
        watch.on_progress(Progress(np.array([3, 7]), np.array([3, 4]), 1, 2, 5.04))
        for _ in range(100):
            if channel.told():
                break
            told.wait(0.05)
    assert channel.told()["progress"] == {
        "seconds": 5.0,
        "components": 2,
        "components_proven": 1,
        "levels": [
            {"name": "unplaced", "value": 3, "bound": 3},
            {"name": "late", "value": 7, "bound": 4},
        ],
    }


def test_a_watched_solve_is_stopped_on_request_and_after_its_time(tmp_path: Path) -> None:
    """By a wish through the channel, and by a clock that nobody sets."""
    channel, tick = Channel(tmp_path), threading.Event()
    with watched(channel, (), 60) as watch:
        assert not watch.cancel.is_set()
        channel.ask_to_stop()
        for _ in range(100):
            if watch.cancel.is_set():
                break
            tick.wait(0.05)
        assert watch.cancel.is_set()
    (tmp_path / "other").mkdir()
    with watched(Channel(tmp_path / "other"), (), 0) as watch:
        tick.wait(1)
        assert watch.cancel.is_set()


@pytest.mark.parametrize("is_file", [False, True])
def test_a_solve_goes_on_without_its_folder(tmp_path: Path, is_file: bool) -> None:
    """It was removed, or there is no room for it: nothing fails, and the time is kept to."""
    folder = tmp_path / "gone"
    if is_file:
        folder.touch()
    channel, tick = Channel(folder), threading.Event()
    channel.tell(seconds=3)
    assert channel.told() == {}
    with watched(channel, (), 0.3) as watch:
        watch.on_progress(Progress(np.array([], int), np.array([], int), 1, 2, 5.0))
        tick.wait(1)
        assert watch.cancel.is_set()


def test_a_wish_to_stop_makes_its_folder_anew(tmp_path: Path) -> None:
    """The process hears it; where even that fails, the service knows that it was wished."""
    folder, blocked = tmp_path / "root" / "gone", tmp_path / "file"
    Channel(folder).ask_to_stop()
    assert Channel(folder).is_asked_to_stop()
    blocked.touch()
    service = Channel(blocked)
    service.ask_to_stop()
    assert service.is_asked_to_stop()
    assert not Channel(blocked).is_asked_to_stop()
