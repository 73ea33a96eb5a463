"""What a rule is: the questions each kind must answer, and how one is declared.

A rule is a frozen dataclass whose fields are its parameters. Its docstring states the
rule in the clinic's words, the formula, the units and the source. It is stateless, and
listed in the tuple of its folder; nothing else knows it by name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from typing import (
    TYPE_CHECKING,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    dataclass_transform,
    runtime_checkable,
)

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool, Int, Ragged
from engine.candidates import Candidates
from engine.parameters import assumed, checked, cited
from engine.rows import Rows
from engine.snapshot import Snapshot

if TYPE_CHECKING:
    from abc import ABCMeta as ProtocolMeta
else:
    ProtocolMeta = type(Protocol)

T = TypeVar("T")

Grain = Literal["role", "session", "moment", "place"]
"""What a rule judges a request, or prices it, against: a role; a session; a moment, which is all
that depends on the told interval, its day and its time zone alone; or all of a place."""

Couples = Literal["cell", "doctor", "patient", "place", "link"]
"""Which other visits a constraint looks at: in the same cells; of the same doctor; of the same
patient; at the same place; of linked requests."""

Suspicion = Callable[[Int, Int], Bool]
"""Which pairs of a request and a session (int64, shape (V,)) need a look at every place."""


Near = Callable[[Int, Int], Bool]
"""Which pairs of a session and an appointment (int64, shape (N,)) could matter to each other."""


class Kind(ProtocolMeta):
    """A rule's class is asked once whether it is of a kind: Python 3.11 looks through all members
    of a protocol each time, which took a quarter of a small match.
    """

    _known: ClassVar[dict[tuple[type, type], bool]] = {}

    def __instancecheck__(self, instance: object) -> bool:
        key = self, type(instance)
        if key not in self._known:
            self._known[key] = super().__instancecheck__(instance)
        return self._known[key]


@runtime_checkable
class Rule(Protocol, metaclass=Kind):
    """Anything listed in a policy."""

    name: ClassVar[str]


@runtime_checkable
class PairRule(Rule, Protocol):
    """Eligibility decided between a request and a role, or a session (``grain``)."""

    grain: ClassVar[Grain]

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each pair of a request and a role (or session) may stand; broadcast."""


@runtime_checkable
class Keyed(PairRule, Protocol):
    """One that treats requests alike that have the same key, whoever asks."""

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """What decides for one request; it means the same in every snapshot of a dataset."""


@runtime_checkable
class PlaceRule(Rule, Protocol):
    """Eligibility decided between a request and a place in time: grain "moment" or "place"."""

    grain: ClassVar[Grain]

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate may stand; bool, shape (C,)."""


@runtime_checkable
class Selective(Rule, Protocol):
    """A rule that can tell beforehand where it will refuse nothing, so that nothing is judged."""

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Prepare the answer; what is not suspected, the rule admits everywhere."""


@runtime_checkable
class SelectiveWhoever(Selective, Protocol):
    """One that suspects the same sessions whoever asks."""

    whoever: ClassVar[bool]


@runtime_checkable
class Constraint(Rule, Protocol):
    """A coupling rule: what candidates may not be chosen together.

    It is ``Selective`` where appointments alone can leave no room at all for a candidate whose
    cells are free (the patient is elsewhere, the day's cap is reached).
    """

    couples: ClassVar[Couples]

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Linear rows over any chunk of candidates."""


@runtime_checkable
class CoupledRule(Constraint, Protocol):
    """A constraint with many rows, of which few can block a candidate by themselves."""

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Those rows, as ``rows`` gives them."""


@runtime_checkable
class StepRule(Rule, Protocol):
    """An objective that also counts what several candidates do together.

    It does so by auxiliary columns that cost something and never restrict a plan: whatever
    is chosen, enough of them can be taken.
    """

    def steps(self, snapshot: Snapshot, candidates: Candidates) -> tuple[Rows, Mapping[int, int]]:
        """Rows ``Σ a·x − Σ b·z ≤ bound`` with z ≥ 0, and the cost of every z by its key."""


@runtime_checkable
class Objective(Rule, Protocol):
    """Something counted, minimised at its level."""

    unit: ClassVar[str]
    grain: ClassVar[Grain]

    @property
    def level(self) -> str:
        """Level at which it counts."""

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Cost of each candidate, int64 ≥ 0, shape (C,); by the grain, the same for all
        candidates of a request with the same role, or at the same moment.
        """

    def unplaced(self, snapshot: Snapshot) -> Int:
        """Cost of leaving each request unplaced, int64 ≥ 0, shape (R,)."""


@dataclass_transform(frozen_default=True, field_specifiers=(field, cited, assumed))
def rule(cls: type[T]) -> type[T]:
    """Make ``cls`` a rule: frozen, slotted, parameters checked against their types."""
    return checked(cls)


def anywhere(_request: Int, session: Int) -> Bool:
    """Suspects every pair: the rule cannot tell beforehand."""
    return np.ones(len(session), np.bool_)


def nowhere(_request: Int, session: Int) -> Bool:
    """Suspects nothing: it is not worth asking."""
    return np.zeros(len(session), np.bool_)


def of_requests(is_suspect: Bool) -> Suspicion:
    """Suspects some requests (bool, shape (R,)) in every session."""
    if not is_suspect.any():
        return nowhere
    return lambda request, _session: is_suspect[request]


def beside_appointments_of_patients(snapshot: Snapshot, is_near: Near) -> Suspicion:
    """Suspects requests of patients who hold an appointment, in sessions that are near it."""
    requests, published = snapshot.requests, snapshot.published
    told = np.flatnonzero((published.request != NONE) & published.has_time)
    if not len(told):
        return nowhere
    holder = requests.patient[published.request[told]]
    of_patient = Ragged.grouping(holder, len(snapshot.patients.ids))

    def could_meet(request: Int, session: Int) -> Bool:
        pair, which = of_patient.expand(requests.patient[request])
        found = np.zeros(len(request), np.bool_)
        found[pair[is_near(session[pair], told[which])]] = True
        return found

    return could_meet


def in_sessions(is_suspect: Bool) -> Suspicion:
    """Suspects every request in some sessions (bool, shape (S,))."""
    return lambda _request, session: is_suspect[session]
