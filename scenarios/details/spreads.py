"""Numbers to bins that runs can be added up by."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.arrays import Float
from scenarios.details.records import MAX_BINS, Spread

Spreadable = Literal["days_to_appointment", "travel_km", "days_waited", "days_later"]


def spread(measure: Spreadable, values: Float) -> Spread:
    """Count values by whole units.

    Parameters
    ----------
    values
        Not below 0; NaN: not stated.
    """
    known = values[~np.isnan(values)]
    bins = np.minimum(known.astype(np.int64), MAX_BINS)
    return Spread(measure=measure, counts=tuple(np.bincount(bins).tolist()))
