"""Snapshot and policy to offers: every place that every request could take.

Rules between requests and roles come first, then those between requests and sessions. What
depends on the time alone is judged once for a moment, not for every cell that begins then; what
else depends on the place is judged only where the rule suspects that it will refuse something.
Requests are taken in chunks, so that no table of all pairs ever stands. No loop runs over pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np

from engine.arrays import Bool, Int, Ragged
from engine.candidates import Candidates
from engine.moments import Moments
from engine.offers import Offers, RolePairs
from engine.openings import Openings
from engine.policy import Policy
from engine.rules import (
    Constraint,
    CoupledRule,
    Grain,
    Keyed,
    PairRule,
    PlaceRule,
    Selective,
    SelectiveWhoever,
    Suspicion,
    anywhere,
    nowhere,
)
from engine.snapshot import Snapshot
from engine.suits import Suits, moment_rules
from engine.supply import Supply

NO_SESSION = "no_session"
TAKEN = "taken"
"""Stages beside the rules: roles that have sessions, and cells that are free."""

_OF_THE_ASKED = ("patient", "link")
_PAIRS_AT_ONCE = 1_000_000
_MOMENTS_AT_ONCE = 250_000
_OFFERS_AT_ONCE = 250_000

Matters = Callable[[Int, Int], Bool]
"""Which pairs of a request and a role, by index, matter in which sessions."""

OnStage = Callable[[str, Int], None]
"""Hears, after every rule and stage, whose pairs are left: its name, and request indices."""


def eligible_candidates(snapshot: Snapshot, policy: Policy, requests: Int) -> Candidates:
    """Every eligible candidate of ``requests`` (int64 indices, ascending), by request and cell."""
    return Candidates.joined(list(candidates_by_chunk(snapshot, policy, requests)))


def candidates_by_chunk(snapshot: Snapshot, policy: Policy, requests: Int) -> Iterator[Candidates]:
    """The same, some requests at a time; at least one chunk."""
    sieve = Sieve(snapshot, policy)
    for chunk in sieve.chunks(requests):
        yield _by_cell(snapshot, sieve.offers(sieve.pairs(chunk)))


def eligible_roles(snapshot: Snapshot, policy: Policy, requests: Int) -> Int:
    """Roles that the rules between requests and roles leave to any of ``requests``; int64."""
    return np.unique(Sieve(snapshot, policy).roles(requests)[1])


def _by_cell(snapshot: Snapshot, offered: Iterable[Offers]) -> Candidates:
    candidates = Candidates.joined([offers.candidates(snapshot) for offers in offered])
    return candidates.where(np.lexsort((candidates.first_cell, candidates.request)))


class Sieve:
    """Applies the rules of a policy, coarse grain first.

    Parameters
    ----------
    snapshot, policy
        What is offered, and by which rules.
    on_stage
        Hears who has offers left after every rule; then each rule is applied by itself.
    supply
        What is free, where that is known already. Then constraints are applied that look at
        visits of the patient and of linked requests, and no others: the snapshot knows no more.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        policy: Policy,
        on_stage: OnStage | None = None,
        supply: Supply | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.policy = policy
        self._on_stage = on_stage
        self._supply = supply
        self.room: Int = policy.seats.room(snapshot) if supply is None else supply.room
        self._openings = Openings(snapshot, self.room) if supply is None else supply

    @cached_property
    def moments(self) -> Moments:
        """Times at which cells begin."""
        return Moments.of(self.snapshot) if self._supply is None else self._supply.moments

    def _sessions_of(self, roles: Int) -> tuple[Int, Int]:
        """Positions in ``roles``, and their sessions in which any cell has room. Where somebody
        hears of every stage, all, since it would be unknown otherwise which rule took them.
        """
        if self._on_stage is not None:
            return self.snapshot.sessions.of_role.expand(roles)
        if self._supply is not None:
            return self._supply.of_roles(roles)
        return self._with_room.expand(roles)

    @cached_property
    def _with_room(self) -> Ragged:
        """Sessions of every role in which any cell has room."""
        sessions = self.snapshot.sessions
        has_room = np.zeros(self.snapshot.num_sessions, np.bool_)
        has_room[sessions.cell_session[self.room > 0]] = True
        some = np.flatnonzero(has_room)
        of_role = Ragged.grouping(sessions.role[some], self.snapshot.num_roles)
        return Ragged(of_role.offset, some[of_role.value])

    @cached_property
    def _selective(self) -> list[Constraint]:
        """Constraints that can refuse a place alone; asked once, since protocols answer slowly."""
        return [rule for rule in self.policy.constraints if isinstance(rule, Selective)]

    @cached_property
    def _whoever(self) -> set[str]:
        """Rules that suspect the same sessions whoever asks."""
        rules = self.policy.place_rules
        return {rule.name for rule in rules if isinstance(rule, SelectiveWhoever)}

    def _is_known(self, rule: Constraint) -> bool:
        """Whether the snapshot knows the visits that a constraint looks at."""
        return self._supply is None or rule.couples in _OF_THE_ASKED

    @cached_property
    def _suspicions(self) -> dict[str, Suspicion]:
        """What each rule that looks at whole places suspects."""
        constraints = (rule for rule in self._selective if self._is_known(rule))
        rules = (*(rule for rule in self.policy.place_rules if rule.grain == "place"), *constraints)
        found = {
            rule.name: rule.suspects(self.snapshot) if isinstance(rule, Selective) else anywhere
            for rule in rules
        }
        return {name: suspects for name, suspects in found.items() if suspects is not nowhere}

    def chunks(self, requests: Int) -> list[Int]:
        """``requests`` (int64, ascending) in parts that are small enough, one at least."""
        by_roles = _PAIRS_AT_ONCE // max(1, self.snapshot.num_roles)
        by_moments = _MOMENTS_AT_ONCE // max(1, len(self.moments))
        size = max(1, min(by_roles, by_moments))
        return [requests[start : start + size] for start in range(0, max(1, len(requests)), size)]

    def pairs(self, requests: Int, roles: Int | None = None) -> RolePairs:
        """Pairs of some requests and the roles that may stand, by request."""
        return RolePairs.of(self.snapshot, self.moments, *self.roles(requests, roles))

    def roles(self, requests: Int, roles: Int | None = None) -> tuple[Int, Int]:
        """Pairs of requests and roles that every rule between the two admits.

        Parameters
        ----------
        roles
            int64 indices, ascending: no others; by default all.
        """
        if self._supply is not None and self._on_stage is None:
            return self._judged("role", *self._by_key(self._supply, requests))
        among = np.arange(self.snapshot.num_roles) if roles is None else roles
        return self._judged("role", *self._all_roles(requests, among))

    def _by_key(self, supply: Supply, requests: Int) -> tuple[Int, Int]:
        """Pairs of requests and roles that the rules admit that are known by a key."""
        found = []
        for request in requests.tolist():
            admitted = np.ones(self.snapshot.num_roles, np.bool_)
            for rule in self._rules("role"):
                if isinstance(rule, Keyed):
                    admitted &= supply.admitted(rule, self.snapshot, request)
            found.append(np.flatnonzero(admitted))
        return np.repeat(requests, [len(roles) for roles in found]), np.concatenate(found)

    def _all_roles(self, requests: Int, roles: Int) -> tuple[Int, Int]:
        """Pairs of requests and roles; the first rule is applied to the whole table at once."""
        table = np.ones((len(requests), len(roles)), np.bool_)
        for rule in self._rules("role")[:1]:
            table &= rule.admits(self.snapshot, requests[:, None], roles)
        row, column = np.nonzero(table)
        return requests[row], roles[column]

    def _judged(self, grain: Grain, request: Int, other: Int) -> tuple[Int, Int]:
        """Those of the pairs that every rule of a grain admits."""
        is_known = self._supply is not None and self._on_stage is None
        for rule in self._rules(grain):
            if is_known and isinstance(rule, Keyed):
                continue
            admitted = rule.admits(self.snapshot, request, other)
            request, other = request[admitted], other[admitted]
            self._tell(rule.name, request)
        return request, other

    def _rules(self, grain: Grain) -> list[PairRule]:
        return [rule for rule in self.policy.pair_rules if rule.grain == grain]

    def suits(self, pairs: RolePairs) -> Suits:
        """When visits of some pairs suit."""
        return Suits(self.snapshot, self.policy, self.moments, pairs)

    def offers(
        self, pairs: RolePairs, matters: Matters | None = None, suits: Suits | None = None
    ) -> Iterator[Offers]:
        """Every eligible place of some pairs; at least one part, each request in one of them.

        Parameters
        ----------
        matters
            Which pairs (index) in which sessions are wanted, those that never suit left out.
        suits
            When visits of these pairs suit, if that is known already.
        """
        suits = self.suits(pairs) if suits is None else suits
        visits = self.visits(pairs, suits, matters)
        count = self._openings.count(*visits[1:])
        for piece in _pieces(pairs.request[visits[0]], count):
            yield self.offers_at(pairs, suits, *(part[piece] for part in visits))

    def visits(
        self, pairs: RolePairs, suits: Suits, matters: Matters | None = None
    ) -> tuple[Int, Int, Int]:
        """Pairs (index) in sessions, as the rules leave them, and the cells that a visit takes
        there; int64, shape (V,). Cells are not looked at.
        """
        if self._supply is not None and self._on_stage is None and matters is None:
            return self._open_visits(self._supply, pairs, suits)
        request = pairs.request
        pair, session = self._sessions_of(pairs.role)
        if matters is not None:
            wanted = matters(pair, session)
            pair, session = pair[wanted], session[wanted]
        self._tell(NO_SESSION, request[pair])
        for rule in self._rules("session"):
            admitted = rule.admits(self.snapshot, request[pair], session)
            pair, session = pair[admitted], session[admitted]
            self._tell(rule.name, request[pair])
        if self._on_stage is None and matters is None:
            hopeful = suits.count(pair, session) > 0
            pair, session = pair[hopeful], session[hopeful]
        return pair, session, pairs.cells_needed(self.snapshot, pair, session)

    def _open_visits(self, supply: Supply, pairs: RolePairs, suits: Suits) -> tuple[Int, Int, Int]:
        """The same of one request, by what is known of sessions already."""
        among = None
        for rule in self._rules("session"):
            if isinstance(rule, Keyed) and len(pairs.request):
                some = supply.admitted(rule, self.snapshot, int(pairs.request[0]))
                among = some if among is None else among & some
        pair, session = supply.of_roles(pairs.role, among)
        for rule in self._rules("session"):
            if not isinstance(rule, Keyed):
                admitted = rule.admits(self.snapshot, pairs.request[pair], session)
                pair, session = pair[admitted], session[admitted]
        suit = suits.by_span > 0
        if not suit.all():
            hopeful = np.flatnonzero(suit.take(pairs.entry(self.moments, pair, session)))
            pair, session = pair.take(hopeful), session.take(hopeful)
        return pair, session, pairs.cells_needed(self.snapshot, pair, session)

    def sure(
        self, pairs: RolePairs, suits: Suits, pair: Int, session: Int, num_cells: Int
    ) -> tuple[Int, Bool]:
        """How many places each of some visits finds free, and whether every rule is sure to admit
        all of these; int64 and bool, shape (V,).
        """
        count, moments = self._openings.count(session, num_cells), self.moments
        always = suits.by_span == moments.span[1] - moments.span[0]
        is_sure = np.ones(len(pair), np.bool_)
        if not always.all():
            is_sure = always.take(pairs.entry(moments, pair, session))
        if self._supply is not None:
            is_sure &= ~self._supply.is_suspect.take(session)
        for name, suspicion in self._suspicions.items():
            if self._supply is None or name not in self._whoever:
                is_sure &= ~suspicion(pairs.request[pair], session)
        return count, is_sure

    def offers_at(
        self, pairs: RolePairs, suits: Suits, pair: Int, session: Int, num_cells: Int
    ) -> Offers:
        """Every eligible place of some visits."""
        visit, cell = self._openings.of(session, num_cells)
        return self._judged_places(Offers(pairs, pair, session, num_cells, visit, cell), suits)

    def _judged_places(self, offers: Offers, suits: Suits) -> Offers:
        """Those of the free places that every rule admits, alone."""
        self._tell(TAKEN, offers)
        offers = self._at_moments(offers, suits)
        for rule in self.policy.place_rules:
            if rule.grain == "place":
                offers = self._admitted(offers, rule)
        for constraint in self._selective:
            if self._is_known(constraint):
                offers = self._admitted(offers, constraint)
            else:
                self._tell(constraint.name, offers)
        return offers

    def _at_moments(self, offers: Offers, suits: Suits) -> Offers:
        """Those of the places that every rule of the grain "moment" admits."""
        if self._on_stage is None:
            suits_always = self._suits_always(suits, offers.pair, offers.session)
            unsure = np.flatnonzero(~suits_always[offers.visit])
            return self._without(offers, unsure, suits.table)
        for rule in moment_rules(self.policy):
            table = rule.admits_places(self.snapshot, offers.pairs.at_moments)
            offers = self._without(offers, np.arange(len(offers)), table)
            self._tell(rule.name, offers)
        return offers

    def _suits_always(self, suits: Suits, pair: Int, session: Int) -> Bool:
        """Whether each of some visits suits at all moments of its session; bool, shape (V,)."""
        length = self.moments.end[session] - self.moments.first[session]
        always: Bool = suits.count(pair, session) == length
        return always

    def _without(self, offers: Offers, unsure: Int, table: Bool) -> Offers:
        """Leave out those of some offers that a table of asks × moments refuses."""
        if not len(unsure):
            return offers
        kept = np.ones(len(offers), np.bool_)
        kept[unsure] = table.ravel()[offers.where(unsure).in_table(self.moments)]
        return offers.where(kept)

    def _admitted(self, offers: Offers, rule: PlaceRule | Constraint) -> Offers:
        """Those of the offers that a rule admits, alone."""
        suspects = self._suspicions.get(rule.name, nowhere)
        suspect = suspects(offers.pairs.request[offers.pair], offers.session)
        if suspect.any():
            unsure = np.flatnonzero(suspect[offers.visit])
            kept = np.ones(len(offers), np.bool_)
            kept[unsure] = self._admits(rule, offers.where(unsure).candidates(self.snapshot))
            offers = offers.where(kept)
        self._tell(rule.name, offers)
        return offers

    def _admits(self, rule: PlaceRule | Constraint, candidates: Candidates) -> Bool:
        if isinstance(rule, PlaceRule):
            return rule.admits_places(self.snapshot, candidates)
        if isinstance(rule, CoupledRule):
            rows = rule.blocking_rows(self.snapshot, candidates)
        else:
            rows = rule.rows(self.snapshot, candidates)
        return ~rows.blocked(len(candidates))

    def _tell(self, stage: str, left: Int | Offers) -> None:
        if self._on_stage is not None:
            self._on_stage(stage, left.request if isinstance(left, Offers) else left)


def _pieces(request: Int, count: Int) -> Iterator[slice]:
    """Slices of visits such that each is offered a bounded number of places; one at least.

    A request is in one of them.
    """
    piece = np.cumsum(count) // _OFFERS_AT_ONCE
    is_edge = request[1:] != request[:-1]
    starts = np.concatenate([[0], np.flatnonzero(is_edge) + 1])
    of_request = piece[starts] if len(piece) else starts
    cut = np.flatnonzero(np.diff(of_request)) + 1
    bounds = [0, *starts[cut].tolist(), len(request)]
    for start, end in pairwise(bounds):
        yield slice(start, end)
