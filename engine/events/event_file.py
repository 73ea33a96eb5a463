"""Events as JSON: a list of objects, each of which says by its ``kind`` what happened."""

from __future__ import annotations

from engine.errors import DisruptionError
from engine.events.events import DISRUPTIONS, Disruption, OneDisruption
from engine.interchange.kinds import Kinds

EVENTS: Kinds[OneDisruption] = Kinds(DISRUPTIONS, tuple[Disruption, ...], "event", DisruptionError)
"""How they are read; what an event names is judged when it is applied."""
