"""Datasets into the store and out of it, by commands."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from clinic import at
from commands import run_command
from ward import ward

from api.store.revision import revision_named
from engine.domain import Dataset
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset, write_dataset

COLLIDING = "appointment late collides with early: session one, 2026-03-02T14:00Z"


@pytest.fixture
def double_booked(tmp_path: Path) -> Dataset:
    """Two have one place; it lies in the folder ``data``."""
    clinic = ward().appointment("09:00", "09:15", request="ann-visit", id="early")
    clinic.appointment("09:00", "09:15", request="bob-visit", id="late")
    clinic.appointment("10:00", "10:15", request="cyd-visit", id="apart")
    dataset = clinic.dataset()
    write_dataset(dataset, tmp_path / "data")
    return dataset


@pytest.fixture
def clean(tmp_path: Path) -> Dataset:
    """Nobody collides; it lies in the folder ``data``."""
    clinic = ward().appointment("09:00", "09:15", request="ann-visit", id="early")
    clinic.appointment(
        "10:00", "10:15", request="cyd-visit", status="held", held_until=at("12:00"), id="hold"
    )
    dataset = clinic.dataset()
    write_dataset(dataset, tmp_path / "data")
    return dataset


def test_what_is_loaded_is_exported_the_same(clean: Dataset, tmp_path: Path) -> None:
    """Every record, and the hash; the default store is a file where one is."""
    assert run_command(["load", "data"], tmp_path).code == 0
    assert (tmp_path / "slotmatch.db").is_file()
    done = run_command(["export", "dataset", "--out", "again"], tmp_path)
    assert done.code == 0, done.stderr
    again, _ = read_dataset(tmp_path / "again")
    assert again == clean
    assert dataset_hash(again) == dataset_hash(clean)


@pytest.mark.usefixtures("double_booked")
def test_who_collides_is_said_with_whom_and_is_conflicted(tmp_path: Path) -> None:
    """Once that is so, it is no news, and comes out as it went in."""
    done = run_command(["load", "data"], tmp_path)
    assert done.code == 0, done.stderr
    assert COLLIDING in done.stdout
    assert "1 appointments are conflicted" in done.stdout
    run_command(["export", "dataset", "--out", "out"], tmp_path)
    out, _ = read_dataset(tmp_path / "out")
    assert [row.status for row in out.appointments] == ["booked", "conflicted", "booked"]
    again = run_command(["load", "out", "--replace"], tmp_path)
    assert "collides" not in again.stdout
    run_command(["export", "dataset", "--out", "twice"], tmp_path)
    assert dataset_hash(read_dataset(tmp_path / "twice")[0]) == dataset_hash(out)


@pytest.mark.usefixtures("double_booked")
def test_a_dry_run_says_the_same_and_does_nothing(tmp_path: Path) -> None:
    """Also as JSON."""
    dry = run_command(["load", "data", "--dry-run"], tmp_path)
    assert COLLIDING in dry.stdout
    assert "nothing was changed" in dry.stdout
    assert run_command(["export", "dataset", "--out", "out"], tmp_path).code == 2
    content = json.loads(run_command(["load", "data", "--dry-run", "--json"], tmp_path).stdout)
    assert (content["done"], content["conflicted"], content["lost"]) == (False, ["late"], [])
    assert content["collisions"][0]["with"] == ["early"]
    assert content["new"]["patients"] == 6


def test_who_has_no_session_any_more_is_said(clean: Dataset, tmp_path: Path) -> None:
    """Before it is done, and each time; only what is conflicted by it is counted."""
    run_command(["load", "data"], tmp_path)
    sessions = tuple(row for row in clean.sessions if row.id != "one")
    write_dataset(replace(clean, sessions=sessions), tmp_path / "less")
    for more in (["--dry-run"], [], ["--json"]):
        done = run_command(["load", "less", "--replace", *more], tmp_path)
        assert done.code == 0, done.stderr
        if "--json" in more:
            assert json.loads(done.stdout)["conflicted"] == ["early"]
            continue
        assert "appointment early: there is no session one, 2026-03-02T14:00Z" in done.stdout
        assert "1 appointments are conflicted by this" in done.stdout


def test_a_store_is_not_filled_twice_by_mistake(clean: Dataset, tmp_path: Path) -> None:
    """It has to be said what becomes of what is there; what is lost is said."""
    run_command(["load", "data"], tmp_path)
    refused = run_command(["load", "data"], tmp_path)
    assert (refused.code, "store_not_empty" in refused.stderr) == (2, True)
    assert run_command(["load", "data", "--merge", "--replace"], tmp_path).code == 2
    assert run_command(["load", "data", "--merge"], tmp_path).code == 0
    write_dataset(ward().dataset(), tmp_path / "without")
    replaced = run_command(["load", "without", "--replace"], tmp_path)
    assert f"appointment {clean.appointments[0].id}: is not in the dataset" in replaced.stdout
    assert "gone: 2 appointments" in replaced.stdout


def test_the_store_is_named_by_the_environment(
    clean: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless an option names it; a password is not shown."""
    monkeypatch.setenv("SLOTMATCH_STORE", f"sqlite:///{tmp_path / 'mine.db'}")
    assert run_command(["load", "data"], tmp_path).code == 0
    assert (tmp_path / "mine.db").is_file()
    url = "postgresql://me:secret@127.0.0.1:1/none"
    done = run_command(["load", "data", "--store", url], tmp_path)
    assert (done.code, "no_store" in done.stderr, "secret" in done.stderr) == (2, True, False)
    assert clean.patients


def test_bad_data_is_refused_as_a_match_refuses_it(tmp_path: Path) -> None:
    """Every mistake, and no store is made."""
    (tmp_path / "bad.json").write_text('{"patients": [{"id": 1}]}')
    done = run_command(["load", "bad.json"], tmp_path)
    assert done.code == 2
    assert "missing_header" in done.stderr
    assert "wrong_type" in done.stderr
    assert not (tmp_path / "slotmatch.db").exists()


def test_a_full_disk_is_said(
    clean: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what the database calls it, and without what it was about to write."""
    from api.store.errors import FullError
    from api.store.store import Store

    def full(*_: object) -> None:
        raise FullError("SQLITE_FULL")

    monkeypatch.setattr(Store, "load", full)
    done = run_command(["load", "data"], tmp_path)
    assert done.code == 2
    assert "the database refused (SQLITE_FULL); nothing was changed" in done.stderr
    assert clean.patients


@pytest.mark.usefixtures("clean")
def test_a_schema_is_taken_back_and_comes_up_again(tmp_path: Path) -> None:
    """To an earlier version alone; what is promised stays."""
    run_command(["load", "data"], tmp_path)
    newest = revision_named(None).newest
    for version in ("0099", newest, "base"):
        refused = run_command(["store", "downgrade", version], tmp_path)
        assert refused.code == 2
        assert f"the schema is {newest}; before it came 0004, 0003, 0002, 0001" in refused.stderr
    assert run_command(["store", "downgrade", "0002"], tmp_path).stdout.startswith("schema 0002;")
    with closing(sqlite3.connect(tmp_path / "slotmatch.db")) as file:
        assert file.execute("SELECT version_num FROM schema_version").fetchone() == ("0002",)
    assert run_command(["export", "dataset", "--out", "again"], tmp_path).code == 0
    assert len(read_dataset(tmp_path / "again")[0].appointments) == 2
