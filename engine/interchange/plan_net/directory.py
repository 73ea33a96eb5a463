"""The resources of a directory, by type and id, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.interchange import fhir_shapes as fhir
from engine.interchange.files import ndjson_lines
from engine.interchange.import_report import ImportReport
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import read_record


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

    def _add(self, path: str, line: bytes) -> None:
        """Read one line."""
        content = parse_json(line, path, self.report.findings)
        if content is UNREADABLE:
            return
        kind = str(content.get("resourceType")) if isinstance(content, dict) else "no resource"
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
