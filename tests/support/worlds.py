"""Random tiny worlds for properties: tight by nature, with a few rules in play at a time.

If every rule were in play everywhere, hardly any request would have a candidate. A world
draws a handful of features; whatever belongs to another feature stays neutral.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

from clinic import CENTRE, MONDAY, Clinic, at
from hypothesis import strategies as st

from engine.domain import (
    Coordinates,
    DailyCap,
    Dataset,
    Declined,
    DoctorTerm,
    DoctorWish,
    InsurancePlan,
    Service,
    Session,
    VisitMinutes,
    WeeklyTime,
    Wishes,
)

FAR = Coordinates(latitude=40.84, longitude=-73.99)
CODES = ("207R00000X", "207RC0000X", "208000000X", "20", "plain")
TIMES = (
    WeeklyTime(days=("mon",), start="09:00", end="09:45"),
    WeeklyTime(days=("mon", "tue", "sun"), start="09:15", end="24:00"),
    WeeklyTime(days=("sun",), start="01:00", end="02:00"),
    WeeklyTime(days=("sun",), start="01:00", end="03:15"),
)
WINDOWS = (
    (date(2026, 3, 3), None),
    (None, date(2026, 3, 3)),
    (at("09:20"), None),
    (None, at("09:45")),
    (at("09:10"), date(2026, 3, 2)),
)

DECLINED = (
    Declined(doctor_id="dr"),
    Declined(location_id="north"),
    Declined(role_id="role", start=at("09:15")),
    Declined(before=at("09:20")),
    Declined(before=date(2026, 3, 3)),
    Declined(times=TIMES[:1]),
    Declined(doctor_id="dr", times=(WeeklyTime(days=("mon",), start="00:00", end="24:00"),)),
)

FEATURES = (
    "specialty",
    "network",
    "distance",
    "window",
    "times",
    "notice",
    "visit_type",
    "new_patients",
    "age",
    "language",
    "gender",
    "modality",
    "state",
    "reserved",
    "wished_doctor",
    "wished_location",
    "lengths",
    "caps",
    "same_patient",
    "two_roles",
    "places",
    "day_session",
    "seats",
    "appointments",
    "prices",
    "urgency",
    "later",
    "rooms",
    "linked",
    "family",
    "night",
    "declined",
)


class Draw:
    """Draws values of features that are in play, neutral ones otherwise."""

    def __init__(self, draw: st.DrawFn, always: tuple[str, ...]) -> None:
        self.draw = draw
        self.features = draw(st.sets(st.sampled_from(FEATURES), max_size=6)) | set(always)

    def one(self, feature: str, neutral: Any, *others: Any) -> Any:
        """``neutral``, or one of the values if the feature is in play."""
        if feature not in self.features:
            return neutral
        return self.draw(st.sampled_from((neutral, *others)))

    def count(self, least: int, most: int) -> int:
        """A whole number."""
        return self.draw(st.integers(least, most))

    def of(self, *values: Any) -> Any:
        """One of the values, whatever is in play."""
        return self.draw(st.sampled_from(values))


@st.composite
def tiny_worlds(draw: st.DrawFn, max_requests: int = 4, always: tuple[str, ...] = ()) -> Dataset:
    """A world of a few requests that compete for a few cells; some features ``always`` there."""
    d = Draw(draw, always)
    clinic = Clinic(
        as_of=d.one("notice", MONDAY, at("09:20"), at("12:00", 1)),
        days=d.one("window", 9, 2),
        holidays=d.one("urgency", (), (date(2026, 3, 4),)),
        plans=[InsurancePlan(id="P", networks=("N1",)), InsurancePlan(id="Q", networks=("N2",))],
        services=[Service(id="chair")],
    )
    clinic.doctor(
        "dr", gender=d.one("gender", "female", None), languages=d.one("language", (), ("en",))
    )
    clinic.doctor("other", gender=d.one("gender", "female", "male"))
    clinic.visit_type(
        "visit", minutes=d.one("lengths", 15, 10, 30), minutes_new=d.one("lengths", None, 20)
    )
    clinic.visit_type(
        "check",
        minutes=20,
        minutes_before=d.one("lengths", 0, 5),
        minutes_after=d.one("lengths", 0, 10),
        modality=d.one("modality", "any", "in_person", "video"),
        specialties=d.one("visit_type", (), ("207R",)),
        resources=d.one("rooms", (), ("scanner",)),
        age_max=d.one("age", None, 40),
    )
    clinic.location("north", coordinates=FAR, time_zone="America/Chicago")
    _add_roles(d, clinic)
    for number in range(d.count(1, 3)):
        _add_session(d, clinic, number)
    for number in range(d.count(1, max_requests)):
        _add_request(d, clinic, number)
    for _ in range(d.one("appointments", 0, 1, 2, 3)):
        _add_appointment(d, clinic)
    if d.one("rooms", False, True):
        clinic.resource("scanner").resource("scanner", "north", capacity=2)
    if len(clinic.requests) > 1 and {"linked", "family"} & d.features:
        _add_link(d, clinic)
    return clinic.dataset()


def _add_roles(d: Draw, clinic: Clinic) -> None:
    video = {"location_id": None, "time_zone": "America/New_York"}
    for name, more in (
        ("role", {}),
        ("video", {**video, "licensed_states": d.one("state", ("NY",), ("NJ",), ())}),
        ("other", {"doctor_id": "other", "location_id": "north"}),
        ("chair", {"service_id": "chair"}),
    ):
        own = (VisitMinutes(visit_type_id="visit", minutes=25, minutes_new=30),)
        clinic.role(
            name,
            **more,
            specialties=d.one("specialty", (CODES[1],), (), (CODES[0], CODES[4])),
            networks=d.one("network", "any", ("N1",), ("N2", "N1"), ()),
            accepts_self_pay=d.one("network", False, True),
            accepts_new=d.one("new_patients", "all", "existing", "family", "none"),
            visit_minutes=d.one("lengths", (), own),
            daily_caps=d.one(
                "caps",
                (),
                (DailyCap(limit=1),),
                (DailyCap(limit=1, per="doctor"),),
                (DailyCap(limit=1, visit_type_id="check"),),
            ),
            group_id=d.one("new_patients", None, "G"),
            genders_served=d.one("gender", (), ("female",)),
            age_min=d.one("age", None, 18),
            min_notice_minutes=d.one("notice", None, 30, 1440),
        )


def _add_session(d: Draw, clinic: Clinic, number: int) -> None:
    start = at(d.of("09:00", "09:15"), d.one("later", 0, 1, 6))
    if d.one("night", False, True):  # Sunday, when the clock jumps from two to three
        start = at(d.of("01:30", "01:45"), 6).astimezone(UTC)
    is_day = d.one("day_session", False, True)
    clinic.sessions.append(
        Session(
            id=f"s{number}",
            role_id=_role(d),
            start=start,
            end=start + timedelta(minutes=200 if is_day else 15 * d.count(1, 4)),
            kind="day" if is_day else "timed",
            cell_minutes=None if is_day else 15,
            capacity=d.one("seats", 1, 2),
            visit_type_ids=d.one("visit_type", (), ("check",), ("visit", "check")),
            reserved_for=d.one("reserved", None, "urgent", "soon"),
        )
    )


def _role(d: Draw) -> str:
    role: str = d.one("two_roles", "role", "video")
    return d.one("places", role, "other", "chair") if role == "role" else role


def _add_request(d: Draw, clinic: Clinic, number: int) -> None:
    name = d.one("same_patient", f"p{number}", "ann", "bob")
    home = CENTRE
    if name not in {row.id for row in clinic.patients}:
        home = d.one("distance", CENTRE, FAR, None)
        clinic.patient(
            name,
            home=home,
            state=d.one("state", "NY", "NJ", None),
            insurance_plan_id=d.one("network", "P", "Q", None),
            birth_date=d.one("age", date(1980, 1, 1), None, date(2008, 3, 3), date(2008, 3, 2)),
            gender=d.one("gender", "female", "male", None),
            languages=d.one("language", (), ("es",), ("en", "es")),
            established_with=d.one("new_patients", (), ("dr",), ("G",), ("other",)),
            family_id=d.one("new_patients", None, "F"),
        )
    home = next(row.home for row in clinic.patients if row.id == name)
    earliest, latest = d.one("window", (None, None), *WINDOWS)
    wishes = _wishes(d)
    made = {
        "times": wishes.times,
        "doctors": wishes.doctors,
        "locations": wishes.location_ids,
        "modality": wishes.modality,
    }
    term = DoctorTerm(doctor_id="dr", minutes=d.one("lengths", None, 35), days=1.5)
    clinic.request(
        f"r{number}",
        name,
        visit_type_id=d.of("visit", "check"),
        specialty=d.one("specialty", None, *CODES),
        created=d.one("urgency", MONDAY, at("08:00") - timedelta(days=9)),
        earliest=earliest,
        latest=latest,
        see_by=d.one("urgency", None, date(2026, 3, 2), at("09:30")),
        urgency=d.one("urgency", "routine", "emergent", "urgent", "soon"),
        max_travel_km=d.one("distance", None, 5.0, 50.0) if home else None,
        wishes=wishes,
        insists_on=tuple(name for name, wish in made.items() if wish and d.of(False, False, True)),
        doctor_terms=d.one("prices", (), (term,)),
        declined=d.one("declined", (), *((row,) for row in DECLINED), DECLINED[:2]),
    )


def _wishes(d: Draw) -> Wishes:
    doctors = d.one("wished_doctor", (), ("dr",), ("other", "dr"), ("chair",))
    return Wishes(
        doctors=tuple(
            DoctorWish(doctor_id=name, days=d.one("prices", None, 0.5, 9.0)) for name in doctors
        ),
        gender=d.one("gender", None, "female"),
        language=d.one("language", None, "en"),
        modality=d.one("modality", None, "video", "in_person"),
        location_ids=d.one("wished_location", (), ("north",), ("office",)),
        times=d.one("times", (), *((stretch,) for stretch in TIMES), (TIMES[2], TIMES[3])),
    )


def _add_appointment(d: Draw, clinic: Clinic) -> None:
    taken = {row.request_id for row in clinic.appointments}
    free = [row.id for row in clinic.requests if row.id not in taken]
    status = d.of("booked", "conflicted", "held")
    start, end = d.of(
        ("09:00", "09:15"), ("09:10", "09:40"), ("09:30", "10:00"), ("10:10", "10:20")
    )
    clinic.appointment(
        start,
        end,
        day=d.one("later", 0, 1),
        request=d.of(None, *free),
        role_id=_role(d),
        status=status,
        held_until=d.of(MONDAY, at("12:00", 2)) if status == "held" else None,
    )


def _add_link(d: Draw, clinic: Clinic) -> None:
    """Some of the requests belong together: in order, or as a family."""
    names = d.draw(st.permutations([row.id for row in clinic.requests]))
    least, most = d.of((None, None), (None, None), (0, 0), (0, 15), (15, 30), (None, 20))
    fewest, longest = d.of((None, None), (None, None), (0, 0), (1, None), (None, 1), (1, 6))
    clinic.link(
        *names[: d.count(2, len(names))],
        all_or_none=d.of(False, True),
        same_day=d.one("family", False, True),
        ordered=d.one("linked", False, True),
        min_gap_minutes=least,
        max_gap_minutes=most,
        min_gap_days=fewest,
        max_gap_days=longest,
        same_location=d.one("family", False, True),
        same_doctor=d.one("family", False, True),
    )
