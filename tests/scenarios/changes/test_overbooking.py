"""Some cells take one visit more."""

from __future__ import annotations

import pytest
from clinic import Clinic
from situations import after, change, situation_of

from engine.errors import ScenarioError
from engine.problems import Report
from engine.snapshot import take_snapshot
from scenarios.changes import applied


def test_a_share_of_the_cells_takes_one_more() -> None:
    """A quarter of four cells is one; set again it is by the new share alone."""
    once = after(Clinic().session(), "overbooking", share=0.25)
    snapshot = take_snapshot(once.dataset)
    assert once.policy.seats.per_cell(snapshot).tolist() == [1, 2, 1, 1]
    twice = after(once, "overbooking", share=0.5)
    assert twice.policy.seats.per_cell(snapshot).tolist() == [2, 1, 2, 1]
    assert (
        after(twice, "overbooking", share=0).policy
        == after(Clinic(), "overbooking", share=0).policy
    )


@pytest.mark.parametrize("share", [-0.1, 0.51, True])
def test_a_share_lies_between_nothing_and_a_half(share: float) -> None:
    """Just outside is refused when it is read."""
    with pytest.raises(ScenarioError):
        change("overbooking", share=share)


def test_a_share_that_adds_no_seat_is_a_warning() -> None:
    """A quarter of the four cells of a session is one; of a hundredth there is none on that day."""
    clinic, found = Clinic().session(), {}
    for share in (0.25, 0.01, 0.0):
        report = Report()
        applied(situation_of(clinic), [change("overbooking", share=share)], 1, warnings=report)
        found[share] = [(row.code, row.path) for row in report.problems]
    assert found[0.25] == []
    assert found[0.01] == [("nothing_touched", "/changes/0/share")]
    assert found[0.0] == [("nothing_touched", "/changes/0")]
