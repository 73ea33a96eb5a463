"""The policy as TOML: read over the defaults, written with the basis of every default."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

import tomli_w

from engine.errors import PolicyError
from engine.fairness import Fairness
from engine.interchange.toml_text import parse_toml
from engine.parameters import BadParametersError
from engine.policy import DEFAULT_RULES, RULES, Policy, parameter_fields, parameters_of
from engine.problems import Problem, Report, one_of, shown
from engine.seats import Seats
from engine.urgency import BASIS_OF_DEFAULTS, Standard, Urgencies

T = TypeVar("T", Seats, Fairness)

POLICY_SCHEMA = "slotmatch.policy/1"

_TABLES = ("schema", "urgencies", "by_visit_type", "seats", "fairness", "rules")


def read_policy(raw: bytes, path: str = "policy") -> Policy:
    """Read a policy: what it does not mention keeps its default.

    Parameters
    ----------
    raw
        TOML with tables ``urgencies``, ``by_visit_type``, ``seats``, ``fairness`` and
        ``rules``. A table
        ``rules.NAME`` gives parameters, and switches on a rule that is off by default;
        ``enabled = false`` switches a rule off. ``urgencies`` changes standards of the usual
        classes; where it names a class of its own, it states all classes, in order.
    path
        Name for messages.

    Raises
    ------
    PolicyError
        Everything that is wrong with it.
    """
    report = Report()
    content = parse_toml(raw, path, report)
    if content is None:
        raise PolicyError.of(report)
    return policy_from(content, path)


def policy_from(content: Mapping[str, Any], path: str = "policy") -> Policy:
    """Read a policy from plain values, as ``read_policy`` does from text."""
    problems = [
        Problem("unknown_field", f"{path}/{key}", f"one of {', '.join(_TABLES)} expected")
        for key in content
        if key not in _TABLES
    ]
    if content.get("schema", POLICY_SCHEMA) != POLICY_SCHEMA:
        message = f"only {POLICY_SCHEMA} can be read"
        problems.append(Problem("wrong_value", f"{path}/schema", message, shown(content["schema"])))
    urgencies = _read_urgencies(content, path, problems)
    seats = _read_own(Seats, content, "seats", path, problems)
    fairness = _read_own(Fairness, content, "fairness", path, problems)
    given = _read_rules(_table(content, "rules", path, problems), path, problems)
    try:
        policy = Policy.of(urgencies, given, seats, fairness)
    except PolicyError as error:
        problems += [
            Problem(p.code, f"{path}/rules/{p.path}", p.message, p.value) for p in error.problems
        ]
    if problems:
        raise PolicyError(problems)
    return policy


def _table(
    content: Mapping[str, Any], name: str, path: str, problems: list[Problem]
) -> dict[str, Any]:
    """The table called ``name``; none is empty."""
    value = content.get(name, {})
    if isinstance(value, dict):
        return value
    problems.append(Problem("wrong_type", f"{path}/{name}", "must be a table", shown(value)))
    return {}


def _read_rules(
    tables: Mapping[str, Any], path: str, problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    """Parameters of every rule that holds: the defaults, with what the tables say."""
    given: dict[str, dict[str, Any]] = {name: {} for name in DEFAULT_RULES}
    for name in tables:
        own = dict(_table(tables, name, f"{path}/rules", problems))
        enabled = own.pop("enabled", True)
        if not isinstance(enabled, bool):
            where = f"{path}/rules/{name}/enabled"
            problems.append(Problem("wrong_type", where, "must be true or false", shown(enabled)))
        if name not in RULES or enabled is not False:
            given[name] = own
        else:
            given.pop(name, None)
    return given


def _read_urgencies(content: Mapping[str, Any], path: str, problems: list[Problem]) -> Urgencies:
    own = _table(content, "urgencies", path, problems)
    standards = _standards(own, f"{path}/urgencies", problems)
    tables = _table(content, "by_visit_type", path, problems)
    by_type = {
        visit_type: _standards(
            _table(tables, visit_type, f"{path}/by_visit_type", problems),
            f"{path}/by_visit_type/{visit_type}",
            problems,
        )
        for visit_type in tables
    }
    usual = Urgencies().standards
    if standards.keys() <= usual.keys():  # other standards for the usual classes
        standards = {**usual, **standards}
    urgencies = Urgencies(standards, by_type)
    for visit_type, stated in by_type.items():
        for name in stated.keys() - set(urgencies.names):
            where = f"{path}/by_visit_type/{visit_type}/{name}"
            message = f"no such urgency class. {one_of(urgencies.names, name)}"
            problems.append(Problem("unknown_urgency", where, message))
    return urgencies


def _read_own(
    cls: type[T], content: Mapping[str, Any], name: str, path: str, problems: list[Problem]
) -> T | None:
    """What is stated once for all rules, in a table of its own."""
    table, where = _table(content, name, path, problems), f"{path}/{name}"
    known = {field.name for field in fields(cls)}
    problems += [
        Problem("bad_parameter", f"{where}/{key}", f"{name} has no such parameter")
        for key in table
        if key not in known
    ]
    try:
        return cls(**{key: value for key, value in table.items() if key in known})
    except BadParametersError as error:
        problems += [
            Problem("bad_parameter", f"{where}/{key}", what, shown(table[key]))
            for key, what in error.reasons.items()
        ]
        return None


def _standards(
    tables: Mapping[str, Any], path: str, problems: list[Problem]
) -> dict[str, Standard]:
    read = {}
    for name in tables:
        try:
            read[name] = Standard(**_table(tables, name, path, problems))
        except (TypeError, ValueError) as error:
            where = f"{path}/{name}"
            problems.append(Problem("bad_parameter", where, str(error), shown(tables[name])))
    return read


def policy_content(policy: Policy) -> dict[str, Any]:
    """The policy as plain values, as ``policy_from`` reads them; complete."""
    urgencies = policy.urgencies
    given = {rule.name: parameters_of(rule) for rule in policy.rules}
    return {
        "schema": POLICY_SCHEMA,
        "urgencies": {name: _content(row) for name, row in urgencies.standards.items()},
        "by_visit_type": {
            visit_type: {name: _content(row) for name, row in rows.items()}
            for visit_type, rows in urgencies.by_visit_type.items()
        },
        "seats": asdict(policy.seats),
        "fairness": asdict(policy.fairness),
        "rules": {name: given.get(name, {"enabled": False}) for name in RULES},
    }


def _content(standard: Standard) -> dict[str, int]:
    if standard.hours is not None:
        return {"hours": standard.hours}
    return {"working_days": standard.working_days or 0}


def write_policy(policy: Policy) -> str:
    """Write a policy as TOML, each rule under its sentence and each default under its basis."""
    content = policy_content(policy)
    lines = [
        "# Which rules hold, and with which parameters. What a file leaves out keeps its",
        "# default; enabled = false switches a rule off. Prices are days of waiting.",
        f'schema = "{POLICY_SCHEMA}"',
        "",
        "# Within how long a visit should be, the most urgent class first.",
        *_urgency_lines(policy.urgencies),
    ]
    if content["by_visit_type"]:
        lines += ["", tomli_w.dumps({"by_visit_type": content["by_visit_type"]}).rstrip()]
    lines += ["", *_comment(_summary(Seats)), "[seats]"]
    lines += _comment("Share of cells with one seat more; default assumed: nobody is overbooked.")
    lines += [tomli_w.dumps(content["seats"]).rstrip()]
    lines += ["", *_comment(_summary(Fairness)), "[fairness]"]
    lines += _parameter_lines(Fairness, content["fairness"])
    for name, parameters in content["rules"].items():
        lines += ["", *_comment(_summary(RULES[name])), f"[rules.{name}]"]
        lines += _parameter_lines(RULES[name], parameters)
    return "\n".join(lines) + "\n"


def _urgency_lines(urgencies: Urgencies) -> list[str]:
    lines = []
    for name, standard in urgencies.standards.items():
        if name in BASIS_OF_DEFAULTS:
            lines += _comment(f"default {BASIS_OF_DEFAULTS[name]}")
        lines += tomli_w.dumps({"urgencies": {name: _content(standard)}}).rstrip().splitlines()
        lines.append("")
    return lines[:-1]


def _parameter_lines(cls: type[Any], parameters: Mapping[str, Any]) -> list[str]:
    basis = {field.name: field.metadata for field in parameter_fields(cls)}
    lines = []
    for key, value in parameters.items():
        if basis.get(key):
            lines += _comment(f"default {basis[key]['basis']}: {basis[key]['source']}")
        lines.append(tomli_w.dumps({key: value}).rstrip())
    return lines


def _summary(rule: type[Any]) -> str:
    """The rule in the clinic's words: the first sentence of its docstring."""
    paragraph = inspect.cleandoc(rule.__doc__ or "").split("\n\n")[0]
    return " ".join(paragraph.split())


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 90, initial_indent="# ", subsequent_indent="# ")
