"""Networks of insurers, as insurance plans and roles name them."""

from __future__ import annotations

from engine.domain import Dataset


def networks_of(dataset: Dataset, plan_id: str) -> tuple[str, ...] | None:
    """Networks of an insurance plan; ``None``: there is no such plan."""
    return next((row.networks for row in dataset.insurance_plans if row.id == plan_id), None)


def all_networks(dataset: Dataset) -> tuple[str, ...]:
    """Every network that an insurance plan or a role names, in the order of the dataset."""
    paid = [name for row in dataset.insurance_plans for name in row.networks]
    taken = [name for row in dataset.roles if row.networks != "any" for name in row.networks]
    return tuple(dict.fromkeys((*paid, *taken)))
