"""Patients and their requests, drawn around a given supply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.domain import Coordinates, DoctorWish, Patient, Request, WeeklyTime, Wishes
from engine.domain.fields import Gender, Weekday
from scenarios.world.dice import Dice
from scenarios.world.spec import FIRST_DATE, LAST_DATE

URGENCIES = {"emergent": 0.02, "urgent": 0.10, "soon": 0.28, "routine": 0.60}
MEAN_HOURS_SINCE_ASKED = {"emergent": 1.0, "urgent": 6.0, "soon": 48.0, "routine": 96.0}
MAX_HOURS_SINCE_ASKED = 14 * 24

SHARE_UNINSURED = 0.05
SHARE_LIMITS_TRAVEL = 0.8
TRAVEL_LIMITS_KM = (8.0, 12.0, 20.0, 30.0)
LAST_DAY = {"emergent": 1, "urgent": 3, "soon": 9}
"""Days after the first one until which patients of a class would come at all."""

SHARE_ROUTINE_WINDOW = 0.75
ROUTINE_WINDOW_DAYS = 4
SHARE_WISHES_DOCTOR = 0.35
SHARE_WISHES_GENDER = 0.08
SHARE_WISHES_TIMES = 0.3
SHARE_INSISTS_ON_TIMES = 0.25
SHARE_WISHES_MODALITY = 0.1
SHARE_KNOWN = 0.4
SHARE_SPANISH_ONLY = 0.05

WEEKLY_TIMES: tuple[tuple[tuple[Weekday, ...], str, str], ...] = (
    (("mon", "tue", "wed", "thu", "fri"), "08:00", "12:00"),
    (("mon", "tue", "wed", "thu", "fri"), "12:00", "18:00"),
    (("mon", "tue", "wed", "thu", "fri"), "16:00", "20:00"),
    (("mon", "wed", "fri"), "08:00", "18:00"),
    (("tue", "thu"), "08:00", "18:00"),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When requests are made: now, the first day that is planned, and how many days are."""

    as_of: datetime
    first_day: date
    num_days: int

    def before(self, ago: timedelta) -> datetime:
        """An instant before now, in the years that can be written."""
        return max(self.as_of - ago, datetime.combine(FIRST_DATE, time(), self.as_of.tzinfo))

    def day(self, number: int) -> date:
        """A day from the first one on, in the years that can be written."""
        return min(max(self.first_day + timedelta(days=number), FIRST_DATE), LAST_DATE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What one patient and one request are drawn from.

    Parameters
    ----------
    home, state
        Where the patient lives.
    specialty, visit_types
        Code asked for; types of visit, and how often each.
    plan_ids
        Insurance plans the patient may have, the most common first.
    doctor_ids
        Doctors the patient may know or wish for.
    share_known
        How often the patient knows one of them.
    children_only, women_only
        Who asks.
    """

    home: Coordinates
    state: str | None
    specialty: str | None
    visit_types: Mapping[str, float]
    plan_ids: Sequence[str]
    doctor_ids: Sequence[str]
    share_known: float = SHARE_KNOWN
    children_only: bool = False
    women_only: bool = False


def draw_demand(
    dice: Dice, calendar: Calendar, circumstances: Iterable[Circumstances]
) -> tuple[tuple[Patient, ...], tuple[Request, ...]]:
    """Draw one patient with one request for each of the circumstances."""
    patients, requests = [], []
    for number, given in enumerate(circumstances, 1):
        patient = _patient(dice, calendar, given, f"patient-{number:06d}")
        patients.append(patient)
        requests.append(_request(dice, calendar, given, f"request-{number:06d}", patient))
    return tuple(patients), tuple(requests)


def _patient(dice: Dice, calendar: Calendar, given: Circumstances, patient_id: str) -> Patient:
    gender: Gender = "female" if given.women_only or dice.chance(0.5) else "male"
    age_days = dice.whole(30, 17 * 365) if given.children_only else dice.whole(18, 90) * 366
    insured = given.plan_ids and not dice.chance(SHARE_UNINSURED)
    known = given.doctor_ids and dice.chance(given.share_known)
    languages = ("es",) if dice.chance(SHARE_SPANISH_ONLY) else ("en",)
    return Patient(
        id=patient_id,
        home=given.home,
        state=given.state,
        insurance_plan_id=dice.skewed(given.plan_ids) if insured else None,
        birth_date=calendar.first_day - timedelta(days=age_days),
        gender=gender,
        languages=languages,
        established_with=(dice.pick(given.doctor_ids),) if known else (),
        groups={"area": f"{given.home.latitude:.1f},{given.home.longitude:.1f}"},
    )


def _request(
    dice: Dice, calendar: Calendar, given: Circumstances, request_id: str, patient: Patient
) -> Request:
    urgency = dice.weighted(URGENCIES)
    hours = min(dice.rng.exponential(MEAN_HOURS_SINCE_ASKED[urgency]), MAX_HOURS_SINCE_ASKED)
    wishes, insists = _wishes(dice, given, patient)
    earliest, latest = _window(dice, calendar, urgency)
    limit = dice.pick(TRAVEL_LIMITS_KM) if dice.chance(SHARE_LIMITS_TRAVEL) else None
    return Request(
        id=request_id,
        patient_id=patient.id,
        visit_type_id=dice.weighted(given.visit_types),
        specialty=given.specialty,
        created=calendar.before(timedelta(minutes=int(hours * 60))),
        earliest=earliest,
        latest=latest,
        urgency=urgency,
        max_travel_km=limit,
        wishes=wishes,
        insists_on=("times",) if insists else (),
    )


def _window(dice: Dice, calendar: Calendar, urgency: str) -> tuple[date | None, date | None]:
    """First and last day on which the patient would come; none: any."""
    if urgency in LAST_DAY:
        return None, calendar.day(LAST_DAY[urgency])
    if not dice.chance(SHARE_ROUTINE_WINDOW):
        return None, None
    first = dice.whole(0, max(0, calendar.num_days - ROUTINE_WINDOW_DAYS))
    return calendar.day(first), calendar.day(first + ROUTINE_WINDOW_DAYS)


def _wishes(dice: Dice, given: Circumstances, patient: Patient) -> tuple[Wishes, bool]:
    doctors: tuple[str, ...] = ()
    if given.doctor_ids and dice.chance(SHARE_WISHES_DOCTOR):
        known = patient.established_with
        number = dice.whole(1, 3)
        drawn = (dice.pick(given.doctor_ids) for _ in range(number))
        doctors = tuple(dict.fromkeys((*known, *drawn)))[:number]
    wishes_gender = dice.chance(SHARE_WISHES_GENDER)
    wishes_times = dice.chance(SHARE_WISHES_TIMES)
    days, start, end = dice.pick(WEEKLY_TIMES)
    wishes = Wishes(
        doctors=tuple(DoctorWish(doctor_id=doctor) for doctor in doctors),
        gender=patient.gender if wishes_gender else None,
        modality="video" if dice.chance(SHARE_WISHES_MODALITY) else None,
        times=(WeeklyTime(days=days, start=start, end=end),) if wishes_times else (),
    )
    return wishes, wishes_times and dice.chance(SHARE_INSISTS_ON_TIMES)
