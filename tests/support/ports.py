"""Ports for servers that tests start as processes."""

from __future__ import annotations

import os
import socket
from itertools import count

_next = count(20_000 + os.getpid() * 61 % 12_000)


def free_port() -> int:
    """A port where nobody listens.

    It is below those that the system gives away by itself: there, whoever asks for any port while
    a server is on its way gets the same, and tests talk to somebody else's.
    """
    while True:
        port = next(_next)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
