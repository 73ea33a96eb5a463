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
from pathlib import Path
from typing import Any

from engine.domain import COLLECTIONS, Dataset, Header
from engine.interchange.draft import HEADER, Draft
from engine.interchange.files import CUT_SHORT, ndjson_lines, whole_file
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import adapter, read_record
from engine.problems import Report

_STEMS = (HEADER, *(f"{name}.ndjson" for name in COLLECTIONS))
WRITTEN = frozenset((*_STEMS, *(f"{stem}.gz" for stem in _STEMS)))
"""Names of the files that a folder may hold."""


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
    draft = Draft()
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
    draft = Draft()
    _read_document(raw, "", draft)
    return draft.finish(urgencies)


def dataset_from(
    content: Any, urgencies: Collection[str] | None = None, path: str = ""
) -> tuple[Dataset, Report]:
    """Read a dataset from the plain values of one document; otherwise as ``read_dataset``."""
    draft = Draft()
    _read_content(content, path, draft)
    return draft.finish(urgencies)


def write_dataset(dataset: Dataset, folder: Path, *, compress: bool = False) -> None:
    """Write a dataset as a folder of NDJSON files; fields at their default are left out.

    Parameters
    ----------
    folder
        Made if absent; files of collections that are empty now are removed. What is there
        already is touched only when all of the new text is written beside it.
    compress
        Write ``.ndjson.gz``.
    """
    texts = {HEADER: _header_text(dataset.header)}
    for name, record_type in COLLECTIONS.items():
        rows, dump = getattr(dataset, name), adapter(record_type).dump_json
        text = b"".join(dump(row, exclude_defaults=True) + b"\n" for row in rows)
        if rows and compress:
            texts[f"{name}.ndjson.gz"] = gzip.compress(text, mtime=0)
        elif rows:
            texts[f"{name}.ndjson"] = text
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {name: folder / f".{number}.part" for number, name in enumerate(texts)}
    try:
        for name, draft in drafts.items():
            draft.write_bytes(texts[name])
        for name, draft in drafts.items():
            draft.replace(folder / name)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    for name in WRITTEN - texts.keys():
        (folder / name).unlink(missing_ok=True)


def is_foreign(file: Path) -> bool:
    """Whether a file looks like records, and is none that ``write_dataset`` writes.

    A dataset in the same folder could not be read: files of records are not overlooked.
    """
    return _is_data(file) and file.name not in WRITTEN


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


def _read_folder(folder: Path, draft: Draft) -> None:
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


def _read_header(folder: Path, draft: Draft) -> None:
    found = [file for file in (folder / HEADER, folder / f"{HEADER}.gz") if file.is_file()]
    if not found:
        draft.report.error("missing_header", HEADER, "a dataset needs a header")
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
        if name == HEADER or not _is_data(file):
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


def _read_document(raw: bytes, path: str, draft: Draft) -> None:
    content = parse_json(raw, path or "/", draft.report)
    if content is not UNREADABLE:
        _read_content(content, path, draft)


def _read_content(content: Any, path: str, draft: Draft) -> None:
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
    draft.add_lists(content, COLLECTIONS, path)
