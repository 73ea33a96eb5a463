"""The table of contents of what is judged in a dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.checks import demand, supply
from engine.checks.context import Context, Where
from engine.domain import COLLECTIONS, Dataset
from engine.problems import MAX_KEPT, Report, one_of

_SHARED_IDS = {"services": "doctors"}  # a doctor and a service may not share an id


def record_path(collection: str, index: int) -> str:
    """Path of a record in a single JSON document: ``/requests/16``; of the header, ``/header``."""
    return "/header" if collection == "header" else f"/{collection}/{index}"


def check_dataset(
    dataset: Dataset,
    where: Where = record_path,
    unread: Mapping[str, Collection[str]] | None = None,
    urgencies: Collection[str] | None = None,
    incomplete: Collection[str] = (),
    max_kept: int | None = MAX_KEPT,
) -> Report:
    """Find everything wrong with ``dataset`` beyond the types of its fields.

    Parameters
    ----------
    dataset
        Records whose fields are valid one by one.
    where
        Path of a record, for messages.
    unread
        Ids, by collection, of records that exist but could not be read; references to
        them are not reported a second time.
    urgencies
        Classes of the policy; not judged where not given.
    incomplete
        Collections of which some ids could not be read at all.
    max_kept
        Problems kept per code; ``None``: all.

    Returns
    -------
    Report
        Errors make the dataset unusable; warnings say how it will be understood.
    """
    ids = {
        name: {row.id for row in getattr(dataset, name)} | set((unread or {}).get(name, ()))
        for name in COLLECTIONS
    }
    context = Context(dataset, where, ids, Report(max_kept=max_kept), incomplete)
    horizon = dataset.header.horizon
    context.ordered(f"{where('header', 0)}/horizon", horizon.start, horizon.end)
    _check_unique_ids(context)
    demand.check_patients(context)
    demand.check_requests(context)
    demand.check_links(context)
    supply.check_doctors(context)
    supply.check_roles(context)
    supply.check_caps(context)
    supply.check_locations(context)
    supply.check_visit_types_and_resources(context)
    supply.check_sessions(context)
    supply.check_overlapping_sessions(context)
    supply.check_appointments(context)
    if urgencies is not None:
        check_urgencies(context, urgencies)
    return context.report


def context_of(dataset: Dataset, report: Report) -> Context:
    """What checks of something beside a dataset need of it."""
    ids = {name: {row.id for row in getattr(dataset, name)} for name in COLLECTIONS}
    return Context(dataset, record_path, ids, report)


def _check_unique_ids(context: Context) -> None:
    first_path: dict[tuple[str, str], str] = {}
    for collection in COLLECTIONS:
        space = _SHARED_IDS.get(collection, collection)
        for path, row in context.rows(collection):
            first = first_path.setdefault((space, row.id), path)
            if first != path:
                message = f"the id stands at {first} already"
                context.report.error("duplicate_id", f"{path}/id", message, row.id)


def check_urgencies(context: Context, urgencies: Collection[str]) -> None:
    """Classes that the policy does not know."""
    message = f"the policy has no such class. {one_of(urgencies)}"
    for collection, field in (("requests", "urgency"), ("sessions", "reserved_for")):
        for path, row in context.rows(collection):
            name = getattr(row, field)
            if name is not None and name not in urgencies:
                context.report.error("unknown_urgency", f"{path}/{field}", message, name)
