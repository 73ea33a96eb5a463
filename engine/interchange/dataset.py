"""Our own dataset format: a folder of NDJSON files, or one JSON document.

A folder holds ``header.json`` and, for every collection that is not empty, a file
``requests.ndjson`` (or ``.ndjson.gz``) with one record per line. A document holds the same
as one object: ``{"header": {…}, "requests": […], …}``.
"""

from __future__ import annotations

import difflib
import gzip
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.checks import check_dataset
from engine.domain import COLLECTIONS, Dataset, Header
from engine.errors import DatasetError
from engine.interchange.files import ndjson_lines, whole_file
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import adapter, read_record
from engine.problems import Report

_HEADER = "header.json"


@dataclass(slots=True)
class _Draft:
    """Records read so far, where they stand, and the ids of those that could not be read."""

    report: Report = field(default_factory=Report)
    header: Header | None = None
    header_path: str = _HEADER
    records: dict[str, list[Any]] = field(default_factory=lambda: {n: [] for n in COLLECTIONS})
    paths: dict[str, list[str]] = field(default_factory=lambda: {n: [] for n in COLLECTIONS})
    unread: dict[str, set[str]] = field(default_factory=lambda: {n: set() for n in COLLECTIONS})

    def add(self, collection: str, value: Any, path: str) -> None:
        """Validate a record and keep it, or its id."""
        record = read_record(COLLECTIONS[collection], value, path, self.report)
        if record is not None:
            self.records[collection].append(record)
            self.paths[collection].append(path)
        elif isinstance(value, dict) and isinstance(value.get("id"), str):
            self.unread[collection].add(value["id"])

    def finish(self, urgencies: Collection[str] | None) -> tuple[Dataset, Report]:
        """Check the records together.

        Raises
        ------
        DatasetError
            If anything read so far, or the check, found an error.
        """
        if self.header is not None:
            dataset = Dataset(header=self.header, **{n: tuple(r) for n, r in self.records.items()})
            found = check_dataset(dataset, self._where, self.unread, urgencies)
            self.report.extend(found)
            if not any(self.records.values()) and not self.report.num_errors:
                self.report.error("empty_dataset", self.header_path, "there are no records")
        if self.report.num_errors or self.header is None:
            raise DatasetError(self.report.problems)
        return dataset, self.report

    def _where(self, collection: str, index: int) -> str:
        return self.header_path if collection == "header" else self.paths[collection][index]


def read_dataset(path: Path, urgencies: Collection[str] | None = None) -> tuple[Dataset, Report]:
    """Read a dataset from a folder or from one JSON document (plain or gzip).

    Parameters
    ----------
    path
        The folder or the file.
    urgencies
        Classes of the policy; an unknown one is an error where they are given.

    Returns
    -------
    Dataset, Report
        The records, and the warnings.

    Raises
    ------
    DatasetError
        With every problem found, in one pass.
    """
    draft = _Draft()
    if path.is_dir():
        _read_folder(path, draft)
    elif path.is_file():
        raw = whole_file(path, path.name, draft.report)
        if raw is not None:
            _read_document(raw, path.name, draft)
    else:
        draft.report.error("not_found", str(path), "there is no such file or folder")
    return draft.finish(urgencies)


def read_document(raw: bytes, urgencies: Collection[str] | None = None) -> tuple[Dataset, Report]:
    """Read a dataset from the bytes of one JSON document; otherwise as ``read_dataset``."""
    draft = _Draft()
    _read_document(raw, "", draft)
    return draft.finish(urgencies)


def dataset_from(
    content: Any, urgencies: Collection[str] | None = None, path: str = ""
) -> tuple[Dataset, Report]:
    """Read a dataset from the plain values of one document; otherwise as ``read_dataset``."""
    draft = _Draft()
    _read_content(content, path, draft)
    return draft.finish(urgencies)


def write_dataset(dataset: Dataset, folder: Path, *, compress: bool = False) -> None:
    """Write a dataset as a folder of NDJSON files; fields at their default are left out.

    Parameters
    ----------
    folder
        Made if absent; files of collections that are empty now are removed.
    compress
        Write ``.ndjson.gz``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _HEADER).write_bytes(_header_text(dataset.header))
    for name, record_type in COLLECTIONS.items():
        for suffix in (".ndjson", ".ndjson.gz"):
            (folder / f"{name}{suffix}").unlink(missing_ok=True)
        rows = getattr(dataset, name)
        if rows:
            dump = adapter(record_type).dump_json
            text = b"".join(dump(row, exclude_defaults=True) + b"\n" for row in rows)
            if compress:
                (folder / f"{name}.ndjson.gz").write_bytes(gzip.compress(text, mtime=0))
            else:
                (folder / f"{name}.ndjson").write_bytes(text)


def write_document(dataset: Dataset) -> bytes:
    """Write a dataset as one JSON document; fields at their default are left out."""
    content = adapter(Dataset).dump_python(dataset, mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def dataset_schema() -> dict[str, Any]:
    """JSON Schema of the document; its definitions describe the lines of the files too."""
    return adapter(Dataset).json_schema()


def _header_text(header: Header) -> bytes:
    content = adapter(Header).dump_python(header, mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _read_folder(folder: Path, draft: _Draft) -> None:
    files = _files_of(folder, draft.report)
    if (folder / _HEADER).is_file():
        raw = whole_file(folder / _HEADER, _HEADER, draft.report)
        value = UNREADABLE if raw is None else parse_json(raw, _HEADER, draft.report)
        if value is not UNREADABLE:
            draft.header = read_record(Header, value, _HEADER, draft.report)
    else:
        draft.report.error("missing_header", _HEADER, "a dataset needs a header")
    for collection, file in files:
        for path, line in ndjson_lines(file, draft.report):
            value = parse_json(line, path, draft.report)
            if value is not UNREADABLE:
                draft.add(collection, value, path)


def _files_of(folder: Path, report: Report) -> list[tuple[str, Path]]:
    """Files of records in the folder, in the order of the collections."""
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        name = file.name.removesuffix(".gz")
        if not name.endswith(".ndjson"):
            continue
        collection = name.removesuffix(".ndjson")
        if collection not in COLLECTIONS:
            near = difflib.get_close_matches(collection, COLLECTIONS, n=1)
            hint = f" Maybe {near[0]}.ndjson is meant." if near else ""
            report.error("unknown_file", file.name, f"no collection is called so.{hint}")
        elif collection in found:
            message = f"the collection stands in {found[collection].name} already"
            report.error("unknown_file", file.name, message)
        else:
            found[collection] = file
    return [(name, found[name]) for name in COLLECTIONS if name in found]


def _read_document(raw: bytes, path: str, draft: _Draft) -> None:
    content = parse_json(raw, path or "/", draft.report)
    if content is not UNREADABLE:
        _read_content(content, path, draft)


def _read_content(content: Any, path: str, draft: _Draft) -> None:
    if not isinstance(content, dict):
        draft.report.error("wrong_type", path or "/", "a dataset is an object", content)
        return
    for key in content.keys() - {"header", *COLLECTIONS}:
        near = difflib.get_close_matches(key, COLLECTIONS, n=1)
        hint = f" Maybe {near[0]} is meant." if near else ""
        draft.report.error("unknown_field", f"{path}/{key}", f"no collection is called so.{hint}")
    draft.header_path = f"{path}/header"
    if "header" in content:
        draft.header = read_record(Header, content["header"], draft.header_path, draft.report)
    else:
        draft.report.error("missing_header", draft.header_path, "a dataset needs a header")
    for name in COLLECTIONS:
        rows = content.get(name, [])
        if not isinstance(rows, list):
            draft.report.error("wrong_type", f"{path}/{name}", "must be a list", rows)
            continue
        for index, row in enumerate(rows):
            draft.add(name, row, f"{path}/{name}/{index}")
