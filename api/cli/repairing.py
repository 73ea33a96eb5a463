"""``slotmatch repair``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.cli import exit_codes
from api.cli.call_table import print_calls
from api.cli.console import data, notes, print_json, print_problems
from api.cli.events import Stated, stated_events
from api.cli.inputs import load_inputs
from api.cli.matching import match_watched
from api.cli.render import print_result
from api.cli.repair_outputs import ANSWER, Found, save, try_out
from api.cli.repair_tables import print_repair
from api.cli.running import Monitor, run_watched
from api.content import result_content
from api.repair_measures import RepairMeasures
from engine.domain import Dataset
from engine.errors import AnswerError, DisruptionError, InvalidInputError
from engine.events.aftermath import aftermath_between, aftermath_of
from engine.events.findings import Aftermath
from engine.interchange.booked import booked, two_places
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset
from engine.interchange.files import whole_file
from engine.interchange.plan_reading import read_plan
from engine.policy import Policy
from engine.problems import Problem, Report
from engine.repair.account import Account, Wanted
from engine.repair.answers import SAID
from engine.repair.content import repair_content
from engine.repair.earlier import Said, all_settled
from engine.repair.extent import Extent
from engine.repair.negotiation import Settled
from engine.repair.offered import read_offered
from engine.repair.outreach import outreach
from engine.repair.repair import mend
from engine.repair.repaired import repaired
from engine.result import Result
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits
from engine.where import Where
from scenarios.numbers import count_text

_EVENTS = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOptions:
    """What ``slotmatch repair`` was asked."""

    dataset: Path
    plan: Path | None
    happened: Mapping[str, Sequence[str]]
    events: Path | None
    double_bookings: bool
    before: Path | None
    max_additional: int
    depth: int | None
    menus: int
    plans: bool
    answers: Path | None
    offered: Path | None
    backfill: bool
    policy: Path | None
    limits: Limits
    out: Path | None
    as_json: bool
    quiet: bool


def run_repair(options: RepairOptions) -> int:
    """Read, let happen, mend, write and print."""
    policy, dataset, report = load_inputs(options.policy, options.dataset)
    print_problems(report.problems, report.counts)
    _refuse_both(options)
    if options.plan is not None:
        dataset = _told(dataset, options.plan)
    answered = _answered(dataset, options)
    dataset = dataset if answered is None else answered.dataset
    zone = ZoneInfo(dataset.header.time_zone)
    stated = stated_events(
        options.events, options.happened, zone, double_bookings=options.double_bookings
    )
    before = None if options.before is None else _earlier(options.before, policy)
    if options.out is not None:
        try_out(options.out, with_answers=answered is not None, with_plans=options.plans)
    planned = {} if answered is None else answered.planned
    account = _repair_watched(dataset, before, stated, policy, options, planned)
    print_problems(account.repair.aftermath.warnings)
    if answered is not None:
        _print_waiting(answered)
    return _show(account, policy, options, answered)


def _answered(dataset: Dataset, options: RepairOptions) -> Settled | None:
    """The dataset with what people said; ``None``: nothing yet.

    Raises
    ------
    AnswerError
        The answers cannot be used, or what they answer to is not there.
    """
    if options.answers is None and options.offered is None:
        return None
    if options.answers is None or options.offered is None:
        message = "answers go with what was offered: both --answers and --offered are needed"
        raise AnswerError([Problem("not_exactly_one", "--answers", message)])
    report, offered = Report(), options.offered / ANSWER
    read = [whole_file(path, path.name, report) for path in (options.answers, offered)]
    said, document = read
    if said is None or document is None:
        raise AnswerError.of(report)
    name, offer = options.answers.name, read_offered(document, offered.name)
    return all_settled(dataset, [Said(offer, SAID.read(said, name), name)])


def _print_waiting(answered: Settled) -> None:
    """Say on stderr what was accepted, and what is not free yet."""
    accepted = count_text(len(answered.accepted), "appointment")
    notes.print(f"{accepted} accepted", markup=False)
    for row in answered.waiting:
        others = ", ".join(row.for_ids)
        notes.print(f"{row.appointment_id} accepted, and waits for {others}", markup=False)


def _show(
    account: Account, policy: Policy, options: RepairOptions, answered: Settled | None
) -> int:
    """Write and print; the exit code."""
    point, backfill = account.repair.points[-1], None
    done = repaired(account.repair, point)
    if options.backfill:
        backfill = match_watched(done, policy, options.limits, quiet=options.quiet)
    calls = outreach(account.ledgers[-1], account.menus[-1], policy.urgencies)
    measures = RepairMeasures.of(account)
    try:
        if options.out is not None:
            save(Found(account, measures, calls, answered, done, backfill), options.out)
    finally:  # what was found is shown even where it cannot be saved
        if options.as_json:
            content = repair_content(account, answered, measures.content)
            print_json(content | _backfilled(backfill))
        else:
            print_repair(account, measures)
            if options.menus:
                print_calls(calls)
            if backfill is not None:
                data.print("Open requests, matched in the repaired world:")
                print_result(backfill)
    is_proven = account.is_proven and (backfill is None or backfill.certificate.is_proven)
    return exit_codes.OK if is_proven else exit_codes.UNPROVEN


def _backfilled(result: Result | None) -> dict[str, Any]:
    """The match of the open requests, as ``match --json`` prints it."""
    return {} if result is None else {"backfill": result_content(result)}


def _refuse_both(options: RepairOptions) -> None:
    """Raise where a dataset of before is given beside what stands for it."""
    if options.before is None:
        return
    given = {
        "--plan": options.plan is not None,
        "--events": options.events is not None,
        "--double-bookings": options.double_bookings,
        **{name: bool(values) for name, values in options.happened.items()},
    }
    message = "has no place beside --before, which says by itself what was lost"
    problems = [
        Problem("not_exactly_one", name, message) for name, is_there in given.items() if is_there
    ]
    if problems:
        raise DisruptionError(problems)


def _told(dataset: Dataset, path: Path) -> Dataset:
    """The dataset in which the places of a plan are appointments.

    Raises
    ------
    PlanFileError
        It cannot be used.
    InvalidInputError
        It places requests that hold an appointment.
    """
    snapshot = take_snapshot(dataset)
    plan, _, found = read_plan(path, snapshot, dataset_hash(dataset))
    print_problems(found.problems, found.counts)
    problems = two_places(snapshot, plan, path.name)
    if problems:
        raise InvalidInputError(problems)
    return booked(dataset, snapshot, plan)


def _earlier(path: Path, policy: Policy) -> Dataset:
    before, report = read_dataset(path, policy.urgencies.names)
    print_problems(report.problems, report.counts)
    return before


def _repair_watched(
    dataset: Dataset,
    before: Dataset | None,
    stated: Stated,
    policy: Policy,
    options: RepairOptions,
    planned: Mapping[str, Where],
) -> Account:
    """Repair with progress on stderr and Ctrl-C under control."""
    extent = Extent(options.max_additional, options.depth)
    wanted = Wanted(options.menus or (1 if options.out is not None else 0), options.plans)

    def work(monitor: Monitor) -> Account:
        monitor.enter("finding out who is concerned")
        aftermath = _aftermath(dataset, before, stated, policy)
        if not options.quiet:
            notes.print(_concerned(aftermath), markup=False)
        monitor.enter("finding places, and proving how few need to move")
        limits = wanted.limits_of_repair(options.limits)
        found = mend(
            aftermath,
            policy,
            extent,
            limits,
            planned=planned,
            cancel=monitor.cancel,
            on_progress=monitor.on_progress,
        )
        monitor.enter("finding out what else there is to say")
        return Account.of(found, wanted, options.limits, monitor.cancel)

    found, _ = run_watched(work, policy.for_repair(0).levels, quiet=options.quiet)
    return found


def _concerned(aftermath: Aftermath) -> str:
    forced, clusters = len(aftermath.forced), aftermath.clusters
    contested = sum(len(cluster.appointment_ids) for cluster in clusters)
    collisions = count_text(len(clusters), "collision")
    return f"{count_text(forced, 'appointment')} forced, {contested:,} contested in {collisions}"


def _aftermath(
    dataset: Dataset, before: Dataset | None, stated: Stated, policy: Policy
) -> Aftermath:
    if before is not None:
        return aftermath_between(before, dataset, policy)
    try:
        found = aftermath_of(dataset, stated.events, policy, _EVENTS)
    except DisruptionError as error:
        raise DisruptionError(stated.renamed(error.problems, _EVENTS), error.counts) from error
    return replace(found, warnings=tuple(stated.renamed(found.warnings, _EVENTS)))
