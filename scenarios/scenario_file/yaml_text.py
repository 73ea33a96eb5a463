"""YAML text to plain values, each with its line; what could surprise is refused or stays text.

Of YAML only what JSON can say is read. ``true``, ``false``, ``null`` and decimal numbers are
what they look like; everything else is text: ``on``, ``no``, ``9:30``, ``2026-03-02``, and
``06103``, which is a postal code and no number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import yaml

from engine.problems import Report
from scenarios.scenario_file.lines import Lines

MAX_YAML_BYTES = 1 << 17
"""Most that is read of a text that people write by hand."""

MAX_DEPTH = 32
"""Lists and objects within one another."""

_TAG = "tag:yaml.org,2002:"
_LOOKS = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"), list("-+0123456789")),
    (
        "float",
        re.compile(
            r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*|(?:0|[1-9][0-9]*)(?=[eE]))"
            r"(?:[eE][-+]?[0-9]+)?\Z"
        ),
        list("-+.0123456789"),
    ),
)
_LOOK_OF_TAG = {f"{_TAG}{name}": look for name, look, _ in _LOOKS}


class _Loader(yaml.SafeLoader):
    """Reads nodes; nothing is guessed but what ``_LOOKS`` says, nothing stands twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Read one node, and what is in it."""
        event = cast(Any, self).peek_event()
        if isinstance(event, yaml.AliasEvent):
            _refuse("an alias (*) is not read: write the value out", event.start_mark)
        if self.depth >= MAX_DEPTH:
            _refuse("nested too deeply", event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


for _name, _look, _first in _LOOKS:
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", _look, _first)


@dataclass(frozen=True, slots=True)
class YamlText:
    """What a text says.

    Parameters
    ----------
    content
        Plain values, as JSON has them.
    lines
        Where they stand.
    """

    content: Any
    lines: Lines


def parse_yaml(raw: bytes, name: str, report: Report) -> YamlText | None:
    """Parse one YAML text.

    Parameters
    ----------
    raw
        UTF-8, with or without a byte order mark; one document.
    name
        What the text is called, for messages.
    report
        Where to say what is wrong.

    Returns
    -------
    YamlText or None
        ``None`` where nothing can be read. What is wrong with single values, such as a key
        that stands twice, is reported, and the rest is read.
    """
    if len(raw) > MAX_YAML_BYTES:
        report.error("too_large", name, f"more than {MAX_YAML_BYTES} bytes; it is not read")
        return None
    try:
        root = _composed(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        report.error("not_utf8", name, f"byte {error.start} is not UTF-8")
        return None
    except yaml.MarkedYAMLError as error:
        report.error("not_yaml", _place(name, error.problem_mark), _message(error))
        return None
    except yaml.reader.ReaderError as error:
        report.error("not_yaml", name, f"a character at {error.position} does not print")
        return None
    except (ValueError, OverflowError) as error:  # an escape beyond the last character
        report.error("not_yaml", name, str(error))
        return None
    reading = _Reading(name, report)
    return YamlText(reading.value(root, ""), Lines(name, reading.line_of))


def _composed(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _refuse(message: str, mark: Any) -> NoReturn:
    raise yaml.composer.ComposerError(None, None, message, mark)


def _place(name: str, mark: Any) -> str:
    return name if mark is None else f"{name}:{mark.line + 1}"


def _message(error: yaml.MarkedYAMLError) -> str:
    """What is wrong, in plain words where the mistake is a common one."""
    problem = error.problem or "cannot be read"
    if r"'\t'" in problem:
        return "a tab stands where only spaces may: YAML is indented by spaces"
    if "single document" in (error.context or ""):
        return "there is a second document (---): a file holds one"
    return ": ".join(part for part in (error.context, problem) if part)


@dataclass(slots=True)
class _Reading:
    """Turns nodes into values, and notes the line of each."""

    name: str
    report: Report
    line_of: dict[str, int] = field(default_factory=dict)

    def value(self, node: yaml.Node | None, path: str) -> Any:
        """The value of a node."""
        if node is None:
            return None
        self.line_of.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._object(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.value(part, f"{path}/{i}") for i, part in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self._wrong("not_yaml", path, "a tag (!) is not read", node.tag)
        return None

    def _object(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key, part in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._wrong("not_yaml", path, "a key is a text")
                continue
            name, line = self._text(key, path), key.start_mark.line + 1
            where = f"{path}/{name}"
            if name in content:
                message = f"an object names the key twice, first in line {self.line_of[where]}"
                self.report.error("duplicate_key", f"{self.name}:{line}{where}", message)
                continue
            self.line_of[where] = line
            content[name] = self.value(part, where)
        return content

    def _scalar(self, node: yaml.ScalarNode, path: str) -> Any:
        if node.tag == f"{_TAG}str":
            return self._text(node, path)
        look = _LOOK_OF_TAG.get(node.tag)
        if look is None or not look.match(node.value):
            self._wrong("not_yaml", path, "a tag (!) is not read", node.tag)
            return None
        if node.tag == f"{_TAG}null":
            return None
        if node.tag == f"{_TAG}bool":
            return node.value.lower() == "true"
        return self._number(node, path)

    def _number(self, node: yaml.ScalarNode, path: str) -> int | float | None:
        try:
            number = int(node.value) if node.tag == f"{_TAG}int" else float(node.value)
        except ValueError:  # 5,000 digits
            self._wrong("out_of_range", path, "the number is too long")
            return None
        if isinstance(number, float) and not math.isfinite(number):
            self._wrong("not_finite", path, "the number is too large", node.value)
            return None
        return number

    def _text(self, node: yaml.ScalarNode, path: str) -> str:
        """The text; two halves of a letter, as JSON writes them, become one."""
        text: str = node.value
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._wrong("bad_text", path, "holds half a surrogate pair")
            return ""

    def _wrong(self, code: str, path: str, message: str, value: str | None = None) -> None:
        line = Lines(self.name, self.line_of).line(path)
        self.report.error(code, f"{self.name}:{line}{path}", message, value)
