"""Work that is done once for a client's key, however often it is asked for.

The answer is written in the transaction of the work: a crash leaves both or neither. A refusal is
taken back to a savepoint, and its answer is kept just the same.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields

from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from api.store.errors import RefusalError
from api.store.store import Store
from api.store.tables import answer, secret
from api.store.transaction import Transaction

KEPT_SECONDS = 24 * 3600
"""How long an answer is kept, by the database's clock."""


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
        self._find = select(answer, (answer.c.kept_until <= now).label("is_old")).where(_SAME)
        self._insert = insert(answer).values(
            kept_until=now + KEPT_SECONDS, **{name: bindparam(name) for name in _WRITTEN}
        )

    def once(self, asked: Asked, work: Work, refused: Refused) -> Answer:
        """Do some work, or tell again what came of it.

        Whoever asks for the same at the same time waits for the first.

        Raises
        ------
        OtherRequestError
            The key was used for something else.
        """

        def do(connection: Connection) -> Answer:
            names = ["answer", asked.client, asked.route, asked.key]
            self._store.database.lock(connection, [" ".join(names)])
            earlier = self._earlier(connection, asked)
            if earlier is not None:
                return earlier
            made = self._made(connection, asked.client, work, refused)
            self._keep(connection, asked, made)
            return made

        return self._store.database.write(do)

    def plainly(self, client: str, work: Work, refused: Refused) -> Answer:
        """Do some work for a client who made up no key."""
        return self._store.database.write(lambda found: self._made(found, client, work, refused))

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

    def _made(self, connection: Connection, client: str, work: Work, refused: Refused) -> Answer:
        tx = Transaction(self._store.database, connection, self._store.policy, client)
        try:
            with connection.begin_nested():
                made = work(tx)
                tx.finish()
        except RefusalError as error:
            return refused(error)
        return made

    def _earlier(self, connection: Connection, asked: Asked) -> Answer | None:
        """The answer that was given, where it is not too old."""
        which = {"the_client": asked.client, "the_route": asked.route, "the_key": asked.key}
        row = connection.execute(self._find, which).one_or_none()
        if row is None:
            return None
        if row.is_old:
            connection.execute(delete(answer).where(_SAME), which)
            return None
        if row.fingerprint != asked.fingerprint:
            raise OtherRequestError("the key was used for another request")
        return Answer(row.status, json.loads(row.headers), row.body, row.hold_id, is_replay=True)

    def _keep(self, connection: Connection, asked: Asked, made: Answer) -> None:
        row = asdict(asked) | {
            "status": made.status,
            "headers": json.dumps(made.headers),
            "body": made.body,
            "hold_id": made.hold_id,
        }
        connection.execute(self._insert, row)
