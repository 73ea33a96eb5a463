"""Why a cell cannot be read."""

from __future__ import annotations


class CellError(ValueError):
    """A cell cannot be read.

    Parameters
    ----------
    code
        Of the finding.
    message
        Why.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
