"""Negotiation: answers change the dataset, and what is open is solved once more.

Nothing is kept beside the dataset. Who accepts has the accepted place in it, pinned; what is
declined stands in the request. With the same events, the next repair moves only whom it must:
who has not answered, who said no, and whom that concerns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.domain import Appointment, Dataset
from engine.domain import Declined as Refusal
from engine.errors import AnswerError
from engine.problems import Report, one_of
from engine.repair.answers import Accepted, Answer, Declined, Stays
from engine.repair.ledger import Entry, Ledger
from engine.repair.menus import Menu, Offered


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who accepted the plan's place, which is not free yet.

    Parameters
    ----------
    appointment_id
        Who accepted.
    for_ids
        Appointments of those who have to give up that place, and have not agreed.
    """

    appointment_id: str
    for_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """The world after some answers.

    Parameters
    ----------
    dataset
        As before the events, with what was answered: the next repair, by the same events,
        begins with it.
    accepted
        Appointments that have a new place now.
    waiting
        Acceptances that hold nothing yet; the next repair asks them again.
    """

    dataset: Dataset
    accepted: tuple[str, ...]
    waiting: tuple[Waiting, ...]


def settled(
    dataset: Dataset,
    ledger: Ledger,
    menus: Sequence[Menu],
    answers: Sequence[Answer],
    path: str = "",
) -> Settled:
    """Carry out what people answered to the menus of one point.

    - Who accepts is at the accepted place, pinned and confirmed; whoever is moved has been moved
      once more (``times_moved``), and to be moved again is dearer. If it is the plan's place
      and somebody has yet to give it up, it waits until they accepted another.
    - Who declines is not offered the same again, nor what does not suit in general.
    - Who stays is pinned where they were.

    Parameters
    ----------
    dataset
        As it was before the events; what earlier answers have changed included.
    ledger, menus
        Of the point that was offered.
    answers
        At most one to each menu.
    path
        Where the list of answers stands, for messages.

    Raises
    ------
    AnswerError
        Everything that is wrong with the answers.
    """
    book = _Book(ledger, menus)
    given = book.checked(answers, path)
    chosen = {
        place.appointment_id: place
        for number, answer in given.items()
        if isinstance(answer, Accepted)
        for place in menus[number].options[answer.option - 1].places
    }
    waiting = book.waiting(chosen)
    firm = {name: place for name, place in chosen.items() if name not in waiting}
    pinned = {
        name
        for number, answer in given.items()
        if isinstance(answer, Stays)
        for name in menus[number].appointment_ids
    }
    refusals = book.refusals(given)
    changed = _people(_appointments(dataset, firm, pinned), book, firm)
    return Settled(
        dataset=_requests(changed, refusals),
        accepted=tuple(row.id for row in dataset.appointments if row.id in firm),
        waiting=tuple(Waiting(name, waiting[name]) for name in sorted(waiting)),
    )


class _Book:
    """The ledger and the menus of a point, by appointment."""

    def __init__(self, ledger: Ledger, menus: Sequence[Menu]) -> None:
        self.entries: dict[str, Entry] = {row.appointment_id: row for row in ledger.entries}
        self._menus = menus
        self._menu_of = {
            name: number for number, menu in enumerate(menus) for name in menu.appointment_ids
        }

    def checked(self, answers: Sequence[Answer], path: str) -> Mapping[int, Answer]:
        """The answers by the number of their menu; raises where they do not fit."""
        report, given = Report(), dict[int, Answer]()
        for index, answer in enumerate(answers):
            where, name = f"{path}/{index}", answer.appointment_id
            number = self._menu_of.get(name)
            if number is None:
                message = f"nobody was offered anything for it. {one_of(self._menu_of, name)}"
                report.error("dangling_reference", f"{where}/appointment_id", message, name)
                continue
            if number in given:
                message = "there are two answers to this menu"
                report.error("duplicate_id", f"{where}/appointment_id", message, name)
            given[number] = answer
            self._check(self._menus[number], answer, where, report)
        if report.num_errors:
            raise AnswerError.of(report)
        return given

    def _check(self, menu: Menu, answer: Answer, where: str, report: Report) -> None:
        if isinstance(answer, Accepted) and answer.option > len(menu.options):
            message = f"the menu has {len(menu.options)} options"
            report.error("out_of_range", f"{where}/option", message, answer.option)
        if isinstance(answer, Declined) and Refusal() in answer.learned:
            message = "a refusal that names nothing would refuse every place"
            report.error("missing_field", f"{where}/learned", message)
        if isinstance(answer, Stays) and any(
            self.entries[name].standing == "forced" for name in menu.appointment_ids
        ):
            message = "the place is impossible: nobody can stay there"
            report.error("wrong_value", f"{where}/kind", message, answer.kind)

    def waiting(self, chosen: Mapping[str, Offered]) -> dict[str, tuple[str, ...]]:
        """Who accepted a place that others hold, and have not agreed to leave, and which others.

        Only the plan's places are held by anybody; the members of a menu wait for each other.
        """
        needs: dict[str, set[str]] = {name: set() for name in chosen}
        for other in self.entries.values():
            for name in () if other.gave_way is None else other.gave_way.to:
                if name in chosen and self._is_planned(chosen[name]):
                    needs[name].add(other.appointment_id)
        held: dict[str, tuple[str, ...]] = {}
        while True:
            late = {
                name: tuple(sorted(row for row in whom if row not in chosen or row in held))
                for name, whom in needs.items()
            }
            found = {name: rows for name, rows in late.items() if rows}
            for name in list(found):
                for partner in self._menus[self._menu_of[name]].appointment_ids:
                    if partner in chosen:
                        found.setdefault(partner, found[name])
            if found.keys() == held.keys():
                return found
            held = found

    def _is_planned(self, place: Offered) -> bool:
        return self.entries[place.appointment_id].after == place.where

    def refusals(self, given: Mapping[int, Answer]) -> dict[str, tuple[Refusal, ...]]:
        """What is not to be offered again, by request."""
        found: dict[str, tuple[Refusal, ...]] = {}
        for number, answer in given.items():
            if not isinstance(answer, Declined):
                continue
            menu = self._menus[number]
            for name in menu.appointment_ids:
                offered = [
                    Refusal(role_id=place.where.role_id, start=place.where.start)
                    for option in menu.options
                    for place in option.places
                    if place.appointment_id == name
                ]
                request = self.entries[name].request_id
                found[request] = tuple(dict.fromkeys((*offered, *answer.learned)))
        return found


def _appointments(dataset: Dataset, firm: Mapping[str, Offered], pinned: Iterable[str]) -> Dataset:
    """The dataset with new places, and with those who stay pinned."""
    stays = set(pinned)

    def answered(row: Appointment) -> Appointment:
        if row.id in stays:
            return replace(row, pinned=True)
        if row.id not in firm:
            return row
        where = firm[row.id].where
        return replace(
            row,
            role_id=where.role_id,
            start=where.start,
            end=where.end,
            status="booked",
            held_until=None,
            confirmed=True,
            pinned=True,
        )

    return replace(dataset, appointments=tuple(map(answered, dataset.appointments)))


def _people(dataset: Dataset, book: _Book, firm: Iterable[str]) -> Dataset:
    """The dataset in which whoever accepted has been moved once more."""
    moved = {book.entries[name].patient_id for name in firm}
    return replace(
        dataset,
        patients=tuple(
            replace(row, times_moved=row.times_moved + 1) if row.id in moved else row
            for row in dataset.patients
        ),
    )


def _requests(dataset: Dataset, refusals: Mapping[str, tuple[Refusal, ...]]) -> Dataset:
    """The dataset in which requests say what they declined."""
    return replace(
        dataset,
        requests=tuple(
            replace(row, declined=tuple(dict.fromkeys((*row.declined, *refusals[row.id]))))
            if row.id in refusals
            else row
            for row in dataset.requests
        ),
    )
