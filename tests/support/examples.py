"""How many examples a property gets whose worlds take long: a part of what the profile says."""

from __future__ import annotations

from hypothesis import settings

FEWER = settings(max_examples=max(1, settings.default.max_examples // 5))
