"""Planted double bookings: the truth about them, and that repair finds and settles them all."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from brute_force_repair import Mending
from clinic import Clinic

from benchmarks.collisions import Book, knots
from benchmarks.data_errors import Directory, one_room
from benchmarks.double_bookings import Trial, conflicts, of_finding, table, trials
from benchmarks.mixed import IN_ROOM
from benchmarks.planting import SHARES, Planted, planted
from benchmarks.repairs import told
from engine.checks import check_dataset
from engine.domain import Dataset
from engine.events.aftermath import aftermath_of
from engine.events.events import DoubleBookings
from engine.interchange.canonical import dataset_hash
from engine.policy import Policy
from engine.repair.repair import Extent, repair
from engine.solve.limits import Limits

FAST = Limits(deterministic=True, workers=1)
EVENTS = (DoubleBookings(),)


@pytest.fixture(scope="module", params=["single-tight-150x20x5-s0", "multi-tight-150x20x5-s0"])
def truth(request: pytest.FixtureRequest) -> Planted:
    """A matched world in which double bookings were planted."""
    return planted(told(request.param, 2.0), 12, 0)


def test_what_is_planted_is_a_dataset_that_a_second_count_agrees_with(truth: Planted) -> None:
    """It passes every check, and who collides in it is who was planted, no more and no less; the
    same seed plants the same.
    """
    assert [row for row in check_dataset(truth.dataset).problems if row.is_error] == []
    counted = Book.of(truth.dataset).collisions()
    assert Counter(counted) == Counter(truth.collisions())
    assert len(truth.plantings) == 12
    taken = [name for row in truth.plantings for name in row.ids]
    assert len(taken) == len(set(taken))


def test_the_same_seed_plants_the_same() -> None:
    """And another seed something else."""
    dataset = told("single-loose-60x10x5-s0", 2.0)
    one, same, other = (planted(dataset, 8, seed).dataset for seed in (1, 1, 2))
    assert dataset_hash(one) == dataset_hash(same) != dataset_hash(other)


def test_every_kind_is_found() -> None:
    """Bridges and pinned middles are among fifty; of two who are pinned there is no cluster, but
    they are named.
    """
    truth = planted(told("multi-loose-600x40x5-s3", 2.0), 50, 0)
    assert {row.kind for row in truth.plantings} == set(SHARES) - {"one room"}
    aftermath = aftermath_of(truth.dataset, EVENTS, Policy.default())
    assert list(of_finding(truth, aftermath)) == []
    stuck = next(row for row in truth.plantings if row.kind == "both pinned")
    assert stuck.ids <= set(aftermath.in_prior)
    assert not any(stuck.ids & set(row.appointment_ids) for row in aftermath.clusters)


def test_a_room_taken_twice_is_found() -> None:
    """Where somebody did not know that a visit needs the room, too."""
    clinic = Clinic().resource("room").session("09:00", "10:00")
    clinic.visit_type(f"visit{IN_ROOM}", resources=("room",))
    clinic.doctor("else").role("other", doctor_id="else").session(
        "09:00", "10:00", id="o", role_id="other"
    )
    clinic.request("a", visit_type_id=f"visit{IN_ROOM}").request("b")
    clinic.appointment("09:00", "09:15", request="a", id="a")
    clinic.appointment("09:00", "09:15", request="b", id="b", role_id="other")
    dataset = clinic.dataset()
    directory = Directory(dataset, dataset.appointments, [])
    [draft] = one_room(directory, dataset.appointments[0], 0)
    dataset = replace(dataset, requests=(dataset.requests[0], *draft.requests))
    [collision] = Book.of(dataset).collisions()
    assert (collision.owner, collision.pair) == (("room", "room", "office"), {"a", "b"})
    [knot] = knots([collision], ())
    [cluster] = aftermath_of(dataset, EVENTS, Policy.default()).clusters
    assert set(conflicts(cluster)) == knot.conflicts()


def test_planted_chains_are_chains() -> None:
    """A meets b, b meets c, and a does not meet c; they are to be settled together, and it is
    enough that b goes.
    """
    truth = planted(told("multi-loose-150x20x5-s0", 2.0), 12, 0)
    chains = [row for row in truth.plantings if row.kind == "a chain"]
    assert len(chains) == 2
    assert all(len(row.ids) == 3 for row in chains)
    for chain in chains:
        meeting = [row.pair for row in chain.collisions if row.pair <= chain.ids]
        assert len(meeting) == 2
        [knot] = knots(chain.collisions, truth.fixed)
        assert knot.members >= chain.ids
        assert knot.minimum({name: name for name in knot.members}) == 1 + chain.num_implied // 2


@pytest.fixture(scope="module")
def answers(truth: Planted) -> list[Trial]:
    """What repair makes of it, with nobody else moved and with up to three."""
    return [trial for most in (0, 3) for trial in trials("world", truth, most, FAST)]


def test_all_are_found_none_is_made_up_and_each_is_settled(answers: list[Trial]) -> None:
    """With reasons, within the limit, with the fewest people displaced, and nobody collides
    afterwards but those whom nobody can move.
    """
    assert [fault for trial in answers for fault in trial.faults()] == []
    for trial in answers:
        assert trial.point.is_proven
        if trial.answer.extent.max_additional == 0:
            assert trial.others == set()
    assert "".join(table(trial.cells() for trial in answers)).count("\n") == len(answers) + 2


def test_faults_are_noticed(answers: list[Trial]) -> None:
    """A planted error that the truth does not know was made up, one that it knows too many was
    missed; who moved beyond the limit, and whoever has no reason, is named.
    """
    trial = answers[0]
    fewer = replace(trial, truth=replace(trial.truth, plantings=trial.truth.plantings[1:]))
    assert any(fault.startswith("made up") for fault in fewer.faults())
    unseen = replace(trial.answer.aftermath, clusters=trial.answer.aftermath.clusters[1:])
    missing = replace(trial, answer=replace(trial.answer, aftermath=unseen))
    assert any(fault.startswith("missed") for fault in missing.faults())
    silent = tuple(replace(row, compared=(), gave_way=None) for row in trial.ledger.entries)
    speechless = replace(trial, ledger=replace(trial.ledger, entries=silent))
    members = {name for knot in trial.truth.knots() for name in knot.members}
    faults = [fault for fault in speechless.faults() if "without a reason" in fault]
    assert len(faults) == len(members)
    strangers = tuple(replace(row, standing="bystander") for row in trial.ledger.entries)
    moved = replace(trial, ledger=replace(trial.ledger, entries=strangers))
    assert any("nothing to do with it" in fault for fault in moved.faults())


def crowded(seed: int) -> Dataset:
    """One doctor's morning, in which visits of several lengths overlap as the dice say."""
    dice = random.Random(seed)  # noqa: S311
    clinic = Clinic().session("09:00", "11:00").session("15:00", "15:15")
    for number in range(5):
        start = 9 * 60 + 15 * dice.randrange(5)
        end = start + 15 * dice.randint(1, 3)
        clock = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (start, end)]
        name = f"r{number}"
        clinic.request(name).appointment(*clock, request=name, id=name, pinned=dice.random() < 0.15)
    return clinic.dataset()


@pytest.mark.parametrize("seed", range(12))
def test_the_fewest_displaced_are_those_of_brute_force(seed: int) -> None:
    """Counted by clusters, over all plans, and by the engine."""
    dataset = crowded(seed)
    fixed = {row.id for row in dataset.appointments if row.pinned}
    found = knots(Book.of(dataset).collisions(), fixed)
    patient_of = {row.id: row.id for row in dataset.appointments}
    aftermath = aftermath_of(dataset, EVENTS, Policy.default())
    assert {knot.members for knot in found} == {
        frozenset(row.appointment_ids) for row in aftermath.clusters
    }
    fewest = sum(knot.minimum(patient_of) for knot in found)
    assert fewest == Mending(dataset, aftermath, 0).minimum()
    [*points] = repair(dataset, EVENTS, Policy.default(), Extent(), FAST).points
    assert [point.minimum for point in points] == [fewest]
