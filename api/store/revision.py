"""Which version the tables of a store are of, beside the one that the code knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.store.schema import version_of

Standing = Literal["none", "older", "current", "newer"]


@dataclass(frozen=True, slots=True)
class Revision:
    """The version of some tables.

    Parameters
    ----------
    there
        What they are of; ``None``: there are none.
    newest
        What the code makes of them.
    standing
        Older ones are brought up when the store is opened; newer ones are not touched.
    """

    there: str | None
    newest: str
    standing: Standing


def revision_of(connection: Connection) -> Revision:
    """Look at the tables of a store."""
    return revision_named(version_of(connection))


def revision_named(there: str | None) -> Revision:
    """Where a version stands."""
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    newest = str(scripts.get_current_head())
    if there is None:
        return Revision(there, newest, "none")
    if there == newest:
        return Revision(there, newest, "current")
    known = {script.revision for script in scripts.walk_revisions()}
    return Revision(there, newest, "older" if there in known else "newer")
