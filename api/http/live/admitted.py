"""Whether a request may go to a place at all: the store knows who is where, the index all rules."""

from __future__ import annotations

from api.http.live.service import Live
from api.store.errors import BusyError, UnfitError
from api.store.placing import Place
from api.store.transaction import Transaction
from engine.errors import RequestError
from engine.problems import Problem, shown


class Admitted:
    """A place that somebody asks for, looked at before its transaction begins.

    Parameters
    ----------
    live
        The store in service.
    request_id, place
        What is asked for; where there is no request, the store refuses it.
    """

    def __init__(self, live: Live, request_id: str | None, place: Place) -> None:
        self._index = live.index
        self._request_id, self._place = request_id, place
        self._is_offered = self._is_one()

    def require(self, tx: Transaction) -> None:
        """Raise unless a find could have named the place.

        It is asked once nobody else has it. What was free only since the first look is looked at
        again; what is free only since another part of the same transaction, once that is committed.

        Raises
        ------
        UnfitError
            Some rule does not admit the request there.
        BusyError
            The index does not know every record yet.
        """
        if self._is_offered or self._is_one():
            return
        tx.require_first()
        message = (
            "some rule does not admit the request there, or it does not go with other visits; "
            "a find names places that do"
        )
        raise UnfitError([Problem("not_eligible", "place", message, shown(self._place.role_id))])

    def _is_one(self) -> bool:
        if self._request_id is None:
            return True
        try:
            is_offered, is_behind = self._index.offers(self._request_id, self._place)
        except RequestError:
            return True  # the store says that there is no such request
        if is_behind and not is_offered:
            raise BusyError("index")
        return is_offered
