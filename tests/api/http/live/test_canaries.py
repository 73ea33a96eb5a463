"""A database that fails over marked patients: the service repeats none of its words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from canaries import CANARIES, logged, marked, shown
from live import live, problem
from postgres_server import PostgresServer

from api.store.opening import open_database
from api.store.store import Store
from engine.interchange.dataset import dataset_from

REQUEST = CANARIES["request id"]
FAILS = """
CREATE OR REPLACE FUNCTION fail() RETURNS trigger AS $$ BEGIN
  RAISE EXCEPTION 'row %%', NEW USING ERRCODE = '{state}', DETAIL = 'Failing row: ' || NEW::text,
  HINT = NEW.request_id, TABLE = NEW.request_id, CONSTRAINT = NEW.request_id;
END $$ LANGUAGE plpgsql
"""
STATES = {
    "40001": "store-busy",  # a serialisation failure
    "40P01": "store-busy",  # a deadlock
    "57014": "store-busy",  # a statement took too long
    "55P03": "store-busy",  # a lock
    "53100": "store-full",  # the disk
    "53200": "store-failed",  # the memory
    "58030": "store-failed",  # reading or writing failed
    "23505": "store-failed",  # unique
    "23514": "store-failed",  # check
    "23502": "store-failed",  # not null
    "23P01": "store-failed",  # an overlap that we did not see
    "22P05": "store-failed",  # an encoding
    "22003": "store-failed",  # a number out of range
    "XX001": "store-failed",  # a damaged page
}


@pytest.fixture
def failing_store(postgres_server: PostgresServer, postgres_template: str) -> Iterator[Store]:
    """A store that cannot keep an appointment."""
    url = postgres_server.url(postgres_server.new_database(postgres_template))
    with closing(Store(open_database(url))) as store:
        store.load(dataset_from(marked(), None, "/")[0])
        _do(store, FAILS.format(state="XX000"))
        _do(store, "CREATE TRIGGER fails BEFORE INSERT OR UPDATE ON appointment "
                   "FOR EACH ROW EXECUTE FUNCTION fail()")  # fmt: skip
        yield store


def _do(store: Store, statement: str) -> None:
    store.database.write(lambda connection: connection.exec_driver_sql(statement))


def test_no_failure_of_the_database_is_told_or_logged_with_what_it_says(
    failing_store: Store,
) -> None:
    """Message, detail, hint, names: of fourteen failures of PostgreSQL none shows up."""
    as_of = failing_store.record("header").record.as_of
    with logged() as lines, live(failing_store, as_of=as_of) as desk:
        best = desk.found(REQUEST, 1)[0]
        where = {name: best[name] for name in ("role_id", "start", "end", "session_id")}
        for state, name in STATES.items():
            _do(failing_store, FAILS.format(state=state))
            answer = desk.post("/v1/holds", request_id=REQUEST, place=where)
            problem(answer, name)
            assert shown(answer.text + str(answer.headers)) == [], state
    assert lines.getvalue().count('"status": 503') == len(STATES)
    assert shown(lines.getvalue()) == []
