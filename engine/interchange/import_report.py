"""What a reader of another format read, made and found: the same shape for all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from engine.problems import Report


@dataclass(slots=True)
class ImportReport:
    """What was read and what became of it.

    Parameters
    ----------
    read
        Resources by type.
    made
        Records by collection.
    sessions
        Sessions left out or cut because nobody is there.
    findings
        Errors: rows that cannot be used. Warnings: rows that are used, with a caveat. All of
        them are kept.
    """

    read: Counter[str] = field(default_factory=Counter)
    made: dict[str, int] = field(default_factory=dict)
    sessions: Counter[str] = field(default_factory=Counter)
    findings: Report = field(default_factory=lambda: Report(max_kept=None))
