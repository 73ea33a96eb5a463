"""What appointments ask for, as requests of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.domain import Dataset, Request
from engine.domain.fields import Instant
from engine.interchange.fhir import names
from engine.interchange.fhir import shapes as fhir
from engine.interchange.fhir.codes import Codes
from engine.interchange.fhir.patients import Patients
from engine.interchange.fhir.resources import Entry, Resources, Target
from engine.interchange.fhir_shapes import Period
from engine.interchange.fhir_time import first_of, is_in_reach, last_of
from engine.interchange.make import make
from engine.interchange.validation import read_record
from engine.problems import Report
from engine.time_grid import beginning_of, elapsed, end_of

_Window = tuple[date | datetime | None, date | datetime | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of what an appointment asks for.

    Parameters
    ----------
    request_id
        The request; ``None`` where there is none.
    is_new
        It was made of this appointment.
    lacks, message
        The field that says too little for a request, and why; empty where none does.
    """

    request_id: str | None = None
    is_new: bool = False
    lacks: str = ""
    message: str = ""


class Requests:
    """Makes the requests of appointments.

    Parameters
    ----------
    dataset, resources, codes
        What they are read into, out of, and with.
    default_type
        Type of visit where none is named.
    """

    def __init__(
        self, dataset: Dataset, resources: Resources, codes: Codes, default_type: str | None
    ) -> None:
        self.patients = Patients(dataset, resources)
        self.rows: list[tuple[str, Request]] = []
        self._now = dataset.header.as_of
        self._zone = ZoneInfo(dataset.header.time_zone)
        self._patient_of = {row.id: row.patient_id for row in dataset.requests}
        self._findings = resources.report.findings
        self._codes = codes
        self._default_type = default_type

    def of(self, entry: Entry, people: list[Target]) -> Asked:
        """The request of an appointment for some patients; it is made where it is new."""
        named = {self.patients.named(target) for target in people}
        patient = named.pop() if len(named) == 1 else None
        if patient is None:
            shown = ", ".join(target.shown for target in people) or "nobody"
            return Asked(lacks="participant", message=f"names no single known patient ({shown})")
        row: fhir.Appointment = entry.resource
        name = row.identified(names.REQUEST_SYSTEM) or entry.name
        if self._patient_of.get(name, patient) != patient:
            message = "a request of another patient has this id"
            self._findings.error("duplicate_id", f"{entry.path}/id", message, name)
            return Asked()
        if name in self._patient_of:
            return Asked(name)
        visit_type = self._visit_type(entry)
        if visit_type is None:
            return Asked(lacks="serviceType", message="names no type of visit of the dataset")
        return self._made(entry, name, patient, visit_type)

    def _visit_type(self, entry: Entry) -> str | None:
        row: fhir.Appointment = entry.resource
        style = () if row.appointment_type is None else (row.appointment_type,)
        concepts = (*row.service_type, *style, *row.reason_code)
        return self._codes.visit_type(f"{entry.path}/serviceType", concepts, self._default_type)

    def _made(self, entry: Entry, name: str, patient: str, visit_type: str) -> Asked:
        row: fhir.Appointment = entry.resource
        earliest, latest = self._window(entry)
        values = {
            "id": name,
            "patient_id": patient,
            "visit_type_id": visit_type,
            "specialty": self._codes.specialty(f"{entry.path}/specialty", row.specialty),
            "created": self._created(entry),
            "earliest": earliest,
            "latest": latest,
            "urgency": names.urgency_of(row.priority),
        }
        sources = {"id": "identifier", "earliest": "requestedPeriod", "latest": "requestedPeriod"}
        request = make(Request, values, entry.path, sources, self._findings)
        if request is None:
            return Asked()
        self._patient_of[name] = patient
        self.rows.append((entry.path, request))
        return Asked(name, is_new=True)

    def _created(self, entry: Entry) -> datetime:
        """When the patient asked; the dataset's now where nothing is said that can be used."""
        text = entry.resource.created
        if text is None:
            return self._now
        if is_in_reach(text):
            instant = beginning_of(first_of(text), self._zone)
            if read_record(Instant, instant, "", Report()) is not None:
                return instant
        message = f"lies too far away: {self._now.isoformat()} is used"
        self._findings.warn("repaired_value", f"{entry.path}/created", message, text)
        return self._now

    def _window(self, entry: Entry) -> _Window:
        """From the first to the last of the periods that are asked for."""
        stated = [row for row in entry.resource.requested if row != Period()]
        where = f"{entry.path}/requestedPeriod"
        if len(stated) > 1:
            message = "several periods: from the beginning of the first to the end of the last"
            self._findings.warn("repaired_value", where, message, len(stated))
        starts = [_read(row.start, is_end=False) for row in stated]
        ends = [_read(row.end, is_end=True) for row in stated]
        start = min(filter(None, starts), key=self._begins, default=None) if all(starts) else None
        end = max(filter(None, ends), key=self._ends, default=None) if all(ends) else None
        if start and end and elapsed(self._begins(start), self._ends(end)) <= timedelta():
            message = "the end is not after the start: both are left out"
            self._findings.warn("repaired_value", where, message, f"{start} to {end}")
            return None, None
        return start, end

    def _begins(self, value: date | datetime) -> datetime:
        return beginning_of(value, self._zone)

    def _ends(self, value: date | datetime) -> datetime:
        return end_of(value, self._zone)


def _read(text: str | None, *, is_end: bool) -> date | datetime | None:
    """A bound of a period; ``None`` where it is open, or too far away to matter."""
    if text is None or not is_in_reach(text):
        return None
    return last_of(text) if is_end else first_of(text)
