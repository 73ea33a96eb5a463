"""Types of visits and specialties that codes name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.domain import Dataset
from engine.interchange import fhir_shapes as base
from engine.interchange.fhir import names
from engine.problems import Report


class Codes:
    """Codes of visit types and specialties of a dataset; each unknown one is reported once."""

    def __init__(self, dataset: Dataset, findings: Report) -> None:
        self._types = {row.id for row in dataset.visit_types}
        self._specialties = {code for row in dataset.roles for code in row.specialties}
        self._specialties |= {code for row in dataset.visit_types for code in row.specialties}
        self._findings = findings
        self._names: dict[tuple[str, str], str] = {}
        self._unknown: set[tuple[str, str]] = set()

    def visit_types(self, path: str, concepts: Iterable[base.Concept]) -> tuple[str, ...]:
        """Types of visit that concepts name, each once, in their order."""
        return tuple(dict.fromkeys(self._known_types(path, concepts)))

    def visit_type(
        self, path: str, concepts: Sequence[base.Concept], default: str | None
    ) -> str | None:
        """The first type of visit that concepts name, else ``default``."""
        stated = (self._name(row) for row in _codings(concepts))
        found = next((name for name in stated if name in self._types), None)
        if found is None:
            self.visit_types(path, concepts)  # says which codes are not known
        return found or default

    def specialty(self, path: str, concepts: Iterable[base.Concept]) -> str | None:
        """The first code that is NUCC's, ours, or a specialty of the dataset."""
        known = (base.NUCC_SYSTEM, names.SPECIALTY_SYSTEM)
        for coding in _codings(concepts):
            code = self._name(coding)
            if coding.system in known or code in self._specialties:
                return code
            if code not in self._types:
                self._report(path, coding)
        return None

    def _known_types(self, path: str, concepts: Iterable[base.Concept]) -> Iterator[str]:
        for coding in _codings(concepts):
            name = self._name(coding)
            if name in self._types:
                yield name
            elif name not in self._specialties:
                self._report(path, coding)

    def _name(self, coding: base.Coding) -> str:
        """The name that a code stands for; most codes come often."""
        key = coding.system, coding.code
        if key not in self._names:
            self._names[key] = names.name_of(*key)
        return self._names[key]

    def _report(self, path: str, coding: base.Coding) -> None:
        """Warn of a code, once."""
        if (coding.system, coding.code) not in self._unknown:
            self._unknown.add((coding.system, coding.code))
            message = f"the dataset has no such code (system {coding.system or 'not stated'})"
            self._findings.warn("unknown_code", path, message, coding.code)


def _codings(concepts: Iterable[base.Concept]) -> Iterator[base.Coding]:
    return (coding for concept in concepts for coding in concept.coding if coding.code)
