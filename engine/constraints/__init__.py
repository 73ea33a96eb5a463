"""Coupling rules: which candidates may not be chosen together.

Each states itself as linear rows, once for every solver; published appointments are
subtracted from the bounds. The tuple is the table of contents; its order decides nothing.
That a request has one place or none is no rule to switch off: it is what a matrix and a
plan are made of (``engine.solve.matrix``, ``engine.plan``).
"""

from engine.constraints.daily_cap import DailyCap
from engine.constraints.doctor_in_one_place import DoctorInOnePlace
from engine.constraints.linked_all_or_none import LinkedAllOrNone
from engine.constraints.linked_max_gap import LinkedMaxGap
from engine.constraints.linked_order import LinkedOrder
from engine.constraints.linked_same_day import LinkedSameDay
from engine.constraints.linked_same_doctor import LinkedSameDoctor
from engine.constraints.linked_same_location import LinkedSameLocation
from engine.constraints.patient_in_one_place import PatientInOnePlace
from engine.constraints.rooms_and_devices import RoomsAndDevices
from engine.constraints.slot_capacity import SlotCapacity
from engine.constraints.travel_time import TravelTime

CONSTRAINTS = (
    SlotCapacity,
    PatientInOnePlace,
    DoctorInOnePlace,
    DailyCap,
    RoomsAndDevices,
    TravelTime,
    LinkedAllOrNone,
    LinkedSameDay,
    LinkedSameLocation,
    LinkedSameDoctor,
    LinkedOrder,
    LinkedMaxGap,
)
