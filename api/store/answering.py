"""Work that is done once for a client's key, however often it is asked for.

The answer is written in the transaction of the work: a crash leaves both or neither. A refusal is
taken back to a savepoint, and its answer is kept just the same.

What several threads want at the same time is done in one transaction, one after the other, each in
a savepoint of its own, and nobody hears of it before it is committed: a disk keeps some hundred
commits a second, of however many things each.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select, tuple_
from sqlalchemy.exc import DBAPIError

from api.store.errors import DatabaseError, RefusalError
from api.store.ledger import InTheWayError, Ledger
from api.store.store import Store
from api.store.tables import answer, secret
from api.store.together import Job, Together
from api.store.transaction import Transaction

KEPT_SECONDS = 24 * 3600
"""How long an answer is kept, by the database's clock."""


_MOST_TOGETHER = 16
_WAIT_SECONDS = 10.0

_SAME = and_(
    answer.c.client == bindparam("the_client"),
    answer.c.route == bindparam("the_route"),
    answer.c.key == bindparam("the_key"),
)
_WRITTEN = ("client", "route", "key", "fingerprint", "status", "headers", "body", "hold_id")


class OtherRequestError(RefusalError):
    """The key was used for something else."""

    code = "other_request"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks to be done once.

    Parameters
    ----------
    client
        Who asks.
    route
        What kind of request; a key is good for one of each.
    key
        Made up by the client.
    fingerprint
        Of all that makes the request what it is.
    """

    client: str
    route: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told to who asked.

    Parameters
    ----------
    status, headers, body
        As they are sent.
    hold_id
        The hold that it speaks of.
    is_replay
        Whether it was given before.
    """

    status: int
    headers: dict[str, str]
    body: str
    hold_id: str | None = None
    is_replay: bool = False


Work = Callable[[Transaction], Answer]
"""What is to be done, in a transaction."""

Refused = Callable[[RefusalError], Answer]
"""What is told of a refusal; whatever it raises leaves nothing of the transaction."""


@dataclass(frozen=True, slots=True)
class _Once:
    """Work that is to be done once."""

    asked: Asked
    work: Work
    refused: Refused


_Jobs = Sequence[Job[_Once, Answer]]


def part_of(tx: Transaction) -> Transaction:
    """A part that can be taken back alone, with a log of its own: in a savepoint, and finished."""
    public = {row.name: getattr(tx, row.name) for row in fields(tx) if row.name[0] != "_"}
    return Transaction(**public)


class Answering:
    """Does work in a store, and remembers its answers.

    Parameters
    ----------
    store
        Where.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        now = store.database.now
        self._find = select(answer, (answer.c.kept_until <= now).label("is_old")).where(
            tuple_(answer.c.client, answer.c.route, answer.c.key).in_(
                bindparam("asked", expanding=True)
            )
        )
        self._insert = insert(answer).values(
            kept_until=now + KEPT_SECONDS, **{name: bindparam(name) for name in _WRITTEN}
        )
        self._together = Together(self._all, self._alone, _MOST_TOGETHER, _WAIT_SECONDS)

    def once(self, asked: Asked, work: Work, refused: Refused) -> Answer:
        """Do some work, or tell again what came of it.

        Whoever asks for the same at the same time waits for the first.

        Raises
        ------
        OtherRequestError
            The key was used for something else.
        """
        return self._together.do(_key(asked), _Once(asked, work, refused))

    def plainly(self, client: str, work: Work, refused: Refused) -> Answer:
        """Do some work for a client who made up no key."""
        once = _Once(Asked(client, "", "", ""), work, refused)

        def do(connection: Connection) -> Answer:
            ledger = Ledger(self._store.database, connection)
            made = self._made(ledger, once, patient=True)
            ledger.write()
            return made

        return self._store.database.write(do)

    def of_hold(self, client: str, hold_id: str) -> str | None:
        """What a client was last told of a hold: a body."""
        query = select(answer.c.body).where(answer.c.client == client, answer.c.hold_id == hold_id)
        with self._store.database.reading() as connection:
            return connection.execute(query.limit(1)).scalar_one_or_none()

    def sweep(self) -> None:
        """Forget what was kept for long enough."""
        old = delete(answer).where(answer.c.kept_until <= self._store.database.now)
        self._store.database.write(lambda connection: connection.execute(old))

    def secret(self, name: str) -> bytes:
        """A secret of the store, the same for every process; made when first asked for."""

        def do(connection: Connection) -> str:
            self._store.database.lock(connection, [f"secret {name}"])
            query = select(secret.c.value).where(secret.c.name == name)
            found = connection.execute(query).scalar_one_or_none()
            if found is None:
                found = secrets.token_hex(32)
                connection.execute(insert(secret), [{"name": name, "value": found}])
            return str(found)

        return bytes.fromhex(self._store.database.write(do))

    def _alone(self, once: _Once) -> Answer:
        """Do one thing, and wait for whoever is in its way."""

        def do(connection: Connection) -> Answer:
            job: Job[_Once, Answer] = Job(None, once)
            self._write(connection, [job])
            if job.error is not None:
                raise job.error
            return cast("Answer", job.result)

        return self._store.database.write(do)

    def _all(self, jobs: _Jobs) -> None:
        """Do several things in one transaction; what others are in the way of is left undone."""
        written = []

        def do(connection: Connection) -> None:
            self._write(connection, jobs)
            written.append(True)

        try:
            self._store.database.write(do, tries=1)
        except DatabaseError:
            if written:  # it may be committed: whoever asks again with the same key is told
                raise
            for job in jobs:  # one of them may be to blame
                job.result = job.error = None

    def _write(self, connection: Connection, jobs: _Jobs) -> None:
        ledger = Ledger(self._store.database, connection)
        ledger.lock([" ".join(("answer", *_key(job.what.asked))) for job in jobs])
        earlier = self._earlier(connection, [job.what.asked for job in jobs])
        fresh = []
        for number, job in enumerate(jobs):
            row = earlier.get(_key(job.what.asked))
            try:
                if row is not None:
                    job.result = _told_again(row, job.what.asked)
                    continue
                job.result = self._made(ledger, job.what, patient=number == 0)
                fresh.append(job)
            except InTheWayError:
                continue
            except (DBAPIError, DatabaseError):
                raise
            except Exception as error:  # noqa: BLE001 it is for whoever asked for that
                job.error = error
        ledger.write()
        self._keep(connection, fresh)

    def _made(self, ledger: Ledger, once: _Once, *, patient: bool) -> Answer:
        client = once.asked.client
        tx = Transaction(ledger.database, ledger.connection, self._store.policy, client, ledger)
        try:
            with ledger.part(patient=patient):
                made = once.work(tx)
                tx.finish()
        except RefusalError as error:
            return once.refused(error)
        return made

    def _earlier(
        self, connection: Connection, asked: Sequence[Asked]
    ) -> dict[tuple[str, str, str], Row[Any]]:
        """Answers that were given, and are not too old."""
        keys = [_key(row) for row in asked]
        found = {}
        for row in connection.execute(self._find, {"asked": keys}):
            key = (row.client, row.route, row.key)
            if row.is_old:
                which = dict(zip(("the_client", "the_route", "the_key"), key, strict=True))
                connection.execute(delete(answer).where(_SAME), which)
            else:
                found[key] = row
        return found

    def _keep(self, connection: Connection, jobs: _Jobs) -> None:
        rows = [_answer_row(job.what.asked, cast("Answer", job.result)) for job in jobs]
        if rows:
            connection.execute(self._insert, rows if len(rows) > 1 else rows[0])


def _key(asked: Asked) -> tuple[str, str, str]:
    return asked.client, asked.route, asked.key


def _told_again(row: Row[Any], asked: Asked) -> Answer:
    """The answer that was given."""
    if row.fingerprint != asked.fingerprint:
        raise OtherRequestError("the key was used for another request")
    return Answer(row.status, json.loads(row.headers), row.body, row.hold_id, is_replay=True)


def _answer_row(asked: Asked, made: Answer) -> dict[str, Any]:
    return asdict(asked) | {
        "status": made.status,
        "headers": json.dumps(made.headers),
        "body": made.body,
        "hold_id": made.hold_id,
    }
