"""The rules a third time, in plain Python on the records, with every plan tried.

Slow and obvious: datetimes of the standard library, no arrays, nothing shared with the
engine but the records. For worlds of a handful of requests. Beside this file: the world
(``brute_force_world``), where one request could go (``brute_force_places``), what may stand
together (``brute_force_fits``, ``brute_force_together``), and what it costs
(``brute_force_cost``).
"""

from __future__ import annotations

from collections.abc import Iterator

from brute_force_cost import cost
from brute_force_fits import fits, visits_of
from brute_force_places import places
from brute_force_together import all_or_none, load
from brute_force_world import ORDER, Place, World

from engine.domain import Dataset, Request

Values = tuple[int, ...]
"""Unplaced by class, days late, milli-days of inconvenience; the load where asked for."""


def optimum(dataset: Dataset, *, overbooked_step: int = 0, spread: bool = False) -> Values:
    """Best values of the levels over every plan there is."""
    return _Search(World(dataset, overbooked_step), spread).best()


class _Search:
    """Tries every plan, request by request; the load counts where plans are to ``spread``.

    Two kinds of plans need no look. Those with two places that cannot stand together: with others
    beside them they cannot either. And those of which the requests so far, and each of the others
    at its own best, are no better than a plan that is known: values are compared from the first
    level on, and add up.
    """

    def __init__(self, world: World, spread: bool) -> None:
        self._world = world
        self._spread = spread
        self._options = [sorted(_options(world, row), key=_counted) for row in world.open]
        self._rest = [_nothing()]  # what requests count at least, from the last one on
        for options in reversed(self._options):
            self._rest.append(_sum(self._rest[-1], _counted(options[0])))
        self._best: Values | None = None
        self._known: dict[tuple[int, int], bool] = {}

    def best(self) -> Values:
        """The best values there are: leaving everybody unplaced is a plan."""
        self._go_on(0, [], _nothing())
        assert self._best is not None
        return self._best

    def _go_on(self, number: int, chosen: list[Place], value: Values) -> None:
        """Try every plan that has these places for the requests before this one."""
        if number == len(self._options):
            self._take(chosen, value)
            return
        rest = self._rest[len(self._options) - number - 1]
        for place, counted in self._options[number]:
            more = _sum(value, counted)
            if self._best is not None and _sum(more, rest) >= self._best:
                return  # what follows counts more still
            if place is None:
                self._go_on(number + 1, chosen, more)
            elif all(self._go_together(other, place) for other in chosen):
                self._go_on(number + 1, [*chosen, place], more)

    def _go_together(self, one: Place, other: Place) -> bool:
        """Whether two places can stand together; looked at once."""
        pair = id(one), id(other)
        if pair not in self._known:
            self._known[pair] = fits(self._world, [one, other], alone=True)
        return self._known[pair]

    def _take(self, chosen: list[Place], value: Values) -> None:
        """Keep a plan that is allowed, and better."""
        world = self._world
        value += (load(world, visits_of(world, chosen)),) if self._spread else ()
        is_better = self._best is None or value < self._best
        placed = {place.request.id for place in chosen}
        if is_better and all_or_none(world, placed) and fits(world, chosen):
            self._best = value


def _options(world: World, request: Request) -> Iterator[tuple[Place | None, Values]]:
    """Every way to place a request, or none, and what it counts at each level."""
    yield None, (*(int(request.urgency == name) for name in ORDER), 0, 0)
    for place in places(world, request):
        yield place, (*(0 for _ in ORDER), *cost(world, place))


def _counted(option: tuple[Place | None, Values]) -> Values:
    return option[1]


def _nothing() -> Values:
    return (0,) * (len(ORDER) + 2)


def _sum(one: Values, other: Values) -> Values:
    return tuple(a + b for a, b in zip(one, other, strict=True))
