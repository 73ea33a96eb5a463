"""What is said in place of a scenario file when it is run: another base, values at its paths."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.problems import Report
from scenarios.scenario_file.lines import Lines
from scenarios.scenario_file.paths import obstacle_to, put
from scenarios.scenario_file.records import Definition
from scenarios.scenario_file.yaml_text import YamlText, parse_yaml

_FIELDS = tuple(Definition.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What is said in place of a file.

    Parameters
    ----------
    base
        A dataset in the place of the whole base; ``None``: the base is the file's.
    settings
        Values at paths into the file, each as ``PATH=VALUE``, one after the other; a value is YAML.
    """

    base: Path | None = None
    settings: tuple[str, ...] = ()


AS_WRITTEN = Overrides()
"""Nothing is said in place of a file."""


@dataclass(frozen=True, slots=True)
class Overridden:
    """A text with other values in it.

    Parameters
    ----------
    text
        With lines that name the option by which a value was given.
    values
        By path, what was given: a base by its name.
    """

    text: YamlText
    values: Mapping[str, Any]


def overridden(text: YamlText, overrides: Overrides, report: Report) -> Overridden:
    """Put other values in, before the text is judged.

    Parameters
    ----------
    report
        Where to say what cannot be put in, by its option.
    """
    found = Overridden(text, {})
    if not isinstance(text.content, dict):  # said when it is read
        return found
    base = overrides.base
    if base is not None:
        found = _with_base(found, base)
    for setting in overrides.settings:
        found = _with_setting(found, setting, report, has_base=base is not None)
    return found if base is None else _without_swept_base(found, report)


def _with_base(found: Overridden, base: Path) -> Overridden:
    """A base that is named from here, and not from the folder of the file."""
    path = os.path.abspath(base)  # noqa: PTH100 - a link stays what it is called
    text = _with_value(found.text, ["base"], {}, "--base", [""])
    text = _with_value(text, ["base", "dataset"], path, "--base", [""])
    return Overridden(text, {"base": str(base)})


def _with_setting(found: Overridden, setting: str, report: Report, *, has_base: bool) -> Overridden:
    path, sign, written = setting.partition("=")
    if not sign:
        report.error("wrong_value", "--set", "must be PATH=VALUE", setting)
        return found
    option, keys = f"--set {path}", _keys(path)
    obstacle = obstacle_to(found.text.content, keys, _FIELDS)
    if has_base and keys[0] == "base":
        obstacle = "--base stands in the place of the whole base"
    if obstacle is not None:
        report.error("wrong_value", option, obstacle)
        return found
    value = parse_yaml(written.encode(errors="surrogateescape"), option, report)
    if value is None:
        return found
    text = _with_value(found.text, keys, value.content, option, value.lines.line_of)
    return Overridden(text, {**found.values, path: value.content})


def _keys(path: str) -> list[str]:
    """Parts of a path; what is swept is called by a path itself."""
    first, *rest = path.split("/")
    return [first, "/".join(rest)] if first == "sweep" and rest else [first, *rest]


def _with_value(
    text: YamlText, keys: Sequence[str], value: Any, option: str, parts: Iterable[str]
) -> YamlText:
    """The text with a value in it, which stands before its first line."""
    place = f"/{'/'.join(keys)}"
    line_of = {**text.lines.line_of, **{f"{place}{part}": 0 for part in parts}}
    given = {at: by for at, by in text.lines.given.items() if at != place}
    lines = Lines(text.lines.name, line_of, {**given, place: option})
    return YamlText(put(text.content, keys, value), lines)


def _without_swept_base(found: Overridden, report: Report) -> Overridden:
    """Without what a sweep would put into the base that is no longer there, which is said."""
    content, lines = found.text.content, found.text.lines
    sweep = content.get("sweep")
    swept = [path for path in sweep if _keys(path)[0] == "base"] if isinstance(sweep, dict) else []
    for path in swept:
        message = "the base is swept here, and --base stands in its place. Maybe --set sweep={}"
        report.error("wrong_value", lines.located(f"/sweep/{path}"), message)
    if not swept:
        return found
    kept = {path: values for path, values in sweep.items() if path not in swept}
    return replace(found, text=YamlText({**content, "sweep": kept}, lines))
