"""Unary rules: which pairs of a request and a place may stand at all.

The solver never sees a pair that one of them refuses. The tuple is the table of
contents; its order decides nothing but what is judged first.
"""

from engine.eligibility.age_limits import AgeLimits
from engine.eligibility.declined_places import DeclinedPlaces
from engine.eligibility.distance import Distance
from engine.eligibility.gender import Gender
from engine.eligibility.language import Language
from engine.eligibility.licensed_state import LicensedState
from engine.eligibility.minimum_notice import MinimumNotice
from engine.eligibility.modality import Modality
from engine.eligibility.network import Network
from engine.eligibility.new_patients import NewPatients
from engine.eligibility.reserved_cells import ReservedCells
from engine.eligibility.specialty import Specialty
from engine.eligibility.time_window import TimeWindow
from engine.eligibility.visit_type import VisitType
from engine.eligibility.weekly_times import WeeklyTimes
from engine.eligibility.wished_doctor import WishedDoctor
from engine.eligibility.wished_location import WishedLocation

ELIGIBILITY = (
    Specialty,
    Network,
    Modality,
    LicensedState,
    Gender,
    Language,
    NewPatients,
    WishedDoctor,
    WishedLocation,
    Distance,
    VisitType,
    TimeWindow,
    WeeklyTimes,
    MinimumNotice,
    AgeLimits,
    ReservedCells,
    DeclinedPlaces,
)
