"""The resources that could be read, and what references among them mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.interchange import fhir_shapes as base
from engine.interchange.fhir import shapes as fhir
from engine.interchange.fhir.content import GONE, Found
from engine.interchange.fhir.names import ID_SYSTEM
from engine.interchange.import_report import ImportReport
from engine.interchange.validation import read_record
from engine.problems import shown

_ADDRESS = re.compile(r"(?:(?P<base>.*)/)?(?P<kind>[A-Z][A-Za-z]*)/(?P<id>[^/?#]+)")
_RECORDS = ("Schedule", "Slot", "Appointment")


@dataclass(slots=True)
class Entry:
    """A resource and where it stands.

    Parameters
    ----------
    path, resource
        Its place and its shape.
    name
        Its id with us.
    base
        Address of the server that it lives on; empty where that is not known.
    contained
        Resources inside it, by their ids there.
    holder
        The resource that it is inside of.
    """

    path: str
    resource: Any
    name: str
    base: str = ""
    contained: dict[str, Entry] = field(default_factory=dict)
    holder: Entry | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference names.

    Parameters
    ----------
    kind, name
        Type, and id with us; empty where they are not known.
    entry
        The resource, where it was read.
    npi
        The number by which a reference names it.
    shown
        What the reference says, for messages.
    """

    kind: str
    name: str
    entry: Entry | None = None
    npi: str = ""
    shown: str = ""


class Resources:
    """Resources that could be read.

    Parameters
    ----------
    report
        What was read and found so far.
    aliases
        Our ids by type and the id that we gave to FHIR, where the two differ.
    """

    def __init__(self, report: ImportReport, aliases: Mapping[tuple[str, str], str]) -> None:
        self.report = report
        self._aliases = aliases
        self._by_url: dict[str, Entry] = {}
        self._by_id: dict[tuple[str, ...], Entry] = {}
        self._bases: set[str] = set()
        self._gone: set[str] = set()
        self._unused: set[str] = set()
        self._records: dict[str, list[Entry]] = {kind: [] for kind in _RECORDS}

    def add_all(self, found: Iterable[Found]) -> None:
        """Read resources; what is wrong with one is reported, and the others are read."""
        for row in found:
            url = row.full_url.partition("/_history/")[0]
            if row.content is GONE and url not in self._by_url:
                self._gone.add(url)
            elif row.content is not GONE and not (row.is_version and url in self._gone):
                self._add(row, url)

    def all(self, kind: str) -> list[Entry]:
        """Schedules, slots or appointments in the order of the files."""
        return self._records[kind]

    def target(self, reference: fhir.Reference, source: Entry) -> Target:
        """What a reference on ``source`` names."""
        text = reference.reference.partition("/_history/")[0]
        entry = self._entry(text, source)
        if entry is not None:
            kind = entry.resource.resource_type
            return Target(kind, entry.name, entry, shown=reference.shown())
        match = _ADDRESS.fullmatch(text)
        if match is not None and not self._is_elsewhere(match["base"] or ""):
            name = self._aliases.get((match["kind"], match["id"]), match["id"])
            return Target(match["kind"], name, shown=reference.shown())
        by = reference.identifier
        if not text and by is not None:
            is_npi = by.system == base.NPI_SYSTEM
            name = by.value if by.system == ID_SYSTEM else ""
            return Target(reference.type, name, None, by.value if is_npi else "", by.value)
        return Target("", "", shown=reference.shown())

    def _entry(self, text: str, source: Entry) -> Entry | None:
        """The resource at an address, as it is written on ``source``."""
        if text.startswith("#"):
            holder = source.holder or source
            return holder.contained.get(text[1:]) if len(text) > 1 else holder
        if source.base and (found := self._by_url.get(f"{source.base}/{text}")):
            return found
        if text in self._by_url:
            return self._by_url[text]
        match = _ADDRESS.fullmatch(text)
        if match is None or self._is_elsewhere(match["base"] or ""):
            return None
        return self._by_id.get((match["kind"], match["id"]))

    def _is_elsewhere(self, base: str) -> bool:
        """Whether an address is on a server that none of the resources lives on."""
        return bool(base and self._bases and base not in self._bases)

    def _add(self, found: Found, url: str) -> None:
        content = found.content
        kind = content.get("resourceType") if isinstance(content, dict) else None
        shape = fhir.SHAPES.get(kind) if isinstance(kind, str) else None
        word = shown(kind).strip("'") if kind else "no resource"
        self.report.read[word] += 1
        if shape is None:
            if word not in self._unused:
                message = "resources of this type are not read; further ones are only counted"
                self.report.findings.warn("unused_resource", found.path, message, kind)
            self._unused.add(word)
            return
        if "id" not in content and url:
            content = content | {"id": re.split(r"[/:]", url)[-1]}
        resource = read_record(shape, content, found.path, self.report.findings)
        if resource is None:
            return
        match = _ADDRESS.fullmatch(url)
        server = (match["base"] or "") if match else ""
        entry = Entry(found.path, resource, self._name(resource), server)
        if self._is_new(entry, found):
            self._keep(entry, url)
            self._add_contained(entry, content)

    def _name(self, resource: fhir.Resource) -> str:
        """Our id of a resource: as it states it, or as we once made its own of it."""
        own = self._aliases.get((resource.resource_type, resource.id), resource.id)
        return resource.identified(ID_SYSTEM) or own

    def _is_new(self, entry: Entry, found: Found) -> bool:
        """Whether the id is taken by no other resource; slots share ids over schedules."""
        known = self._by_id.setdefault(self._key(entry), entry)
        if known is entry:
            return True
        if not found.is_version and known.resource != entry.resource:
            message = f"the id stands at {known.path} already"
            value = entry.resource.id
            self.report.findings.error("duplicate_id", f"{entry.path}/id", message, value)
        return False

    def _key(self, entry: Entry) -> tuple[str, ...]:
        kind, id_ = entry.resource.resource_type, entry.resource.id
        key = (kind, id_)
        known = self._by_id.get(key)
        if kind != "Slot" or known is None:
            return key
        here = entry.resource.schedule.reference
        return key if known.resource.schedule.reference == here else (*key, here)

    def _keep(self, entry: Entry, url: str) -> None:
        if url:
            self._by_url.setdefault(url, entry)
        if entry.base:
            self._bases.add(entry.base)
        if entry.resource.resource_type in self._records:
            self._records[entry.resource.resource_type].append(entry)

    def _add_contained(self, holder: Entry, content: Mapping[str, Any]) -> None:
        """Read what is inside a resource; nothing inside of that is a resource."""
        inside = content.get("contained", [])
        if not isinstance(inside, list):
            where = f"{holder.path}/contained"
            self.report.findings.error("wrong_type", where, "must be a list", inside)
            return
        for number, row in enumerate(inside):
            kind = row.get("resourceType") if isinstance(row, dict) else None
            shape = fhir.SHAPES.get(kind) if isinstance(kind, str) else None
            path = f"{holder.path}/contained/{number}"
            resource = read_record(shape, row, path, self.report.findings) if shape else None
            if resource is None:
                continue
            if resource.id in holder.contained:
                message = "the resource contains another of this id"
                self.report.findings.error("duplicate_id", f"{path}/id", message, resource.id)
                continue
            own = resource.identified(ID_SYSTEM) or f"{holder.name}-{resource.id}"
            holder.contained[resource.id] = Entry(path, resource, own, holder.base, {}, holder)
