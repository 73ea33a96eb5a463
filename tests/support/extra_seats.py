"""Which cells overbooking gives a seat more: the formula, cell by cell, in whole numbers."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zlib import crc32

from engine.domain import Session

GOLDEN = Fraction(2654435769, 2**32)


def extra_seats(session: Session, step: int, begins: datetime) -> int:
    """Seats beyond the capacity of the cell that begins then, by the clock of its place.

    One of ``step`` has one; 0: none has. Of a day session, all that its seats give.
    """
    if not step:
        return 0
    day = (begins.date() - date(1970, 1, 1)).days
    turn = (day * GOLDEN + Fraction(crc32(session.role_id.encode()), 2**32)) % 1
    first = int(turn * step)
    if session.kind == "day":
        return sum((seat + first) % step == step - 1 for seat in range(session.capacity))
    assert session.cell_minutes is not None
    number = (begins.hour * 60 + begins.minute) // session.cell_minutes
    return int((number + first) % step == step - 1)
