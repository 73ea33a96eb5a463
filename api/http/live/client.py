"""Who asks."""

from __future__ import annotations

from fastapi import Request

OPEN = "open"
"""Everybody, where nobody is asked who they are."""


def client(_request: Request) -> str:
    """Name of whoever asks: holds, and the keys of requests, are theirs."""
    return OPEN
