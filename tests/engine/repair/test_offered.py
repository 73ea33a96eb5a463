"""What was offered, read back from what was written of it."""

from __future__ import annotations

import json

import pytest
from repairs import CLOSED, LIMITS, chain, mended

from engine.errors import AnswerError
from engine.repair.account import Account, Wanted
from engine.repair.answers import Accepted
from engine.repair.content import repair_content
from engine.repair.negotiation import settled
from engine.repair.offered import read_offered


def test_answers_mean_the_same_as_to_what_was_found() -> None:
    """The dataset after them is the same: who has a place, who waits, and for whom."""
    dataset = chain().dataset()
    account = Account.of(mended(chain(), CLOSED, most=3), Wanted(3), LIMITS)
    raw = json.dumps(repair_content(account) | {"warnings": []}).encode()
    offer = read_offered(raw)
    assert offer.path == "repair/frontier/1"
    for names in (["ann"], ["bob"], ["cid"], ["bob", "cid"], ["ann", "bob", "cid"]):
        answers = [Accepted(appointment_id=name, option=1) for name in names]
        theirs = settled(dataset, account.ledgers[-1], account.menus[-1], answers)
        assert settled(dataset, offer.ledger, offer.menus, answers) == theirs


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{", "not_json"),
        (b"[]", "wrong_type"),
        (b"{}", "missing_field"),
        (b'{"frontier": 3}', "wrong_type"),
    ],
)
def test_what_is_no_answer_of_a_repair_is_refused(raw: bytes, code: str) -> None:
    """With what is wrong, and where."""
    with pytest.raises(AnswerError) as caught:
        read_offered(raw, "repair.json")
    assert code in {row.code for row in caught.value.problems}
    assert all(row.path.startswith("repair.json") for row in caught.value.problems)


def test_an_answer_without_a_plan_offers_nothing() -> None:
    """A repair has one point at least; what has none was not written by one."""
    content = repair_content(Account.of(mended(chain(), CLOSED), Wanted(), LIMITS)) | {
        "frontier": []
    }
    with pytest.raises(AnswerError) as caught:
        read_offered(json.dumps(content).encode(), "repair.json")
    assert [(row.code, row.path) for row in caught.value.problems] == [
        ("missing_field", "repair.json/frontier")
    ]
