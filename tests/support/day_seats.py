"""In which of several day sessions at one time a seat is: the rule, one seat after the other."""

from __future__ import annotations

from collections import Counter

from engine.domain import Request, Session


class DaySeats:
    """Seats as they are taken."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, alike: list[Session], request: Request | None) -> Session:
        """Where the next appointment has its seat: the best that no other beats."""
        best = alike[0]
        for other in alike[1:]:
            if self._how_ill(other, request) < self._how_ill(best, request):
                best = other
        self._taken[best.id] += 1
        return best

    def _how_ill(self, session: Session, request: Request | None) -> tuple[object, ...]:
        types, kept = session.visit_type_ids, session.reserved_for
        is_for_others = bool(types) and (request is None or request.visit_type_id not in types)
        too_many = max(0, self._taken[session.id] + 1 - session.capacity)
        own = request is not None and kept == request.urgency
        turn = 0 if own else 1 if kept is None else 2
        return is_for_others, too_many, turn, not types, len(types), session.id
