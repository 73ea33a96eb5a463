"""Rolling runs: days pass, so that policies are judged over time."""

from scenarios.rolling.estimated import Estimate, estimated
from scenarios.rolling.history import STATES, Day, History, Journey, State
from scenarios.rolling.simulate import OnDay, simulate
from scenarios.rolling.spec import NoShowFrom, RollingSpec

__all__ = [
    "STATES",
    "Day",
    "Estimate",
    "History",
    "Journey",
    "NoShowFrom",
    "OnDay",
    "RollingSpec",
    "State",
    "estimated",
    "simulate",
]
