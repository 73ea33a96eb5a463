"""A request that is asked about beside a dataset, and who asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.checks.context import Context
from engine.checks.dataset import check_urgencies
from engine.checks.demand import check_patients, check_requests
from engine.domain import COLLECTIONS, Dataset, Header, Patient, Request
from engine.problems import Report

_PATHS = {"requests": "/request", "patients": "/patient"}


def check_asked(
    header: Header,
    request: Request,
    patient: Patient | None,
    known: Mapping[str, Collection[str]],
    urgencies: Collection[str],
) -> Report:
    """Find everything wrong with a request and its patient, beyond the types of their fields.

    Parameters
    ----------
    header
        Of the dataset.
    patient
        Who asks, where the dataset does not hold them.
    known
        Ids of the dataset, by collection.
    urgencies
        Classes of the policy.
    """
    people = () if patient is None else (patient,)
    dataset = Dataset(header=header, patients=people, requests=(request,))
    ids = {name: known.get(name, ()) for name in COLLECTIONS}
    ids["patients"] = (*(row.id for row in people), *_named(request, ids["patients"]))
    report = Report()
    context = Context(dataset, lambda collection, _: _PATHS[collection], ids, report)
    check_patients(context)
    check_requests(context)
    check_urgencies(context, urgencies)
    return report


def _named(request: Request, patients: Collection[str]) -> Collection[str]:
    """The patient of a request, if there is one of that id."""
    return (request.patient_id,) if request.patient_id in patients else ()
