"""Hashes of what was asked, the same for the same content in any order of records."""

from __future__ import annotations

import hashlib
import json
from operator import attrgetter
from types import GenericAlias

from engine.domain import COLLECTIONS, Dataset, Header
from engine.interchange.policy_file import policy_content
from engine.interchange.validation import adapter
from engine.policy import Policy


def dataset_hash(dataset: Dataset) -> str:
    """SHA-256 of the header and of every record, sorted by id; hexadecimal."""
    digest = hashlib.sha256(adapter(Header).dump_json(dataset.header))
    for name, record_type in COLLECTIONS.items():
        dump = adapter(GenericAlias(list, (record_type,))).dump_json
        rows = sorted(getattr(dataset, name), key=attrgetter("id"))
        digest.update(name.encode())
        digest.update(dump(rows, exclude_defaults=True))
    return digest.hexdigest()


def policy_hash(policy: Policy) -> str:
    """SHA-256 of the rules, their parameters and the urgency classes; hexadecimal."""
    content = policy_content(policy)
    content["urgencies"] = list(content["urgencies"].items())  # their order matters
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
