"""Small snapshots out of a large one: what can matter for one request, and nothing else.

A rule or a judge takes as long as its snapshot is large. Where one request is asked about, few
doctors matter, and of the rest of the world only what meets them: appointments at the same
places, those of the patient and those of linked requests.

Places that are alternatives stand in worlds of their own: each has a copy of the request, of its
patient and of the doctor, with all that the doctor does. Worlds share nothing, so that rows and
judges speak of all of them at once, and say of each what they would say of it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.arrays import NONE, Int, Pairs, Ragged, frozen, ints
from engine.snapshot.asked import Asked
from engine.snapshot.book import Book
from engine.snapshot.caps import Cap
from engine.snapshot.crowd import Crowd, crowd_of
from engine.snapshot.kept import Kept
from engine.snapshot.links import Links
from engine.snapshot.published import Published
from engine.snapshot.sessions import sessions_taken
from engine.snapshot.snapshot import Snapshot
from engine.snapshot.told import Told


@dataclass(frozen=True, slots=True)
class Worlds:
    """A snapshot of several worlds; request ``w`` of it is the one asked about, in world ``w``.

    Parameters
    ----------
    snapshot
        Everything in it has indices of its own.
    roles, sessions
        Those of each world, by their index in the whole.
    """

    snapshot: Snapshot
    roles: Kept
    sessions: Kept


class Extracts:
    """A book, and the lists by which small snapshots are taken out of it.

    Parameters
    ----------
    book
        The snapshot, with its appointments as they are now.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        whole = book.whole
        num_doctors, links = len(whole.doctors.ids), whole.links
        self.roles_of_doctor = Ragged.grouping(whole.roles.doctor, num_doctors)
        capped = ints(int(cap.roles[0]) for cap in whole.caps)
        self._caps_of_doctor = Ragged.grouping(whole.roles.doctor[capped], num_doctors)
        link, member = links.members.expand(np.arange(len(links.ids)))
        self._link_of_request = dict(zip(member.tolist(), link.tolist(), strict=True))
        self._pairs_of_link = Ragged.grouping(links.pair_link, len(links.ids))

    def partners(self, request: int) -> Int:
        """The other requests of its link; int64 indices, in the order of the link."""
        link = self._link_of_request.get(request)
        if link is None:
            return ints([])
        members = self.book.whole.links.members.row(link)
        return members[members != request]

    def everywhere(self, asked: Asked) -> Snapshot:
        """The whole, in which one request alone asks, next to what its patient and its partners
        hold; for rules that look at no other visits.
        """
        whole, book = self.book.whole, self.book
        none = ints([])
        told = np.unique(np.concatenate([none, *self._of_asked(asked)]))
        nowhere = np.zeros(len(told), np.int64)
        saying = book.told(told)
        crowd = crowd_of(book, asked, 1, self.partners(asked.request), nowhere, saying)
        links = self._links(asked, crowd, 1)
        return self._with_crowd(whole, asked, crowd, links, nowhere, saying)

    def apart(self, asked: Asked, doctor: Int) -> Worlds:
        """A world for each of some doctors (int64 indices); one may be there several times."""
        book, whole, num_worlds = self.book, self.book.whole, len(doctor)
        home, role = self.roles_of_doctor.expand(doctor)
        told = Kept.of(*self._told(asked, num_worlds, home, role))
        saying = book.told(told.row)
        roles = Kept.of(np.concatenate([home, told.world]), np.concatenate([role, saying.role]))
        wished = _columns(asked.wishes.doctors), _columns(asked.requests.term_prices)
        more = np.unique(np.concatenate(wished))
        doctors = Kept.of(
            np.concatenate([roles.world, np.repeat(np.arange(num_worlds), len(more))]),
            np.concatenate([whole.roles.doctor[roles.row], np.tile(more, num_worlds)]),
        )
        at = whole.roles.location[roles.row]
        places = _columns(asked.wishes.locations)
        locations = Kept.of(
            np.concatenate(
                [roles.world[at != NONE], np.repeat(np.arange(num_worlds), len(places))]
            ),
            np.concatenate([at[at != NONE], np.tile(places, num_worlds)]),
        )
        place, session = whole.sessions.of_role.expand(role)
        sessions = Kept.of(home[place], session)
        taken, cell = sessions_taken(
            whole.sessions,
            sessions.row,
            len(roles),
            roles.at(sessions.world, whole.sessions.role[sessions.row]),
        )
        crowd = crowd_of(
            book, asked, num_worlds, self.partners(asked.request), told.world, saying
        ).among(doctors, locations, roles)
        own = rows_of(whole, doctors, roles, locations)
        saying = replace(
            saying,
            role=roles.at(told.world, saying.role),
            session=sessions.at(told.world, saying.session),
        )
        small = replace(
            whole,
            **own,
            caps=tuple(self._caps(doctor, roles)),
            resources=whole.resources.take(locations.row),
            sessions=taken,
            used=frozen(whole.used[cell]),
        )
        links = self._links(asked, crowd, num_worlds)
        snapshot = self._with_crowd(small, asked, crowd, links, told.world, saying)
        return Worlds(snapshot, roles, sessions)

    def _told(self, asked: Asked, num_worlds: int, home: Int, role: Int) -> tuple[Int, Int]:
        """Appointments that can matter, and the world in which they do."""
        book, whole, worlds = self.book, self.book.whole, np.arange(num_worlds)
        place, mine = book.in_roles(role)
        world, found = [home[place]], [mine]
        for some in self._of_asked(asked):
            world.append(np.repeat(worlds, len(some)))
            found.append(np.tile(some, num_worlds))
        if len(whole.visit_types.needs.row(int(asked.requests.visit_type[0]))):
            location = whole.roles.location[role]
            near = Kept.of(home[location != NONE], location[location != NONE])
            place, there = book.at_locations(near.row)
            world.append(near.world[place])
            found.append(there)
        return np.concatenate(world), np.concatenate(found)

    def _of_asked(self, asked: Asked) -> Iterator[Int]:
        """Appointments of the request, of its partners and of its patient."""
        book = self.book
        if asked.request != NONE:
            held = book.of_request[[asked.request, *self.partners(asked.request).tolist()]]
            yield held[held != NONE]
        if asked.patient != NONE:
            yield book.of_patients(ints([asked.patient]))[1]

    def _caps(self, doctor: Int, roles: Kept) -> Iterator[Cap]:
        """Caps of the doctors, in each world."""
        world, cap = self._caps_of_doctor.expand(doctor)
        for one, index in zip(world.tolist(), cap.tolist(), strict=True):
            stated = self.book.whole.caps[index]
            yield replace(stated, roles=roles.at(np.int64(one), stated.roles))

    def _with_crowd(
        self,
        supply: Snapshot,
        asked: Asked,
        crowd: Crowd,
        links: Links,
        world: Int,
        saying: Published,
    ) -> Snapshot:
        """A snapshot with other people in it, and their appointments."""
        holder = crowd.request_at(world, saying.request)
        of_request = np.full(len(crowd.requests.ids), NONE, np.int64)
        of_request[holder[holder != NONE]] = np.flatnonzero(holder != NONE)
        return replace(
            supply,
            index=asked.index,
            patients=crowd.patients,
            requests=crowd.requests,
            wishes=crowd.wishes,
            links=links,
            published=replace(saying, request=holder, of_request=frozen(of_request)),
            told=Told.nothing(len(crowd.requests.ids)),
        )

    def _links(self, asked: Asked, crowd: Crowd, num_worlds: int) -> Links:
        """The link that the request is in, if any, in each world, without its all or none."""
        links = self.book.whole.links
        link = self._link_of_request.get(asked.request)
        chosen = np.repeat(ints([] if link is None else [link]), num_worlds)
        worlds = np.arange(len(chosen))
        own, pair = self._pairs_of_link.expand(chosen)
        place, member = links.members.expand(chosen)
        return Links(
            ids=tuple(links.ids[i] for i in chosen.tolist()),
            members=Ragged(links.members.take(chosen).offset, crowd.partner_at(place, member)),
            all_or_none=frozen(np.zeros(len(chosen), np.bool_)),
            same_day=links.same_day[chosen],
            same_location=links.same_location[chosen],
            same_doctor=links.same_doctor[chosen],
            ordered=links.ordered[chosen],
            min_gap=links.min_gap[chosen],
            max_gap=links.max_gap[chosen],
            min_gap_days=links.min_gap_days[chosen],
            max_gap_days=links.max_gap_days[chosen],
            pair_link=worlds[own],
            pair_first=crowd.partner_at(own, links.pair_first[pair]),
            pair_second=crowd.partner_at(own, links.pair_second[pair]),
            pair_is_next=links.pair_is_next[pair],
        )


def rows_of(whole: Snapshot, doctors: Kept, roles: Kept, locations: Kept) -> dict[str, Any]:
    """Doctors, roles and locations of some worlds."""
    own = doctors.taken(whole.doctors), roles.taken(whole.roles), locations.taken(whole.locations)
    return {
        "doctors": own[0],
        "roles": replace(
            own[1],
            doctor=doctors.at(roles.world, own[1].doctor),
            location=locations.at(roles.world, own[1].location),
        ),
        "locations": own[2],
    }


def _columns(pairs: Pairs) -> Int:
    """Columns that some pairs name."""
    return pairs.key % max(1, pairs.width)
