"""The resources of a directory, by type and id, and where each stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.interchange import fhir_shapes as fhir
from engine.interchange.files import ndjson_lines
from engine.interchange.import_report import ImportReport
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import read_record
from engine.problems import shown

_ON_THEIR_OWN = ("PractitionerRole", "InsurancePlan")  # used without anything referring to them


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource and the line it stands on."""

    path: str
    resource: Any


class Directory:
    """Resources that could be read.

    Attributes
    ----------
    report
        What was read and found so far.
    """

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        self._of_type: dict[str, dict[str, Entry]] = {name: {} for name in fhir.SHAPES}
        self._refused: set[str] = set()

    @classmethod
    def read(cls, folder: Path, report: ImportReport) -> Directory:
        """Read every file of a folder."""
        directory = cls(report)
        for file in sorted(folder.glob("*.ndjson*")):
            for path, line in ndjson_lines(file, report.findings):
                directory._add(path, line)
        return directory

    def all(self, shape: type[fhir.Resource]) -> dict[str, Entry]:
        """Resources of a type, by id."""
        return self._of_type[shape.__name__]

    def refuse(self, entry: Entry, field: str, message: str, value: object = None) -> None:
        """Report that a row cannot be used."""
        self._refused.add(entry.path)
        self.report.findings.error("unusable_row", f"{entry.path}/{field}", message, value)

    def referred(self, reference: fhir.Reference, kind: str, where: str) -> str:
        """Id that a reference names; empty, and a warning, where it names none of that type."""
        found = reference.id_of(kind)
        if not found:
            message = f"names no {kind}: it is left out"
            self.report.findings.warn("unresolved_reference", where, message, reference.shown())
        return found

    def report_unused(self, used: Collection[str]) -> None:
        """Warn of rows that nothing used refers to; ``used`` are the lines that are."""
        for kind, entries in self._of_type.items():
            if kind not in _ON_THEIR_OWN:
                message = f"nothing that was used refers to this {kind}"
                for entry in entries.values():
                    if entry.path not in used and entry.path not in self._refused:
                        id_ = entry.resource.id
                        self.report.findings.warn("unused_row", entry.path, message, id_)

    def _add(self, path: str, line: bytes) -> None:
        """Read one line."""
        content = parse_json(line, path, self.report.findings)
        if content is UNREADABLE:
            return
        is_resource = isinstance(content, dict)
        kind = shown(content.get("resourceType")).strip("'") if is_resource else "no resource"
        self.report.read[kind] += 1
        shape = fhir.as_shape(content)
        if shape is None:
            message = "resources of this type are not read"
            self.report.findings.warn("unused_resource", path, message, kind)
            return
        resource = read_record(shape, content, path, self.report.findings)
        if resource is None:
            return
        known = self._of_type[kind]
        if resource.id in known:
            message = f"the id stands at {known[resource.id].path} already"
            self.report.findings.error("duplicate_id", f"{path}/id", message, resource.id)
        else:
            known[resource.id] = Entry(path, resource)
