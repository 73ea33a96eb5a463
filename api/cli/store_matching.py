"""``slotmatch match --store``: those who wait in a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.cli import exit_codes
from api.cli.console import data, print_error, print_json
from api.cli.inputs import load_policy
from api.cli.matching import MatchOptions, match_watched, save_plan
from api.cli.outputs import try_file
from api.cli.render import print_result, print_rows
from api.cli.storing import opened
from api.content import result_content
from api.store.committing import ChangedError, commit
from api.store.proposing import Proposal, propose
from api.store.store import Store
from engine.errors import InvalidInputError
from engine.problems import Problem, shown
from scenarios.numbers import count_text

_MAX_SHOWN = 50


@dataclass(frozen=True, slots=True)
class StoreMatch:
    """Which store, whether the plan is booked there, and what counts as now."""

    url: str
    is_committed: bool
    as_of: str | None


def run_store_match(where: StoreMatch, options: MatchOptions) -> int:
    """Match, print, and book if that was wanted."""
    policy, as_of = load_policy(options.policy), _instant(where.as_of)
    if options.out is not None:
        try_file(options.out, [options.policy])
    with opened(where.url, policy) as store:
        proposal = propose(
            store,
            lambda dataset: match_watched(
                dataset, policy, options.limits, quiet=options.quiet, cluster=options.cluster
            ),
            as_of,
        )
        if options.out is not None:
            save_plan(proposal.result, options.out)
        against = _against(store, proposal) if where.is_committed else []
    is_booked = where.is_committed and not against
    _show(proposal, options, against, is_booked=is_booked)
    if against:
        return exit_codes.BAD_INPUT
    return exit_codes.OK if proposal.result.certificate.is_proven else exit_codes.UNPROVEN


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = "must be like 2026-03-02T09:00-05:00"
        raise InvalidInputError([Problem("bad_instant", "--as-of", message, shown(text))])
    return instant


def _against(store: Store, proposal: Proposal) -> list[str]:
    """Book a plan, or say what stands against it."""
    try:
        commit(store, proposal.draft)
    except ChangedError as error:
        return list(error.difference.sentences())
    return []


def _show(
    proposal: Proposal, options: MatchOptions, against: Sequence[str], *, is_booked: bool
) -> None:
    result, number = proposal.result, count_text(len(proposal.rows), "appointment")
    for sentence in against[:_MAX_SHOWN]:
        print_error("world_changed", sentence)
    if options.as_json:
        booked = [row.appointment.id for row in proposal.rows] if is_booked else []
        content: dict[str, Any] = {"booked": booked, "against": list(against)}
        print_json(result_content(result) | content)
        return
    if options.with_rows:
        print_rows(result)
    print_result(result)
    if is_booked:
        data.print(f"{number} booked")
    else:
        why = "the world has changed under the plan" if against else "--commit books it"
        data.print(f"nothing was booked: {why}")
