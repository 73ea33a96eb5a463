"""What is counted: every objective a non-negative integer cost, minimised at its level.

The tuple is the table of contents; the order of the levels is the policy's.
"""

from engine.objectives.added_lateness import AddedLateness
from engine.objectives.displaced_people import DisplacedPeople
from engine.objectives.disruption import Disruption
from engine.objectives.doctor_price import DoctorPrice
from engine.objectives.lateness import Lateness
from engine.objectives.load_spread import LoadSpread
from engine.objectives.other_doctor import OtherDoctor
from engine.objectives.other_location import OtherLocation
from engine.objectives.other_modality import OtherModality
from engine.objectives.protected_people import ProtectedPeople
from engine.objectives.travel import Travel
from engine.objectives.unplaced_requests import UnplacedRequests
from engine.objectives.unsuitable_time import UnsuitableTime
from engine.objectives.wait import Wait

OBJECTIVES = (
    UnplacedRequests,
    Lateness,
    Wait,
    OtherDoctor,
    UnsuitableTime,
    Travel,
    OtherLocation,
    OtherModality,
    DoctorPrice,
    LoadSpread,
    ProtectedPeople,
    DisplacedPeople,
    AddedLateness,
    Disruption,
)
