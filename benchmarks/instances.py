"""Worlds that are measured, by name, frozen by a hash of their arrays.

A name says visits, tightness, requests × doctors × days and the seed, and is all that is
needed to make the world again: ``multi-tight-10000x500x20-s0``. Visits are of one cell (single),
of several (multi), or of several with caps, rooms and links on some requests (mixed).
``instances.toml`` keeps the hash of every world whose numbers are quoted, so that a change of
the generator cannot pass for a change of speed. Print them, or write those that were made on
purpose, with ``python -m benchmarks.instances [NAME …] [--update]``.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np
import tomli_w

from benchmarks.mixed import with_bound_requests
from benchmarks.pairs import Pairs, make_pairs
from engine.domain import Dataset
from engine.policy import Policy
from engine.snapshot import Snapshot, take_snapshot
from scenarios.world import WorldSpec, generate_world

Visits = Literal["single", "multi"]
Tightness = Literal["tight", "loose"]

SIZES = {
    "S": (1_000, 100, 10),
    "M": (10_000, 500, 20),
    "L": (50_000, 2_000, 20),
    "XL": (200_000, 5_000, 20),
}
"""Requests, doctors and days."""

TABLE = Path(__file__).with_name("instances.toml")
_HEADING = "# SHA-256 of the arrays of a snapshot, by instance: see instances.py.\n"

_NAME = re.compile(
    r"(?P<kind>single|multi|mixed)-(?P<tightness>tight|loose)"
    r"-(?P<requests>\d{1,9})x(?P<doctors>\d{1,9})x(?P<days>\d{1,9})(?:-s(?P<seed>\d{1,9}))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Instance:
    """A world, by the name of which it is made.

    Parameters
    ----------
    spec
        What the generator is asked for.
    is_mixed
        Whether some requests are bound by caps, rooms and links then.
    """

    spec: WorldSpec
    is_mixed: bool = False

    @classmethod
    def named(cls, name: str) -> Instance:
        """The instance of a name; without a seed, of seed 0.

        Raises
        ------
        ValueError
            The name is none, or asks for more than the generator makes.
        """
        found = _NAME.fullmatch(name)
        if found is None:
            raise ValueError(
                f"{name!r} is no instance: single, multi or mixed, tight or loose, "
                "requests x doctors x days, seed, as in multi-tight-1000x100x10-s0"
            )
        requests, doctors, days = (int(found[part]) for part in ("requests", "doctors", "days"))
        is_mixed = found["kind"] == "mixed"
        visits = cast("Visits", "multi" if is_mixed else found["kind"])
        tightness, seed = cast("Tightness", found["tightness"]), int(found["seed"] or 0)
        return cls(WorldSpec(requests, doctors, days, visits, tightness, seed), is_mixed)

    @property
    def name(self) -> str:
        """Its name, with the seed."""
        spec = self.spec
        size = f"{spec.requests}x{spec.doctors}x{spec.days}"
        kind = "mixed" if self.is_mixed else spec.visits
        return f"{kind}-{spec.tightness}-{size}-s{spec.seed}"

    @cached_property
    def dataset(self) -> Dataset:
        """Its records."""
        world = generate_world(self.spec)
        return with_bound_requests(world, self.spec.seed) if self.is_mixed else world

    @cached_property
    def snapshot(self) -> Snapshot:
        """Its arrays."""
        return take_snapshot(self.dataset)

    @cached_property
    def policy(self) -> Policy:
        """The default policy: every level that counts unless somebody switches it off."""
        return Policy.default()

    def pairs(self, most: int | None = None) -> Pairs:
        """Every eligible candidate with its costs, for the peers.

        Raises
        ------
        benchmarks.pairs.TooManyPairsError
            There are more than ``most``.
        """
        return make_pairs(self.dataset, self.snapshot, self.policy, most)


def family(size: str, seed: int = 0) -> list[Instance]:
    """The four instances of a size and a seed: single and multi, tight and loose."""
    kinds = product(get_args(Visits), get_args(Tightness))
    return [
        Instance(WorldSpec(*SIZES[size], visits, tightness, seed=seed))
        for visits, tightness in kinds
    ]


FIRST_LIGHT = {
    name: Instance.named(name).spec
    for name in (
        "multi-tight-50x15x5-s1",
        "multi-tight-200x40x10-s1",
        "multi-tight-1000x100x10-s1",
        "multi-loose-1000x100x10-s1",
        "single-tight-1000x100x10-s1",
        "single-loose-1000x100x10-s1",
    )
}
"""What a match is measured with."""

FIND = Instance.named("multi-loose-2000x2000x20-s1").spec
"""A region in which one request is asked about at a time."""

FIND_LIVE = Instance.named("multi-loose-2000x20000x7-s1").spec
"""A large region, of which all that is free is kept at hand."""


def array_hash(snapshot: Snapshot) -> str:
    """SHA-256 over name, dtype, shape and bytes of every array of a snapshot, by name."""
    digest = hashlib.sha256()
    for name, array in sorted(_arrays("snapshot", snapshot), key=lambda pair: pair[0]):
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _arrays(name: str, value: object) -> Iterator[tuple[str, np.ndarray]]:
    """Every array in a value, with its name: through dataclasses and tuples."""
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:  # its bytes are addresses
            raise TypeError(f"{name} holds objects, which have no bytes to hash")
        yield name, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _arrays(f"{name}.{field.name}", getattr(value, field.name))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _arrays(f"{name}.{number}", part)


def frozen_hashes() -> dict[str, str]:
    """The hashes kept, by name of the instance."""
    with TABLE.open("rb") as file:
        return {name: str(value) for name, value in tomllib.load(file).items()}


def names_of(asked: list[str]) -> list[str]:
    """Full names of instances asked for by name, or by a size: S, M, L, XL.

    Raises
    ------
    ValueError
        A name is neither.
    """
    found = [family(name) if name in SIZES else [Instance.named(name)] for name in asked]
    return list(dict.fromkeys(instance.name for some in found for instance in some))


def main() -> int:
    """Print the hash of every instance asked for, and whether it is the one that is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["S"], help="instances, or S, M, L, XL")
    parser.add_argument("--update", action="store_true", help="keep these hashes from now on")
    asked = parser.parse_args()
    try:
        names = names_of(asked.names)
    except ValueError as error:
        parser.error(str(error))
    kept = frozen_hashes()
    made: dict[str, str] = {}
    for name in names:
        made[name] = array_hash(Instance.named(name).snapshot)
        verdict = "as kept" if kept.get(name) == made[name] else "NOT as kept"
        sys.stdout.write(f"{name} {made[name]} {verdict if name in kept else 'not kept yet'}\n")
        sys.stdout.flush()
    if asked.update:
        TABLE.write_text(_HEADING + tomli_w.dumps(kept | made))
        return 0
    return int(any(kept.get(name) != made[name] for name in names))


if __name__ == "__main__":
    sys.exit(main())
