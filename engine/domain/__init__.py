"""The records of a dataset: what a booking world consists of.

One frozen dataclass per noun. The types of the fields carry their own limits
(``fields``); rules that span fields or records live in ``engine.checks``.
References to other records end in ``_id``. Instants carry an offset from UTC,
minutes are whole, prices are equivalent days of waiting.
"""

from engine.domain.dataset import COLLECTIONS, DATASET_SCHEMA, Dataset, Header, Interval
from engine.domain.demand import (
    INSISTABLE,
    Declined,
    DoctorTerm,
    DoctorWish,
    Link,
    Patient,
    Request,
    WeeklyTime,
    Wishes,
)
from engine.domain.place import Coordinates, PostalArea
from engine.domain.supply import (
    Appointment,
    DailyCap,
    Doctor,
    InsurancePlan,
    Location,
    Resource,
    Role,
    Service,
    Session,
    VisitMinutes,
    VisitType,
)

__all__ = [
    "COLLECTIONS",
    "DATASET_SCHEMA",
    "INSISTABLE",
    "Appointment",
    "Coordinates",
    "DailyCap",
    "Dataset",
    "Declined",
    "Doctor",
    "DoctorTerm",
    "DoctorWish",
    "Header",
    "InsurancePlan",
    "Interval",
    "Link",
    "Location",
    "Patient",
    "PostalArea",
    "Request",
    "Resource",
    "Role",
    "Service",
    "Session",
    "VisitMinutes",
    "VisitType",
    "WeeklyTime",
    "Wishes",
]
