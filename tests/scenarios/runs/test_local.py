"""Processes of this machine."""

from __future__ import annotations

import subprocess
import sys

ENDED_AT_ONCE = """\
import os
from scenarios.runs.local import local_processes
with local_processes(1)() as executor:
    executor.submit(os.getpid).result()
    os._exit(130)
"""


def test_workers_end_with_a_parent_that_is_ended_at_once() -> None:
    """They hold its output: whoever reads that to its end would wait as long as they live."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDED_AT_ONCE], capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == 130
