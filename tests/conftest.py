"""Profiles of Hypothesis: the same examples every time, more of them when asked."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW
)
settings.register_profile(
    "long", max_examples=20_000, deadline=None, suppress_health_check=SLOW, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor among what stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest; and count no lines in tests of many examples, nor in those of
    benchmarks: to trace them takes as long as they do, and a line that nothing else reaches wants a
    test of its own.
    """
    items.sort(key=lambda item: item.get_closest_marker("takes_long") is None)
    if config.getoption("no_cov", default=True):
        return
    for item in items:
        is_of_benchmarks = "benchmarks" in item.path.relative_to(config.rootpath).parts
        if is_of_benchmarks or item.get_closest_marker("hypothesis"):
            item.add_marker("no_cover")
