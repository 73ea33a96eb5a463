"""Requests that are asked of a dataset somebody holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from engine.domain import COLLECTIONS, Dataset
from engine.interchange.draft import Draft
from engine.problems import Report

ASKED = ("patients", "requests", "links")
"""Collections that may be asked with; the rest is the dataset's."""


def asked_of(
    held: Dataset, content: Mapping[str, Any], urgencies: Collection[str] | None = None
) -> tuple[Dataset, Report]:
    """The dataset with requests of somebody's own, instead of those that it has open.

    Parameters
    ----------
    held
        Without errors.
    content
        Lists of records under the names in ``ASKED``; of the dataset's own requests those
        with an appointment stay, and the links between them.
    urgencies
        Classes of the policy.

    Returns
    -------
    Dataset, Report
        The dataset and its warnings.

    Raises
    ------
    DatasetError
        With every problem found, at paths like ``/requests/0/earliest``.
    """
    kept = _without_open_requests(held)
    draft = Draft(header=kept.header, header_path="held/header")
    for name in COLLECTIONS:
        records = getattr(kept, name)
        draft.records[name] += records
        draft.paths[name] += [f"held/{name}/{index}" for index in range(len(records))]
    draft.add_lists(content, ASKED, "")
    dataset, report = draft.finish(urgencies)
    return dataset, _of_the_asked(report)


def _without_open_requests(held: Dataset) -> Dataset:
    """The dataset with the requests that hold an appointment, and whole links of them."""
    now = held.header.as_of
    booked = {row.request_id for row in held.appointments if row.is_active(now)}
    gone = {row.id for row in held.requests if row.id not in booked}
    return replace(
        held,
        requests=tuple(row for row in held.requests if row.id not in gone),
        links=tuple(row for row in held.links if gone.isdisjoint(row.request_ids)),
        appointments=tuple(row for row in held.appointments if row.request_id not in gone),
    )


def _of_the_asked(report: Report) -> Report:
    """Without what was found of the dataset itself: who holds it heard that already."""
    found = Report()
    for problem in report.problems:
        if not problem.path.startswith("held/"):
            found.add(problem)
    return found
