"""Coupling rules: which candidates may not be chosen together.

Each states itself as linear rows, once for every solver; published appointments are
subtracted from the bounds. The tuple is the table of contents; its order decides nothing.
That a request has one place or none is no rule to switch off: it is what a matrix and a
plan are made of (``engine.solve.matrix``, ``engine.plan``).
"""

from engine.constraints.daily_cap import DailyCap
from engine.constraints.doctor_in_one_place import DoctorInOnePlace
from engine.constraints.patient_in_one_place import PatientInOnePlace
from engine.constraints.slot_capacity import SlotCapacity

CONSTRAINTS = (
    SlotCapacity,
    PatientInOnePlace,
    DoctorInOnePlace,
    DailyCap,
)
