"""``slotmatch forget``: a patient, out of the store."""

from __future__ import annotations

from api.cli import exit_codes
from api.cli.console import data
from api.cli.storing import opened
from api.store.forgetting import forget


def run_forget(url: str, patient_id: str) -> int:
    """Erase, and say how much went, without whose it was."""
    with opened(url) as store:
        found = forget(store, patient_id)
    went = f"{found.requests:,} requests and {found.appointments:,} appointments are gone"
    stayed = f"{found.kept:,} visits that are over stay as nobody's"
    erased = f"{found.erased:,} rows of the audit are erased"
    data.print(f"forgotten: {went}; {stayed}; {erased}", markup=False, soft_wrap=True)
    return exit_codes.OK
