"""Problem details (RFC 9457): every error the API answers, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of error.

    Parameters
    ----------
    status
        HTTP status.
    title
        What it is, the same every time.
    """

    status: int
    title: str


PROBLEM_TYPES: dict[str, ProblemType] = {
    "invalid-request": ProblemType(422, "The request cannot be used"),
    "body-too-large": ProblemType(413, "The body is larger than the service accepts"),
    "body-too-slow": ProblemType(408, "The body did not arrive in time"),
    "not-found": ProblemType(404, "There is nothing at this address"),
    "method-not-allowed": ProblemType(405, "This address does not answer this method"),
    "bad-request": ProblemType(400, "The request is malformed"),
    "busy": ProblemType(503, "All solver processes are busy"),
    "solver-killed": ProblemType(500, "The solver process died or was killed"),
    "internal": ProblemType(500, "The service made a mistake"),
}
"""Every problem type by the last part of its URN."""

_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}


def urn(name: str) -> str:
    """The ``type`` of a problem."""
    return f"urn:slotmatch:problem:{name}"


def name_of_status(status: int) -> str:
    """Problem type of a bare HTTP status."""
    return _OF_STATUS.get(status, "bad-request" if status < 500 else "internal")


def problem(
    name: str, detail: str, headers: dict[str, str] | None = None, **members: Any
) -> JSONResponse:
    """Answer with problem details.

    Parameters
    ----------
    name
        Key of ``PROBLEM_TYPES``.
    detail
        What happened this time; no patient data.
    headers, members
        Further headers and members.
    """
    kind = PROBLEM_TYPES[name]
    content = {"type": urn(name), "title": kind.title, "status": kind.status, "detail": detail}
    return JSONResponse(content | members, kind.status, headers, MEDIA_TYPE)
