"""The role takes this patient on."""

from __future__ import annotations

import pytest
from clinic import Clinic, agree


def known(accepts: str) -> Clinic:
    """Dr knows Ann; Bob is of Ann's family; Cleo is known to the practice; Dan is new."""
    clinic = Clinic().role("role", accepts_new=accepts, group_id="practice").session()
    clinic.patient("ann", established_with=("dr",), family_id="F").request("ann")
    clinic.patient("bob", family_id="F").request("bob")
    clinic.patient("cleo", established_with=("practice",)).request("cleo")
    return clinic.request("dan")


@pytest.mark.parametrize(
    ("accepts", "admitted"),
    [
        ("all", {"ann", "bob", "cleo", "dan"}),
        ("family", {"ann", "bob", "cleo"}),
        ("existing", {"ann", "cleo"}),
        ("none", set()),
    ],
)
def test_who_is_taken_on(accepts: str, admitted: set[str]) -> None:
    """Each wider circle contains the narrower; "none" is nobody."""
    clinic = known(accepts)
    for name in ("ann", "bob", "cleo", "dan"):
        assert agree(clinic, name, ("s1", "09:00"), "new_patients") == (name in admitted)


def test_being_known_elsewhere_does_not_help() -> None:
    """Established with another doctor is new here."""
    clinic = Clinic().doctor("other").role("role", accepts_new="existing").session()
    clinic.patient("ann", established_with=("other",)).request("ann")
    assert not agree(clinic, "ann", ("s1", "09:00"), "new_patients")
