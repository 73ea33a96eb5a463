"""How our ids, codes and classes are written in FHIR, so that they can be read again.

The address of the base is one that leads nowhere (RFC 2606): it only tells names apart.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, unquote

BASE = "https://slotmatch.invalid/fhir"
"""Where the resources of a bundle say that they live."""

ID_SYSTEM = f"{BASE}/id"
"""System of our own ids, where they are no ids of FHIR."""
REQUEST_SYSTEM = f"{BASE}/request"
"""System of the ids of requests, on the appointment that a request holds or waits for."""
VISIT_TYPE_SYSTEM = f"{BASE}/visit-type"
"""System of the ids of visit types, as codes."""
SPECIALTY_SYSTEM = f"{BASE}/specialty"
"""System of codes of specialties that are not NUCC's."""
SEATS_EXTENSION = f"{BASE}/seats"
"""On a slot: the seats of its session, taken or not."""
DAY_EXTENSION = f"{BASE}/day"
"""On a slot: its visits have no told time."""
HELD_UNTIL_EXTENSION = f"{BASE}/held-until"
"""On a pending appointment: from when on it counts for nothing."""
PINNED_EXTENSION = f"{BASE}/pinned"
"""On an appointment: it may not be moved."""
GEOLOCATION_EXTENSION = "http://hl7.org/fhir/StructureDefinition/geolocation"
"""On an address: coordinates."""
LANGUAGE_SYSTEM = "urn:ietf:bcp:47"
"""System of languages."""

PRIORITIES = {"emergent": 1, "urgent": 3, "soon": 5, "routine": 9}
"""Priority of an urgency class: 1 is the highest and 9 the lowest, as in iCalendar."""

_FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CODE = re.compile(r"[^\s%]+( [^\s%]+)*")
_MADE_ID = re.compile(r"slotmatch\.[0-9a-f]{40}")


def fhir_id(name: str) -> str:
    """An id for FHIR: the name itself, or its hash where a name is no id there.

    Different names have different ids; the name itself goes into an identifier then.
    """
    if _FHIR_ID.fullmatch(name) and not _MADE_ID.fullmatch(name):
        return name
    return f"slotmatch.{hashlib.sha256(name.encode()).hexdigest()[:40]}"


def code_of(name: str) -> str:
    """A code for FHIR: the name itself, or percent-encoded where it is no code there."""
    return name if _CODE.fullmatch(name) else quote(name, safe="")


def name_of(system: str, code: str) -> str:
    """The name that a code stands for: a code of ours is decoded."""
    return unquote(code, errors="replace") if system.startswith(f"{BASE}/") else code


def urgency_of(priority: int | None) -> str:
    """The urgency class of a priority; 0, and none, say nothing: routine."""
    if not priority:
        return "routine"
    return next((name for name, least in _LEAST.items() if priority <= least), "routine")


_LEAST = {"emergent": 1, "urgent": 4, "soon": 5}
"""Up to which priority a class goes; iCalendar calls 1 to 4 high, 5 medium, the rest low."""
