"""Worlds that are measured, by name."""

from __future__ import annotations

from scenarios.world import WorldSpec

FIRST_LIGHT = {
    "multi-tight-50x15x5": WorldSpec(50, 15, 5, "multi", "tight"),
    "multi-tight-200x40x10": WorldSpec(200, 40, 10, "multi", "tight"),
    "multi-tight-1000x100x10": WorldSpec(1_000, 100, 10, "multi", "tight"),
    "multi-loose-1000x100x10": WorldSpec(1_000, 100, 10, "multi", "loose"),
    "single-tight-1000x100x10": WorldSpec(1_000, 100, 10, "single", "tight"),
    "single-loose-1000x100x10": WorldSpec(1_000, 100, 10, "single", "loose"),
}
"""Requests × doctors × days, seed 1."""

FIND = WorldSpec(2_000, 2_000, 20, "multi", "loose")
"""A region in which one request is asked about at a time, seed 1."""
