"""Whether what was offered fits the dataset in which answers to it are carried out.

It went out and came back: nothing in it is taken for granted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.checks.context import Context
from engine.repair.ledger import Entry, Ledger
from engine.repair.menus import Menu, Option


def is_missing(entry: Entry) -> bool:
    """Whether an appointment is not in the dataset, and is put back where it is accepted."""
    return entry.forced is not None and entry.forced.reason == "missing"


def check_offered(context: Context, ledger: Ledger, menus: Sequence[Menu], path: str) -> None:
    """Find everything that does not fit: ids, and intervals of the places offered.

    Parameters
    ----------
    context
        The dataset, and where findings go.
    path
        Of the plan that was offered, for messages.
    """
    _check_entries(context, ledger.entries, f"{path}/ledger")
    known = {entry.appointment_id for entry in ledger.entries}
    seen = set[str]()
    for index, menu in enumerate(menus):
        where = f"{path}/menus/{index}"
        for number, name in enumerate(menu.appointment_ids):
            at = f"{where}/appointment_ids/{number}"
            if name not in known:
                context.report.error("dangling_reference", at, "the ledger has no such row", name)
            if name in seen:
                context.report.error("duplicate_reference", at, "it is in two menus", name)
            seen.add(name)
        _check_options(context, menu.options, menu.appointment_ids, f"{where}/options")


def _check_entries(context: Context, entries: Sequence[Entry], path: str) -> None:
    now, report = context.dataset.header.as_of, context.report
    request_of = {row.id: row.request_id for row in context.dataset.appointments}
    holding = {row.request_id for row in context.dataset.appointments if row.is_active(now)}
    seen = set[str]()
    for index, entry in enumerate(entries):
        where, name, request = f"{path}/{index}", entry.appointment_id, entry.request_id
        if name in seen:
            report.error("duplicate_id", f"{where}/appointment_id", "there are two rows", name)
        seen.add(name)
        if name in request_of:
            if request_of[name] != request:
                message = "the appointment is another request's"
                report.error("wrong_value", f"{where}/request_id", message, request)
        elif not is_missing(entry):
            message = "there is no appointment with this id"
            report.error("dangling_reference", f"{where}/appointment_id", message, name)
        elif request in holding:
            message = "the request holds a place already"
            report.error("two_places", f"{where}/request_id", message, request)
        else:
            context.refer(f"{where}/request_id", request, "requests")


def _check_options(
    context: Context, options: Sequence[Option], names: Collection[str], path: str
) -> None:
    seen = set[int]()
    for index, option in enumerate(options):
        where = f"{path}/{index}"
        if option.number in seen:
            message = "two options have this number"
            context.report.error("duplicate_id", f"{where}/number", message, option.number)
        seen.add(option.number)
        for number, place in enumerate(option.places):
            at, name = f"{where}/places/{number}", place.appointment_id
            if name not in names:
                message = "the menu is not for it"
                context.report.error("dangling_reference", f"{at}/appointment_id", message, name)
            context.refer(f"{at}/role_id", place.where.role_id, "roles")
            context.ordered(at, place.where.start, place.where.end)
