"""Requests copied or left out, links whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.domain import Dataset, Link, Patient, Request
from engine.interchange.unique_id import unique_id


@dataclass(frozen=True, slots=True)
class Unit:
    """Requests that stand and fall together.

    Parameters
    ----------
    requests
        One, or all of a link.
    link
        ``None``: the request is in none.
    """

    requests: tuple[Request, ...]
    link: Link | None = None


def units_of(dataset: Dataset) -> Iterator[Unit]:
    """Every request once, in the order of the dataset; a link where its first request is."""
    of_id = {row.id: row for row in dataset.requests}
    link_of = {name: link for link in dataset.links for name in link.request_ids}
    seen: set[str] = set()
    for row in dataset.requests:
        link = link_of.get(row.id)
        if link is None:
            yield Unit((row,))
        elif link.id not in seen:
            seen.add(link.id)
            yield Unit(tuple(of_id[name] for name in link.request_ids), link)


def without_units(dataset: Dataset, units: Sequence[Unit]) -> Dataset:
    """The dataset without some requests, and without the links that hold them together."""
    gone = {row.id for unit in units for row in unit.requests}
    unlinked = {unit.link.id for unit in units if unit.link is not None}
    return replace(
        dataset,
        requests=tuple(row for row in dataset.requests if row.id not in gone),
        links=tuple(row for row in dataset.links if row.id not in unlinked),
    )


def with_copies(dataset: Dataset, rounds: Sequence[Sequence[Unit]]) -> Dataset:
    """The dataset with copies of requests behind the old ones, a round after the other.

    Within a round a patient is copied once: who asks twice does so again. A copy keeps its
    family, so that it is known where its original is.
    """
    copier = _Copier(dataset)
    for units in rounds:
        copier.copy(units)
    return replace(
        dataset,
        patients=(*dataset.patients, *copier.patients),
        requests=(*dataset.requests, *copier.requests),
        links=(*dataset.links, *copier.links),
    )


class _Copier:
    """Makes copies with ids that nobody has."""

    def __init__(self, dataset: Dataset) -> None:
        self.patients: list[Patient] = []
        self.requests: list[Request] = []
        self.links: list[Link] = []
        self._people = {row.id: row for row in dataset.patients}
        self._taken = {
            name: {row.id for row in getattr(dataset, name)}
            for name in ("patients", "requests", "links")
        }

    def copy(self, units: Sequence[Unit]) -> None:
        """Copy some requests, their patients and links."""
        new_patients: dict[str, str] = {}
        for unit in units:
            for row in unit.requests:
                if row.patient_id not in new_patients:
                    new_patients[row.patient_id] = self._new_id("patients", row.patient_id)
                    person = self._people[row.patient_id]
                    self.patients.append(replace(person, id=new_patients[row.patient_id]))
            copies = [
                replace(
                    row,
                    id=self._new_id("requests", row.id),
                    patient_id=new_patients[row.patient_id],
                )
                for row in unit.requests
            ]
            self.requests += copies
            if unit.link is not None:
                name = self._new_id("links", unit.link.id)
                names = tuple(row.id for row in copies)
                self.links.append(replace(unit.link, id=name, request_ids=names))

    def _new_id(self, collection: str, name: str) -> str:
        return unique_id(name, self._taken[collection])
