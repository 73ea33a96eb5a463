"""What was offered, held against the dataset it is carried out in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from clinic import Clinic, at
from repairs import CLOSED, mended

from engine.domain import Dataset
from engine.errors import AnswerError
from engine.events.findings import Forced
from engine.repair.ledger import Entry, Ledger, ledger_of
from engine.repair.menus import Menu, Offered, menus_of
from engine.repair.negotiation import settled


def two_lost() -> Clinic:
    """Ann and Bob lose Thursday; on Friday there is room for both."""
    clinic = Clinic().session("09:00", "09:30", 3, "lost").session("09:00", "10:00", 4)
    for name, start, end in (("ann", "09:00", "09:15"), ("bob", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, 3, name, id=name)
    return clinic


def offered() -> tuple[list[Entry], list[Menu]]:
    """Ledger and menus, to be changed."""
    found = mended(two_lost(), CLOSED)
    point = found.points[-1]
    return list(ledger_of(found, point).entries), list(menus_of(found, point))


def found(dataset: Dataset, entries: list[Entry], menus: list[Menu]) -> set[tuple[str, str]]:
    """Codes and paths of what does not fit."""
    try:
        settled(dataset, Ledger(tuple(entries), 0), menus, [], "answers", "plan")
    except AnswerError as error:
        return {(row.code, row.path) for row in error.problems}
    return set()


def first_place(change: Callable[[Offered], Offered]) -> Callable[[Menu], Menu]:
    """A menu with its first place changed."""

    def changed(menu: Menu) -> Menu:
        option, *others = menu.options
        places = (change(option.places[0]), *option.places[1:])
        return replace(menu, options=(replace(option, places=places), *others))

    return changed


def test_what_a_repair_offered_fits() -> None:
    """As it is."""
    assert found(two_lost().dataset(), *offered()) == set()


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"appointment_id": "x"}, "dangling_reference", "plan/ledger/0/appointment_id"),
        ({"appointment_id": "bob"}, "duplicate_id", "plan/ledger/1/appointment_id"),
        ({"request_id": "bob"}, "wrong_value", "plan/ledger/0/request_id"),
        (
            {
                "appointment_id": "x",
                "request_id": "x",
                "forced": Forced("x", "missing"),
            },
            "dangling_reference",
            "plan/ledger/0/request_id",
        ),
        (
            {"appointment_id": "x", "forced": Forced("x", "missing")},
            "two_places",
            "plan/ledger/0/request_id",
        ),
    ],
)
def test_rows_of_a_ledger_that_fit_nothing(change: dict[str, object], code: str, path: str) -> None:
    """Appointments and requests that are not there, or are others."""
    entries, menus = offered()
    entries[0] = replace(entries[0], **change)  # type: ignore[arg-type]
    assert (code, path) in found(two_lost().dataset(), entries, menus)


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (
            lambda menu: replace(menu, appointment_ids=("x",)),
            "dangling_reference",
            "plan/menus/0/appointment_ids/0",
        ),
        (
            lambda menu: replace(menu, appointment_ids=("bob",)),
            "duplicate_reference",
            "plan/menus/1/appointment_ids/0",
        ),
        (
            lambda menu: replace(menu, options=(menu.options[0], menu.options[0])),
            "duplicate_id",
            "plan/menus/0/options/1/number",
        ),
        (
            first_place(lambda row: replace(row, appointment_id="bob")),
            "dangling_reference",
            "plan/menus/0/options/0/places/0/appointment_id",
        ),
        (
            first_place(lambda row: replace(row, where=replace(row.where, role_id="x"))),
            "dangling_reference",
            "plan/menus/0/options/0/places/0/role_id",
        ),
        (
            first_place(lambda row: replace(row, where=replace(row.where, end=at("08:00")))),
            "empty_interval",
            "plan/menus/0/options/0/places/0/end",
        ),
        (
            first_place(
                lambda row: replace(
                    row, where=replace(row.where, start=row.where.start.replace(second=1))
                )
            ),
            "not_whole_minute",
            "plan/menus/0/options/0/places/0/start",
        ),
    ],
)
def test_menus_that_fit_nothing(change: Callable[[Menu], Menu], code: str, path: str) -> None:
    """Also where nobody has answered to them."""
    entries, menus = offered()
    menus[0] = change(menus[0])
    assert (code, path) in found(two_lost().dataset(), entries, menus)
