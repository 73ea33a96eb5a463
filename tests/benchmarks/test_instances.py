"""Instances: what a name stands for, and that it stands for the same arrays as before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import instances
from benchmarks.instances import SIZES, Instance, array_hash, family, frozen_hashes, names_of

QUICK = [name for name in frozen_hashes() if Instance.named(name).spec.requests <= 10_000]


@pytest.mark.parametrize("name", QUICK)
def test_an_instance_is_the_one_that_was_measured(name: str) -> None:
    """The arrays of S and M have the hash that is kept. Where they changed on purpose, write the
    new ones with ``python -m benchmarks.instances S M L XL --update``, and measure again.
    """
    assert array_hash(Instance.named(name).snapshot) == frozen_hashes()[name]


def test_every_family_is_frozen() -> None:
    """Single and multi, tight and loose, of every size, have a hash that is kept."""
    assert set(names_of(list(SIZES))) <= set(frozen_hashes())
    assert len(QUICK) >= 8


def test_a_name_says_everything() -> None:
    """A name gives the spec, and the spec the name; without a seed it is 0."""
    instance = Instance.named("multi-loose-60x12x5-s7")
    spec = instance.spec
    assert (spec.requests, spec.doctors, spec.days, spec.seed) == (60, 12, 5, 7)
    assert (spec.visits, spec.tightness) == ("multi", "loose")
    assert instance.name == "multi-loose-60x12x5-s7"
    assert Instance.named("single-tight-60x12x5").name == "single-tight-60x12x5-s0"
    assert [Instance.named(row.name) for row in family("S", 3)] == family("S", 3)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "S-s0",
        "multi-tight",
        "multi-tight-1x1",
        "multi-tight-1x1x1-s",
        "MULTI-tight-1x1x1",
        "multi-tight-1x1x1-s1\n",
        "multi-tight-٣x1x1",
        "multi-tight-1x0x1",
        "multi-tight-1x1x999999",
    ],
)
def test_what_is_no_instance_is_refused(name: str) -> None:
    """A name that is none, or asks for a world that the generator does not make."""
    with pytest.raises(ValueError, match=r"no instance|outside"):
        Instance.named(name)


def test_the_hash_sees_every_array() -> None:
    """One number of one array, its type or its shape, and the hash is another."""
    snapshot = Instance.named("single-tight-20x5x2").snapshot
    more = snapshot.used.copy()
    more[-1] += 1
    ready = replace(snapshot.requests, ready=snapshot.requests.ready + 1)
    changed = [
        replace(snapshot, used=more),
        replace(snapshot, used=snapshot.used.astype(np.int32)),
        replace(snapshot, used=snapshot.used.reshape(1, -1)),
        replace(snapshot, requests=ready),
    ]
    hashes = {array_hash(row) for row in (snapshot, *changed)}
    assert len(hashes) == 1 + len(changed)
    assert array_hash(replace(snapshot, used=snapshot.used.copy())) == array_hash(snapshot)


def test_the_hash_refuses_what_has_no_bytes() -> None:
    """An array of objects is made of addresses, which are others every time."""
    snapshot = Instance.named("single-tight-20x5x2").snapshot
    with pytest.raises(TypeError, match=r"snapshot\.used"):
        array_hash(replace(snapshot, used=snapshot.used.astype(object)))


def test_a_region_is_what_the_families_say() -> None:
    """Twenty specialties, twelve networks, sixteen cells on a whole day, half days of eight."""
    snapshot = Instance.named("single-tight-1000x100x10").snapshot
    assert len(np.unique(snapshot.requests.code)) == 20
    assert len(snapshot.index.networks) == 12
    sessions = snapshot.sessions
    doctor = snapshot.roles.doctor[sessions.role]
    day = snapshot.session_day(np.arange(snapshot.num_sessions), sessions.start)
    _, which = np.unique(np.stack([doctor, day]), axis=1, return_inverse=True)
    cells = np.bincount(which.ravel(), np.diff(sessions.first_cell))
    assert set(cells.tolist()) == {8, 16}
    assert np.mean(cells == 16) > 0.8


def test_the_command_says_whether_arrays_are_as_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It prints every hash, fails where one is not the one kept, and keeps it when told to."""
    name, table = "single-tight-20x5x2-s0", tmp_path / "instances.toml"
    table.write_text(f'{name} = "another"\n')
    monkeypatch.setattr(instances, "TABLE", table)
    for arguments, code, said in (
        ([], 1, "NOT as kept"),
        (["--update"], 0, "NOT as kept"),
        ([], 0, "as kept"),
    ):
        monkeypatch.setattr("sys.argv", ["instances", name, *arguments])
        assert instances.main() == code
        assert said in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["instances", "XXL"])
    with pytest.raises(SystemExit, match="2"):
        instances.main()
    assert "'XXL' is no instance" in capsys.readouterr().err
