"""Plans that wait to be committed: kept for an hour, for whoever had them made.

They stand in the store, so that they outlive the process that made them, and any process that
shares the store can commit them.
"""

from __future__ import annotations

from sqlalchemy import and_, delete, insert, select, update

from api.store.errors import CommittedError, NoPlanError
from api.store.planned import Draft
from api.store.store import Store
from api.store.tables import plan
from api.store.transaction import Transaction

KEPT_SECONDS = 3600
"""How long a plan can be committed, by the database's clock."""

MOST_KEPT = 16
"""Plans of one client; of more, the oldest go."""


def keep(store: Store, client: str, id: str, draft: str) -> None:
    """Keep a plan; ``draft`` is the text of a ``Draft``."""

    def work(tx: Transaction) -> None:
        row = {"id": id, "client": client, "body": draft}
        until = store.database.now + KEPT_SECONDS
        tx.connection.execute(insert(plan).values(row | {"kept_until": until}))
        theirs = select(plan.c.id).where(plan.c.client == client)
        newest = theirs.order_by(plan.c.kept_until.desc(), plan.c.id).limit(MOST_KEPT)
        kept = tx.connection.execute(newest).scalars().all()
        others = and_(plan.c.client == client, plan.c.id.not_in({id, *kept}))
        tx.connection.execute(delete(plan).where(others))

    store.run(work)


def find(store: Store, client: str, id: str) -> Draft | None:
    """A plan that is to be committed; ``None``: there is none, or it was committed."""
    is_theirs = and_(plan.c.id == id, plan.c.client == client, plan.c.committed.is_(None))
    with store.database.reading() as connection:
        body = connection.execute(select(plan.c.body).where(is_theirs)).scalar_one_or_none()
    return None if body is None else Draft.read(body)


def take(tx: Transaction, client: str, id: str) -> None:
    """Say that a plan is committed, by this transaction and no other.

    Raises
    ------
    NoPlanError
        There is none of this client, or not any more.
    CommittedError
        It was committed before.
    """
    tx.database.lock(tx.connection, [f"plan {id}"])
    is_theirs = and_(plan.c.id == id, plan.c.client == client)
    is_over = (plan.c.kept_until <= tx.database.now).label("is_over")
    query = select(plan.c.committed, is_over).where(is_theirs)
    row = tx.connection.execute(query).one_or_none()
    if row is None or (row.committed is None and row.is_over):
        raise NoPlanError("there is no such plan")
    if row.committed is not None:
        raise CommittedError("it was committed before")
    now = {"committed": tx.database.now, "body": ""}
    tx.connection.execute(update(plan).where(is_theirs).values(now))


def sweep(store: Store) -> None:
    """Forget what was kept for long enough."""
    old = delete(plan).where(plan.c.kept_until <= store.database.now)
    store.database.write(lambda connection: connection.execute(old))
