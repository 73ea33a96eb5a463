"""How fast the machine is at the moment: what limits of time are multiplied by."""

from __future__ import annotations

import subprocess
import sys
import time


def slowness() -> float:
    """How many times 50 ms an empty Python takes to start here, at least 1."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return max(1.0, (time.perf_counter() - start) / 0.05)
