"""Details of a run: small pictures of what happened in it, beside its measures.

They are bounded, whatever the size of the world, and hold no time: what is left out is counted.
"""

from scenarios.details.of_history import details_of_history
from scenarios.details.of_plan import details_of_plan
from scenarios.details.of_repair import details_of_repair
from scenarios.details.records import (
    DayTold,
    Details,
    DoctorUse,
    FrontierPoint,
    Home,
    LedgerRow,
    Mended,
    Place,
    Spread,
    TravelMap,
    UseOfTime,
    WorldSize,
)
from scenarios.details.world_size import size_of

__all__ = [
    "DayTold",
    "Details",
    "DoctorUse",
    "FrontierPoint",
    "Home",
    "LedgerRow",
    "Mended",
    "Place",
    "Spread",
    "TravelMap",
    "UseOfTime",
    "WorldSize",
    "details_of_history",
    "details_of_plan",
    "details_of_repair",
    "size_of",
]
