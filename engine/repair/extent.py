"""How far a repair may go."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.parameters import checked

MAX_PEOPLE = 1_000
"""The most people, and the most steps, that may be asked for."""


@checked
class Extent:
    """How far a repair may go.

    Parameters
    ----------
    max_additional
        People who may be displaced though they could have stayed.
    depth
        Steps from those who must be moved to the last who may be displaced for them: 1 are those
        who are where one of the former could go, 2 those who are where one of these could, and so
        on. Everybody else stays. ``None``: any, so that an answer is best among all plans.
    """

    max_additional: Annotated[int, Field(strict=True, ge=0, le=MAX_PEOPLE)] = 0
    depth: Annotated[int | None, Field(strict=True, ge=1, le=MAX_PEOPLE)] = None
