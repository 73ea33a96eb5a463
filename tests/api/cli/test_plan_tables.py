"""Whole plans that differ are printed side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from repair_commands import CLOSED
from repairs import LIMITS, chain, mended, three_ways

from api.cli.plan_tables import print_plans
from engine.events.events import SessionClosed
from engine.repair.plans import Plans, whole_plans

pytestmark = pytest.mark.usefixtures("wide")


def test_plans_that_differ_stand_side_by_side(said: Any) -> None:
    """What each spares and costs, which aims share one, and who is told what by which."""
    text = said(three_ways(), closed=CLOSED, plans=True)
    plans = text.partition("Whole plans that differ, with 0 others moved")[2]
    assert "│ least disruption │ 0 │ 1 │ 3 │ 0 │ 0 │ 3.50 │ proven │" in plans
    assert "│ soonest │ 0 │ 1 │ 1 │ 0 │ 1 │ 6.50 │ proven │" in plans
    assert "Same doctor: the same plan as least disruption." in plans
    assert "│ ann │ Thu 05 Mar 09:00 │ Sun 08 Mar 09:00 │ Fri 06 Mar 09:00 │" in plans
    assert "│ routine │ dr │ dr │ two │" in plans
    assert "Whole plans" not in said(three_ways(), closed=CLOSED)


def test_where_no_other_plan_is_as_good_that_is_said(said: Any) -> None:
    """One row, and nothing to compare."""
    text = said(chain(), closed=CLOSED, max_additional=3, plans=True)
    assert "Soonest: the same plan as least disruption." in text
    assert "Where they differ" not in text


def test_who_stays_or_has_no_place_is_told_beside_who_is_moved(capsys: Any) -> None:
    """In one plan Ann is moved, in the other Bob; one without a place has none."""
    found = mended(three_ways(), SessionClosed(session_id="lost"))
    plan = whole_plans(found, found.points[-1], LIMITS).plans[0]
    (ann,) = plan.ledger.entries
    bob = replace(ann, appointment_id="bob", patient_id="bob", standing="bystander")
    gone = replace(ann, appointment_id="cid", patient_id="cid", outcome="unplaced", after=None)
    other = replace(gone, outcome="moved", after=ann.after)
    rows = ((ann, gone), (bob, other))
    shown = [replace(plan, ledger=replace(plan.ledger, entries=row)) for row in rows]
    print_plans(Plans(tuple(shown), {}, ("same_doctor",)))
    text = " ".join(capsys.readouterr().out.split())
    assert "│ ann │ Thu 05 Mar 09:00 │ Sun 08 Mar 09:00 │ stays │" in text
    assert "│ bob │ Thu 05 Mar 09:00 │ stays │ Sun 08 Mar 09:00 │" in text
    assert "│ cid │ Thu 05 Mar 09:00 │ no place │ Sun 08 Mar 09:00 │" in text
    assert "Same doctor: no better plan for it was found in time." in text
