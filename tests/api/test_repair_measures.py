"""Measures of the plans of a repair, in its document and in its table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from repairs import CLOSED, LIMITS, chain, mended, two_lost

from api.cli.measure_table import print_measures
from api.repair_measures import RepairMeasures
from engine.fairness import Fairness
from engine.interchange.validation import adapter
from engine.policy import Policy
from engine.repair.account import Account, Wanted
from engine.repair.content import repair_content
from engine.repair.document import RepairDocument
from engine.repair.repair import Repair

STRICT = replace(Policy.default(), fairness=Fairness(least_members=1))


def told(found: Repair, **more: bool) -> tuple[Account, RepairMeasures]:
    """All that is said of a repair, and its measures."""
    account = Account.of(found, Wanted(**more), LIMITS)
    return account, RepairMeasures.of(account)


def areas() -> Repair:
    """Those in the south lose their visits, the one in the north does not."""
    clinic = two_lost()
    for name, area in (("ann", "south"), ("bob", "south"), ("cid", "north")):
        clinic.patient(name, groups={"area": area})
    clinic.request("cid").appointment("09:45", "10:00", 5, "cid", id="cid", role_id="two")
    return mended(clinic, CLOSED, policy=STRICT)


def test_every_plan_of_the_document_has_its_measures() -> None:
    """Nobody else moved: one of one is left without; two others moved: all are told anew."""
    account, measures = told(mended(chain(), CLOSED, most=3), plans=True)
    content = repair_content(account, None, measures.content)
    first, last = (point["measures"] for point in content["frontier"])
    assert (first["people_moved"], first["people_unplaced"], first["additional_people"]) == (
        0,
        1,
        0,
    )
    assert (last["people_moved"], last["people_unplaced"], last["additional_people"]) == (3, 0, 2)
    assert content["plans"]["plans"][0]["measures"] == last
    assert adapter(RepairDocument).validate_python(content)


def test_what_is_stated_for_nobody_is_null() -> None:
    """Nobody lost a place, so that nobody was rebooked or not."""
    account, measures = told(mended(two_lost()))
    (point,) = repair_content(account, None, measures.content)["frontier"]
    assert point["measures"]["rebooked_within_7_days"] is None
    assert point["measures"]["bump_rate"] == 0


def test_gaps_are_those_of_the_policy() -> None:
    """Where one patient is a group, the south loses all its visits and the north none."""
    account, measures = told(areas())
    (point,) = repair_content(account, None, measures.content)["frontier"]
    (gap,) = (row for row in point["gaps"] if row["measure"] == "bump_rate")
    assert (gap["grouping"], gap["gap"], gap["threshold"], gap["wide"]) == ("area", 1.0, 0.1, True)
    assert (gap["best"]["group"], gap["worst"]["count"]) == ("area=north", 2)


def test_the_table_has_a_column_for_each_plan_and_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """Of many plans the first ones and the last; a gap with its groups."""
    print_measures(*told(areas()))
    text = " ".join(capsys.readouterr().out.split())
    assert "│ people moved │ 2 │" in text
    assert "│ bump rate (%) │ 66.7 │" in text
    head = "Warning, gap by area, bump rate (%): 0.0 for north (1), 100.0 for south (2):"
    assert f"{head} 100.0 apart, wide above 10.0." in text


def test_plans_between_are_left_out_of_a_table_that_would_be_too_wide(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Six plans: three, and the last."""
    account, measures = told(mended(two_lost(), CLOSED))
    repair = replace(account.repair, points=account.repair.points * 6)
    print_measures(replace(account, repair=repair, ledgers=account.ledgers * 6), measures)
    text = capsys.readouterr().out
    assert "2 plans between are left out here; --json has all." in text
    assert "│ people moved                │        2 │        2 │        2 │        2 │" in text
