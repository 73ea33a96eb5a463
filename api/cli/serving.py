"""``slotmatch serve``."""

from __future__ import annotations

import uvicorn

from api.cli import exit_codes
from api.http.app import create_app
from api.http.settings import Settings
from engine.solve.limits import default_workers


def run_serve(host: str, port: int, workers: int | None) -> int:
    """Serve until interrupted."""
    settings = Settings(workers=workers or default_workers())
    uvicorn.run(create_app(settings), host=host, port=port, log_level="info")
    return exit_codes.OK
