"""Plain values to records, every mistake as a problem with a code and a path."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from engine.problems import CODES, Report

_CODE_OF_TYPE = {
    "missing": "missing_field",
    "unexpected_keyword_argument": "unknown_field",
    "extra_forbidden": "unknown_field",
    "literal_error": "wrong_value",
    "finite_number": "not_finite",
    "string_unicode": "bad_text",
    "string_too_long": "out_of_range",
    "string_too_short": "out_of_range",
    "too_short": "out_of_range",
    "too_long": "out_of_range",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
}
_TAGS = {"coordinates", "postal_area", "list", "any"}  # branches of a union, not fields
_NOT_SHOWN = {"missing_field", "unknown_field", "bad_text"}
_MESSAGE_OF_TYPE = {  # in the words of JSON, where pydantic has those of Python
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "dataclass_type": "must be an object",
}
_MESSAGES = {
    "missing_field": "the field is required",
    "unknown_field": "there is no such field",
    "bad_text": "holds control characters, or half a surrogate pair",
}


@cache
def adapter(record_type: Any) -> TypeAdapter[Any]:
    """Validator and serialiser of a record type."""
    return TypeAdapter(record_type)


def read_record(record_type: type, value: Any, path: str, report: Report) -> Any:
    """Validate one record.

    Returns
    -------
    record
        ``None`` where there is an error; every error of the record is reported.
    """
    try:
        return adapter(record_type).validate_python(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(detail, path, report)
    return None


def remains(record_type: type, value: Any) -> Any:
    """What can be read of a bad record: without the fields that are wrong, where it can be.

    Such a record is of no use but to be judged beside the others.
    """
    try:
        adapter(record_type).validate_python(value)
    except ValidationError as error:
        bad = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
        rest = {key: part for key, part in value.items() if key not in bad}
        try:
            return adapter(record_type).validate_python(rest)
        except ValidationError:
            return None
    return None


def _report(detail: ErrorDetails, path: str, report: Report) -> None:
    code = _code(detail)
    where = "/".join([path, *_fields(detail["loc"])])
    shown = None if code in _NOT_SHOWN else detail["input"]
    message = _MESSAGES.get(code) or _MESSAGE_OF_TYPE.get(detail["type"]) or _lower(detail["msg"])
    report.error(code, where, message, shown)


def _code(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == "string_pattern_mismatch":
        return "bad_text" if r"\x00" in detail["ctx"]["pattern"] else "wrong_value"
    return kind if kind in CODES else _CODE_OF_TYPE.get(kind, "wrong_type")


def _fields(location: Iterable[int | str]) -> list[str]:
    return [str(part) for part in location if part not in _TAGS]


def _lower(message: str) -> str:
    message = message.removeprefix("Value error, ")
    message = message.removeprefix("Input should ").removeprefix("Value should ")
    message = message.replace("String should ", "").replace("Tuple should ", "")
    return f"must {message}" if message.startswith(("be ", "have ", "match ")) else message
