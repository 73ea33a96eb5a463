"""Measures of the plans of a repair, before any of them is committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.policy import Policy
from engine.repair.account import Account
from engine.repair.ledger import Ledger
from engine.repair.repair import Repair
from scenarios.measures import Gap, Grouping, Row, gaps, groupings_of, rows_of_repair


@dataclass(frozen=True, slots=True)
class PlanMeasures:
    """Measures of one plan.

    Parameters
    ----------
    rows
        Of all patients.
    gaps
        Between groups of them, wide or not.
    """

    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]

    @property
    def content(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "measures": {row.measure: row.value for row in self.rows},
            "gaps": tuple(_gap(gap) for gap in self.gaps),
        }


@dataclass(frozen=True, slots=True)
class RepairMeasures:
    """Measures of every plan of a repair.

    Parameters
    ----------
    repair, policy
        The plans, and the policy that says what a wide gap is.
    groupings
        Of the patients.
    """

    repair: Repair
    policy: Policy
    groupings: tuple[Grouping, ...]

    @classmethod
    def of(cls, account: Account) -> RepairMeasures:
        """Sort the patients; plans are measured as they are asked for."""
        repair = account.repair
        groupings = groupings_of(repair.aftermath.dataset)
        return cls(repair, repair.points[-1].policy, groupings)

    def of_plan(self, ledger: Ledger) -> PlanMeasures:
        """Measures of one plan, by its ledger."""
        rows = rows_of_repair(self.repair, ledger, self.groupings)
        of_all = tuple(row for row in rows if row.group is None)
        return PlanMeasures(of_all, gaps(rows, self.policy.fairness))

    def content(self, ledger: Ledger) -> Mapping[str, Any]:
        """The same as plain values."""
        return self.of_plan(ledger).content


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "measure": gap.measure,
        "grouping": gap.grouping,
        "best": asdict(gap.best),
        "worst": asdict(gap.worst),
        "gap": gap.size,
        "threshold": gap.threshold,
        "wide": gap.is_wide,
    }
