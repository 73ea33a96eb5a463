"""Negotiation: answers change the dataset, and what is open is solved once more.

Nothing is kept beside the dataset. Who accepts has the accepted place in it, pinned; what is
declined stands in the request. With the same events, the next repair moves only whom it must:
who has not answered, who said no, and whom that concerns.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from engine.checks.context import Context
from engine.checks.dataset import context_of
from engine.checks.demand import check_refusals
from engine.domain import Dataset
from engine.domain import Declined as Refusal
from engine.errors import AnswerError
from engine.problems import Report, one_of
from engine.repair.answers import Accepted, Answer, Declined, Stays
from engine.repair.carrying_out import carried_out
from engine.repair.fitting import check_offered
from engine.repair.ledger import Entry, Ledger
from engine.repair.menus import Menu, Offered
from engine.where import Where


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
    planned
        By appointment, where the plan would have those whose answer it does not have, or who
        wait: the next search begins with it.
    """

    dataset: Dataset
    accepted: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    planned: Mapping[str, Where] = field(default_factory=dict)


def settled(
    dataset: Dataset,
    ledger: Ledger,
    menus: Sequence[Menu],
    answers: Sequence[Answer],
    path: str = "",
    offered_path: str = "",
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
    path, offered_path
        Where the list of answers and the plan that was offered stand, for messages.

    Raises
    ------
    AnswerError
        Everything that is wrong with the answers, or with what was offered: it does not fit the
        dataset.
    """
    book, report = _Book(ledger, menus), Report()
    context = context_of(dataset, report)
    check_offered(context, ledger, menus, offered_path)
    given = book.checked(answers, path, context)
    if report.num_errors:
        raise AnswerError.of(report)
    chosen = {
        place.appointment_id: place
        for number, answer in given.items()
        if isinstance(answer, Accepted)
        for option in menus[number].options
        if option.number == answer.option
        for place in option.places
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
    held = {name: (book.entries[name], place) for name, place in firm.items()}
    changed = carried_out(dataset, held, pinned, refusals)
    return Settled(
        dataset=changed,
        accepted=tuple(row.id for row in changed.appointments if row.id in firm),
        waiting=tuple(Waiting(name, waiting[name]) for name in sorted(waiting)),
        planned=book.planned(given, waiting),
    )


class _Book:
    """The ledger and the menus of a point, by appointment."""

    def __init__(self, ledger: Ledger, menus: Sequence[Menu]) -> None:
        self.entries: dict[str, Entry] = {row.appointment_id: row for row in ledger.entries}
        self._menus = menus
        self._menu_of = {
            name: number for number, menu in enumerate(menus) for name in menu.appointment_ids
        }

    def checked(
        self, answers: Sequence[Answer], path: str, context: Context
    ) -> Mapping[int, Answer]:
        """The answers by the number of their menu; what does not fit is reported."""
        report, given = context.report, dict[int, Answer]()
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
            self._check(self._menus[number], answer, where, context)
        return given

    def _check(self, menu: Menu, answer: Answer, where: str, context: Context) -> None:
        if isinstance(answer, Accepted):
            numbers = [option.number for option in menu.options]
            if answer.option not in numbers:
                message = f"the menu has {len(numbers)} options, and none of this number"
                context.report.error("out_of_range", f"{where}/option", message, answer.option)
        elif isinstance(answer, Declined):
            check_refusals(context, f"{where}/learned", answer.learned)
        elif any(self._is_forced(name) for name in menu.appointment_ids):
            message = "the place is impossible: nobody can stay there"
            context.report.error("wrong_value", f"{where}/kind", message, answer.kind)

    def _is_forced(self, name: str) -> bool:
        return name in self.entries and self.entries[name].standing == "forced"

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

    def planned(self, given: Mapping[int, Answer], waiting: Container[str]) -> dict[str, Where]:
        """Where the plan would have whoever is moved, and has not answered or waits."""
        heard = {name for number in given for name in self._menus[number].appointment_ids}
        return {
            name: row.after
            for name, row in self.entries.items()
            if row.outcome == "moved" and row.after is not None
            if name not in heard or name in waiting
        }

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
