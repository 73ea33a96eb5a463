"""Appointments that are promised already, put where they are: who stays, and who collides.

Blocks come first, for nobody can move them; then what is booked, in the order of the dataset;
then holds. Who finds no room, or has no session any more, is conflicted; such a hold is let go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from api.store.chart import Chart, Need, Occupied
from api.store.errors import Collision
from engine.domain import Appointment


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of some appointments.

    Parameters
    ----------
    appointments
        In their order, with the status that they have now; holds that were let go are missing.
    occupied
        What they occupy.
    collisions
        Of those that are conflicted now and were not, and of holds that were let go.
    """

    appointments: tuple[Appointment, ...]
    occupied: tuple[Occupied, ...]
    collisions: tuple[Collision, ...]


def settle(
    appointments: Sequence[Appointment],
    needs: Mapping[str, Sequence[Need]],
    chart: Chart,
    outside: Mapping[str, Collision] | None = None,
) -> Settled:
    """Put appointments where they are.

    Parameters
    ----------
    needs
        By appointment; what there is none of is no collision with anybody, and not occupied.
    chart
        Who is there besides.
    outside
        By appointment, that its session went.
    """
    outside = outside or {}
    occupied: list[Occupied] = []
    collisions: list[Collision] = []
    status = {row.id: row.status for row in appointments}
    for row in sorted(appointments, key=_turn):
        needed = [need for need in needs.get(row.id, ()) if need.room]
        state = state_of(row)
        found = []
        if state not in ("block", "conflicted"):
            found = [outside[row.id]] if row.id in outside else []
            found += chart.collisions(needed, row.id)
        if found:
            collisions += found
            status[row.id] = "conflicted"
            if row.status == "held":
                del status[row.id]
                continue
            state = "conflicted"
        place = Chart() if state == "conflicted" else chart  # they are in nobody's way
        occupied += place.occupy(row.id, needed, state)
    left = tuple(
        row if row.status == status[row.id] else replace(row, status=status[row.id])
        for row in appointments
        if row.id in status
    )
    return Settled(left, tuple(occupied), tuple(collisions))


def state_of(row: Appointment) -> str:
    """State of what an appointment occupies: a block is the business of nobody here."""
    return "block" if row.request_id is None else row.status


def _turn(row: Appointment) -> int:
    return ("block", "booked", "held", "conflicted").index(state_of(row))


def let_go(before: Iterable[Appointment], settled: Settled) -> list[str]:
    """Ids of holds that could not stay."""
    left = {row.id for row in settled.appointments}
    return [row.id for row in before if row.id not in left]
