"""A plan for those who wait in the store: made in a process, and committed whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from clinic import MONDAY, at
from live import Desk, live, problem
from serving import errors, served, until
from sqlalchemy import select, update
from ward import DAY, place, ward

from api.http.app import create_app
from api.http.live import built
from api.http.live.service import LiveSettings
from api.http.settings import Settings
from api.store import following, plans
from api.store.access_tables import audit
from api.store.forgetting import forget
from api.store.opening import open_database
from api.store.planned import Draft
from api.store.proposing import propose
from api.store.store import Store
from api.store.tables import plan as plan_table
from engine.domain import Dataset
from engine.match import match
from engine.result import Result
from engine.solve.limits import Limits


def quick(dataset: Dataset) -> Result:
    """A match that no clock decides."""
    return match(dataset, limits=Limits(seconds=5, workers=1, deterministic=True))


@pytest.fixture(scope="module")
def served_store(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, Store]]:
    """The whole service on a store, with solver processes."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("plans") / "store.db")
    store = Store(open_database(f"sqlite:///{path}"))
    store.load(ward().dataset())
    app = create_app(Settings(workers=2), store=store, live_settings=LiveSettings(as_of=MONDAY))
    with served(app) as client:
        yield Desk(client), store
    store.close()


@pytest.fixture
def whole(served_store: tuple[Desk, Store]) -> tuple[Desk, Store]:
    """The same, as it was at the start."""
    desk, store = served_store
    store.load(ward().dataset(), "replace")
    return desk, store


def planned(desk: Desk, **body: Any) -> dict[str, Any]:
    """A plan."""
    answer = desk.client.post("/v1/match", json=body)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def places(plan: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Who is placed, where."""
    return {
        row["request_id"]: (row["role_id"], row["start"], row["end"])
        for row in plan["plan"]
        if row["state"] == "placed"
    }


def commit(desk: Desk, plan_id: str, key: str = "") -> httpx2.Response:
    """Ask for a plan to be booked."""
    return desk.post(f"/v1/plans/{plan_id}/commit", key)


def test_those_who_wait_are_planned_and_booked(whole: tuple[Desk, Store]) -> None:
    """The answer is that of a match, with what it rests on; nothing is booked until it is
    committed, then all of it, for finds too; and the same key is told the same, to the byte.
    """
    desk, store = whole
    desk.booked("ann-visit", place())
    revision = store.last_change()
    plan = planned(desk, limits={"seconds": 5, "deterministic": True})
    assert plan["certificate"]["proven"]
    assert plan["revision"] == revision == store.last_change()
    assert plan["as_of"].startswith("2026-03-02T")
    assert "ann-visit" not in {row["request_id"] for row in plan["plan"]}
    unplaced = [row for row in plan["plan"] if row["state"] == "unplaced"]
    assert all(row["reason"] for row in unplaced)
    done = commit(desk, plan["plan_id"], "once")
    assert done.status_code == 200, done.text
    made = done.json()["appointments"]
    assert {
        row["request_id"]: (row["role_id"], row["start"], row["end"]) for row in made
    } == places(plan)
    assert {row["status"] for row in made} == {"booked"}
    page = desk.client.get("/v1/appointments", params={"status": "booked"}).json()["appointments"]
    assert {row["id"] for row in made} < {row["id"] for row in page}
    for row in unplaced:
        assert desk.found(row["request_id"]) == []
    again = commit(desk, plan["plan_id"], "once")
    assert again.content == done.content
    assert again.headers["idempotency-replayed"] == "true"
    problem(commit(desk, plan["plan_id"]), "plan-committed")
    assert planned(desk)["plan"] == unplaced


def test_a_booking_in_between_is_named(whole: tuple[Desk, Store]) -> None:
    """Who has which place; nothing is booked, the refusal is kept, and the next plan goes in."""
    desk, store = whole
    plan = planned(desk)
    request = next(iter(places(plan)))
    held = desk.booked(request, DAY)
    before = store.dataset()
    refused = commit(desk, plan["plan_id"], "late")
    content = problem(refused, "world-changed")
    assert content["against"]["placed"] == [{"request_id": request, "appointment_id": held["id"]}]
    assert content["counts"]["placed"] == 1
    assert store.dataset() == before
    assert commit(desk, plan["plan_id"], "late").content == refused.content
    assert commit(desk, planned(desk)["plan_id"]).status_code == 200


def test_only_some_are_planned(whole: tuple[Desk, Store]) -> None:
    """Those that are named, with who is linked to them; those of a specialty; who has a place
    keeps it; who is not there is refused.
    """
    desk, store = whole
    clinic = ward().link("bob-visit", "bob-scan")
    clinic.requests = [
        replace(row, specialty="207Q00000X") if row.id == "eve-scan" else row
        for row in clinic.requests
    ]
    store.load(clinic.dataset(), "replace")
    desk.booked("ann-visit", place())
    plan = planned(desk, request_ids=["ann-visit", "bob-visit"])
    states = {row["request_id"]: row["state"] for row in plan["plan"]}
    assert states == {"ann-visit": "kept", "bob-visit": "placed", "bob-scan": "placed"}
    made = commit(desk, plan["plan_id"]).json()["appointments"]
    assert {row["request_id"] for row in made} == {"bob-visit", "bob-scan"}
    assert [row["request_id"] for row in planned(desk, specialty="207Q00000X")["plan"]] == [
        "eve-scan"
    ]
    assert planned(desk, request_ids=[])["plan"] == []
    wrong = desk.client.post("/v1/match", json={"request_ids": ["cyd-visit", "nobody"]})
    assert errors(wrong) == {("dangling_reference", "/request_ids/1")}
    wrong = desk.client.post("/v1/match", json={"requests": [], "limits": {"seconds": -1}})
    assert errors(wrong) == {("unknown_field", "/requests"), ("out_of_range", "/limits/seconds")}


def test_a_long_one_is_a_job(whole: tuple[Desk, Store]) -> None:
    """With its plan as its result, to be committed like any other."""
    desk, _ = whole
    asked = desk.client.post("/v1/match", json={"limits": {"seconds": 31}})
    assert asked.status_code == 202
    job = until(desk.client, asked.headers["location"], "done")
    assert job["kind"] == "plan"
    done = commit(desk, job["result"]["plan_id"])
    assert len(done.json()["appointments"]) == len(places(job["result"])) >= 8


def test_a_dataset_that_is_sent_is_matched_beside_it(whole: tuple[Desk, Store]) -> None:
    """It has no plan to commit."""
    desk, _ = whole
    wrong = desk.client.post("/v1/match", json={"dataset": {}})
    assert {path for _, path in errors(wrong)} == {"/dataset/header"}


# What follows needs no solver process: the plan is put where the service keeps it


def kept(store: Store, plan_id: str = "plan", client: str = "anybody") -> Draft:
    """A plan of a store's, kept."""
    draft = propose(store, quick, MONDAY).draft
    plans.keep(store, client, plan_id, draft.text())
    return draft


def test_a_plan_outlives_the_service(store: Store) -> None:
    """Whoever starts it anew, or asks another process, commits it with the same key; a second
    process hears of it before its next find.
    """
    draft = kept(store)
    with live(store) as one:
        assert one.found("ann-visit")
        with live(store) as other:
            done = commit(other, "plan", "same")
            assert done.status_code == 200, done.text
        assert commit(one, "plan", "same").content == done.content
        taken = {(row.appointment.role_id, row.appointment.start) for row in draft.rows}
        for name in ("ann-visit", "fay-scan"):
            free = {(row["role_id"], at(row["start"][11:16])) for row in one.found(name, 100)}
            assert not {(role, start) for role, start in free & taken if role == "role"}
    actors = {row.held_by for row in store.appointments().rows}
    assert actors == {None}


def test_a_plan_is_its_clients_alone_and_for_an_hour(desk: Desk, store: Store) -> None:
    """For every other there is none; afterwards there is none for anybody."""
    kept(store, "theirs", "somebody")
    kept(store, "old")
    store.database.write(
        lambda found: found.execute(
            update(plan_table).where(plan_table.c.id == "old").values(kept_until=1)
        )
    )
    for name in ("theirs", "old", "none"):
        problem(commit(desk, name), "no-such-plan")
    plans.sweep(store)
    for number in range(plans.MOST_KEPT + 2):
        plans.keep(store, "anybody", str(number), "")
    with store.database.reading() as connection:
        there = {row.id for row in connection.execute(plan_table.select())}
    assert len(there) == plans.MOST_KEPT + 1
    assert {"theirs", str(plans.MOST_KEPT + 1)} < there


def test_who_booked_is_in_the_audit(desk: Desk, store: Store) -> None:
    """Every appointment of a plan has a row with the client's id."""
    draft = kept(store)
    assert commit(desk, "plan").status_code == 200
    with store.database.reading() as connection:
        made = connection.execute(select(audit).where(audit.c.kind == "appointments")).all()
    said = {(row.actor, row.action) for row in made}
    assert (said, len(made)) == ({("anybody", "created")}, len(draft.rows))


def test_who_is_forgotten_is_in_no_plan(desk: Desk, store: Store) -> None:
    """The plan goes with the person; others stay."""
    kept(store)
    others = propose(store, quick, MONDAY).draft
    rows = tuple(row for row in others.rows if not str(row.appointment.request_id) < "b")
    plans.keep(store, "anybody", "others", replace(others, rows=rows).text())
    forget(store, "ann")
    assert plans.find(store, "anybody", "plan") is None
    assert plans.find(store, "anybody", "others") is not None
    problem(commit(desk, "plan"), "no-such-plan")
    content = problem(commit(desk, "others"), "world-changed")
    assert content["against"]["changed"] == [{"kind": "dataset", "id": ""}]


def test_an_index_that_is_far_behind_is_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To take over every appointment of a large plan would keep all finds waiting."""
    monkeypatch.setattr(following, "_MOST", 3)
    monkeypatch.setattr(built, "MOST_FOLLOWED", 5)
    with live(store) as desk:
        assert desk.found("ann-visit")

        def too_slow(*_: object) -> None:
            raise AssertionError("one by one")

        monkeypatch.setattr(built.Built, "_take", too_slow)
        draft = kept(store)
        assert len(draft.rows) > 8
        assert commit(desk, "plan").status_code == 200
        taken = {
            (row.appointment.role_id, row.appointment.start)
            for row in draft.rows
            if row.appointment.role_id in ("role", "far")
        }
        free = {(row["role_id"], at(row["start"][11:16])) for row in desk.found("fay-scan", 100)}
        assert free
        assert not free & taken
