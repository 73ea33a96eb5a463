"""What may be asked of the live service."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError

from api.hold_times import DEFAULT_HOLD_SECONDS, MAX_HOLD_SECONDS
from api.http.asking import LiveFindRequest, RequestedLimits
from api.store.placing import Place
from engine.domain.fields import Id, Instant
from engine.domain.record import record
from engine.errors import InvalidInputError
from engine.interchange.validation import adapter, read_record
from engine.problems import Problem, Report

MAX_PAGE = 1_000
DEFAULT_PAGE = 100

CancellationReason = Literal[
    "pat",
    "pat-crs",
    "pat-cpp",
    "pat-dec",
    "pat-fb",
    "pat-lt",
    "pat-mt",
    "pat-mv",
    "pat-preg",
    "pat-swl",
    "pat-two",
    "prov",
    "prov-pers",
    "prov-dch",
    "prov-edu",
    "prov-hosp",
    "prov-labs",
    "prov-mri",
    "prov-onc",
    "maint",
    "meds-inc",
    "other",
    "oth-cms",
    "oth-err",
    "oth-fin",
    "oth-iv",
    "oth-int",
    "oth-mu",
    "oth-room",
    "oth-oerr",
    "oth-swie",
    "oth-weath",
]
"""Codes of FHIR's ``appointment-cancellation-reason``."""

Status = Literal["booked", "held", "conflicted", "cancelled"]
"""An appointment's."""


@record
class PlaceAsked:
    """A place, as a find names it."""

    role_id: Id
    """With whom."""
    start: Instant
    """The told start; of a day session, its own."""
    end: Instant
    """The told end; of a day session, its own."""
    session_id: Id | None = None
    """Which session; it matters where a role has several day sessions at a time."""

    @property
    def place(self) -> Place:
        """As the store has it."""
        return Place(self.role_id, self.start, self.end, self.session_id)


@record
class HoldRequest:
    """Take a place for a request, for a while."""

    request_id: Id
    """A request of the store."""
    place: PlaceAsked
    """Where."""
    ttl_seconds: Annotated[int, Field(strict=True, ge=1, le=MAX_HOLD_SECONDS)] | None = None
    """For how long; five minutes, or as long as holds of the key may last where that is less."""

    def seconds(self, most: int | None) -> int:
        """For how long, where no hold may last longer than ``most``.

        Raises
        ------
        InvalidInputError
            It asks for longer.
        """
        longest = MAX_HOLD_SECONDS if most is None else most
        if self.ttl_seconds is None:
            return min(DEFAULT_HOLD_SECONDS, longest)
        if self.ttl_seconds > longest:
            message = f"holds of this key last {longest} seconds at most, not {self.ttl_seconds}"
            raise InvalidInputError([Problem("out_of_range", "/ttl_seconds", message)])
        return self.ttl_seconds


@record
class BookRequest:
    """Make a hold an appointment."""

    hold_id: Id
    """Id of the hold; the appointment has it too."""


@record
class MoveRequest:
    """Take another place for an appointment, and leave the old one only then."""

    place: PlaceAsked
    """Where to."""


@record
class CancelRequest:
    """Give a place back."""

    reason: CancellationReason
    """Why: a code of FHIR's ``appointment-cancellation-reason``."""


@record
class LiveMatchRequest:
    """A plan for those who wait in the store."""

    request_ids: tuple[Id, ...] | None = None
    """Only these, and what is linked with them; by default all that wait. Those that have a
    place keep it."""
    specialty: Id | None = None
    """Only those who ask for this specialty."""
    limits: RequestedLimits = field(default_factory=RequestedLimits)
    """How long it may take."""


@record
class CommitRequest:
    """Book all that a plan places: there is nothing to say about it."""


@record
class AppointmentsQuery:
    """Which appointments are listed, and where to begin."""

    status: Status | None = None
    """Only these; by default all."""
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE
    """Most on a page."""
    cursor: str | None = None
    """Of the page before: where it ended."""


@record
class RequestsQuery:
    """Which requests are listed, and where to begin."""

    state: Literal["waiting"]
    """Those that have no place, and none is held for them."""
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE
    """Most on a page."""
    cursor: str | None = None
    """Of the page before: where it ended."""


LIVE_BODIES = (
    HoldRequest,
    BookRequest,
    MoveRequest,
    CancelRequest,
    LiveFindRequest,
    LiveMatchRequest,
    CommitRequest,
    AppointmentsQuery,
    RequestsQuery,
)
"""Everything of which a refusal may name a field."""

CANCELLATION_REASONS: tuple[str, ...] = get_args(CancellationReason)


def is_id(text: str) -> bool:
    """Whether a record could have it as its id."""
    try:
        adapter(Id).validate_python(text)
    except ValidationError:
        return False
    return True


def read(record_type: type, content: dict[str, Any]) -> Any:
    """A record of some type.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with it.
    """
    report = Report()
    found = read_record(record_type, content, "", report)
    if found is None:
        raise InvalidInputError.of(report)
    return found
