"""What is wrong with a body, from several readers of its members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from engine.errors import InternalError, InvalidInputError
from engine.problems import Problem, Severity

T = TypeVar("T")


class Findings:
    """Gathers what several readers find wrong, so that all of it is told at once.

    Parameters
    ----------
    problems
        What was found wrong before.
    """

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[tuple[Severity, str]] = Counter()
        self.add(problems)

    @property
    def are_any(self) -> bool:
        """Whether anything is wrong."""
        return bool(self._problems)

    def add(self, problems: Iterable[Problem]) -> None:
        """Take findings over."""
        found = list(problems)
        self._problems += found
        self._counts += Counter((row.severity, row.code) for row in found)

    def of(self, read: Callable[[], T]) -> T | None:
        """What a reader gives; ``None`` where it cannot be used."""
        try:
            return read()
        except InvalidInputError as error:
            self._problems += error.problems
            self._counts += error.counts
        return None

    def refuse_any(self) -> None:
        """Raise where anything is wrong."""
        if self._problems:
            raise InvalidInputError(self._problems, self._counts)


def required(value: T | None) -> T:
    """What a reader gave of which nothing was found wrong."""
    if value is None:
        raise InternalError("nothing was found wrong with what could not be read")
    return value
