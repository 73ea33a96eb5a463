"""The files of a publication: resources by type, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from engine.interchange import fhir_shapes as fhir
from engine.interchange.files import ndjson_lines, whole_file
from engine.interchange.import_report import ImportReport
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import read_record
from engine.problems import shown

MANIFEST = "manifest.json"

_SHAPES: dict[str, type[fhir.Resource]] = {
    "Location": fhir.Location,
    "Schedule": fhir.Schedule,
    "Slot": fhir.Slot,
}


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Output(_Lenient):
    """A file that a manifest names."""

    type: str
    url: str


class Manifest(_Lenient):
    """What a publication consists of."""

    output: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource and the line it stands on."""

    path: str
    resource: Any


@dataclass(slots=True)
class Publication:
    """Resources that could be read.

    Parameters
    ----------
    report
        What was read and found so far.
    locations, schedules
        By id.
    slots
        In the order of the files; their ids need not be their own.
    """

    report: ImportReport
    locations: dict[str, Entry] = field(default_factory=dict)
    schedules: dict[str, Entry] = field(default_factory=dict)
    slots: list[Entry] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path, report: ImportReport) -> Publication:
        """Read every file of a folder; a line's own ``resourceType`` counts."""
        publication = cls(report)
        files = sorted(folder.rglob("*.ndjson*"))
        publication._compare_with_manifest(folder, files)
        for file in files:
            for path, line in ndjson_lines(file, report.findings):
                publication._add(path, line)
        return publication

    def _compare_with_manifest(self, folder: Path, files: list[Path]) -> None:
        """Warn of a manifest that is missing, and of types it names that are not here."""
        findings = self.report.findings
        if not (folder / MANIFEST).is_file():
            findings.warn("missing_output", MANIFEST, "there is no manifest; all files are read")
            return
        manifest = read_manifest(folder, self.report)
        here = {file.name.removesuffix(".gz") for file in files}
        for number, output in enumerate(manifest.output if manifest else ()):
            if not here & names_of(output.url):
                path = f"{MANIFEST}/output/{number}/url"
                message = "the manifest names a file that is not in the folder"
                findings.warn("missing_output", path, message, output.url)

    def _add(self, path: str, line: bytes) -> None:
        findings = self.report.findings
        content = parse_json(line, path, findings)
        if content is UNREADABLE:
            return
        kind = content.get("resourceType") if isinstance(content, dict) else None
        shape = _SHAPES.get(kind) if isinstance(kind, str) else None
        self.report.read[shown(kind).strip("'") if kind else "no resource"] += 1
        if shape is None:
            message = "resources of this type are not read"
            findings.warn("unused_resource", path, message, kind)
            return
        resource = read_record(shape, content, path, findings)
        if resource is None:
            return
        if shape is fhir.Slot:
            self.slots.append(Entry(path, resource))
            return
        known = self.locations if shape is fhir.Location else self.schedules
        if resource.id in known:
            message = f"the id stands at {known[resource.id].path} already"
            findings.error("duplicate_id", f"{path}/id", message, resource.id)
        else:
            known[resource.id] = Entry(path, resource)


def read_manifest(folder: Path, report: ImportReport) -> Manifest | None:
    """The manifest of a folder; ``None``, and errors, where it cannot be read."""
    raw = whole_file(folder / MANIFEST, MANIFEST, report.findings)
    content = UNREADABLE if raw is None else parse_json(raw, MANIFEST, report.findings)
    if content is UNREADABLE:
        return None
    found: Manifest | None = read_record(Manifest, content, MANIFEST, report.findings)
    return found


def names_of(url: str) -> set[str]:
    """Names that the file at an address may have here: its own, or behind its folder's."""
    parts = [part for part in urlsplit(url).path.removesuffix(".gz").split("/") if part]
    return {parts[-1], "-".join(parts[-2:])} if parts else set()


def urls(manifest: Manifest) -> Iterator[str]:
    """Addresses of the files that are read."""
    return (output.url for output in manifest.output if output.type in _SHAPES)
