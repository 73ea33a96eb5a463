"""YAML as plain values: nothing is guessed, and what is not read is refused with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.problems import Report
from scenarios.scenario_file.yaml_text import MAX_YAML_BYTES, YamlText, parse_yaml

LETTERS = st.text(max_size=20)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | LETTERS,
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(LETTERS, parts, max_size=4),
    max_leaves=12,
)


def parsed(text: str | bytes) -> tuple[YamlText | None, list[tuple[str, str]]]:
    """What a text says, and what is wrong with it."""
    report = Report()
    raw = text.encode() if isinstance(text, str) else text
    return parse_yaml(raw, "file", report), [(row.code, row.path) for row in report.problems]


def content(text: str | bytes) -> Any:
    """What a text says that has nothing wrong."""
    read, wrong = parsed(text)
    assert not wrong
    assert read is not None
    return read.content


def wrong(text: str | bytes) -> list[tuple[str, str]]:
    """Code and place of everything that is wrong with a text."""
    return parsed(text)[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("-3", -3),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("!!str 5", "5"),
        ("!!int 5", 5),
        ("'5'", "5"),
    ],
)
def test_what_looks_like_a_value_is_one(text: str, value: object) -> None:
    """Numbers in decimals, true and false, and nothing."""
    read = content(f"a: {text}")["a"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("on", "off", "yes", "no", "Y"),
        *("2026-03-02", "2026-03-02T09:00:00-05:00", "9:30", "09:30"),
        *("06103", "0x1f", "0o17", "1_000", ".inf", ".nan", "1.2.3", "=", "<<"),
    ],
)
def test_what_other_readers_guess_stays_text(text: str) -> None:
    """Switches, dates, clock times, postal codes and other bases are the text that stands there."""
    assert content(f"{text}: {text}") == {text: text}


def test_keys_are_the_text_that_stands_there() -> None:
    """A number or ``on`` as a key is no number and no truth."""
    assert content("1: a\non: b\nnull: c") == {"1": "a", "on": "b", "null": "c"}


def test_every_value_has_its_line() -> None:
    """Counted from 1; what is not in the text is where that is which would hold it."""
    read, _ = parsed("# first\na:\n  - b: 1\n\n  - c: [1,\n     2]\n")
    assert read is not None
    lines = read.lines
    assert dict(lines.line_of) == {
        "": 2,
        "/a": 2,
        "/a/0": 3,
        "/a/0/b": 3,
        "/a/1": 5,
        "/a/1/c": 5,
        "/a/1/c/0": 5,
        "/a/1/c/1": 6,
    }
    assert lines.located("/a/0/missing/part") == "file:3/a/0/missing/part"
    assert lines.located("/missing") == "file:2/missing"
    empty, _ = parsed("")
    assert empty is not None
    assert (empty.content, empty.lines.located("/name")) == (None, "file:1/name")


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (b"\xff\xfea", "not_utf8", "file"),
        (b"a: \x00", "not_yaml", "file"),
        ("a: [1\n", "not_yaml", "file:2"),
        ("a:\n\t- b", "not_yaml", "file:2"),
        ("a: b: c", "not_yaml", "file:1"),
        ("a: &x 1\nb: *x", "not_yaml", "file:2"),
        ("a: &x [*x]", "not_yaml", "file:1"),
        ("--- 1\n--- 2", "not_yaml", "file:2"),
        ('a: "\\U00110000"', "not_yaml", "file"),
        ("[" * 1_000, "not_yaml", "file:1"),
        ("- " * 1_000, "not_yaml", "file:1"),
        ("x" * (MAX_YAML_BYTES + 1), "too_large", "file"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str | bytes, code: str, path: str) -> None:
    """Whole texts: not UTF-8, no YAML, more than one, nested or repeated without end."""
    assert parsed(text) == (None, [(code, path)])


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("a: 1\nb: 2\na: 3", "duplicate_key", "file:3/a"),
        ("a: !!python/object:os.system x", "not_yaml", "file:1/a"),
        ("a: !!binary eA==", "not_yaml", "file:1/a"),
        ("a: !!set {x}", "not_yaml", "file:1/a"),
        ("a: !own [1]", "not_yaml", "file:1/a"),
        ("a: !!int x", "not_yaml", "file:1/a"),
        ("b: 1\n? [a]\n: 1", "not_yaml", "file:1"),
        ("a: 1e999", "not_finite", "file:1/a"),
        ("a: " + "9" * 5_000, "out_of_range", "file:1/a"),
        ('a: "\\ud800"', "bad_text", "file:1/a"),
    ],
)
def test_what_is_wrong_with_one_value_leaves_the_rest(text: str, code: str, path: str) -> None:
    """Everything else is read, so that all mistakes are found in one pass."""
    read, found = parsed(f"{text}\nz: 1")
    assert found == [(code, path)]
    assert read is not None
    assert read.content["z"] == 1


def test_common_mistakes_are_said_in_plain_words() -> None:
    """A tab, an alias, a second document, a key that stands twice."""
    report = Report()
    for text in (b"a:\n\t- b", b"a: &x 1\nb: *x", b"--- 1\n--- 2", b"a: 1\na: 2"):
        parse_yaml(text, "file", report)
    assert [row.message for row in report.problems] == [
        "a tab stands where only spaces may: YAML is indented by spaces",
        "an alias (*) is not read: write the value out",
        "there is a second document (---): a file holds one",
        "an object names the key twice, first in line 1",
    ]


@given(value=VALUES)
def test_json_is_read_as_json(value: Any) -> None:
    """Whatever JSON can say is read as JSON reads it."""
    assert content(json.dumps(value)) == value


@given(text=st.text(alphabet="ab:-[]{},'\"|>&*!#%@\\ \t\n01.~?", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """It is read, or refused with its reasons."""
    read, found = parsed(text)
    assert read is not None or found
