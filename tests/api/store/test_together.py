"""What several want at the same time is done in one go, and each hears of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from ward import place

from api.store import auditing, placing
from api.store.answering import Answer, Answering, Asked, _Once
from api.store.database import Database
from api.store.errors import BusyError, DatabaseError, RefusalError
from api.store.store import Store
from api.store.together import Job, Together
from api.store.transaction import Transaction

KEY = "desk"


def gathered(together: Together[str, str], wanted: list[tuple[str, str]]) -> list[str]:
    """What became of each, where all wait for the first, which is ``wait``."""
    found, threads = [""] * len(wanted), []

    def ask(number: int, key: str, what: str) -> None:
        try:
            found[number] = together.do(key, what)
        except Exception as error:  # noqa: BLE001 it is what is asked for
            found[number] = type(error).__name__

    for number, (key, what) in enumerate(wanted):
        threads.append(threading.Thread(target=ask, args=(number, key, what)))
        threads[-1].start()
        while number and len(together._waiting) < number:
            threads[0].join(0.001)
    GO.set()
    for thread in threads:
        thread.join(10)
    return found


GO = threading.Event()


def doing(log: list[list[str]]) -> Callable[[list[Job[str, str]]], None]:
    """Does jobs in one go: a word that begins with ``bad`` spoils all, ``alone`` is left."""

    def every(jobs: list[Job[str, str]]) -> None:
        log.append([job.what for job in jobs])
        if jobs[0].what == "wait":
            GO.wait(10)
        if any(job.what.startswith("bad") for job in jobs):
            raise DatabaseError("some")
        for job in jobs:
            if job.what != "alone":
                job.result = job.what.upper()

    return every


def test_who_comes_meanwhile_is_served_in_one_go() -> None:
    """In the order of coming, each key once at a time, and no more than so many."""
    GO.clear()
    log: list[list[str]] = []
    together = Together(doing(log), str.title, 3, 10.0)
    wanted = [("0", "wait"), ("1", "a"), ("1", "b"), ("2", "c"), ("3", "alone"), ("4", "d")]
    assert gathered(together, wanted) == ["WAIT", "A", "B", "C", "Alone", "D"]
    assert log == [["wait"], ["a", "c", "alone"], ["b", "d"]]


def test_what_spoils_the_whole_is_told_to_all_of_it() -> None:
    """Nobody waits for ever, and the next go is good again."""
    GO.clear()
    log: list[list[str]] = []
    together = Together(doing(log), str.title, 2, 10.0)
    wanted = [("0", "wait"), ("1", "bad"), ("2", "b"), ("3", "c")]
    assert gathered(together, wanted) == ["WAIT", "DatabaseError", "DatabaseError", "C"]


def test_who_waits_too_long_is_told() -> None:
    """And is not served later."""
    GO.clear()
    log: list[list[str]] = []
    together = Together(doing(log), str.title, 2, 0.05)
    first = threading.Thread(target=together.do, args=("0", "wait"))
    first.start()
    while not log:
        first.join(0.001)
    with pytest.raises(BusyError, match="no turn"):
        together.do("1", "a")
    GO.set()
    first.join(10)
    assert log == [["wait"]]


def job(name: str, work: Callable[[Transaction], Answer]) -> Job[_Once, Answer]:
    """Something to be done once, of which a refusal is an answer."""

    def refused(error: RefusalError) -> Answer:
        return Answer(409, {}, error.code)

    return Job(None, _Once(Asked(KEY, "POST /v1/holds", name, name), work, refused))


def holding(name: str, start: str) -> Job[_Once, Answer]:
    """A hold."""

    def work(tx: Transaction) -> Answer:
        made = placing.hold(tx, f"{name}-visit", place("role", start), 300, KEY)
        return Answer(201, {}, made.record.id)

    return job(f"{name} {start}", work)


def raising(error: Exception) -> Job[_Once, Answer]:
    """Something that takes a place, and then fails."""

    def work(tx: Transaction) -> Answer:
        placing.hold(tx, "fay-visit", place("role", "10:30"), 300, KEY)
        tx.finish()
        raise error

    return job("raising", work)


def test_parts_of_one_transaction_stand_alone(store: Store) -> None:
    """One is refused for what another has just got; one fails, and leaves nothing; all others are
    done, their answers kept, and the audit has a row for each.
    """
    jobs = [
        holding("ann", "09:00"),
        holding("bob", "09:00"),
        raising(ValueError("mistake")),
        holding("cyd", "09:15"),
    ]
    answering = Answering(store)
    last = auditing.head(store.database).number
    answering._all(jobs)
    assert [job.result and job.result.status for job in jobs] == [201, 409, None, 201]
    assert isinstance(jobs[2].error, ValueError)
    held = {row.record.request_id for row in store.appointments(status="held").rows}
    assert held == {"ann-visit", "cyd-visit"}
    verdict = auditing.verify(store.database)
    assert (verdict.faults, verdict.head.number) == ([], last + 2)
    again = [holding("ann", "09:00"), holding("bob", "09:00")]
    answering._all(again)
    assert [job.result and (job.result.status, job.result.is_replay) for job in again] == [
        (201, True),
        (409, True),
    ]


def test_one_that_the_database_refuses_does_no_harm_to_others(store: Store) -> None:
    """Then each is done by itself, and that one fails alone."""
    jobs = [holding("ann", "09:00"), raising(DatabaseError("some")), holding("cyd", "09:15")]
    answering = Answering(store)
    answering._all(jobs)
    assert all(job.result is None and job.error is None for job in jobs)
    assert not store.appointments().rows
    assert answering._alone(jobs[0].what).status == 201
    with pytest.raises(DatabaseError):
        answering._alone(jobs[1].what)
    assert answering._alone(jobs[2].what).status == 201


def test_only_the_first_waits_for_others(postgres_database: Database, store: Store) -> None:
    """What somebody else has locked is left for later: two who do many things at once wait for
    each other in no circle.
    """
    if store.database is not postgres_database:
        pytest.skip("SQLite has one writer")
    locked, go_on = threading.Event(), threading.Event()

    def keep(tx: Transaction) -> None:
        tx.lock(["request bob-visit"])
        locked.set()
        go_on.wait(10)

    thread = threading.Thread(target=store.run, args=(keep,))
    thread.start()
    assert locked.wait(5)
    jobs = [holding("ann", "09:00"), holding("bob", "09:15"), holding("cyd", "09:30")]
    Answering(store)._all(jobs)
    go_on.set()
    thread.join(10)
    assert [job.result and job.result.status for job in jobs] == [201, None, 201]
    assert jobs[1].error is None
