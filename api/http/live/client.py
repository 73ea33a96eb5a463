"""Who asks."""

from __future__ import annotations

from fastapi import Request

from api.http.clients import client_of


def client(request: Request) -> str:
    """Name of whoever asks: holds, and the keys of requests, are theirs."""
    return client_of(request).id
