"""``slotmatch demo``."""

from __future__ import annotations

from api.cli import exit_codes
from api.cli.console import data, notes
from api.cli.matching import match_watched
from api.cli.render import print_result
from api.cli.worlds import describe
from engine.policy import Policy
from engine.solve.limits import Limits
from scenarios.world import WorldSpec, generate_world

DEMO_REQUESTS = 300
DEMO_DOCTORS = 50
DEMO_DAYS = 10
DEMO_SECONDS = 9.0

_NEXT = """What to try next:
  slotmatch generate --requests 200 --doctors 40 --out world     the same, on disk
  slotmatch match world --out plan.ndjson                        match it, keep the plan
  slotmatch verify world plan.ndjson                             judge the plan by every rule
  slotmatch policy > policy.toml                                 change prices and rules
  slotmatch serve                                                the same over HTTP"""


def run_demo(seed: int, *, quiet: bool) -> int:
    """Generate a city, match it, print what came of it."""
    spec = WorldSpec(requests=DEMO_REQUESTS, doctors=DEMO_DOCTORS, days=DEMO_DAYS, seed=seed)
    dataset = generate_world(spec)
    notes.print(f"A city with {describe(dataset)}.")
    result = match_watched(dataset, Policy.default(), Limits(seconds=DEMO_SECONDS), quiet=quiet)
    print_result(result)
    data.print(_NEXT)
    return exit_codes.OK
