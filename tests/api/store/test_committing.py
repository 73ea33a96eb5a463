"""A plan for all who wait goes in whole, or not at all; and what came meanwhile is respected."""

from __future__ import annotations

import json
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from clinic import MONDAY, Clinic, at
from commands import run_command
from hypothesis import given, settings
from sqlalchemy import Engine, event
from ward import DAY, place, ward
from worlds import tiny_worlds

from api.store import committing, transaction
from api.store.committing import ChangedError, Difference, commit
from api.store.database import Database
from api.store.errors import RefusalError
from api.store.invariants import broken_invariants
from api.store.opening import open_database
from api.store.placing import Place
from api.store.planned import Draft
from api.store.proposing import propose
from api.store.store import Store
from engine.domain import DailyCap, Dataset
from engine.events.overfull import Sweep
from engine.interchange.dataset import write_dataset
from engine.match import match
from engine.plan import Plan
from engine.policy import Policy
from engine.result import Result
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits
from engine.verify.judge import verify, violations_before

KEY = "key"


def quick(dataset: Dataset) -> Result:
    """A match that no clock decides."""
    return match(dataset, limits=Limits(seconds=5, workers=1, deterministic=True))


def proposed(store: Store) -> Draft:
    """A plan as of Monday morning."""
    return propose(store, quick, MONDAY).draft


def against(store: Store, proposal: Draft) -> Difference:
    """What a commit is refused for; it leaves no trace."""
    before = store.dataset(), store.last_change()
    with pytest.raises(ChangedError) as caught:
        commit(store, proposal)
    assert (store.dataset(), store.last_change()) == before
    assert caught.value.code == "world_changed"
    assert str(caught.value)
    return caught.value.difference


def assert_sound(store: Store, prior: Dataset | None = None) -> None:
    """No judge finds anything that was not so before, nor does the store's own question."""
    snapshot = take_snapshot(store.dataset())
    policy = Policy.default()
    known = violations_before(take_snapshot(prior), policy) if prior else ()
    assert verify(snapshot, policy, Plan.empty(snapshot), known).violations == ()
    with store.database.reading() as connection:
        assert broken_invariants(connection) == []


def test_a_plan_is_booked_whole(store: Store) -> None:
    """Every row is an appointment, with what it occupies, its source, and a line in the log."""
    since = store.last_change()
    proposal = proposed(store)
    assert store.last_change() == since
    made = commit(store, proposal)
    assert len(made) == len(proposal.rows) >= 8
    page = store.appointments(status="booked").rows
    assert {row.record.id: row for row in page} == {row.record.id: row for row in made}
    assert {row.record.source for row in page} == {"plan"}
    assert {row.id for row in store.changes(since)} == {row.record.id for row in made}
    assert_sound(store)
    assert Sweep(take_snapshot(store.dataset()), Policy.default()).stretches() == []
    assert proposed(store).rows == ()
    assert commit(store, proposed(store)) == ()


def without(proposal: Draft, *names: str) -> Draft:
    """A plan that leaves some requests out."""
    rows = tuple(row for row in proposal.rows if row.appointment.request_id not in names)
    return replace(proposal, rows=rows)


def test_what_came_elsewhere_is_in_nobodys_way(store: Store) -> None:
    """A seat for the day that the plan has no use for, of somebody whom it leaves out."""
    proposal = without(proposed(store), "ann-visit", "ann-scan")
    held = store.hold("ann-visit", DAY, 300, KEY).record.id
    store.book(held, KEY)
    assert len(commit(store, proposal)) == len(proposal.rows)
    assert_sound(store)


def test_a_place_that_somebody_has_is_named(store: Store) -> None:
    """By whom, for whose request; all other rows stay out too."""
    proposal = proposed(store)
    row = next(row for row in proposal.rows if row.session_id == "one").appointment
    other = "ann-visit" if str(row.request_id).startswith("bob") else "bob-visit"
    proposal = without(proposal, other)
    held = store.hold(other, place(start=f"{row.start:%H:%M}"), 300, KEY).record.id
    difference = against(store, proposal)
    assert (row.request_id, (held,)) in {(name, one.with_ids) for name, one in difference.taken}
    assert difference.placed == difference.changed == ()
    store.cancel(held, "pat", KEY)
    assert commit(store, proposal)
    assert_sound(store)


def test_a_request_that_has_a_place_is_named(store: Store) -> None:
    """Even where its place is in nobody's way."""
    proposal = proposed(store)
    request = str(proposal.rows[0].appointment.request_id)
    held = store.hold(request, DAY, 300, KEY).record.id
    assert against(store, proposal).placed == ((request, held),)


def test_records_that_changed_are_named(store: Store) -> None:
    """Those that the plan names; others are not."""
    proposal = proposed(store)
    names = [row.session_id for row in proposal.rows]
    patient = next(row for row in store.dataset().patients if row.id == "ann")
    store.put("patients", replace(patient, state="NJ"))
    session = next(row for row in store.dataset().sessions if row.id == names[0])
    store.put("sessions", replace(session, capacity=session.capacity + 1))
    found = against(store, proposal).changed
    assert ("sessions", names[0]) in found
    assert ("patients", "ann") in found
    again = proposed(store)
    store.put("doctors", replace(store.record("doctors", "other").record, id="nobody"))
    assert commit(store, again)


def test_a_load_ends_every_plan(store: Store) -> None:
    """Whatever it did; and requests that are gone with it are named."""
    proposal = proposed(store)
    dataset = store.dataset()
    request = str(proposal.rows[0].appointment.request_id)
    left = tuple(row for row in dataset.requests if row.id != request)
    store.load(replace(dataset, requests=left), "replace")
    difference = against(store, proposal)
    assert difference.changed == (("dataset", ""),)
    assert difference.gone == (request,)
    assert "a dataset was loaded" in [*difference.sentences()]


def test_a_rule_that_would_be_broken_is_named(database: Database) -> None:
    """Two visits of a pair in order: the first was booked elsewhere, too late for the second,
    and no place of the plan is taken.
    """
    store = Store(database)
    clinic = Clinic().doctor("other").role("wide", doctor_id="other")
    clinic.session("09:00", "09:15").session("11:00", "11:15", role_id="wide")
    clinic.request("first").request("second")
    clinic.link("first", "second", ordered=True)
    store.load(clinic.dataset())
    proposal = proposed(store)
    assert len(proposal.rows) == 2
    only = tuple(row for row in proposal.rows if row.appointment.request_id == "second")
    early = replace(only[0].appointment, start=at("09:00"), end=at("09:15"), role_id="role")
    rows = (replace(only[0], appointment=early, session_id="s1"),)
    held = store.hold("first", place("wide", "11:00"), 300, KEY)
    store.book(held.record.id, KEY)
    difference = against(store, replace(proposal, rows=rows))
    assert [row.request_ids for row in difference.broken] == [("first", "second")]
    assert difference.taken == difference.placed == difference.changed == ()


def test_a_cap_that_others_reached_is_named(database: Database) -> None:
    """Two visits a day with the doctor: the plan has both, somebody else gets one elsewhere in
    the day; for a day that is not full the same is in nobody's way.
    """
    store = Store(database)
    clinic = Clinic().role("capped", daily_caps=(DailyCap(limit=2),))
    clinic.session("09:00", "10:00", role_id="capped").session(
        "09:00", "10:00", day=1, role_id="capped"
    )
    clinic.request("ann", latest=at("12:00")).request("bob", latest=at("12:00")).request("cyd")
    store.load(clinic.dataset())
    proposal = without(proposed(store), "cyd")
    assert {row.appointment.start.date() for row in proposal.rows} == {MONDAY.date()}
    starts = {f"{row.appointment.start:%H:%M}" for row in proposal.rows}
    (free, *_) = {"09:00", "09:15", "09:30", "09:45"} - starts
    there = Place("capped", at(free), at(free) + timedelta(minutes=15))
    held = store.hold("cyd", there, 300, KEY).record.id
    difference = against(store, proposal)
    assert {row.rule for row in difference.broken} == {"daily_cap"}
    assert difference.taken == difference.placed == difference.changed == ()
    store.cancel(held, "pat", KEY)
    tomorrow = Place("capped", at(free, 1), at(free, 1) + timedelta(minutes=15))
    store.hold("cyd", tomorrow, 300, KEY)
    assert len(commit(store, proposal)) == 2


def test_time_that_passed_counts(store: Store) -> None:
    """A place that has begun by now is refused by the judges."""
    proposal = proposed(store)
    with pytest.raises(ChangedError) as caught:
        commit(store, proposal, as_of=at("09:20"))
    assert {row.rule for row in caught.value.difference.broken} >= {"minimum_notice"}


def test_another_policy_ends_every_plan(store: Store) -> None:
    """It may know other rules."""
    proposal = proposed(store)
    difference = against(store, replace(proposal, policy_hash="another"))
    assert difference.changed == ((committing.POLICY, ""),)
    assert [*difference.sentences()] == ["the policy is another"]


def test_very_many_rows_go_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few values a condition may have: here, seven."""
    monkeypatch.setattr(transaction, "MOST_NAMED", 7)
    monkeypatch.setattr(committing, "_AT_ONCE", 3)
    longest = []

    def listen(_: object, __: object, ___: str, values: object, *____: object) -> None:
        longest.append(len(values) if isinstance(values, (tuple, dict)) else 0)

    proposal = proposed(store)
    event.listen(Engine, "before_cursor_execute", listen)
    try:
        made = commit(store, proposal)
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert len(made) == len(proposal.rows) > 7
    assert max(longest) <= 14
    assert_sound(store)


def test_day_seats_of_a_role_with_several_sessions_go_where_they_are_meant(
    database: Database,
) -> None:
    """Two chairs of one seat each, at the same time: two people get one each."""
    store = Store(database)
    clinic = Clinic().role("chair", service_id="chair")
    clinic.services.append(ward().services[0])
    for name in ("left", "right"):
        clinic.session(
            "08:00", "16:00", id=name, role_id="chair", kind="day", cell_minutes=None, capacity=1
        )
    for name in ("ann", "bob", "cyd"):
        clinic.request(name)
    store.load(clinic.dataset())
    proposal = proposed(store)
    assert Counter(row.session_id for row in proposal.rows) == {"left": 1, "right": 1}
    commit(store, proposal)
    assert_sound(store)


def test_bookings_during_the_solve_and_the_commit_never_overlap(store: Store) -> None:
    """Desks book while plans are made and committed again and again: each commit goes in whole
    or is refused, and nothing is ever promised twice.
    """
    stop, booked, outcomes = threading.Event(), list[str](), Counter[str]()

    def desk() -> None:
        for name in ("ann", "bob", "cyd", "dot", "eve", "fay"):
            for start in ("09:00", "09:30", "10:15"):
                try:
                    held = store.hold(f"{name}-visit", place("wide", start), 300, KEY).record.id
                    booked.append(store.book(held, KEY).record.id)
                except RefusalError as error:
                    outcomes[error.code] += 1
        stop.set()

    thread = threading.Thread(target=desk)
    thread.start()
    while not (is_over := stop.is_set()) or outcomes["committed"] == 0:
        proposal = proposed(store)
        some = replace(proposal, rows=proposal.rows[: 1 if not is_over else None])
        try:
            made = commit(store, some)
            booked += [row.record.id for row in made]
            outcomes["committed"] += 1
        except ChangedError:
            outcomes["refused"] += 1
    thread.join(60)
    there = {row.record.id for row in store.appointments(limit=1_000, status="booked").rows}
    assert there == set(booked)
    assert_sound(store)


def test_what_comes_between_judging_and_the_lock_is_seen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody books after the plan was judged and before it is alone."""
    proposal = proposed(store)
    request = str(proposal.rows[0].appointment.request_id)
    judge: Callable[..., object] = committing._judged
    judged = []

    def and_then_somebody_comes(*words: object, **options: object) -> object:
        found = judge(*words, **options)
        if not judged:
            judged.append(store.hold(request, DAY, 300, KEY))
        return found

    monkeypatch.setattr(committing, "_judged", and_then_somebody_comes)
    with pytest.raises(ChangedError) as caught:
        commit(store, proposal)
    assert [name for name, _ in caught.value.difference.placed] == [request]


@settings(max_examples=25)
@given(dataset=tiny_worlds())
def test_what_is_committed_is_judged_to_hold(
    dataset: Dataset, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Of any small world: what is exported afterwards breaks no rule that was not broken."""
    file = tmp_path_factory.mktemp("world") / "store.db"
    shutil.copy(sqlite_template, file)
    store = Store(open_database(f"sqlite:///{file}"))
    try:
        store.load(dataset)
        proposal = propose(store, quick, dataset.header.as_of)
        before = store.dataset()
        made = commit(store, proposal.draft)
        assert len(made) == proposal.result.plan.is_placed.sum()
        assert_sound(store, before)
    finally:
        store.close()


def test_the_command_books_only_when_told(tmp_path: Path) -> None:
    """Dry by default; then whole; what is exported is verified; and it says what it did."""
    write_dataset(ward().dataset(), tmp_path / "ward")
    url = "sqlite:///store.db"
    assert run_command(["load", "ward", "--store", url], tmp_path).code == 0
    words = ["match", "--store", url, "--as-of", MONDAY.isoformat(), "--deterministic", "--quiet"]
    dry = run_command(words, tmp_path)
    assert dry.code == 0, dry.stderr
    assert "nothing was booked: --commit books it" in dry.stdout
    plan = [*words, "--out", "plan.ndjson", "--commit", "--json"]
    done = run_command(plan, tmp_path)
    assert done.code == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["booked"]) >= 8
    assert told["against"] == []
    run_command(["export", "dataset", "--out", "after", "--store", url], tmp_path)
    assert run_command(["verify", "ward", "plan.ndjson"], tmp_path).code == 0
    again = run_command(words, tmp_path)
    assert again.code == 0, again.stderr


def test_the_command_refuses_what_makes_no_sense(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dataset and a store at once, neither, a moment without an offset, an empty store."""
    monkeypatch.delenv("SLOTMATCH_STORE", raising=False)
    for words in (["x.json", "--commit"], [], ["--store", "sqlite:///s.db", "--as-of", "now"],
                  ["--store", "sqlite:///s.db"]):  # fmt: skip
        done = run_command(["match", *words], tmp_path)
        assert done.code == 2, (words, done.stderr)


def test_the_command_says_what_stands_against_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr, row by row, with exit code 2."""
    write_dataset(ward().dataset(), tmp_path / "ward")
    url = "sqlite:///store.db"
    run_command(["load", "ward", "--store", url], tmp_path)
    from api.cli import store_matching

    def late(store: Store, draft: Draft) -> object:
        store.hold(str(draft.rows[0].appointment.request_id), DAY, 300, KEY)
        return commit(store, draft)

    monkeypatch.setattr(store_matching, "commit", late)
    words = ["match", "--store", url, "--as-of", MONDAY.isoformat(), "--quiet", "--commit"]
    done = run_command(words, tmp_path)
    assert done.code == 2
    assert "world_changed" in done.stderr
    assert "nothing was booked: the world has changed under the plan" in done.stdout
