"""Whether what a store holds is what it promises, asked without its own rules.

The database forbids most of it. Who has a store that was copied, repaired by hand or made by
another version may want to know all the same.
"""

from __future__ import annotations

from sqlalchemy import Connection, Select, and_, exists, func, or_, select

from api.store.tables import GUARDED, appointment, occupation

_one, _other = occupation.alias("one"), occupation.alias("other")


def broken_invariants(connection: Connection) -> list[str]:
    """Everything that is wrong, in sentences that name nobody; none: all is well."""
    counted = ((connection.execute(query).scalar_one(), said) for query, said in _QUESTIONS)
    return [f"{number:,} {said}" for number, said in counted if number]


def _overlaps() -> Select[int]:
    """Pairs that are kept apart by the same rule as the database's own."""
    return select(func.count()).where(
        _one.c.kind == _other.c.kind,
        _one.c.id == _other.c.id,
        _one.c.number < _other.c.number,
        _one.c.start < _other.c.end,
        _other.c.start < _one.c.end,
        or_(_one.c.seat == _other.c.seat, _one.c.home != _other.c.home),
        _one.c.state.in_(GUARDED),
        _other.c.state.in_(GUARDED),
    )


def _differently_stated() -> Select[int]:
    """Occupations in another state than their appointment."""
    is_block = and_(appointment.c.request_id.is_(None), occupation.c.state == "block")
    same = or_(appointment.c.status == occupation.c.state, is_block)
    return select(func.count()).where(occupation.c.appointment_id == appointment.c.id, ~same)


def _without_place() -> Select[int]:
    """Appointments of somebody that are promised, and occupy nothing."""
    there = exists().where(occupation.c.appointment_id == appointment.c.id)
    promised = and_(appointment.c.request_id.is_not(None), appointment.c.status.in_(GUARDED))
    return select(func.count()).where(promised, ~there).select_from(appointment)


_QUESTIONS = (
    (_overlaps(), "pairs of appointments have the same seat, or doctor, at one time"),
    (_differently_stated(), "occupations are in another state than their appointment"),
    (_without_place(), "appointments occupy nothing"),
)
