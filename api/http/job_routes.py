"""``/v1/jobs``: what came of work that nobody waits for."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from api.http.clients import client_of
from api.http.jobs import Job, JobStore
from api.http.problems import FAILED, KILLED, problem_content, refusal

_POLL_SECONDS = 0.25
_PING_SECONDS = 15.0
_RETRY_AFTER = "1"
_PIECE_BYTES = 1 << 18


def accepted(job: Job, jobs: JobStore, *, preferred: bool) -> Response:
    """Answer 202 with where the job is."""
    headers = {"Location": f"/v1/jobs/{job.id}", "Retry-After": _RETRY_AFTER}
    if preferred:
        headers["Preference-Applied"] = "respond-async"
    return _answer(job, jobs, 202, headers)


async def read_job(request: Request, job_id: str) -> Response:
    """Where a job is, and once it is over, what came of it."""
    jobs = request.app.state.jobs
    job = jobs.get(job_id, client_of(request).id)
    headers = {} if job.is_over else {"Retry-After": _RETRY_AFTER}
    return _answer(job, jobs, 200, headers)


async def cancel_job(request: Request, job_id: str) -> Response:
    """Stop a job with the best it has; 202 where that takes longer than a moment."""
    jobs = request.app.state.jobs
    job = await jobs.cancel(job_id, client_of(request).id)
    return _answer(job, jobs, 200 if job.is_over else 202, {})


async def watch_job(request: Request, job_id: str) -> Response:
    """Server-sent events: ``progress`` whenever there is some, ``end`` when it is over."""
    jobs = request.app.state.jobs
    return EventSourceResponse(_events(jobs.get(job_id, client_of(request).id), jobs))


async def _events(job: Job, jobs: JobStore) -> AsyncIterator[bytes]:
    shown, silent = "", 0.0
    while not job.is_over:
        news = json.dumps(_content(job, jobs))
        if news != shown:
            shown, silent = news, 0.0
            yield format_sse_event(event="progress", data_str=news)
        elif silent > _PING_SECONDS:
            silent = 0.0
            yield KEEPALIVE_COMMENT
        silent += _POLL_SECONDS
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(job.over.wait(), _POLL_SECONDS)
    yield format_sse_event(event="end", data_str=json.dumps(_content(job, jobs)))


def _answer(job: Job, jobs: JobStore, status: int, headers: dict[str, str]) -> Response:
    """Answer with a job as JSON; its result, text already, is put in as it is."""
    text = json.dumps(_content(job, jobs)).encode()
    if job.outcome is None or job.outcome.kind != "done":
        return Response(text, status, headers, "application/json")
    parts = (text[:-1] + b', "result": ', job.outcome.body, b"}")
    headers["Content-Length"] = str(sum(map(len, parts)))
    return StreamingResponse(_pieces(parts), status, headers, "application/json")


async def _pieces(parts: Iterable[bytes]) -> AsyncIterator[memoryview]:
    """Parts in pieces as a client takes them: however many dawdle, a result is held once."""
    for part in parts:
        view = memoryview(part)
        for start in range(0, len(view), _PIECE_BYTES):
            yield view[start : start + _PIECE_BYTES]


def _content(job: Job, jobs: JobStore) -> dict[str, Any]:
    """A job as plain values, without its result."""
    content: dict[str, Any] = {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "created": _instant(job.created),
        "started": _instant(job.started),
        "ended": _instant(job.ended),
        "expires": _instant(jobs.expires(job)),
        "cancel_requested": job.is_cancelled,
        "progress": job.progress(),
        "problem": _problem(job),
    }
    return {key: value for key, value in content.items() if value is not None}


def _problem(job: Job) -> dict[str, Any] | None:
    """Why a job failed."""
    if job.state != "failed":
        return None
    if job.outcome is None:
        return problem_content("solver-killed", KILLED)
    if job.outcome.kind == "invalid":
        return refusal(job.outcome)
    return problem_content("internal", FAILED)


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")
