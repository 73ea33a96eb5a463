"""Finds on a store: answered from memory, which hears of every change before it answers."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Final

from api.http.asking import LiveFindRequest
from api.http.live.built import Built
from api.store.errors import BusyError
from api.store.placing import Place
from api.store.store import Store
from engine.found import Found

PATIENCE_SECONDS: Final = 1.0
"""How long a find waits for arrays to be made anew; then what was known before answers."""


class Index:
    """The best places for the requests of a store.

    Parameters
    ----------
    store
        Whose.
    as_of
        When its world was at the start of the service; ``None``: now, as everywhere else.
    """

    def __init__(self, store: Store, as_of: datetime | None = None) -> None:
        self._store = store
        self._since = timedelta() if as_of is None else as_of - store.now()
        self._lock = threading.Lock()
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._making: Future[Built] | None = None
        self._built: Built | None = None
        self._is_behind = False
        self._looks = 0

    @property
    def is_ready(self) -> bool:
        """Whether finds are answered; the first one takes over what was made."""
        making = self._making
        return self._built is not None or (making is not None and _is_made(making))

    def now(self) -> datetime:
        """What counts as now in its world; holds end by the database's clock all the same."""
        return self._store.now() + self._since

    def start(self) -> None:
        """Begin to make it."""
        with self._lock:
            self._make()

    def close(self) -> None:
        """Make no more."""
        self._maker.shutdown(wait=True, cancel_futures=True)

    def find(self, request_id: str, k: int) -> tuple[Found, bool]:
        """The best places, next to all that is promised by now.

        Returns
        -------
        found
            The answer.
        is_behind
            Whether it does not know of every record yet.

        Raises
        ------
        BusyError
            It is not made yet.
        StoreError
            The store holds no dataset.
        RequestError
            There is no such request.
        """
        looks = self._looks
        with self._lock:
            built, is_behind = self._current(looks)
            return built.find(request_id, k), is_behind

    def answer(self, asked: LiveFindRequest) -> tuple[Found, bool]:
        """What is asked for, of a request of the store or of one that it does not hold; the rest
        as of ``find``.

        Raises
        ------
        DatasetError
            The request or the patient that comes along breaks a check.
        RequestError
            There is no such request; or one that comes along is known, or its patient is.
        """
        looks = self._looks
        with self._lock:
            built, is_behind = self._current(looks)
            return built.answer(asked), is_behind

    def offers(self, request_id: str, place: Place) -> tuple[bool, bool]:
        """Whether a request may go to a place, which nobody else has; whether it is behind, and the
        errors, as of a find.
        """
        looks = self._looks
        with self._lock:
            built, is_behind = self._current(looks)
            return built.offers(request_id, place), is_behind

    def _current(self, looks: int) -> tuple[Built, bool]:
        """What knows of every appointment that there was when so many looks at the store had begun;
        whether it is behind with records.
        """
        if self._built is not None and self._looks > looks and not self._is_behind:
            return self._built, False  # somebody has looked since
        self._looks += 1
        built, self._is_behind = self._looked()
        return built, self._is_behind

    def _looked(self) -> tuple[Built, bool]:
        self._is_behind = True  # until it is known better, whatever fails
        self._take_over()
        if self._built is None:
            self._await_made()
        if self._built is None:
            raise BusyError("index")
        is_behind = not self._built.follow()
        if is_behind and self._making is None:
            self._await_made()
            is_behind = not self._built.follow()
        return self._built, is_behind

    def _make(self) -> Future[Built]:
        if self._making is None:
            self._making = self._maker.submit(Built.of, self._store, self._since)
        return self._making

    def _await_made(self) -> None:
        """Give it a moment: where it takes longer, what is known goes on answering."""
        wait([self._make()], timeout=PATIENCE_SECONDS)
        self._take_over()

    def _take_over(self) -> None:
        if self._making is not None and self._making.done():
            made, self._making = self._making, None
            self._built = made.result()


def _is_made(making: Future[Built]) -> bool:
    return making.done() and not making.cancelled() and making.exception() is None
