"""A part of a dataset gives the answer of the whole."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.checks import check_dataset
from engine.domain import Dataset
from engine.find import find
from engine.policy import Policy
from engine.vicinity import Vicinities


@given(tiny_worlds(max_requests=5), st.data())
def test_a_request_from_outside_finds_in_the_vicinity_what_it_finds_in_the_whole(
    dataset: Dataset, data: st.DataObject
) -> None:
    """Places, prices and reasons: asked by a patient of the dataset, or by somebody like them."""
    policy = Policy.default()
    model = data.draw(st.sampled_from(dataset.requests))
    patient = next(row for row in dataset.patients if row.id == model.patient_id)
    if data.draw(st.booleans()):
        patient = replace(patient, id="somebody")
    request = replace(model, id="asked", patient_id=patient.id)
    near = Vicinities(dataset).around(request, patient, policy)
    assert not check_dataset(near).num_errors
    patients = {row.id: row for row in (*dataset.patients, patient)}
    whole = replace(
        dataset, patients=tuple(patients.values()), requests=(*dataset.requests, request)
    )
    found, expected = find(near, "asked", 1_000, policy), find(whole, "asked", 1_000, policy)
    assert replace(found, dataset_hash="") == replace(expected, dataset_hash="")
