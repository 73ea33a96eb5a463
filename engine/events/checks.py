"""What is wrong with events, beyond the types of their fields; everything in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.checks.context import Context
from engine.checks.dataset import record_path
from engine.domain import COLLECTIONS, Dataset
from engine.events.events import (
    Disruption,
    DoctorAbsent,
    DoubleBookings,
    LocationClosed,
    PlanLeavesNetwork,
    SessionClosed,
    SessionShortened,
    TakenElsewhere,
    VisitRunsLonger,
    VisitTypeDropped,
)
from engine.problems import Report
from engine.time_grid import elapsed

_NOTHING = timedelta()


def check_disruptions(
    dataset: Dataset, disruptions: Sequence[Disruption], path: str = ""
) -> Report:
    """Find everything wrong with events.

    Parameters
    ----------
    dataset
        What they happen to; without errors.
    disruptions
        In the order in which they happen.
    path
        Where the list stands, for messages: the first event is at ``path/0``.
    """
    ids = {name: {row.id for row in getattr(dataset, name)} for name in COLLECTIONS}
    checker = _Checker(Context(dataset, record_path, ids, Report()))
    for index, event in enumerate(disruptions):
        checker.check(f"{path}/{index}", event)
    return checker.context.report


class _Checker:
    """Judges one event after the other."""

    def __init__(self, context: Context) -> None:
        self.context = context
        dataset = context.dataset
        self._sessions = {row.id: row for row in dataset.sessions}
        self._starts = {row.id: row.start for row in dataset.appointments}
        self._networks = {name for row in dataset.insurance_plans for name in row.networks}

    def check(self, path: str, event: Disruption) -> None:
        """Report what is wrong with an event."""
        refer = self.context.refer
        match event:
            case DoctorAbsent():
                refer(f"{path}/doctor_id", event.doctor_id, "doctors", "services")
                self._interval(path, event.start, event.end)
            case LocationClosed():
                refer(f"{path}/location_id", event.location_id, "locations")
                self._interval(path, event.start, event.end)
            case SessionClosed():
                refer(f"{path}/session_id", event.session_id, "sessions")
            case SessionShortened():
                refer(f"{path}/session_id", event.session_id, "sessions")
                self._remainder(path, event)
            case TakenElsewhere():
                self._role_or_doctor(path, event)
                self._interval(path, event.start, event.end)
            case VisitTypeDropped():
                refer(f"{path}/visit_type_id", event.visit_type_id, "visit_types")
                self._role_or_doctor(path, event)
            case PlanLeavesNetwork():
                refer(f"{path}/insurance_plan_id", event.insurance_plan_id, "insurance_plans")
                self._network(path, event.network)
            case VisitRunsLonger():
                refer(f"{path}/appointment_id", event.appointment_id, "appointments")
                if event.appointment_id in self._starts:
                    self._interval(path, self._starts[event.appointment_id], event.end)
            case DoubleBookings():
                pass

    def _interval(self, path: str, start: datetime, end: datetime) -> bool:
        """Whether both are instants and the second is later."""
        naive = [
            (name, instant)
            for name, instant in (("start", start), ("end", end))
            if instant.utcoffset() is None
        ]
        for name, instant in naive:
            message = "an instant needs an offset from UTC"
            self.context.report.error("bad_instant", f"{path}/{name}", message, instant.isoformat())
        if naive:
            return False
        self.context.ordered(path, start, end)
        return elapsed(start, end) > _NOTHING

    def _remainder(self, path: str, event: SessionShortened) -> None:
        session = self._sessions.get(event.session_id)
        if not self._interval(path, event.start, event.end) or session is None:
            return
        begins_after = elapsed(session.end, event.start) >= _NOTHING
        if begins_after or elapsed(event.end, session.start) >= _NOTHING:
            message = "nothing of the session remains. Maybe it is closed"
            start = event.start.isoformat()
            self.context.report.error("nothing_remains", f"{path}/start", message, start)

    def _role_or_doctor(self, path: str, event: TakenElsewhere | VisitTypeDropped) -> None:
        if (event.role_id is None) == (event.doctor_id is None):
            message = "exactly one of role_id and doctor_id must be given"
            self.context.report.error("not_exactly_one", f"{path}/role_id", message)
        self.context.refer(f"{path}/role_id", event.role_id, "roles")
        self.context.refer(f"{path}/doctor_id", event.doctor_id, "doctors", "services")

    def _network(self, path: str, network: str) -> None:
        if network not in self._networks:
            message = "no insurance plan lists a network of this name"
            self.context.report.error("dangling_reference", f"{path}/network", message, network)
