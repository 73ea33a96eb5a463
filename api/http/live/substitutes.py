"""A lost race: what else there is, and the best of it held already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import UnionType
from typing import Any

import structlog
from sqlalchemy import select

from api.http.asking import MAX_PLACES
from api.http.live.refused import answer_of, refused, taken_kinds
from api.http.live.room import has_room
from api.http.live.service import Live
from api.http.live.shown import appointment_content
from api.http.problems import problem_content
from api.store import placing
from api.store.answering import Answer, Asked, Work, part_of
from api.store.errors import GuardedError, RefusalError, TakenError
from api.store.placing import Place
from api.store.promised import Promised
from api.store.rows import instant
from api.store.tables import appointment
from api.store.transaction import Transaction
from engine.errors import RequestError
from engine.found import FoundPlace
from engine.interchange.found_places import place_content

MOST_SUBSTITUTES = 5
_LOOKED_AT = 25
_ROUNDS = 4

_HELD = "nothing was changed but that the first substitute is held"
_NOT_HELD = "nothing was changed, and nothing is held"


class LostError(Exception):
    """A race was lost; nothing of the transaction is left.

    Parameters
    ----------
    refusal
        By what.
    """

    def __init__(self, refusal: RefusalError) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def once(
    live: Live, asked: Asked, work: Work, lost: type[RefusalError] | UnionType = TakenError
) -> Answer:
    """Do some work, or tell again what came of it.

    Parameters
    ----------
    lost
        Refusals by which a race is lost; of all others an answer is kept.

    Raises
    ------
    LostError
        By such a refusal.
    """

    def told(error: RefusalError) -> Answer:
        if isinstance(error, GuardedError):
            said = "the database forbade a place that was counted as free"
            structlog.get_logger().error(event="fault", fault=said)
        if isinstance(error, lost):
            raise LostError(error)
        return refused(error)

    return live.answering.once(asked, work, told)


class _NoneLeftError(Exception):
    """All that was found was taken meanwhile."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A hold that is over: whose it was, and where."""

    request_id: str
    role_id: str
    start: datetime


def lapsed_hold(live: Live, client: str, hold_id: str) -> Lapsed | None:
    """A hold of a client that is over; ``None``: there was none, or it was booked or given back.

    What is cleared away already is known from what the client was told of it.
    """
    is_over = (appointment.c.held_until <= live.store.database.now).label("is_over")
    query = select(appointment, is_over).where(appointment.c.id == hold_id)
    with live.store.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is not None:
        is_theirs = row.status == "held" and row.held_by == client and row.is_over
        return Lapsed(row.request_id, row.role_id, instant(row.start)) if is_theirs else None
    told = live.answering.of_hold(client, hold_id)
    if told is None:
        return None
    content = json.loads(told)
    held = content.get("hold", content)
    return Lapsed(held["request_id"], held["role_id"], datetime.fromisoformat(held["start"]))


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to who lost.

    Parameters
    ----------
    asked
        What they wanted.
    refusal
        Why they did not get it.
    request_id
        For which request.
    wanted
        Where their hold was, if that was it: the first substitute, where it is free still.
    holding
        Whether the best is held; not where the request has a place, which it keeps.
    """

    live: Live
    asked: Asked
    refusal: RefusalError
    request_id: str
    wanted: Lapsed | None = None
    holding: bool = True

    def made(self) -> Answer:
        """The answer; where the best is taken meanwhile, the next, and what is found then."""
        with self.live.offering:
            for _ in range(_ROUNDS):
                places = self._places()
                try:
                    return self._once(places, holding=self.holding)
                except _NoneLeftError:
                    continue
            return self._once([], holding=False)

    def _places(self) -> list[FoundPlace]:
        try:
            k = _LOOKED_AT if self.wanted is None else MAX_PLACES  # it may be none of the best
            found, _ = self.live.index.find(self.request_id, k)
        except RequestError:  # the index does not know it yet
            return []
        ranked = sorted(found.places, key=lambda row: not self._is_wanted(row))
        return ranked[:_LOOKED_AT]

    def _is_wanted(self, found: FoundPlace) -> bool:
        where = (found.where.role_id, found.where.start)
        return self.wanted is not None and where == (self.wanted.role_id, self.wanted.start)

    def _once(self, places: Sequence[FoundPlace], *, holding: bool) -> Answer:
        def work(tx: Transaction) -> Answer:
            first, held = self._hold_best(tx, places) if holding else (0, None)
            return self._answer(places[first:][:MOST_SUBSTITUTES], held)

        def raised(error: RefusalError) -> Answer:
            raise error

        return self.live.answering.once(self.asked, work, raised)

    def _hold_best(
        self, tx: Transaction, places: Sequence[FoundPlace]
    ) -> tuple[int, Promised | None]:
        """Hold the best place that is still free; which one, and the hold."""
        limits = self.live.settings
        if not has_room(tx, self.asked.client, limits.max_holds):
            return 0, None
        for index, found in enumerate(places):
            where = found.where
            place = Place(where.role_id, where.start, where.end, where.session_id)
            attempt = part_of(tx)
            try:
                with tx.connection.begin_nested():
                    held = placing.hold(
                        attempt, self.request_id, place, limits.substitute_seconds,
                        self.asked.client,
                    )  # fmt: skip
                    attempt.finish()
            except TakenError:
                continue
            except RefusalError:  # the request has a place by now, or is gone
                return 0, None
            return index, held
        if places:
            raise _NoneLeftError
        return 0, None

    def _answer(self, places: Sequence[FoundPlace], held: Promised | None) -> Answer:
        members: dict[str, Any] = {"substitutes": [place_content(row) for row in places]}
        name = "hold-over"
        if isinstance(self.refusal, TakenError):
            name = "place-taken"
            members["taken"] = taken_kinds(self.refusal)
        if held is not None:
            members["hold"] = appointment_content(held)
        content = problem_content(name, _NOT_HELD if held is None else _HELD, **members)
        return answer_of(content, hold_id=None if held is None else held.record.id)
