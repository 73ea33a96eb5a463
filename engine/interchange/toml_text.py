"""TOML text to plain values; what cannot be read is a finding."""

from __future__ import annotations

import tomllib
from typing import Any

from engine.problems import Report

MAX_TOML_BYTES = 1 << 20
"""Most that is read of a text that people write by hand."""


def parse_toml(raw: bytes, path: str, report: Report) -> dict[str, Any] | None:
    """Parse one TOML text.

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
    dict or None
        ``None`` where there is an error, which is reported then.
    """
    if len(raw) > MAX_TOML_BYTES:
        report.error("too_large", path, f"more than {MAX_TOML_BYTES} bytes; it is not read")
        return None
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        report.error("not_utf8", path, f"byte {error.start} is not UTF-8")
    except RecursionError:
        report.error("not_toml", path, "nested too deeply")
    except ValueError as error:  # no TOML, or a number of 5,000 digits
        report.error("not_toml", path, str(error).partition(";")[0])
    return None
