"""Generated worlds: a city with doctors, sessions, patients and their requests."""

from scenarios.world.generate import generate_world, requests_around
from scenarios.world.spec import WorldSpec

__all__ = ["WorldSpec", "generate_world", "requests_around"]
