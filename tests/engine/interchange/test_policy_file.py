"""Policies as TOML."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from engine.errors import PolicyError
from engine.fairness import Fairness
from engine.interchange.canonical import policy_hash
from engine.interchange.policy_file import policy_content, policy_from, read_policy, write_policy
from engine.policy import RULES, Policy, parameter_fields
from engine.urgency import Standard


def refused(text: str) -> list[tuple[str, str]]:
    """Code and path of every problem of a policy."""
    with pytest.raises(PolicyError) as caught:
        read_policy(text.encode())
    return [(problem.code, problem.path) for problem in caught.value.problems]


def test_default_policy_survives_the_file() -> None:
    """Written and read back, nothing changes; the hash stays the same."""
    policy = Policy.default()
    assert policy_content(read_policy(write_policy(policy).encode())) == policy_content(policy)
    assert policy_hash(read_policy(write_policy(policy).encode())) == policy_hash(policy)


def test_a_policy_that_an_editor_marked_as_utf_8_is_read() -> None:
    """The byte order mark that some editors write is no part of it; other encodings are told."""
    marked = b"\xef\xbb\xbf[rules.wait]\ndays_per_day = 2"
    assert policy_content(read_policy(marked))["rules"]["wait"]["days_per_day"] == 2
    with pytest.raises(PolicyError) as caught:
        read_policy("[rules.wait]".encode("utf-16"))
    assert [problem.code for problem in caught.value.problems] == ["not_utf8"]


def test_every_default_is_tagged_cited_or_assumed() -> None:
    """No parameter of any rule, and of no gap, has a default that nobody answers for."""
    for rule in (*RULES.values(), Fairness):
        for field in parameter_fields(rule):
            assert field.metadata["basis"] in ("cited", "assumed")
            assert field.metadata["source"]
    text = write_policy(Policy.default())
    assert "default cited: Gerard" in text
    assert "default assumed" in text


def test_changed_policy_survives_the_file() -> None:
    """Parameters, rules switched off, own classes and standards come back."""
    text = """
    [urgencies]
    now = {hours = 1}
    later = {working_days = 3}
    [by_visit_type.check]
    later = {hours = 400}
    [fairness]
    share_gap = 0.2
    [rules.wait]
    days_per_day = 2
    [rules.language]
    enabled = false
    """
    policy = read_policy(text.encode())
    again = read_policy(write_policy(policy).encode())
    assert policy_content(again) == policy_content(policy)
    assert again.fairness == Fairness(share_gap=0.2)
    assert policy.levels[:2] == ("unplaced_now", "unplaced_later")
    assert "language" not in {rule.name for rule in policy.rules}
    assert policy.urgencies.by_visit_type["check"]["later"] == Standard(hours=400)


def test_whole_numbers_are_numbers() -> None:
    """5 and 5.0 are one policy, with one hash."""
    whole, fraction = ({"rules": {"other_doctor": {"days": d}}} for d in (5, 5.0))
    assert policy_hash(policy_from(whole)) == policy_hash(policy_from(fraction))
    assert policy_hash(policy_from(whole)) == policy_hash(Policy.default())


def test_order_of_classes_is_part_of_the_hash() -> None:
    """Which class comes first decides answers."""
    first = {"urgencies": {"a": {"hours": 1}, "b": {"hours": 2}}}
    second = {"urgencies": {"b": {"hours": 2}, "a": {"hours": 1}}}
    assert policy_hash(policy_from(first)) != policy_hash(policy_from(second))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[rules.wiat]", ("unknown_rule", "policy/rules/wiat")),
        ("[rules.wait]\ndays_per_wek = 1", ("bad_parameter", "policy/rules/wait/days_per_wek")),
        ("[rules.wait]\ndays_per_day = -1", ("bad_parameter", "policy/rules/wait/days_per_day")),
        ("[rules.wait]\ndays_per_day = 'x'", ("bad_parameter", "policy/rules/wait/days_per_day")),
        ("[rules.wait]\ndays_per_day = nan", ("bad_parameter", "policy/rules/wait/days_per_day")),
        ("[rules.wait]\nenabled = 1", ("wrong_type", "policy/rules/wait/enabled")),
        ("[rules.wiat]\nenabled = false", ("unknown_rule", "policy/rules/wiat")),
        ("rules = 3", ("wrong_type", "policy/rules")),
        ("[wait]", ("unknown_field", "policy/wait")),
        ("schema = 'slotmatch.policy/9'", ("wrong_value", "policy/schema")),
        ("[urgencies]\na = {}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {hours = 1, working_days = 1}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {hours = -1}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {hours = 1.5}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {hours = true}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {hours = inf}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {hours = 9000000000}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {working_days = 0}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {working_days = 2000}", ("bad_parameter", "policy/urgencies/a")),
        ("[seats]\noverbooking = 0.6", ("bad_parameter", "policy/seats/overbooking")),
        ("[fairness]\nshare_gap = 2", ("bad_parameter", "policy/fairness/share_gap")),
        ("[fairness]\nleast_members = 1.5", ("bad_parameter", "policy/fairness/least_members")),
        ("fairness = 1", ("wrong_type", "policy/fairness")),
        ("[seats]\nchairs = 1", ("bad_parameter", "policy/seats/chairs")),
        ("[urgencies]\na = {hours = 'x'}", ("bad_parameter", "policy/urgencies/a")),
        ("[urgencies]\na = {weeks = 1}", ("bad_parameter", "policy/urgencies/a")),
        (
            "[by_visit_type.v]\nwhenever = {hours = 1}",
            ("unknown_urgency", "policy/by_visit_type/v/whenever"),
        ),
        ("not toml", ("not_toml", "policy")),
        ("a = " + "[" * 100_000, ("not_toml", "policy")),
        ("a = " + "9" * 5_000, ("not_toml", "policy")),
    ],
)
def test_mistakes_have_codes_and_paths(text: str, expected: tuple[str, str]) -> None:
    """Each mistake is named where it stands."""
    assert refused(text) == [expected]


def test_all_mistakes_are_found_in_one_pass() -> None:
    """Several at once are several problems."""
    text = "x = 1\n[urgencies]\na = {}\n[rules.wiat]\n[rules.travel]\nfree_km = -1\n"
    fairness = "[fairness]\nshare_gap = 2\ndays_gap = -1\nleast = 3"
    assert len(refused(text + fairness)) == 7


def test_printed_policy_is_toml_with_every_rule() -> None:
    """What is printed parses, and names every rule."""
    parsed: dict[str, Any] = tomllib.loads(write_policy(Policy.default()))
    assert set(parsed["rules"]) == set(RULES)


def test_every_bad_parameter_of_a_rule_is_told() -> None:
    """Two mistakes in one rule are two problems, each with its value."""
    with pytest.raises(PolicyError) as caught:
        read_policy(b"[rules.travel]\ndays_per_km = -1\nfree_km = -2")
    assert [(p.path, p.value) for p in caught.value.problems] == [
        ("policy/rules/travel/days_per_km", "-1"),
        ("policy/rules/travel/free_km", "-2"),
    ]


def test_another_standard_for_a_usual_class_leaves_the_others() -> None:
    """Who names one of the usual classes keeps the rest; a class of one's own replaces them."""
    policy = read_policy(b"[urgencies.urgent]\nhours = 24")
    assert policy.urgencies.names == Policy.default().urgencies.names
    assert policy.urgencies.standards["urgent"].hours == 24
    own = read_policy(b"[urgencies.now]\nhours = 1\n[urgencies.later]\nworking_days = 3")
    assert own.urgencies.names == ("now", "later")
