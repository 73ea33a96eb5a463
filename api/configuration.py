"""Settings of the service: where each comes from, and whether there is such a setting at all.

Each is its default, unless a file says otherwise, unless the environment does, unless the command
line does. A name that nothing has is refused: a limit that is misspelt would be none.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import pydantic
from pydantic import ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.sources import InitSettingsSource
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from api.http.settings import Settings
from engine.errors import InvalidInputError
from engine.problems import Problem, one_of, shown

PREFIX = "SLOTMATCH_"
FILE = f"{PREFIX}SETTINGS"
"""Names the file of settings."""

_OTHERS = (FILE, f"{PREFIX}REAL_DATA")
"""Names in the environment that are no settings: an option of commands, and one of tests."""

_MAX_WORKERS = 64
_FLAGS = {"dataset": "DATASET"}
_CODES = {"greater_than": "out_of_range", "less_than_equal": "out_of_range",
          "finite_number": "not_finite"}  # fmt: skip


class _Layered(BaseSettings):
    """Flags, then the environment, then a file; the file is handed over as it was read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, pydantic.Field(ge=0, le=65_535)] = 8_000
    dataset: Path | None = None
    store: str | None = None
    without_keys: bool = False
    policy: Path | None = None
    as_of: str | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The later ones give way to the earlier."""
        given = init_settings()
        flags = InitSettingsSource(settings_cls, given.get("flags", {}))
        file = InitSettingsSource(settings_cls, given.get("file", {}))
        return flags, EnvSettingsSource(settings_cls), file


@dataclass(frozen=True, slots=True)
class Configured:
    """What a service is started with.

    Parameters
    ----------
    values
        By name.
    origins
        By name: ``default``, ``file …``, ``environment …`` or ``command line …``.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, str]

    @property
    def service(self) -> Settings:
        """Limits of the service."""
        return Settings(**{field.name: self.values[field.name] for field in fields(Settings)})

    def rows(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value and origin of every setting; what is secret is not shown."""
        for name, value in self.values.items():
            yield name, _without_secrets(name, value), self.origins[name]


def configured(flags: Mapping[str, Any] | None = None, file: Path | None = None) -> Configured:
    """Read every setting from wherever it is said.

    Parameters
    ----------
    flags
        From the command line; ``None`` where nothing was said.
    file
        TOML; by default what the environment names, if anything.

    Raises
    ------
    InvalidInputError
        With everything that is wrong: names that there are not, values out of their range.
    """
    path = file or (Path(os.environ[FILE]) if os.environ.get(FILE) else None)
    from_file = {} if path is None else _read(path)
    from_flags = {name: value for name, value in (flags or {}).items() if value is not None}
    names = _model().model_fields
    problems = [*_unknown_in_file(from_file, path, names), *_unknown_in_environment(names)]
    if problems:
        raise InvalidInputError(problems)
    from_environment = EnvSettingsSource(_model())()
    origins = dict.fromkeys(names, "default")
    origins |= dict.fromkeys(from_file, f"file {path}")
    origins |= {name: f"environment {PREFIX}{name.upper()}" for name in from_environment}
    origins |= {name: f"command line {_flag(name)}" for name in from_flags}
    try:
        found = _model()(flags=from_flags, file=from_file)
    except ValidationError as error:
        raise InvalidInputError(list(_problems(error, origins))) from None
    return Configured({name: getattr(found, name) for name in names}, origins)


@cache
def _model() -> type[BaseSettings]:
    """Every setting: those of the service's own limits are above 0."""
    hints = get_type_hints(Settings)
    limits: dict[str, Any] = {
        field.name: (hints[field.name], _limit(field)) for field in fields(Settings)
    }
    return create_model("ServiceSettings", __base__=_Layered, **limits)


def _limit(field: Field[Any]) -> Any:
    bounds: dict[str, Any] = {}
    if field.type in ("int", "float"):
        bounds = {"gt": 0, "allow_inf_nan": False} if field.type == "float" else {"gt": 0}
    if field.name == "workers":
        bounds["le"] = _MAX_WORKERS
    if field.default_factory is not MISSING:
        return pydantic.Field(default_factory=field.default_factory, **bounds)
    return pydantic.Field(default=field.default, **bounds)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInputError([Problem("not_utf8", str(path), "is not UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError([Problem("not_toml", str(path), "is not TOML")]) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise InvalidInputError([Problem("not_readable", str(path), said)]) from error


def _unknown_in_file(
    said: Iterable[str], path: Path | None, names: Iterable[str]
) -> Iterator[Problem]:
    known = list(names)
    for name in said:
        if name not in known:
            message = f"there is no such setting. {one_of(known, name)}"
            yield Problem("unknown_field", f"{path}/{name}", message)


def _unknown_in_environment(names: Iterable[str]) -> Iterator[Problem]:
    known = [*(f"{PREFIX}{name.upper()}" for name in names), *_OTHERS]
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            message = f"there is no such setting. {one_of(known, name.upper())}"
            yield Problem("unknown_field", f"environment {name}", message)


def _problems(error: ValidationError, origins: Mapping[str, str]) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0])
        code = _CODES.get(detail["type"], "wrong_type")
        value = _without_secrets(name, detail["input"])
        message = detail["msg"].replace("Input should", "must")
        yield Problem(code, f"{name} ({origins[name]})", message, shown(value))


def _without_secrets(name: str, value: Any) -> Any:
    """A value without the password of an address."""
    if name != "store" or not isinstance(value, str):
        return value
    try:
        return make_url(value).render_as_string(hide_password=True)
    except ArgumentError:
        return "***"


def _flag(name: str) -> str:
    return _FLAGS.get(name, f"--{name.replace('_', '-')}")
