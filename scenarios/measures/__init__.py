"""Measures of the field: of a plan, of a repair, and of groups of people.

Every value is a ``Row`` of one of ``MEASURES``. What the formula, the unit and the source of a
measure are is said where it is worked out: ``served`` and ``disturbed`` for what becomes of each
request, ``third_next`` and ``utilisation`` for the doctors' time.
"""

from scenarios.measures.gaps import Gap, gaps
from scenarios.measures.grouping import GROUPINGS, Grouping, groupings_of
from scenarios.measures.kinds import MEASURES, OF_A_MATCH, OF_A_REPAIR, OF_A_ROLLING_RUN, Kind
from scenarios.measures.match_measures import Measures, by_doctor, by_group, measure, rows_of
from scenarios.measures.repair_measures import rows_of_repair
from scenarios.measures.rolling_measures import rows_of_history
from scenarios.measures.row import Row
from scenarios.measures.third_next import ThirdNext
from scenarios.measures.utilisation import Utilisation

__all__ = [
    "GROUPINGS",
    "MEASURES",
    "OF_A_MATCH",
    "OF_A_REPAIR",
    "OF_A_ROLLING_RUN",
    "Gap",
    "Grouping",
    "Kind",
    "Measures",
    "Row",
    "ThirdNext",
    "Utilisation",
    "by_doctor",
    "by_group",
    "gaps",
    "groupings_of",
    "measure",
    "rows_of",
    "rows_of_history",
    "rows_of_repair",
]
