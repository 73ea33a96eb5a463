"""Tasks: which runs there are, and which of them are one and the same."""

from __future__ import annotations

from pathlib import Path

from what_ifs import DRAWN, TWICE, clinic_file, what_if

from scenarios.runs.task import Task, tasks_of


def told(tasks: tuple[Task, ...]) -> list[tuple[int, bool]]:
    """Seed, and whether changes are made."""
    return [(task.seed, task.is_changed) for task in tasks]


def test_every_seed_is_run_without_the_changes_and_with_them() -> None:
    """Two repetitions are four runs; where nothing is changed, two."""
    scenario = what_if(f"{DRAWN}{TWICE}repetitions: 2\nseed: 7\n")
    assert told(tasks_of(scenario)) == [(7, False), (7, True), (8, False), (8, True)]
    assert told(tasks_of(what_if(f"{DRAWN}repetitions: 2\n"))) == [(1, True), (2, True)]


def test_points_of_a_sweep_share_what_they_are_compared_with() -> None:
    """Of two points with one seed, the runs without changes have one key, the others two."""
    text = f"{DRAWN}{TWICE}sweep: {{changes/0/factor: [1.5, 2.5]}}\n"
    keys = [task.key for task in tasks_of(what_if(text))]
    assert keys[0] == keys[2]
    assert len(set(keys)) == 3


def test_a_key_is_of_all_that_decides_the_outcome_and_of_nothing_else() -> None:
    """Name, title and acceptance do not; seed, limits, changes, run and base do."""
    text = f"{DRAWN}{TWICE}"
    key = tasks_of(what_if(text))[-1].key
    same = f"{text}title: Other words\nacceptance: [{{measure: placed, at_least: 1}}]\n"
    assert tasks_of(what_if(same))[-1].key == key
    others = (
        f"{text}seed: 2\n",
        f"{text}limits: {{seconds: 7}}\n",
        text.replace("factor: 2.0", "factor: 2.5"),
        text.replace("requests: 12", "requests: 13"),
    )
    assert len({key, *(tasks_of(what_if(other))[-1].key for other in others)}) == 5


def test_a_dataset_counts_by_what_it_holds(tmp_path: Path) -> None:
    """The same records under another name have the same key; one record less has another."""
    path = clinic_file(tmp_path)
    (tmp_path / "copy.json").write_bytes(path.read_bytes())
    keys = [
        tasks_of(what_if(f"base: {{dataset: {name}}}\n", tmp_path))[0].key
        for name in ("clinic.json", "copy.json")
    ]
    assert keys[0] == keys[1]
    policy = tmp_path / "policy.toml"
    policy.write_text("[rules.travel]\nfree_km = 1.0\n")
    other = what_if("base: {dataset: clinic.json}\npolicy: policy.toml\n", tmp_path)
    assert tasks_of(other)[0].key != keys[0]
