"""The search for the best places of one request in a whole region.

Most places are known by tables (``nearest``). A few doctors need a closer look, next to all that
they do: whom appointments could leave no room for a visit in free cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from itertools import islice

import numpy as np

from engine.arrays import NONE, Bool, Int, ints
from engine.candidates import Candidates
from engine.eligible import OnStage, Sieve
from engine.explain import Stages
from engine.found import GroupBy, Grouping
from engine.grouped import Groups, Key, Standing
from engine.nearest import Places, nearest
from engine.offers import RolePairs
from engine.policy import Policy
from engine.ranking import Ranking, stand_alone
from engine.rules import Constraint, Selective, StepRule
from engine.snapshot import Asked, Extracts, Snapshot, Worlds
from engine.supply import Supply

_ASKED = ints([0])
_SPARE = 4  # places ranked beyond those asked for: few are refused in the end
_ANY = 1 << 20  # places of one role: more than there ever are
_MORE = 8  # times as many, where that was not enough


class Watch:
    """Doctors who need a closer look.

    Parameters
    ----------
    whole
        The snapshot to begin with.
    policy
        Its constraints say what they suspect.

    Attributes
    ----------
    is_watched
        bool, shape (D,).
    order
        int64, shape (S,): place of every session among their ids, sorted.
    """

    def __init__(self, whole: Snapshot, policy: Policy) -> None:
        self._policy = policy
        self.is_watched: Bool = np.zeros(len(whole.doctors.ids), np.bool_)
        suspects = self._suspects(whole)
        self.is_watched[whole.roles.doctor[whole.sessions.role[suspects]]] = True
        self._unsure: set[int] = set()
        ids = whole.sessions.ids
        self.order: Int = np.empty(len(ids), np.int64)
        self.order[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))

    def changed(self, doctor: int) -> None:
        """Appointments of a doctor are not what they were; who is looked at next says more."""
        self.is_watched[doctor] = True
        self._unsure.add(doctor)

    def seen(self, doctors: Int, worlds: Worlds) -> None:
        """Some doctors (int64 indices) stand in worlds, one each."""
        unsure = self._unsure.intersection(doctors.tolist())
        if unsure:
            found = np.zeros(len(doctors), np.bool_)
            found[worlds.sessions.world[self._suspects(worlds.snapshot)]] = True
            self._unsure -= unsure
            looked = np.isin(doctors, list(unsure))
            self.is_watched[doctors[looked]] = found[looked]

    def _suspects(self, snapshot: Snapshot) -> Int:
        """Sessions in which appointments of the doctor could leave no room."""
        session = np.arange(snapshot.num_sessions)
        found = np.zeros(len(session), np.bool_)
        for rule in _selective(self._policy, "doctor"):
            found |= rule.suspects(snapshot)(np.zeros(len(session), np.int64), session)
        return np.flatnonzero(found)


class Search:
    """What one request could take.

    Parameters
    ----------
    extracts, supply, watch
        A region.
    policy
        By which it is judged.
    asked
        The request.
    """

    def __init__(
        self, extracts: Extracts, supply: Supply, watch: Watch, policy: Policy, asked: Asked
    ) -> None:
        self._extracts = extracts
        self._supply = supply
        self._watch = watch
        self._policy = policy
        self._asked = asked

    @cached_property
    def _everywhere(self) -> Snapshot:
        return self._extracts.everywhere(self._asked)

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve(self._everywhere, self._policy, supply=self._supply)

    def best(self, k: int) -> tuple[int, Ranking, list[int]]:
        """Rank the best places.

        Returns
        -------
        count, ranking, best
            How many candidates there are; some of them, and which are the best ``k``.
        """
        k = min(k, len(self._supply.room))
        most = k + _SPARE
        while True:
            count, places = self._places(most)
            some = places.where(self._order(places)[:most])
            ranking = Ranking.of(*self._apart(some))
            best = list(islice(ranking.standing(), k))
            is_all = len(some) == count
            if is_all or (len(best) == k and self._is_settled(ranking, best[-1], some)):
                return count, ranking, best
            most *= _MORE

    def grouped(self, wanted: Grouping) -> tuple[int, Ranking, list[list[int]]]:
        """Rank the best places of days or doctors.

        Returns
        -------
        count, ranking, groups
            How many candidates there are; some of them, and which are offered, group by group.
        """
        count, places = self._places(_ANY)
        order, is_by_day = self._order(places), wanted.by == "day"
        groups = Groups.of(order, self._labels(places, wanted.by), by_label=is_by_day)
        key = self._keys(places, order)
        most, each = wanted.groups, wanted.per_group + _SPARE
        while True:
            looked = groups.leading(most, each)
            some, group = groups.place[looked], groups.group[looked].tolist()
            ranking = Ranking.of(*self._apart(places.where(some)))
            rest = [None if row == NONE else key(row) for row in groups.rest(looked).tolist()]
            standing: list[list[int]] = [[] for _ in rest]
            for index in ranking.standing():
                standing[group[index]].append(index)
            told = self._keys_told(ranking, key, some)
            keys = [[told(index) for index in own] for own in standing]
            stand = Standing(keys, rest, by_label=is_by_day)
            if stand.is_settled(wanted.groups, wanted.per_group):
                chosen = stand.chosen(wanted.groups)
                return count, ranking, [standing[one][: wanted.per_group] for one in chosen]
            most, each = most * _MORE, each * _MORE

    def offers(self, role: int, start: int, end: int, session_id: str | None) -> bool:
        """Whether a visit in a role (index) that is told for some minutes is one of all that could
        be ranked: every rule admits it, and it stands next to the appointments. ``session_id``:
        in this one, or one that nothing tells apart from it; ``None``: in any.
        """
        worlds = self._extracts.apart(self._asked, self._extracts.book.whole.roles.doctor[[role]])
        small = worlds.snapshot
        sieve = Sieve(small, self._policy)
        pairs = sieve.pairs(_ASKED, np.flatnonzero(worlds.roles.row == role))
        sessions = small.sessions

        def is_meant(_pair: Int, session: Int) -> Bool:
            meant = (sessions.start[session] <= start) & (end <= sessions.end[session])
            if session_id is not None:
                named = (session_id in sessions.alike(row) for row in session.tolist())
                meant &= np.fromiter(named, np.bool_, len(session))
            return meant

        for offers in sieve.offers(pairs, is_meant):
            places = offers.candidates(small)
            places = places.where((places.start == start) & (places.end == end))
            if stand_alone(small, self._policy, places).any():
                return True
        return False

    def stages(self) -> Stages:
        """What every rule leaves of the candidates, applied one after the other."""
        stages = Stages()
        sieve = Sieve(self._everywhere, self._policy, stages, self._supply)
        plain, close = self._split(sieve.roles(_ASKED)[1])
        list(sieve.offers(self._at(sieve, plain)))
        if len(close):

            def told(stage: str, left: Int) -> None:
                stages(stage, np.zeros_like(left))

            _, sieve, pairs = self._closer(close, told)
            list(sieve.offers(pairs))
        return stages

    def _split(self, roles: Int) -> tuple[Int, Int]:
        """Roles without and with a closer look; where nothing is free, there is nothing to see."""
        is_watched = self._watch.is_watched[self._everywhere.roles.doctor[roles]]
        for rule in _selective(self._policy, "place"):
            is_watched |= rule.suspects(self._everywhere)(_ASKED, _ASKED)
        has_room = np.zeros(len(roles), np.bool_)
        has_room[self._supply.of_roles(roles)[0]] = True
        is_close = is_watched & has_room
        return roles[~is_close], roles[is_close]

    def _places(self, most: int) -> tuple[int, Places]:
        """How many candidates there are, and the cheapest by themselves."""
        plain, close = self._split(self._sieve.roles(_ASKED)[1])
        count, places = nearest(self._sieve, self._at(self._sieve, plain), most)
        if not len(close):
            return count, places
        worlds, small, pairs = self._closer(close)
        more, others = nearest(small, pairs, most)
        session = worlds.sessions.row[others.session]
        first_cell = small.snapshot.sessions.first_cell[others.session]
        cell = self._everywhere.sessions.first_cell[session] + others.cell - first_cell
        others = replace(others, session=session, cell=cell)
        return count + more, Places.joined([places, others])

    @staticmethod
    def _at(sieve: Sieve, roles: Int) -> RolePairs:
        return RolePairs.of(sieve.snapshot, sieve.moments, np.zeros(len(roles), np.int64), roles)

    def _closer(
        self, roles: Int, on_stage: OnStage | None = None
    ) -> tuple[Worlds, Sieve, RolePairs]:
        """The doctors of some roles next to all that they do, one in each world."""
        doctors = np.unique(self._everywhere.roles.doctor[roles])
        worlds = self._extracts.apart(self._asked, doctors)
        self._watch.seen(doctors, worlds)
        sieve = Sieve(worlds.snapshot, self._policy, on_stage)
        mine = np.flatnonzero(np.isin(worlds.roles.row, roles))
        own = self._everywhere.roles.doctor[worlds.roles.row[mine]]
        mine = mine[own == doctors[worlds.roles.world[mine]]]
        world = worlds.roles.world[mine]
        return worlds, sieve, RolePairs.of(worlds.snapshot, sieve.moments, world, mine)

    def _order(self, places: Places) -> Int:
        """Places from the cheapest on; among equals by start, then by id of the session."""
        by_id = self._watch.order[places.session]
        return np.lexsort((by_id, places.start, *places.cost[::-1]))

    def _apart(self, places: Places) -> tuple[Snapshot, Policy, Candidates]:
        """Every place in a world of its own."""
        sessions, each = self._everywhere.sessions, np.arange(len(places))
        doctor = self._everywhere.roles.doctor[sessions.role[places.session]]
        worlds = self._extracts.apart(self._asked, doctor)
        small, session = worlds.snapshot, worlds.sessions.at(each, places.session)
        cell = small.sessions.first_cell[session] + places.cell
        cell -= sessions.first_cell[places.session]
        return small, self._policy, Candidates.at(small, each, cell, places.num_cells)

    @cached_property
    def _adds_up(self) -> bool:
        """Whether a place could cost more next to what is booked than by itself."""
        return any(isinstance(rule, StepRule) for rule in self._policy.rules)

    def _labels(self, places: Places, by: GroupBy) -> Int:
        """Day, or doctor (index), of every place."""
        if by == "day":
            return self._everywhere.session_day(places.session, places.start)
        role = self._everywhere.sessions.role[places.session]
        doctor: Int = self._everywhere.roles.doctor[role]
        return doctor

    def _keys(self, places: Places, order: Int) -> Callable[[int], Key]:
        """What no place is better than: its position among all, or where visits add up, what it
        costs by itself.
        """
        if self._adds_up:
            return lambda row: (*places.cost[:, row].tolist(), int(places.start[row]))
        position = np.empty(len(order), np.int64)
        position[order] = np.arange(len(order))
        return lambda row: (int(position[row]),)

    def _keys_told(
        self, ranking: Ranking, key: Callable[[int], Key], some: Int
    ) -> Callable[[int], Key]:
        """The same of places that were looked at next to what is booked; ``some``: which."""
        if not self._adds_up:
            return lambda index: key(int(some[index]))
        start = ranking.candidates.start
        return lambda index: (*ranking.values[:, index].tolist(), int(start[index]))

    def _is_settled(self, ranking: Ranking, last: int, some: Places) -> bool:
        """Whether nothing that was left out can be better than a place.

        What is left out costs no less by itself than the last of those looked at; only what it
        costs together with appointments is not known.
        """
        if not self._adds_up:
            return True
        mine = *ranking.values[:, last].tolist(), int(some.start[last])
        theirs = *some.cost[:, -1].tolist(), int(some.start[-1])
        return mine < theirs


def _selective(policy: Policy, couples: str) -> list[Selective]:
    """Constraints that look at other visits in some way, and can refuse a place alone."""
    return [
        rule
        for rule in policy.rules
        if isinstance(rule, Constraint) and isinstance(rule, Selective) and rule.couples == couples
    ]
