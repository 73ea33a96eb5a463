"""How many places a client holds, and may hold."""

from __future__ import annotations

from sqlalchemy import func, select

from api.http.live.refused import Refused
from api.store.tables import appointment
from api.store.transaction import Transaction


def has_room(tx: Transaction, client: str, most: int) -> bool:
    """Whether a client may hold one more."""
    held = select(func.count()).where(
        appointment.c.status == "held",
        appointment.c.held_by == client,
        appointment.c.held_until > tx.database.now,
    )
    return int(tx.connection.execute(held).scalar_one()) < most


def require_room(tx: Transaction, client: str, most: int) -> None:
    """Refuse who holds too much; no answer is kept of it, for it may be another soon.

    Raises
    ------
    Refused
        Nothing of the transaction is left.
    """
    if not has_room(tx, client, most):
        detail = "book some, cancel some, or wait until they are over"
        raise Refused("too-many-holds", detail, {"Retry-After": "60"})
