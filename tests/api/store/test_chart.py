"""Who may have which seat."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.store.chart import Chart, Need, Occupied


def room(start: int, end: int, capacity: int = 2) -> Need:
    """A need of a room."""
    return Need("room", ("office", "scanner"), start, end, capacity, None)


def doctor(start: int, end: int, home: str) -> Need:
    """A need of a doctor, at a home."""
    return Need("doctor", ("dr",), start, end, 1, home)


def filled(*needs: Need) -> Chart:
    """A chart with one appointment for each need, called by its number."""
    chart = Chart()
    for index, need in enumerate(needs):
        assert chart.collisions([need]) == []
        chart.occupy(str(index), [need], "booked")
    return chart


def met(chart: Chart, need: Need) -> tuple[str, ...]:
    """With whom a need collides."""
    return tuple(name for row in chart.collisions([need]) for name in row.with_ids)


def test_there_is_room_until_as_many_meet_as_there_are() -> None:
    """Who is there at another time is not in the way, and not named."""
    chart = filled(room(0, 10), room(5, 15), room(20, 30))
    assert met(chart, room(10, 25)) == ()
    assert met(chart, room(4, 8)) == ("0", "1")
    assert met(chart, room(0, 10, capacity=3)) == ()


def test_what_there_is_none_of_collides_with_nobody() -> None:
    """The sentence says so."""
    (collision,) = Chart().collisions([room(0, 60, capacity=0)])
    assert collision.with_ids == ()
    assert collision.sentence() == (
        "the place: there is no room office, scanner, 1970-01-01T00:00Z–1970-01-01T00:01Z"
    )


def test_a_doctor_is_at_one_home() -> None:
    """Another visit there is a matter of seats; elsewhere it collides."""
    chart = filled(doctor(0, 10, "session s"))
    assert met(chart, doctor(5, 15, "session s")) == ()
    assert met(chart, doctor(5, 15, "session t")) == ("0",)
    assert met(chart, doctor(10, 15, "session t")) == ()


def test_what_is_outside_of_the_guard_counts() -> None:
    """A conflicted appointment, or a block, has no seat and takes its room all the same."""
    chart = filled(room(0, 10))
    (row,) = chart.occupy("block", [room(0, 10)], "block")
    assert row.seat is None
    assert met(chart, room(9, 12)) == ("0", "block")


def test_scattered_seats_are_gathered() -> None:
    """One room is free before noon, the other one after it: who needs one all day gets one."""
    chart = Chart()
    chart.add(
        Occupied(name, "room", "office\tscanner", start, end, seat, None, "booked", number)
        for number, (name, start, end, seat) in enumerate((("a", 0, 10, 0), ("b", 10, 20, 1)))
    )
    assert chart.collisions([room(0, 20)]) == []
    (row,) = chart.occupy("all day", [room(0, 20)], "held")
    (changed,) = chart.reseated
    assert {row.seat, changed.seat} == {0, 1}


stretches = st.tuples(st.integers(0, 20), st.integers(1, 9)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.lists(stretches, max_size=25), st.integers(1, 3))
def test_no_seat_is_given_twice_and_none_is_withheld(
    asked: list[tuple[int, int]], capacity: int
) -> None:
    """Whoever comes in whatever order: a need is met where fewer than all are there."""
    chart, there = Chart(), list[tuple[int, int]]()
    rows = []
    for index, (start, end) in enumerate(asked):
        need = room(start, end, capacity)
        depth = max(sum(s <= t < e for s, e in there) for t in range(start, end))
        assert bool(chart.collisions([need])) == (depth >= capacity)
        if depth < capacity:
            there.append((start, end))
            rows += chart.occupy(str(index), [need], "booked")
    for row in rows:
        assert row.seat in range(capacity)
        meeting = [o for o in rows if o.start < row.end and row.start < o.end and o is not row]
        assert row.seat not in {other.seat for other in meeting}
