"""Keys in the store, the same on either database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from api.scopes import SCOPES, allows
from api.store.access_tables import access_key
from api.store.database import Database
from api.store.errors import NotThereError
from api.store.keys import Keys
from api.store.secret import digest_of, id_of, is_key, new_key
from engine.errors import InvalidInputError

STRONG = "sm_frontdesk_" + "q8Zr2LmX0pVbT5yKcN7wHs4DfG1jA9eU"


def test_only_the_digest_of_a_key_is_kept(database: Database) -> None:
    """Its secret stands in no column; the key that was printed has the digest."""
    keys = Keys(database)
    made = keys.create("front desk", ["book"])
    _, (key,) = keys.all()
    assert (key.id, key.name, key.scopes) == (id_of(made), "front desk", ("book",))
    assert is_key(made, key.digest)
    with database.reading() as connection:
        row = connection.execute(select(access_key).where(access_key.c.id == key.id)).one()
    assert made.rpartition("_")[2] not in str(tuple(row))
    assert row.digest == digest_of(made)


def test_keys_are_drawn_with_160_bits() -> None:
    """Forty digits of sixteen, none twice; another key, or none, has not the digest."""
    drawn = {new_key()[1] for _ in range(1_000)}
    assert len(drawn) == 1_000
    one, other = list(drawn)[:2]
    assert len(one.rpartition("_")[2]) == 40
    assert not is_key(one, digest_of(other))
    assert not is_key(one, None)


def test_a_key_that_was_revoked_or_is_over_is_not_valid(database: Database) -> None:
    """By the database's clock; to revoke it again changes nothing."""
    keys = Keys(database)
    keys.create("for a day", ["read"], timedelta(days=1))
    now, (key,) = keys.all()
    assert key.holds_at(now)
    assert not key.holds_at(now + timedelta(days=1))
    revoked = keys.revoke(key.id)
    assert not revoked.holds_at(now)
    earlier = update(access_key).where(access_key.c.id == key.id).values(revoked=1)
    database.write(lambda connection: connection.execute(earlier))
    assert keys.revoke(key.id).revoked != revoked.revoked
    with pytest.raises(NotThereError, match="there is no key 'none'"):
        keys.revoke("none")


@pytest.mark.parametrize(
    "given",
    [
        "password",
        "sm_frontdesk_short",
        "sm_short_" + "a1" * 20,
        "sm_frontdesk_" + "a1b2" * 10,
        "sm_frontdesk_" + "0" * 40,
        "sm_frontdesk_" + "0123456789abcdef" * 2,
        "sm_frontdesk_" + "aaaaaaaaaaaaaaaa0123456789bcdefgh",
        STRONG + "é",
    ],
)
def test_a_weak_key_is_refused_without_being_said(database: Database, given: str) -> None:
    """Too short, too few signs, one of them too often, or the same again and again."""
    with pytest.raises(InvalidInputError) as caught:
        Keys(database).create("by hand", ["read"], given=given)
    assert caught.value.problems[0].code == "weak_key"
    assert given not in str(caught.value)


def test_a_key_made_elsewhere_is_taken_once(database: Database) -> None:
    """Its id is then taken, whatever the secret."""
    keys = Keys(database)
    assert keys.create("by hand", ["read"], given=STRONG) == STRONG
    with pytest.raises(InvalidInputError, match="another key"):
        keys.create("again", ["read"], given=STRONG)


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("a\nb", ["read"]), ("a", [])])
def test_a_key_has_a_name_and_a_scope(database: Database, name: str, scopes: list[str]) -> None:
    """Without one it would open nothing, or be nobody's."""
    with pytest.raises(InvalidInputError):
        Keys(database).create(name, scopes)  # type: ignore[arg-type]


def test_each_scope_allows_what_those_before_it_do() -> None:
    """The whole table, two by two."""
    names = list(SCOPES)
    for has in names:
        for needed in names:
            assert allows([has], needed) is (names.index(has) >= names.index(needed))
    assert not allows([], "read")
    assert not allows(["other"], "read")
