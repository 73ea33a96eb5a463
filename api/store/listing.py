"""Lists of records, in the order of their ids, which no change disturbs."""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select

from api.store.rows import record_of
from api.store.store import Store
from api.store.tables import appointment, record
from engine.domain import Request


def waiting_requests(
    store: Store, after: str | None = None, limit: int = 100
) -> tuple[tuple[Request, ...], str | None]:
    """Requests that have no place, and none is held for them.

    Returns
    -------
    rows
        The next ones.
    after
        Where to go on; ``None``: that is all.
    """
    is_promised = or_(
        appointment.c.status.in_(("booked", "conflicted")),
        and_(appointment.c.status == "held", appointment.c.held_until > store.database.now),
    )
    has_place = exists().where(appointment.c.request_id == record.c.id, is_promised)
    query = select(record.c.id, record.c.body).where(record.c.kind == "requests", ~has_place)
    if after is not None:
        query = query.where(record.c.id > after)
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(record.c.id).limit(limit + 1)).all()
    more = rows[limit - 1].id if len(rows) > limit else None
    return tuple(record_of("requests", row.body) for row in rows[:limit]), more
