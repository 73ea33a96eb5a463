"""The policy: which rules hold, with which parameters, at which level."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypedDict

from engine.constraints import CONSTRAINTS
from engine.domain import Dataset
from engine.eligibility import ELIGIBILITY
from engine.errors import PolicyError
from engine.fairness import Fairness
from engine.objectives import OBJECTIVES
from engine.parameters import BadParametersError
from engine.problems import Problem, one_of, shown
from engine.rules import Constraint, Objective, PairRule, PlaceRule, Rule
from engine.seats import Seats
from engine.urgency import Urgencies

LEVELS = (
    "protected",
    "unplaced",
    "displaced",
    "delay",
    "lateness",
    "disruption",
    "inconvenience",
    "load",
)
"""Levels in strict order; ``unplaced`` has one sub-level per urgency class. Those of a match are
unplaced, lateness, inconvenience and load; those of a repair, protected to disruption."""

REPAIR_OBJECTIVES = (
    "protected_people",
    "unplaced_requests",
    "displaced_people",
    "added_lateness",
    "disruption",
)
"""What counts in a repair."""

RULES: dict[str, type[Any]] = {cls.name: cls for cls in (*ELIGIBILITY, *CONSTRAINTS, *OBJECTIVES)}
"""Every rule by its name."""

DEFAULT_RULES = tuple(name for name, cls in RULES.items() if not getattr(cls, "is_off", False))
"""Rules that hold unless a policy switches them off."""


class Common(TypedDict):
    """What a policy gives every rule that has a field of the name."""

    urgencies: Urgencies
    seats: Seats


_FROM_POLICY = {*Common.__annotations__, "urgency"}  # no parameters of their own


@dataclass(frozen=True)
class Policy:
    """Rules and their parameters.

    Parameters
    ----------
    urgencies
        Urgency classes and their standards.
    rules
        Rules that hold; their order decides nothing.
    seats
        How many visits cells take.
    fairness
        From where on gaps between groups are told.
    """

    urgencies: Urgencies
    rules: tuple[Rule, ...]
    seats: Seats = field(default_factory=Seats)
    fairness: Fairness = field(default_factory=Fairness)

    @classmethod
    def default(cls, urgencies: Urgencies | None = None) -> Policy:
        """Every rule that is not off by default, with its default parameters."""
        return cls.of(urgencies or Urgencies(), {name: {} for name in DEFAULT_RULES})

    @classmethod
    def of(
        cls,
        urgencies: Urgencies,
        parameters: dict[str, dict[str, Any]],
        seats: Seats | None = None,
        fairness: Fairness | None = None,
    ) -> Policy:
        """The named rules with the given parameters.

        Raises
        ------
        PolicyError
            A rule is unknown, or refuses a parameter. Lists everything found.
        """
        problems: list[Problem] = []
        rules: list[Rule] = []
        common: Common = {"urgencies": urgencies, "seats": seats or Seats()}
        for name, given in parameters.items():
            try:
                rules += _instances(name, given, common)
            except PolicyError as error:
                problems += error.problems
        if problems:
            raise PolicyError(problems)
        return cls(urgencies, tuple(rules), common["seats"], fairness or Fairness())

    @cached_property
    def pair_rules(self) -> tuple[PairRule, ...]:
        """Eligibility between a request and a role or a session."""
        return tuple(rule for rule in self.rules if isinstance(rule, PairRule))

    @cached_property
    def place_rules(self) -> tuple[PlaceRule, ...]:
        """Eligibility between a request and a place in time."""
        return tuple(rule for rule in self.rules if isinstance(rule, PlaceRule))

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """Coupling rules."""
        return tuple(rule for rule in self.rules if isinstance(rule, Constraint))

    @cached_property
    def objectives(self) -> tuple[Objective, ...]:
        """Objectives, by level."""
        found = [rule for rule in self.rules if isinstance(rule, Objective)]
        return tuple(sorted(found, key=lambda rule: self._order(rule.level)))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Names of the levels at which something counts, in strict order."""
        return tuple(dict.fromkeys(objective.level for objective in self.objectives))

    def unit(self, level: str) -> str:
        """Unit of a level."""
        return next(rule.unit for rule in self.objectives if rule.level == level)

    def replace(self, name: str, **parameters: object) -> Policy:
        """The same policy with other parameters of the rule ``name``."""
        given = {rule.name: parameters_of(rule) for rule in self.rules}
        given[name] = given.get(name, {}) | parameters
        return self._of(given)

    def without(self, name: str) -> Policy:
        """The same policy without the rule ``name``."""
        kept = {rule.name: parameters_of(rule) for rule in self.rules if rule.name != name}
        return self._of(kept)

    def for_repair(self, limit: int) -> Policy:
        """The policy of a repair that displaces no more than ``limit`` people who could stay: the
        same rules, but what counts is what a repair does to people.
        """
        if limit not in self._repairs:
            self._repairs[limit] = self._made_for_repair(limit)
        return self._repairs[limit]

    @cached_property
    def _repairs(self) -> dict[int, Policy]:
        """Policies of repairs by their limits: one repair asks for the same again and again."""
        return {}

    def _made_for_repair(self, limit: int) -> Policy:
        kept = {
            rule.name: parameters_of(rule)
            for rule in self.rules
            if rule.name in REPAIR_OBJECTIVES or not isinstance(rule, Objective)
        }
        given: dict[str, dict[str, Any]] = {name: {} for name in REPAIR_OBJECTIVES}
        given |= kept
        given["protected_people"] = given["protected_people"] | {"limit": limit}
        return self._of(given)

    def with_seats(self, seats: Seats) -> Policy:
        """The same policy with other seats."""
        given = {rule.name: parameters_of(rule) for rule in self.rules}
        return Policy.of(self.urgencies, given, seats, self.fairness)

    def _of(self, parameters: dict[str, dict[str, Any]]) -> Policy:
        """The same policy with these rules."""
        return Policy.of(self.urgencies, parameters, self.seats, self.fairness)

    def require_urgencies(self, dataset: Dataset) -> None:
        """Raise ``PolicyError`` unless every urgency of ``dataset`` is a class of the policy."""
        used = {row.urgency for row in dataset.requests}
        used |= {row.reserved_for for row in dataset.sessions if row.reserved_for is not None}
        message = f"the policy has no such class. {one_of(self.urgencies.names)}"
        problems = [
            Problem("unknown_urgency", "urgencies", message, shown(name))
            for name in sorted(used - set(self.urgencies.names))
        ]
        if problems:
            raise PolicyError(problems)

    def _order(self, level: str) -> tuple[int, int]:
        base, _, urgency = level.partition("_")
        names = self.urgencies.names
        return LEVELS.index(base), names.index(urgency) if urgency in names else 0


def parameters_of(rule: Rule) -> dict[str, Any]:
    """Parameters of a rule as a policy states them."""
    return {field.name: getattr(rule, field.name) for field in parameter_fields(type(rule))}


def parameter_fields(cls: type[Any]) -> list[dataclasses.Field[Any]]:
    """Fields of a rule that are parameters of its own."""
    return [field for field in dataclasses.fields(cls) if field.name not in _FROM_POLICY]


def _instances(name: str, given: dict[str, Any], common: Common) -> Iterator[Rule]:
    """The rule as the policy wants it: one, or one per urgency class."""
    cls = RULES.get(name)
    if cls is None:
        message = f"no such rule. {one_of(sorted(RULES), name)}"
        raise PolicyError([Problem("unknown_rule", name, message)])
    known = {field.name for field in parameter_fields(cls)}
    problems = [
        Problem("bad_parameter", f"{name}/{key}", f"{name} has no such parameter")
        for key in given.keys() - known
    ]
    if problems:
        raise PolicyError(problems)
    fields = {field.name for field in dataclasses.fields(cls)}
    own = given | {key: value for key, value in common.items() if key in fields}
    classes = [{"urgency": urgency} for urgency in common["urgencies"].names]
    try:
        return iter([cls(**own, **extra) for extra in (classes if "urgency" in fields else [{}])])
    except BadParametersError as error:
        problems = [
            Problem("bad_parameter", f"{name}/{key}", what, shown(given[key]))
            for key, what in error.reasons.items()
        ]
        raise PolicyError(problems) from error
