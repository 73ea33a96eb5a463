"""How often somebody may ask: a bucket of tokens each, which fills up as time goes by."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

_MOST_BUCKETS = 10_000


class TooOftenError(Exception):
    """Somebody asks too often.

    Parameters
    ----------
    seconds
        After which they may again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


class Rates:
    """Buckets of those who asked last; of whom it forgets, it was long ago.

    Parameters
    ----------
    per_second
        Tokens that come.
    most
        That a bucket holds: as many may ask at once.
    """

    def __init__(self, per_second: float, most: int) -> None:
        self._per_second = per_second
        self._most = most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, whose: str) -> None:
        """Take a token.

        Raises
        ------
        TooOftenError
            There is none.
        """
        now = monotonic()
        bucket = self._buckets.setdefault(whose, _Bucket(self._most, now))
        self._buckets.move_to_end(whose)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        come = (now - bucket.filled) * self._per_second
        bucket.tokens, bucket.filled = min(self._most, bucket.tokens + come), now
        if bucket.tokens < 1:
            raise TooOftenError(math.ceil((1 - bucket.tokens) / self._per_second))
        bucket.tokens -= 1
