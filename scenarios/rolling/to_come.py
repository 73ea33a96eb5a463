"""What is going to happen, in the order in which it does."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Literal

What = Literal["asks", "cancels"]
"""A patient makes a request, or cancels it."""


class ToCome:
    """Happenings of requests that are known beforehand; instants in UTC."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, What, str]] = []
        self._number = count()  # keeps the order of what happens at once

    def add(self, instant: datetime, what: What, request_id: str) -> None:
        """Something is going to happen."""
        heapq.heappush(self._heap, (instant, next(self._number), what, request_id))

    def before(self, end: datetime) -> Iterator[tuple[datetime, What, str]]:
        """Let happen what does before some instant; more may be added meanwhile."""
        while self._heap and self._heap[0][0] < end:
            instant, _, what, request_id = heapq.heappop(self._heap)
            yield instant, what, request_id

    def who(self, what: What, end: datetime) -> list[str]:
        """Requests to which something happens before some instant, in that order."""
        return [row[3] for row in sorted(self._heap) if row[2] == what and row[0] < end]
