"""Bodies that nobody sends by mistake. Each holds a mark that no answer may repeat."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

MARK = "mark7391"
"""Stands in keys and values of every body."""

_RAW = "@@raw@@"  # replaced by what JSON has no way to write

_RAW_VALUES = {
    "nan": "NaN",
    "infinity": "-Infinity",
    "1e400": "1e400",
    "-1e999": "-1e999",
    "5000 digits": "9" * 5_000,
    "half a surrogate": f'"{MARK}\\ud800"',
    "other half": f'"\\udc00{MARK}"',
    "halves in the wrong order": f'"{MARK}\\udc00\\ud800"',
    "escaped nul": f'"{MARK}\\u0000"',
    "raw nul": f'"{MARK}\x00"',
    "escape": f'"{MARK}\\u001b[31m"',
    "raw line feed": f'"{MARK}\n"',
    "deep list": "[" * 100_000 + "]" * 100_000,
    "deep object": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "same key twice": f'{{"{MARK}": 1, "{MARK}": 2}}',
    "long text": f'"{MARK * 20_000}"',
    "object with a half key": f'{{"{MARK}\\ud800": 1}}',
}

_TIMES = {
    "year 1": f"0001-01-01T00:00:00+14:00{MARK}"[:25],
    "year 1, far west": "0001-01-01T00:00:00-23:59",
    "year 9999": "9999-12-31T23:59:59-12:00",
    "year 10000": "10000-01-01T00:00:00Z",
    "no offset": "2026-03-09T09:00:00",
    "offset of a day": "2026-03-09T09:00:00+24:00",
    "30 February": "2026-02-30T09:00:00Z",
    "25 o'clock": "2026-03-09T25:00:00Z",
    "leap second": "2026-03-09T23:59:60Z",
    "other digits": "٢٠٢٦-03-09T09:00:00Z",
    "a number": 0,
    "a boolean": True,
}


def bodies(
    good: dict[str, Any], places: list[str], times: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Names and bodies: hostile as a whole, and good ones with one hostile value.

    Parameters
    ----------
    good
        A body that is accepted.
    places, times
        Where in it any value, and an instant, stands: ``dataset/requests/0/id``.
    """
    yield from _whole(good)
    for place in places:
        for name, text in _RAW_VALUES.items():
            raw = json.dumps(_with(good, place, _RAW)).replace(json.dumps(_RAW), text)
            yield f"{name} at {place}", raw.encode("utf-8", "surrogatepass")
        beside = "/".join([*place.split("/")[:-1], MARK])
        unknown = _with(good, beside, MARK)
        yield f"unknown member beside {place}", json.dumps(unknown).encode()
    for place in times:
        for name, value in _TIMES.items():
            yield f"{name} at {place}", json.dumps(_with(good, place, value)).encode()


def _whole(good: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    text = json.dumps(good | {MARK: MARK})
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7"):
        yield encoding, text.encode(encoding)
    yield "nothing", b""
    yield "blanks", b" " * 100_000
    yield "null", b"null"
    yield "a text", f'"{MARK}"'.encode()
    yield "a number", b"1e400"
    yield "a list", f'["{MARK}"]'.encode()
    yield "cut short", text.encode()[:-1]
    yield "more behind", text.encode() + MARK.encode()
    yield "twice", text.encode() * 2
    yield "single quotes", str(good).encode()
    yield "a comment", b"/*" + MARK.encode() + b"*/" + text.encode()
    yield "bad UTF-8", text.encode().replace(MARK.encode(), b"\xff\xfe\x80", 1)
    yield "overlong UTF-8", text.encode().replace(MARK.encode(), b"\xc0\xaf", 1)
    yield "surrogate in UTF-8", text.encode().replace(MARK.encode(), b"\xed\xa0\x80", 1)
    yield "a form", f"dataset={MARK}&limits={MARK}".encode()
    yield "XML", f'<!DOCTYPE a [<!ENTITY b "{MARK}">]><a>&b;</a>'.encode()
    yield "gzip", bytes.fromhex("1f8b0800000000000003") + MARK.encode()
    yield "deep", b"[" * 1_000_000
    yield "deep objects", b'{"a":' * 200_000
    yield "a million members", b'{"a":0' + b"".join(b',"%d":0' % n for n in range(100_000)) + b"}"


def _with(good: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """A copy with another value at one place."""
    changed = copy.deepcopy(good)
    *way, last = place.split("/")
    inner: Any = changed
    for part in way:
        inner = inner[int(part) if isinstance(inner, list) else part]
    inner[int(last) if isinstance(inner, list) else last] = value
    return changed
