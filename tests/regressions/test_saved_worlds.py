"""Saved worlds, solved again: what was proven once is not contradicted by what is found now."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset
from engine.match import match
from engine.solve.limits import Limits

HERE = Path(__file__).parent
SAVED: dict[str, dict[str, Any]] = tomllib.loads((HERE / "saved.toml").read_text())


@pytest.mark.parametrize("name", SAVED)
def test_bounds_do_not_contradict(name: str) -> None:
    """No value below a saved bound, no bound above a saved value, while the levels above agree.

    Which places are chosen is not compared: there may be other plans as good.
    """
    saved = SAVED[name]
    dataset, _ = read_dataset(HERE / f"{name}.json.gz")
    assert dataset_hash(dataset) == saved["dataset_hash"]
    limits = Limits(deterministic=True, deterministic_seconds=saved["deterministic_seconds"])
    levels = match(dataset, limits=limits).certificate.levels
    assert [level.name for level in levels] == list(saved["levels"])
    for level in levels:
        value, bound = saved["levels"][level.name]
        assert level.value >= bound, level.name
        assert level.bound <= value, level.name
        if value == bound and level.status == "proven":
            assert level.value == value, level.name
        if level.value != value:
            break  # bounds below hold for plans as good as their own, and no others


def test_every_saved_world_is_listed() -> None:
    """A file that nobody reads would protect nothing."""
    assert {path.name.removesuffix(".json.gz") for path in HERE.glob("*.json.gz")} == set(SAVED)
