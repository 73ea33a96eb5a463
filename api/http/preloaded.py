"""What the fork server has ready for every process that it makes: loaded, and read once.

CP-SAT, the validators of records and the table of postal codes take a second where they are needed
first, which would be in the first task of each process.
"""

from __future__ import annotations

import json
from importlib.resources import files

import api.http.worker  # noqa: F401
import engine.solve.cpsat  # noqa: F401
from engine.interchange.dataset import dataset_from

_EXAMPLE = files("scenarios").joinpath("examples/small_clinic.json")

dataset_from(json.loads(_EXAMPLE.read_text("utf-8")))
