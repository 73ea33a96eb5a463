"""What the service counts, for Prometheus."""

from __future__ import annotations

from importlib.metadata import version

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from api.http.jobs import STATES, JobStore
from api.http.pool import SolverPool
from api.http.solving import Outcome

MEDIA_TYPE = CONTENT_TYPE_LATEST

_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SOLVE_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)


class Metrics:
    """Counters of one service; labels are words of ours, never of a request."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "slotmatch_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._request_seconds = Histogram(
            "slotmatch_http_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ("route",),
            buckets=_REQUEST_SECONDS,
            registry=self._registry,
        )
        self._tasks = Counter(
            "slotmatch_tasks",
            "Tasks of solver processes, by what became of them: proven, time_limit, "
            "deterministic_limit, cancelled; found, none; judged, compared, changed; invalid, "
            "too_long, failed; killed, gone, busy.",
            ("kind", "outcome"),
            registry=self._registry,
        )
        self._task_seconds = Histogram(
            "slotmatch_task_seconds",
            "Time from asking for a task to its answer.",
            ("kind",),
            buckets=_SOLVE_SECONDS,
            registry=self._registry,
        )
        self._placed = Counter(
            "slotmatch_match_requests",
            "Patients' requests in matches, by what became of them.",
            ("state",),
            registry=self._registry,
        )
        self._pool = Gauge(
            "slotmatch_pool_tasks",
            "Tasks in solver processes, and those that wait for one.",
            ("state",),
            registry=self._registry,
        )
        self._jobs = Gauge(
            "slotmatch_jobs", "Jobs that are known.", ("state",), registry=self._registry
        )
        about = Gauge("slotmatch_info", "This service.", ("version",), registry=self._registry)
        about.labels(version("slotmatch")).set(1)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def ended(self, kind: str, outcome: Outcome | str, seconds: float) -> None:
        """Count a task, and log it.

        Parameters
        ----------
        kind
            Of the task.
        outcome
            What its process answered, or a word for why it did not.
        seconds
            From the request to the end.
        """
        facts = {} if isinstance(outcome, str) else outcome.facts
        word = outcome if isinstance(outcome, str) else facts.get("stopped", outcome.kind)
        self._tasks.labels(kind, word).inc()
        if not isinstance(outcome, str):
            self._task_seconds.labels(kind).observe(seconds)
        if "placed" in facts:
            self._placed.labels("placed").inc(facts["placed"])
            self._placed.labels("unplaced").inc(facts["requests"] - facts["placed"])
        log = structlog.get_logger()
        log.info("task", kind=kind, outcome=word, seconds=round(seconds, 3), **facts)

    def text(self, pool: SolverPool, jobs: JobStore) -> bytes:
        """Everything, in the text format of Prometheus."""
        self._pool.labels("running").set(pool.running)
        self._pool.labels("waiting").set(pool.waiting)
        for state in STATES:
            self._jobs.labels(state).set(sum(job.state == state for job in jobs))
        return generate_latest(self._registry)
