"""Where a page of a list ended, in a word that only the service can make."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from api.http.live.refused import Refused

_MAC_BYTES = 16


class Cursors:
    """Makes cursors, and reads its own.

    Parameters
    ----------
    secret
        Of the store: a cursor is good for every process that serves it.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, of: str, after: str) -> str:
        """A cursor.

        Parameters
        ----------
        of
            Which list.
        after
            The last id of its page.
        """
        raw = self._mac(of, after) + after.encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def read(self, of: str, cursor: str | None) -> str | None:
        """Where a list goes on; ``None``: it begins.

        Raises
        ------
        Refused
            The cursor is none of ours, or of another list.
        """
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
            after = raw[_MAC_BYTES:].decode()
        except (binascii.Error, ValueError):
            raw, after = b"", ""
        same = hmac.compare_digest(raw[:_MAC_BYTES], self._mac(of, after))
        if not same or self.make(of, after) != cursor:
            raise Refused("bad-cursor", "take it from the page before, with the same filter")
        return after

    def _mac(self, of: str, after: str) -> bytes:
        text = f"{of}\n{after}".encode()
        return hmac.digest(self._secret, text, hashlib.sha256)[:_MAC_BYTES]
