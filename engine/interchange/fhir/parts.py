"""What resources that are written are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.interchange.fhir.names import (
    ID_SYSTEM,
    LANGUAGE_SYSTEM,
    SPECIALTY_SYSTEM,
    VISIT_TYPE_SYSTEM,
    code_of,
    fhir_id,
)
from engine.interchange.fhir_shapes import NUCC_SYSTEM

Content = dict[str, Any]
"""A resource, or a part of one, as plain values."""

_NUCC = re.compile(r"[0-9A-Z]{9}X")


def resource(kind: str, own_name: str, /, *identifiers: Content, **content: Any) -> Content:
    """A resource of ours; what is empty of it is left out, since FHIR has no empty values."""
    own = fhir_id(own_name)
    kept = () if own == own_name else ({"system": ID_SYSTEM, "value": own_name},)
    identifier = [*kept, *identifiers]
    head = {"resourceType": kind, "id": own}
    return head | without_nothing({"identifier": identifier} | content)


def without_nothing(content: Content) -> Content:
    """The content without what is empty."""
    return {name: value for name, value in content.items() if value not in (None, "", [], {}, ())}


def reference(kind: str, name: str) -> Content:
    """A reference to a resource of ours."""
    return {"reference": f"{kind}/{fhir_id(name)}"}


def visit_type(name: str, display: str = "") -> Content:
    """The concept of a type of visit."""
    coding = {"system": VISIT_TYPE_SYSTEM, "code": code_of(name), "display": display}
    return {"coding": [without_nothing(coding)]}


def specialty(code: str) -> Content:
    """The concept of a specialty."""
    system = NUCC_SYSTEM if _NUCC.fullmatch(code) else SPECIALTY_SYSTEM
    return {"coding": [{"system": system, "code": code_of(code)}]}


def languages(codes: Sequence[str]) -> list[Content]:
    """The concepts of languages."""
    return [{"coding": [{"system": LANGUAGE_SYSTEM, "code": code_of(code)}]} for code in codes]
