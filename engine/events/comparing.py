"""Two datasets of one world, compared: whose place is not there any more."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from engine.arrays import NONE
from engine.domain import Appointment, Dataset, Session
from engine.events.cutting import Span, common, span_of, without
from engine.events.double_bookings import is_over
from engine.events.findings import Forced, Reason
from engine.events.news import Earlier, crowded_out
from engine.events.overfull import Stretch, Sweep
from engine.events.refused import newly_refused
from engine.events.restoring import with_appointments
from engine.interchange.unique_id import unique_id
from engine.policy import Policy
from engine.snapshot import Snapshot, take_snapshot
from engine.time_grid import elapsed

_SAME = timedelta()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a world.

    Parameters
    ----------
    was, now
        The world before, and ``world``.
    world
        The world afterwards, with the appointments that are missing in it.
    forced
        Whose place is not there any more, in the order of ``world``.
    changed
        Ids of the appointments that are not what they were before.
    collisions
        Where more is promised than there is, the forced not counted, and was not before.
    """

    was: Snapshot
    now: Snapshot
    world: Dataset
    forced: tuple[Forced, ...]
    changed: frozenset[str]
    collisions: list[Stretch]


def compare(before: Dataset, after: Dataset, policy: Policy) -> Comparison:
    """Compare ``before`` with ``after``; what that means is said in ``aftermath_between``."""
    was = take_snapshot(before)
    judged = list(_judged(before, after))
    missing = _missing(judged, after)
    same = _same_place(judged, after)
    homes = _homes(was)
    seats = _seats(was, same, homes, after)
    world = with_appointments(_in_their_seats(after, seats), before, missing)
    now = take_snapshot(world)
    forced: dict[str, Forced] = {}
    _force(forced, "missing", ((row.id, "") for row in missing))
    out = [name for name, seat in seats.items() if seat is None]
    out += _without_session(was, [row for row in same if row.id not in seats], before, after)
    _force(forced, "no_session", ((name, homes[name]) for name in out))
    left = [row.id for row in same if row.id not in forced]
    _force(forced, "refused", newly_refused(was, now, policy, left))
    earlier = Earlier(Sweep(was, policy).stretches(), was.grid.minutes(now.grid.origin))
    sweep = [row for row in _sweep(now, policy, forced, homes) if not earlier.had(row)]
    victims = crowded_out(sweep, _new_blocks(before, after), _blocks(after)).items()
    names = set(left)
    _force(forced, "taken", ((name, culprit) for name, culprit in victims if name in names))
    collisions = [row for row in _sweep(now, policy, forced, homes) if not earlier.had(row)]
    order = {row.id: index for index, row in enumerate(world.appointments)}
    rows = sorted(forced.values(), key=lambda row: order[row.appointment_id])
    unchanged = {row.id for row in _same_place(before.appointments, after)}
    changed = frozenset(row.id for row in before.appointments if row.id not in unchanged)
    return Comparison(was, now, world, tuple(rows), changed, collisions)


def _force(forced: dict[str, Forced], reason: Reason, found: Iterable[tuple[str, str]]) -> None:
    """Note who is forced by something, unless they are already."""
    for name, detail in found:
        forced.setdefault(name, Forced(name, reason, detail))


def _sweep(
    now: Snapshot, policy: Policy, forced: Mapping[str, Forced], homes: Mapping[str, str]
) -> list[Stretch]:
    """Where more is promised than there is; who is in no session any more stays with those of
    the session that they were in.
    """
    places = zip(now.published.ids, now.published.session.tolist(), strict=True)
    outside = [name for name, session in places if session == NONE and homes.get(name)]
    names = {name: f"session {homes[name]}" for name in outside}
    return Sweep(now, policy, forced, names).stretches()


def _judged(before: Dataset, after: Dataset) -> Iterator[Appointment]:
    """Appointments of requests that are there still, and neither lapsed nor over by now."""
    now, requests = after.header.as_of, {row.id for row in after.requests}
    for row in before.appointments:
        counts = row.is_active(before.header.as_of) and row.is_active(now)
        if counts and row.request_id in requests and not is_over(row, after):
            yield row


def _missing(judged: list[Appointment], after: Dataset) -> list[Appointment]:
    """Appointments of requests that hold no place now, under ids that are free."""
    now, taken = after.header.as_of, {row.id for row in after.appointments}
    holding = {row.request_id for row in after.appointments if row.is_active(now)}
    return [
        replace(row, id=unique_id(row.id, taken)) for row in judged if row.request_id not in holding
    ]


def _same_place(judged: Iterable[Appointment], after: Dataset) -> list[Appointment]:
    """Appointments that are as they were."""
    now = {row.id: row for row in after.appointments if row.is_active(after.header.as_of)}
    return [row for row in judged if row.id in now and _is_same(row, now[row.id])]


def _is_same(one: Appointment, other: Appointment) -> bool:
    who = one.request_id == other.request_id and one.role_id == other.role_id
    return who and elapsed(one.start, other.start) == elapsed(one.end, other.end) == _SAME


def _homes(was: Snapshot) -> dict[str, str]:
    """By appointment, the session that it lay in; an empty text where there was none."""
    ids = (*was.sessions.ids, "")
    places = zip(was.published.ids, was.published.session.tolist(), strict=True)
    return {name: ids[session] for name, session in places}


def _seats(
    was: Snapshot, same: list[Appointment], homes: Mapping[str, str], after: Dataset
) -> dict[str, Session | None]:
    """By appointment that was a seat in a day session: the session in which it is one now; the
    same by its id, or one of its role at that time. ``None``: there is none.
    """
    told = zip(was.published.ids, was.published.has_time.tolist(), strict=True)
    seats = {name for name, has_time in told if not has_time}
    days: dict[str, list[Session]] = defaultdict(list)
    for session in after.sessions:
        if session.kind == "day" and session.capacity:
            days[session.role_id].append(session)
    found: dict[str, Session | None] = {}
    for row in same:
        if row.id in seats:
            span = was.grid.minutes(row.start), was.grid.minutes(row.end)
            there = [day for day in days[row.role_id] if common(span, span_of(day, was.grid))]
            own = [day for day in there if day.id == homes[row.id]]
            found[row.id] = next(iter(own or there), None)
    return found


def _in_their_seats(after: Dataset, seats: Mapping[str, Session | None]) -> Dataset:
    """The dataset in which whoever holds a seat of a day holds it from its start to its end."""

    def seated(row: Appointment) -> Appointment:
        seat = seats.get(row.id)
        return row if seat is None else replace(row, start=seat.start, end=seat.end)

    return replace(after, appointments=tuple(seated(row) for row in after.appointments))


def _without_session(
    was: Snapshot, rows: list[Appointment], before: Dataset, after: Dataset
) -> Iterator[str]:
    """Appointments of which a part lay in a session, where there is none any more."""
    spans_before, spans_after = (_timed_spans(was, dataset) for dataset in (before, after))
    number = {name: index for index, name in enumerate(was.published.ids)}
    for row in rows:
        there, left = spans_before[row.role_id], spans_after[row.role_id]
        if there == left:
            continue
        index = number[row.id]
        busy = int(was.published.busy_start[index]), int(was.published.busy_end[index])
        rest = [part for span in there if (part := common(busy, span))]
        for span in left:
            rest = [part for stretch in rest for part in without(stretch, span)]
        if rest:
            yield row.id


def _timed_spans(was: Snapshot, dataset: Dataset) -> dict[str, list[Span]]:
    """By role, when it has seats at certain times."""
    found: dict[str, list[Span]] = defaultdict(list)
    for session in dataset.sessions:
        if session.kind == "timed" and session.capacity:
            found[session.role_id].append(span_of(session, was.grid))
    for spans in found.values():
        spans.sort()
    return found


def _blocks(dataset: Dataset) -> set[str]:
    return {row.id for row in dataset.appointments if row.request_id is None}


def _new_blocks(before: Dataset, after: Dataset) -> dict[str, int]:
    """Blocks that were not there, as what one event has fixed.

    Another system may give a block a new id: as many of a place as there were are the old ones,
    those that kept their id first.
    """
    old = {row.id: _place(row) for row in before.appointments if row.request_id is None}
    left = Counter(old.values())
    rows = [row for row in after.appointments if row.request_id is None]
    rows.sort(key=lambda row: old.get(row.id) != _place(row))
    new: dict[str, int] = {}
    for row in rows:
        left[_place(row)] -= 1
        if left[_place(row)] < 0:
            new[row.id] = 0
    return new


def _place(row: Appointment) -> tuple[str, datetime, datetime]:
    return row.role_id, row.start.astimezone(UTC), row.end.astimezone(UTC)
