"""How many examples a property gets that takes long: a part of what the profile says."""

from __future__ import annotations

from hypothesis import settings

FEWER = settings(max_examples=max(1, settings.default.max_examples // 5))
"""Where worlds take long."""

HALF = settings(max_examples=max(1, settings.default.max_examples // 2))
"""Where each example is solved twice: to see what must not change, beside the brute force that
says what it is.
"""
