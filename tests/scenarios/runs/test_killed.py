"""A sweep whose process is killed goes on where it was."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from what_ifs import HEAD, SOON, what_if

from scenarios.runs.batch import run_all
from scenarios.runs.kept import Kept
from scenarios.runs.task import tasks_of

TEXT = f"""\
base: {{generate: {{requests: 60, doctors: 8, days: 3, visits: single}}}}
changes:
- {{kind: demand_scaled, factor: 1.2}}
- {{kind: overbooking, share: 0.1}}
sweep:
  changes/0/factor: [1.2, 1.5]
  changes/1/share: [0.1, 0.2]
repetitions: 2
{SOON}"""
NUM_RUNS = 2 * 2 * 2 + 2
"""Two runs without changes are those of all points."""


ALL = """\
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from scenarios.runs.batch import run_all
from scenarios.runs.kept import Kept
from scenarios.runs.task import tasks_of
from scenarios.scenario_file import read_scenario
tasks = tasks_of(read_scenario(Path("sweep.yaml")))
run_all(tasks, Kept(Path("runs")), lambda: ThreadPoolExecutor(1))
"""


def killed_half_way(folder: Path) -> None:
    """Run the sweep in a process of its own, and kill that as soon as three runs are done."""
    (folder / "sweep.yaml").write_text(f"{HEAD}{TEXT}")
    with subprocess.Popen([sys.executable, "-c", ALL], cwd=folder) as process:
        while len(list(folder.glob("runs/[!.]*"))) < 3:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()


def test_what_was_done_before_it_was_killed_is_not_done_again(tmp_path: Path) -> None:
    """Every run is done once: files that are there stay as they are, and the others are added."""
    killed_half_way(tmp_path)
    runs = tmp_path / "runs"
    before = {path: path.stat().st_mtime_ns for path in runs.glob("[!.]*")}
    assert 3 <= len(before) < NUM_RUNS
    found = run_all(tasks_of(what_if(TEXT)), Kept(runs), lambda: ThreadPoolExecutor(1))
    assert (found.num_found, found.num_run) == (len(before), NUM_RUNS - len(before))
    after = {path: path.stat().st_mtime_ns for path in runs.glob("[!.]*")}
    assert len(after) == NUM_RUNS
    assert before.items() <= after.items()
