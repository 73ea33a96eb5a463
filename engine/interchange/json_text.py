"""JSON text to plain values, strictly: what is ambiguous or not JSON is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NoReturn

from engine.problems import Report

UNREADABLE: Any = object()
"""Stands for a text that could not be read; the report says why."""


class _DuplicateKeyError(ValueError):
    """An object names a key twice."""


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise _DuplicateKeyError(counts.most_common(1)[0][0])
    return content


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse)


def parse_json(raw: bytes, path: str, report: Report) -> Any:
    """Parse one JSON text.

    Parameters
    ----------
    raw
        UTF-8, with or without a byte order mark.
    path
        Where the text stands, for messages.
    report
        Where to say what is wrong.

    Returns
    -------
    object
        The value; ``UNREADABLE`` where there is an error, which is reported then.
    """
    try:
        return _DECODER.decode(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        report.error("not_utf8", path, f"byte {error.start} is not UTF-8")
    except _DuplicateKeyError as error:
        report.error("duplicate_key", path, "an object names the key twice", str(error))
    except json.JSONDecodeError as error:
        report.error("not_json", path, f"{error.msg} at character {error.pos + 1}")
    except RecursionError:
        report.error("not_json", path, "nested too deeply")
    except ValueError as error:  # a constant such as NaN, or a number of 5,000 digits
        code = "not_finite" if "JSON number" in str(error) else "out_of_range"
        report.error(code, path, str(error).partition(";")[0])
    return UNREADABLE
