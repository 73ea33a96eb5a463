"""The text of a key: ``sm_``, its id, and a secret; only its digest is kept.

A fast hash is enough: there are 160 bits to guess, not a password.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import Counter

from engine.errors import InvalidInputError
from engine.problems import Problem

_FORM = re.compile(r"sm_([a-z0-9]{8,32})_([A-Za-z0-9]{32,128})")
_ID_BYTES, _SECRET_BYTES = 6, 20
_LEAST_DIFFERENT = 10
_MOST_OF_ONE = 0.25
_NOBODY = hashlib.sha256(secrets.token_bytes()).hexdigest()


def new_key() -> tuple[str, str]:
    """An id and the key of it, drawn by the system."""
    id = secrets.token_hex(_ID_BYTES)
    return id, f"sm_{id}_{secrets.token_hex(_SECRET_BYTES)}"


def id_of(key: str) -> str | None:
    """The id in a key; ``None``: it is none."""
    found = _FORM.fullmatch(key)
    return found[1] if found else None


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_key(key: str, digest: str | None) -> bool:
    """Whether a key has a digest; it takes as long where there is none."""
    is_equal = hmac.compare_digest(digest_of(key), digest or _NOBODY)
    return is_equal and digest is not None


def require_strong(key: str) -> str:
    """The id of a key that somebody made, where it is not easily guessed.

    Raises
    ------
    InvalidInputError
        It is no key, too short, or of too few signs; nothing of it is said.
    """
    found = _FORM.fullmatch(key)
    if found is None:
        message = (
            "a key is sm_ID_SECRET: an id of 8 to 32 small letters and digits, a secret of 32 to "
            "128 letters and digits. Maybe leave it out, and one is drawn"
        )
        raise InvalidInputError([Problem("weak_key", "key", message)])
    id, secret = found.groups()
    counts = Counter(secret)
    repeats = (secret + secret).find(secret, 1) < len(secret)
    too_many = max(counts.values()) > _MOST_OF_ONE * len(secret)
    if len(counts) < _LEAST_DIFFERENT or too_many or repeats:
        message = "its secret has too few different signs to be a random one"
        raise InvalidInputError([Problem("weak_key", "key", message)])
    return id
