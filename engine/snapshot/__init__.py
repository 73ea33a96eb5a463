"""The dataset as frozen arrays: what rules, solvers and judges read.

Facts only; no rule is decided here. An index that may be absent is -1 (``NONE``).
Letters used for shapes: R requests, P patients, D doctors and services together,
Q roles, V visit types, O locations, I insurance plans, S sessions, K cells,
N links, X pairs of linked requests, A active appointments, Z time zones.
"""

from engine.snapshot.after import snapshot_after
from engine.snapshot.asked import Asked
from engine.snapshot.book import Book
from engine.snapshot.booking import with_appointments
from engine.snapshot.caps import Cap
from engine.snapshot.demand import Patients, Requests, Wishes
from engine.snapshot.extract import Extracts, Worlds
from engine.snapshot.links import Links
from engine.snapshot.published import Published
from engine.snapshot.refusals import Refusal
from engine.snapshot.release import stays_of, without_appointments
from engine.snapshot.sessions import Sessions
from engine.snapshot.snapshot import Snapshot, take_snapshot
from engine.snapshot.stays import Stays
from engine.snapshot.supply import Doctors, Locations, Roles, VisitTypes
from engine.snapshot.told import BYSTANDER, CONTESTED, FORCED, Told

__all__ = [
    "BYSTANDER",
    "CONTESTED",
    "FORCED",
    "Asked",
    "Book",
    "Cap",
    "Doctors",
    "Extracts",
    "Links",
    "Locations",
    "Patients",
    "Published",
    "Refusal",
    "Requests",
    "Roles",
    "Sessions",
    "Snapshot",
    "Stays",
    "Told",
    "VisitTypes",
    "Wishes",
    "Worlds",
    "snapshot_after",
    "stays_of",
    "take_snapshot",
    "with_appointments",
    "without_appointments",
]
