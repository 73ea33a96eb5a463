"""What is left of a patient who is forgotten: nothing; on either database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from clinic import at
from commands import run_command
from sqlalchemy import select, update
from ward import ward

from api.store.access_tables import audit_body
from api.store.answering import Answer, Answering, Asked
from api.store.auditing import verify
from api.store.database import Database
from api.store.errors import NotThereError, RefusalError, StillPromisedError
from api.store.forgetting import forget
from api.store.placing import Place
from api.store.sqlite import Sqlite
from api.store.store import Store
from api.store.tables import appointment, metadata
from engine.checks import check_dataset
from engine.domain import Patient, Request
from engine.interchange.dataset import write_dataset

SECRETS = ("ann", "Geheim", "06604", "1970-01-02", "kin-of-ann", "0d3f-wish")
PATIENT = Patient(
    id="ann", home=None, birth_date=None, family_id="kin-of-ann", groups={"area": "Geheim"}
)


def told(database: Database) -> str:
    """Everything in every table, as text; but digests and salts, where any letters may stand."""
    found = []
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            columns = [c for c in table.c if c.name not in ("salt", "link", "subject", "secret")]
            if table.name == "audit":
                columns = [table.c.number, table.c.actor, table.c.action, table.c.kind]
            found += [str(tuple(row)) for row in connection.execute(select(*columns))]
    return "\n".join(found)


def told_once(store: Store, key: str, body: str) -> None:
    """Have an answer kept for a client."""
    asked = Asked("desk", "POST /v1/holds", key, "print")
    Answering(store).once(asked, lambda _: Answer(201, {}, body), refused)


def refused(error: RefusalError) -> Answer:
    """Nothing is, here."""
    raise error


@pytest.fixture
def past(database: Database) -> Store:
    """Visits of a day that is over, and a second request of the patient's that waits."""
    store = Store(database)
    clinic = ward()
    clinic.appointment("09:00", "09:15", request="ann-visit", id="ann-monday", source="0d3f-wish")
    clinic.appointment("09:15", "09:30", request="bob-visit", id="bob-monday")
    clinic.appointment("12:00", "12:15", request="ann-scan", id="ann-errand")
    clinic.request("ann-later", "ann").link("ann-visit", "bob-visit", "ann-later")
    clinic.links[0] = replace(clinic.links[0], id="ann-and-bob")
    store.load(clinic.dataset())
    store.by("desk").put("patients", PATIENT)
    return store


def test_nothing_names_the_person_afterwards(past: Store) -> None:
    """Records, appointments, what they occupy, changes, bodies of the audit: all of every table."""
    assert "kin-of-ann" in told(past.database)
    gone = past.hold("ann-later", Place("wide", at("10:00"), at("10:15")), 300, "k").record.id
    past.cancel(gone, "pat: ann moved away", "k")
    for number, said in enumerate((gone, "ann-later", "bob-visit")):
        told_once(past, f"key-{number}", f'{{"of": "{said}"}}')
    found = forget(past.by("admin"), "ann")
    assert (found.requests, found.appointments, found.kept) == (1, 1, 2)
    assert found.erased >= 3
    left = told(past.database)
    for secret in (*SECRETS, gone):
        assert not re.search(rf"\b{secret}", left), secret
    assert "bob-visit" in left


def test_what_is_left_is_a_dataset_in_which_the_visit_was(past: Store) -> None:
    """It keeps its time and its doctor, and its patient is nobody."""
    before = past.dataset()
    forget(past, "ann")
    after = past.dataset()
    assert not [row for row in check_dataset(after).problems if row.is_error]
    assert len(after.patients) == len(before.patients)
    assert len(after.requests) == len(before.requests) - 1
    visits = [{(row.role_id, row.start, row.end, row.status) for row in some.appointments}
              for some in (before, after)]  # fmt: skip
    assert visits[0] == visits[1]
    (nobody,) = [row for row in after.patients if row.id.startswith("forgotten-")]
    assert nobody == Patient(id=nobody.id)
    assert {row.patient_id for row in after.requests} <= {row.id for row in after.patients}


def test_the_audit_stays_whole_and_says_that_it_was_done(past: Store) -> None:
    """Bodies are gone, links are not; a body that somebody removes besides is still found."""
    rows = verify(past.database).head.number
    found = forget(past.by("admin"), "ann")
    verdict = verify(past.database)
    assert (verdict.num_faults, verdict.num_erased) == (0, found.erased)
    assert verdict.head.number == rows + 1
    with pytest.raises(NotThereError):
        forget(past, "ann")
    past.database.write(
        lambda c: c.execute(update(audit_body).where(audit_body.c.number == rows + 1)
                            .values(after='{"erased": [1, 2]}'))
    )  # fmt: skip
    assert verify(past.database).num_faults


def test_what_is_not_over_has_to_be_cancelled_first(past: Store) -> None:
    """It is said which; nothing is changed meanwhile; a hold that is over is no promise."""
    held = past.hold("ann-later", Place("wide", at("10:00"), at("10:15")), 300, "k").record.id
    booked = past.hold("cyd-scan", Place("wide", at("10:00"), at("10:15")), 300, "k").record.id
    before = told(past.database)
    with pytest.raises(StillPromisedError, match=held) as caught:
        forget(past, "ann")
    assert caught.value.ids == (held,)
    assert told(past.database) == before
    late = update(appointment).values(held_until=1).where(appointment.c.id.in_([held, booked]))
    past.database.write(lambda connection: connection.execute(late))
    assert forget(past, "ann").appointments == 1
    coming = int((past.now() + timedelta(days=1)).timestamp())
    later = update(appointment).where(appointment.c.id == "bob-monday").values(end=coming)
    past.database.write(lambda connection: connection.execute(later))
    with pytest.raises(StillPromisedError, match="bob-monday"):
        forget(past, "bob")


def test_who_never_came_leaves_nobody(past: Store) -> None:
    """Without a visit there is nothing to be kept."""
    before = past.dataset()
    assert forget(past, "eve").kept == 0
    after = past.dataset()
    assert len(after.patients) == len(before.patients) - 1
    assert len(after.requests) == len(before.requests) - 2


def test_whoever_reads_on_reads_everything_anew(past: Store) -> None:
    """The log of changes names no id of before."""
    since = past.last_change()
    forget(past, "ann")
    assert [(row.kind, row.id) for row in past.changes(since)] == [("dataset", "")]
    assert not [row for row in past.changes() if "ann" in row.id]


def test_nothing_is_left_in_the_file(tmp_path: Path) -> None:
    """Nor in what lies beside it: pages that are free are written anew, the log is empty."""
    clinic = ward()
    clinic.appointment("09:00", "09:15", request="ann-visit", id="canary-monday")
    write_dataset(clinic.dataset(), tmp_path / "data")
    assert run_command(["load", "data"], tmp_path).code == 0
    store = Store(Sqlite(tmp_path / "slotmatch.db"))
    for number in range(50):
        groups = {"area": f"canary-{number}"}
        store.put("patients", Patient(id="ann", groups=groups))
        store.put("requests", changed(store.record("requests", "ann-scan").record, number))
    store.close()
    assert b"canary-7" in files(tmp_path)
    done = run_command(["forget", "ann"], tmp_path)
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("forgotten: 1 requests and 0 appointments are gone; 1 visits")
    assert b"canary" not in files(tmp_path)
    assert b"ann-scan" not in files(tmp_path)
    assert run_command(["audit", "verify"], tmp_path).code == 0
    again = run_command(["forget", "ann"], tmp_path)
    assert (again.code, "there is no patients/'ann'" in again.stderr) == (2, True)


def changed(request: Request, number: int) -> Request:
    """The request as somebody wants it anew."""
    return replace(request, specialty=f"canary-{number}")


def files(folder: Path) -> bytes:
    """All bytes of a store."""
    return b"".join(path.read_bytes() for path in folder.glob("slotmatch.db*"))
