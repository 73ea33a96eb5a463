"""Which patients are accepted: by a role, else by its service, else by its place."""

from __future__ import annotations

from collections.abc import Iterable

from engine.domain.fields import AcceptsNew
from engine.interchange import fhir_shapes as fhir
from engine.interchange.plan_net.directory import Entry
from engine.problems import Report

ACCEPTS: dict[str, AcceptsNew] = {
    "newpt": "all",
    "existptonly": "existing",
    "existptfam": "family",
    "nopt": "none",
}
"""Plan-Net's codes for the patients that are accepted."""


class Accepting:
    """Reads statements of the patients accepted; each is judged once."""

    def __init__(self, findings: Report) -> None:
        self._findings = findings
        self._stated: dict[str, AcceptsNew | None] = {}

    def first_of(self, entries: Iterable[Entry]) -> AcceptsNew:
        """What the first of several resources says that says anything; else all."""
        for entry in entries:
            if entry.path not in self._stated:
                self._stated[entry.path] = self._read(entry)
            stated = self._stated[entry.path]
            if stated is not None:
                return stated
        return "all"

    def _read(self, entry: Entry) -> AcceptsNew | None:
        """What a resource says; a code that is unknown is reported and says nothing."""
        codes = (
            coding.code
            for extension in entry.resource.extensions(fhir.NEW_PATIENTS_EXTENSION)
            for part in extension.extension
            if part.value_concept is not None
            for coding in part.value_concept.coding
        )
        for code in codes:
            if code in ACCEPTS:
                return ACCEPTS[code]
            message = "is no code for the patients that are accepted: it says nothing"
            self._findings.warn("wrong_value", f"{entry.path}/extension", message, code)
        return None
