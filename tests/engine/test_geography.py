"""Postal codes around a point: those of the whole table, no more and no fewer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import zipcodes

from engine.geography import great_circle_metres, postal_place, postal_places_near


@pytest.fixture(scope="module")
def table() -> list[dict[str, Any]]:
    """Every standard code there is."""
    rows: list[dict[str, Any]] = zipcodes.filter_by(active=True, zip_code_type="STANDARD")
    return rows


@pytest.mark.parametrize("metres", [0.0, 2_500.0, 40_000.0, 900_000.0])
@pytest.mark.parametrize("postal_code", ["10001", "99501", "96813"])
def test_places_near_are_those_of_the_whole_table(
    table: list[dict[str, Any]], postal_code: str, metres: float
) -> None:
    """Every standard code whose distance, by our formula, is within the metres, in order."""
    centre = postal_place(postal_code)
    assert centre is not None
    latitude, longitude = (np.array([float(row[key]) for row in table]) for key in ("lat", "long"))
    here = np.array(centre.latitude), np.array(centre.longitude)
    far = great_circle_metres(latitude, longitude, *here)
    expected = sorted(
        row["zip_code"] for row, away in zip(table, far, strict=True) if away <= metres
    )
    found = postal_places_near(centre.latitude, centre.longitude, metres)
    assert [place.postal_code for place in found] == expected
    assert postal_code in expected
