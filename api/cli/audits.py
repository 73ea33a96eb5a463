"""``slotmatch audit``: judged, and where it ends."""

from __future__ import annotations

import re

from api.cli import exit_codes
from api.cli.console import data, print_json
from api.cli.storing import opened
from api.store.audit import Head
from api.store.auditing import Verdict, head, verify
from engine.errors import InvalidInputError
from engine.problems import Problem, shown

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def run_head(url: str) -> int:
    """Print the number of rows and the last link."""
    with opened(url) as store:
        found = head(store.database)
    data.print(f"{found.number}:{found.link}", markup=False, soft_wrap=True)
    return exit_codes.OK


def run_verify(url: str, known: str | None, *, as_json: bool) -> int:
    """Judge, and say all that is wrong."""
    expected = None if known is None else _read(known)
    with opened(url) as store:
        verdict = verify(store.database, expected)
    if as_json:
        print_json(
            {
                "head": {"number": verdict.head.number, "link": verdict.head.link},
                "erased": verdict.num_erased,
                "faults": verdict.num_faults,
                "first_faults": verdict.faults,
            }
        )
    else:
        _print(verdict)
    return exit_codes.VIOLATIONS if verdict.num_faults else exit_codes.OK


def _print(verdict: Verdict) -> None:
    for fault in verdict.faults:
        data.print(fault, markup=False, soft_wrap=True)
    more = verdict.num_faults - len(verdict.faults)
    if more:
        data.print(f"… and {more:,} more")
    found = f"{verdict.head.number:,} rows, {verdict.num_erased:,} of them erased"
    said = f"{verdict.num_faults:,} faults" if verdict.num_faults else "all as written"
    data.print(f"{found}: {said}", markup=False)


def _read(text: str) -> Head:
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        message = f"NUMBER:LINK expected, as audit head prints it, not {shown(text)}"
        raise InvalidInputError([Problem("wrong_value", "--head", message)])
    return Head(int(found[1]), found[2])
