"""Files of bundles, resources and lines to single resources, each with the place it stands at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import DatasetError
from engine.interchange.files import ndjson_lines, whole_file
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.problems import Report

GONE: Any = object()
"""Stands for a resource that a history says was deleted."""

MAX_DEPTH = 8
"""Bundles inside of bundles; a searchset of documents has two."""

_INSIDE = "/entry/"
_LINES = re.compile(r"\.(ndjson|jsonl)(\.gz)?$", re.IGNORECASE)
_DATA = re.compile(r"\.(json|ndjson|jsonl)(\.gz)?$", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What stands where a resource is expected.

    Parameters
    ----------
    path
        Where, for messages; no two have the same.
    content
        Plain values.
    full_url
        The address that its bundle gives it; empty where there is none.
    is_version
        It stands in a history, where a resource comes once per version, the newest first.
    """

    path: str
    content: Any
    full_url: str = ""
    is_version: bool = False


def contents(paths: Sequence[Path], findings: Report) -> Iterator[Found]:
    """Everything in some files; of a folder, in all files below it.

    Raises
    ------
    DatasetError
        A file or folder does not exist, before anything is read.
    """
    for path in paths:
        if not path.exists():
            findings.error("not_found", str(path), "there is no such file or folder")
    if findings.num_errors:
        raise DatasetError.of(findings)
    labels = Counter[str]()
    for file in _files(paths, findings):
        label = _UNPRINTABLE.sub("?", file.name)[-_LONGEST_LABEL:]
        labels[label] += 1
        if labels[label] > 1:  # in another folder
            label = f"{label}({labels[label]})"
        for where, content in _values(file, label, findings):
            yield from _unpacked(where, content, findings)


def _files(paths: Sequence[Path], findings: Report) -> Iterator[Path]:
    """Files, and the files of folders; what is no data there is reported."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            if not file.is_file() or file.name.startswith("."):
                continue
            if _DATA.search(file.name):
                yield file
            else:
                message = "its name says that it is neither JSON nor NDJSON: it is not read"
                findings.warn("unknown_file", file.name, message)


def _values(file: Path, label: str, findings: Report) -> Iterator[tuple[str, Any]]:
    """The JSON texts of a file."""
    if _LINES.search(file.name):
        for where, line in ndjson_lines(file, findings):
            path = label + where[len(file.name) :]
            value = parse_json(line, path, findings)
            if value is not UNREADABLE:
                yield path, value
        return
    raw = whole_file(file, label, findings)
    value = UNREADABLE if raw is None else parse_json(raw, label, findings)
    if value is not UNREADABLE:
        yield label, value


def _unpacked(path: str, content: Any, findings: Report) -> Iterator[Found]:
    """The resources of a bundle, of bundles inside it too; any other resource is itself."""
    waiting = [Found(path, content)]
    while waiting:
        found = waiting.pop()
        if found.path.count(_INSIDE) > MAX_DEPTH:  # paths would be too long to be told apart
            message = f"more than {MAX_DEPTH} bundles inside each other: it is not read"
            findings.error("too_large", found.path, message)
            continue
        if not isinstance(found.content, dict) or found.content.get("resourceType") != "Bundle":
            yield found
            continue
        entries = found.content.get("entry", [])
        if not isinstance(entries, list):
            findings.error("wrong_type", f"{found.path}/entry", "must be a list", entries)
            continue
        is_history = found.content.get("type") == "history"
        inside = (
            _entry(
                f"{found.path}{_INSIDE}{number}", entry, is_version=is_history, findings=findings
            )
            for number, entry in enumerate(entries)
        )
        waiting += reversed([row for row in inside if row is not None])


def _entry(path: str, entry: Any, *, is_version: bool, findings: Report) -> Found | None:
    """The resource of an entry; ``None`` where it has none, such as a mere answer."""
    if not isinstance(entry, dict):
        findings.error("wrong_type", path, "an entry is an object", entry)
        return None
    url = entry.get("fullUrl", "")
    if not isinstance(url, str):
        findings.error("wrong_type", f"{path}/fullUrl", "must be a string", url)
        url = ""
    if "resource" not in entry:
        return Found(path, GONE, url, is_version) if is_version else None
    return Found(f"{path}/resource", entry["resource"], url, is_version)
