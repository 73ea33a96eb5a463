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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.checks import check_dataset
from engine.domain import COLLECTIONS, DATASET_SCHEMA, Dataset, Header, Interval
from engine.errors import DatasetError
from engine.interchange.files import CUT_SHORT, ndjson_lines, whole_file
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import adapter, read_record, remains
from engine.problems import Report, parents

_HEADER = "header.json"
_MAX_ERRORS = 10_000
_SURE = {"dangling_reference", "duplicate_id", "duplicate_reference", "unknown_urgency"}
_LAST_DAY = datetime(2099, 12, 31, tzinfo=UTC)
_ANY_HEADER = Header(  # stands for one that cannot be read: the records are judged all the same
    schema=DATASET_SCHEMA,
    as_of=_LAST_DAY,
    horizon=Interval(start=datetime(2000, 1, 1, tzinfo=UTC), end=_LAST_DAY),
    time_zone="UTC",
)


@dataclass(slots=True)
class _Draft:
    """Records read so far, where they stand, and the ids of those that could not be read."""

    report: Report = field(default_factory=Report)
    header: Header | None = None
    header_path: str = _HEADER
    records: dict[str, list[Any]] = field(default_factory=lambda: {n: [] for n in COLLECTIONS})
    paths: dict[str, list[str]] = field(default_factory=lambda: {n: [] for n in COLLECTIONS})
    unread: dict[str, set[str]] = field(default_factory=lambda: {n: set() for n in COLLECTIONS})
    incomplete: set[str] = field(default_factory=set)
    half_read: set[str] = field(default_factory=set)

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is wrong that the rest is not worth reading."""
        return self.report.num_errors >= _MAX_ERRORS

    def add(self, collection: str, value: Any, path: str) -> None:
        """Validate a record and keep it, or what can be known of it."""
        record_type = COLLECTIONS[collection]
        record = read_record(record_type, value, path, self.report)
        if record is None and isinstance(value, dict):
            record = remains(record_type, value)
            self.half_read.add(path)
        if record is not None:
            self.records[collection].append(record)
            self.paths[collection].append(path)
        elif isinstance(value, dict) and isinstance(value.get("id"), str):
            self.unread[collection].add(value["id"])
        else:
            self.incomplete.add(collection)

    def give_up(self, path: str) -> None:
        """Say that the rest is not read."""
        message = f"more than {_MAX_ERRORS} errors; the rest is not read"
        self.report.error("too_many_errors", path, message)
        self.incomplete.update(COLLECTIONS)

    def finish(self, urgencies: Collection[str] | None) -> tuple[Dataset, Report]:
        """Check the records together.

        Raises
        ------
        DatasetError
            If anything read so far, or the check, found an error.
        """
        records = {name: tuple(rows) for name, rows in self.records.items()}
        dataset = Dataset(header=self.header or _ANY_HEADER, **records)
        where, unread = self._where, self.unread
        self._take_over(check_dataset(dataset, where, unread, urgencies, self.incomplete))
        if not any(self.records.values()) and not self.report.num_errors:
            self.report.error("empty_dataset", self.header_path, "there are no records")
        if self.report.num_errors:
            raise DatasetError.of(self.report)
        return dataset, self.report

    def _take_over(self, found: Report) -> None:
        """Take over what checks found; of records read in part, only what is sure."""
        if not self.half_read:
            self.report.extend(found)
            return
        for problem in found.problems:
            record, _, _ = problem.path.rpartition("/")
            is_part = any(path in self.half_read for path in parents(record))
            if not is_part or problem.code in _SURE:
                self.report.add(problem)

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
        Made if absent; files of collections that are empty now are removed. What is there
        already is touched only when all of the new text is made.
    compress
        Write ``.ndjson.gz``.
    """
    texts = {_HEADER: _header_text(dataset.header)}
    for name, record_type in COLLECTIONS.items():
        rows, dump = getattr(dataset, name), adapter(record_type).dump_json
        text = b"".join(dump(row, exclude_defaults=True) + b"\n" for row in rows)
        if rows and compress:
            texts[f"{name}.ndjson.gz"] = gzip.compress(text, mtime=0)
        elif rows:
            texts[f"{name}.ndjson"] = text
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        draft = folder / f".{name}.part"
        draft.write_bytes(text)
        draft.replace(folder / name)
    for stem in (_HEADER, *(f"{name}.ndjson" for name in COLLECTIONS)):
        for name in {stem, f"{stem}.gz"} - texts.keys():
            (folder / name).unlink(missing_ok=True)


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
    _read_header(folder, draft)
    for collection, file in files:
        missing = _num_missing(draft.report)
        for path, line in ndjson_lines(file, draft.report):
            value = parse_json(line, path, draft.report)
            if value is UNREADABLE:
                draft.incomplete.add(collection)
            else:
                draft.add(collection, value, path)
            if draft.is_hopeless:
                draft.give_up(path)
                return
        if _num_missing(draft.report) > missing:
            draft.incomplete.add(collection)


def _num_missing(report: Report) -> int:
    """Number of files that could not be read to their end."""
    return sum(report.counts["error", code] for code in CUT_SHORT)


def _read_header(folder: Path, draft: _Draft) -> None:
    found = [file for file in (folder / _HEADER, folder / f"{_HEADER}.gz") if file.is_file()]
    if not found:
        draft.report.error("missing_header", _HEADER, "a dataset needs a header")
        return
    raw = whole_file(found[0], found[0].name, draft.report)
    value = UNREADABLE if raw is None else parse_json(raw, found[0].name, draft.report)
    if value is not UNREADABLE:
        draft.header = read_record(Header, value, found[0].name, draft.report)


def _files_of(folder: Path, report: Report) -> list[tuple[str, Path]]:
    """Files of records in the folder, in the order of the collections."""
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        name = file.name.removesuffix(".gz")
        collection = name.removesuffix(".ndjson")
        if name == _HEADER or not _is_data(file):
            continue
        if collection not in COLLECTIONS:
            near = difflib.get_close_matches(file.name.partition(".")[0], COLLECTIONS, n=1)
            hint = f" Maybe {near[0]}.ndjson is meant." if near else ""
            report.error("unknown_file", file.name, f"no collection is called so.{hint}")
        elif collection in found:
            message = f"the collection stands in {found[collection].name} already"
            report.error("unknown_file", file.name, message)
        else:
            found[collection] = file
    return [(name, found[name]) for name in COLLECTIONS if name in found]


def _is_data(file: Path) -> bool:
    """Whether a file looks like records: named as data, or like a collection."""
    stem = file.name.partition(".")[0].lower()
    return ".ndjson" in file.name.lower() or ".json" in file.name.lower() or stem in COLLECTIONS


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
            draft.incomplete.add(name)
            continue
        for index, row in enumerate(rows):
            draft.add(name, row, f"{path}/{name}/{index}")
            if draft.is_hopeless:
                draft.give_up(f"{path}/{name}/{index}")
                return
