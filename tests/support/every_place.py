"""Offers the slow way: every free start of every session, each judged by every rule in turn."""

from __future__ import annotations

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.policy import Policy
from engine.rules import Constraint, CoupledRule, PlaceRule, Selective
from engine.snapshot import Snapshot


def free_starts(snapshot: Snapshot, room: Int, session: int, num_cells: int) -> list[int]:
    """Cells of a session at which a visit of so many cells could begin, one after the other."""
    sessions, found = snapshot.sessions, []
    first, end = sessions.first_cell[session], sessions.first_cell[session + 1]
    for cell in range(int(first), int(end) - num_cells + 1):
        begins = int(sessions.cell_start[cell])
        ends = begins + num_cells * int(sessions.cell_minutes[session])
        is_open = ends > snapshot.as_of if sessions.is_day[session] else begins >= snapshot.as_of
        is_within = begins >= 0 and ends <= snapshot.horizon_end
        if is_open and is_within and np.all(room[cell : cell + num_cells] > 0):
            found.append(cell)
    return found


def every_place(
    snapshot: Snapshot, policy: Policy, requests: Int, *, eligible: bool = True
) -> Candidates:
    """Every free start in every session; of those in ``eligible`` roles and sessions, or of all."""
    room, sessions, types = policy.seats.room(snapshot), snapshot.sessions, snapshot.visit_types
    rows: list[tuple[int, int, int]] = []
    for request in requests.tolist():
        for session in range(snapshot.num_sessions):
            role = int(sessions.role[session])
            if eligible and not _may_stand(snapshot, policy, request, role, session):
                continue
            minutes = int(snapshot.visit_minutes(np.array([request]), np.array([role]))[0])
            visit = int(snapshot.requests.visit_type[request])
            total = int(types.before[visit]) + minutes + int(types.after[visit])
            cells = -(-total // int(sessions.cell_minutes[session]))
            cells = 1 if sessions.is_day[session] else cells
            rows += [(request, c, cells) for c in free_starts(snapshot, room, session, cells)]
    table = np.array(sorted(rows), np.int64).reshape(len(rows), 3)
    return Candidates.at(snapshot, table[:, 0], table[:, 1], table[:, 2])


def _may_stand(snapshot: Snapshot, policy: Policy, request: int, role: int, session: int) -> bool:
    """Whether every rule between requests and roles, or sessions, admits one pair."""
    others = {"role": role, "session": session}
    return all(
        bool(rule.admits(snapshot, np.array([request]), np.array([others[rule.grain]]))[0])
        for rule in policy.pair_rules
    )


def admitted(rule: PlaceRule | Constraint, snapshot: Snapshot, candidates: Candidates) -> Bool:
    """Whether a rule admits each candidate, alone."""
    if isinstance(rule, PlaceRule):
        return rule.admits_places(snapshot, candidates)
    rows = rule.blocking_rows if isinstance(rule, CoupledRule) else rule.rows
    return ~rows(snapshot, candidates).blocked(len(candidates))


def eligible_places(snapshot: Snapshot, policy: Policy, requests: Int) -> Candidates:
    """Those of every place that every rule admits; nothing is left out beforehand."""
    places = every_place(snapshot, policy, requests)
    kept = np.ones(len(places), np.bool_)
    for rule in (*policy.place_rules, *policy.constraints):
        if isinstance(rule, PlaceRule | Selective):
            kept &= admitted(rule, snapshot, places)
    return places.where(kept)
