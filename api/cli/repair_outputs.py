"""What ``slotmatch repair --out`` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cli.console import notes
from api.cli.outputs import check_dataset_folder, try_file, try_folder, whole_file
from engine.domain import Dataset
from engine.interchange.csv_tables.write import csv_text
from engine.interchange.dataset import write_dataset
from engine.interchange.plan_file import write_plan
from engine.interchange.validation import adapter
from engine.repair.account import Account
from engine.repair.content import repair_content
from engine.repair.outreach import Call, OutreachRow, outreach_rows
from engine.repair.repaired import result_of, without_moved
from engine.result import Result

ANSWER = "repair.json"
"""Everything."""

PLAN = "plan.ndjson"
"""The last plan."""

CALLS, CALLS_TABLE = "outreach.json", "outreach.csv"
"""Whom to call, in which order, and what to offer."""

BACKFILL = "backfill.ndjson"
"""Places for who was open before."""

ANSWERED = "answered"
"""The dataset before the events, with what people answered: the next round begins with it."""

WORLD, REPAIRED = "world", "repaired"
"""Datasets: after the events, for which the plan was made; and with the plan carried out."""


def try_out(folder: Path, *, with_answers: bool) -> None:
    """Check that everything can be written.

    Parameters
    ----------
    with_answers
        Also the dataset of the next round.

    Raises
    ------
    OSError
        It cannot.
    """
    for name in (WORLD, REPAIRED, ANSWERED) if with_answers else (WORLD, REPAIRED):
        check_dataset_folder(folder / name, [])
        try_folder(folder / name)
    for name in (ANSWER, PLAN, CALLS, CALLS_TABLE, BACKFILL):
        try_file(folder / name)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to write.

    Parameters
    ----------
    account
        Everything that is said of the repair.
    calls
        Whom to call.
    answered
        The dataset before the events with what people answered; ``None``: nobody has.
    repaired
        The dataset in which the last plan is carried out.
    backfill
        The match of the open requests in it; ``None``: nobody asked for it.
    """

    account: Account
    calls: Sequence[Call]
    answered: Dataset | None
    repaired: Dataset
    backfill: Result | None


def save(found: Found, folder: Path) -> None:
    """Write the answer, and what follows from its last plan.

    A backfill that an earlier repair left there goes, where there is none now.
    """
    account, backfill = found.account, found.backfill
    repair, point = account.repair, account.repair.points[-1]
    rows = tuple(outreach_rows(found.calls))
    datasets = {WORLD: without_moved(repair, point), REPAIRED: found.repaired}
    if found.answered is not None:
        datasets[ANSWERED] = found.answered
    for name, dataset in datasets.items():
        write_dataset(dataset, folder / name)
    texts = {
        PLAN: b"".join(write_plan(result_of(repair, point))),
        ANSWER: _json(repair_content(account)),
        CALLS: _json([_line(row) for row in rows]),
        CALLS_TABLE: _csv(rows),
    }
    if backfill is not None:
        texts[BACKFILL] = b"".join(write_plan(backfill))
    else:
        (folder / BACKFILL).unlink(missing_ok=True)
    for name, text in texts.items():
        with whole_file(folder / name) as stream:
            stream.write(text)
    notes.print(f"written to {folder}: {', '.join([*texts, *datasets])}", markup=False)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _line(row: OutreachRow) -> dict[str, Any]:
    content: dict[str, Any] = adapter(OutreachRow).dump_python(row, mode="json", exclude_none=True)
    return content


def _csv(rows: Sequence[OutreachRow]) -> bytes:
    """The same for spreadsheets, a column per field."""
    columns = tuple(OutreachRow.__dataclass_fields__)
    lines = (_line(row) for row in rows)
    return csv_text(columns, (tuple(_text(line.get(name)) for name in columns) for line in lines))


def _text(value: Any) -> str:
    """A value in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
