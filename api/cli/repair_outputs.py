"""What ``slotmatch repair --out`` writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cli.console import notes
from api.cli.outputs import check_dataset_folder, try_file, try_folder, whole_file
from api.repair_measures import RepairMeasures
from engine.domain import Dataset
from engine.interchange.csv_tables.write import csv_text
from engine.interchange.dataset import write_dataset
from engine.interchange.plan_file import write_plan
from engine.interchange.validation import adapter
from engine.repair.account import Account
from engine.repair.content import repair_content
from engine.repair.negotiation import Settled
from engine.repair.outreach import Call, OutreachRow, outreach, outreach_rows
from engine.repair.plans import AIMS
from engine.repair.repaired import repaired, result_of, without_moved
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


PLANS = "plans"
"""A folder for each further plan of those that differ, with the same in it."""


def try_out(folder: Path, *, with_answers: bool, with_plans: bool) -> None:
    """Check that everything can be written.

    Parameters
    ----------
    with_answers
        Also the dataset of the next round.
    with_plans
        Also whole plans that differ.

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
    for aim in AIMS[1:] if with_plans else ():
        try_out(folder / PLANS / aim, with_answers=False, with_plans=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to write.

    Parameters
    ----------
    account
        Everything that is said of the repair.
    measures
        Of its plans.
    calls
        Whom to call.
    answered
        The world before the events with what people answered; ``None``: nobody has.
    repaired
        The dataset in which the last plan is carried out.
    backfill
        The match of the open requests in it; ``None``: nobody asked for it.
    """

    account: Account
    measures: RepairMeasures
    calls: Sequence[Call]
    answered: Settled | None
    repaired: Dataset
    backfill: Result | None


def save(found: Found, folder: Path) -> None:
    """Write the answer, and what follows from its last plan.

    Further plans that differ are written beside it. A backfill or plans that an earlier repair
    left there go, where there are none now.
    """
    names = _write(found, folder)
    for aim in AIMS:
        if aim not in found.account.aims[1:]:
            _remove(folder / PLANS / aim)
    for number, aim in enumerate(found.account.aims[1:], 1):
        _write(_of_plan(found.account.of_plan(number), found.measures), folder / PLANS / aim)
        names.append(f"{PLANS}/{aim}")
    notes.print(f"written to {folder}: {', '.join(names)}", markup=False)


def _remove(folder: Path) -> None:
    """Remove a plan that is none any more, and nothing that is not ours."""
    for name in (WORLD, REPAIRED):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (ANSWER, PLAN, CALLS, CALLS_TABLE):
        (folder / name).unlink(missing_ok=True)
    for empty in (folder, folder.parent):
        with suppress(OSError):  # there is something else in it, or it never was
            empty.rmdir()


def _of_plan(account: Account, measures: RepairMeasures) -> Found:
    """What there is to write of a plan that differs."""
    point = account.repair.points[-1]
    calls = outreach(account.ledgers[-1], account.menus[-1], point.policy.urgencies)
    return Found(account, measures, calls, None, repaired(account.repair, point), None)


def _write(found: Found, folder: Path) -> list[str]:
    """Write the last plan and what follows from it; what was written."""
    account, backfill = found.account, found.backfill
    repair, point = account.repair, account.repair.points[-1]
    rows = tuple(outreach_rows(found.calls))
    datasets = {WORLD: without_moved(repair, point), REPAIRED: found.repaired}
    if found.answered is not None:
        datasets[ANSWERED] = found.answered.dataset
    for name, dataset in datasets.items():
        write_dataset(dataset, folder / name)
    texts = {
        PLAN: b"".join(write_plan(result_of(repair, point))),
        ANSWER: _json(repair_content(account, found.answered, found.measures.content)),
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
    return [*texts, *datasets]


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
