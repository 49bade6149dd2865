"""
Finding shipments: each search walks one index, newest first, and looks every candidate up in the others.

The walk follows whichever index has fewest entries for what was asked (the rarest word first, as in Zobel & Moffat,
2006, ACM Computing Surveys 38(2), §4); counts stop at a limit, since beyond it any choice finds enough soon. No request
looks at more than `FURTHEST` candidates: a page may then be short, and its cursor goes on from there.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, select, tuple_

from api.errors import RefusedError
from api.shipments.office_store import of_offices
from api.shipments.tables import shipment_persons, shipment_words, shipments
from api.shipments.words import commune_word, digits, office_word, procedure_word, words_of

FURTHEST = 5_000
"""Candidates that one request looks at."""
COUNTED = 8_000
"""Where counting stops."""
MOST_SPELLINGS = 30
"""Words that one beginning may stand for."""
MOST_OF_PHONE = 1_000
"""Shipments that the last digits of a number may have."""
SHORTEST_PHONE = 4
"""Digits."""

Place = tuple[int, int]
"""Ready day and shipment: where a shipment stands in the order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; None and empty = whatever."""

    text: str = ""
    """Words of a name in any order, with or without diacritics; `ngu*` = whatever begins so."""
    code: str = ""
    """A code, or how it begins."""
    phone: str = ""
    """A number, or its last digits."""
    procedure_code: str | None = None
    commune_code: str | None = None
    """Of either end."""
    office: str | None = None
    """That sends, receives or has it."""
    kind: str | None = None
    holding: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    """Of being ready."""
    scope: frozenset[str] = frozenset()
    """Offices whose shipments may be seen; empty = all."""


@dataclass(frozen=True, slots=True)
class Page:
    """Shipments that were found."""

    rows: tuple[Row[Any], ...]
    after: str | None
    """Where to go on; None = there are no more."""


def search(connection: Connection, province_id: str, asked: Asked, *, after: str | None, limit: int) -> Page:
    """
    Find shipments: newest first, or by code when a code is asked for and no telephone.

    Raises
    ------
    RefusedError
        When too little is asked for to find anything in particular, or `after` is no cursor of this search.
    """
    walk = _Walk(connection, province_id, asked)
    if asked.phone:
        return walk.by_phone(_place(after), limit)
    if asked.code:
        return walk.by_code(after or "", limit)
    return walk.by_rarest(_place(after), limit)


class _Walk:
    def __init__(self, connection: Connection, province_id: str, asked: Asked) -> None:
        self.connection = connection
        self.province_id = province_id
        self.asked = asked
        self.groups = self._groups()
        """Of words; a shipment has at least one of each."""

    def by_code(self, after: str, limit: int) -> Page:
        code = shipments.c.code
        range_ = [shipments.c.province_id == self.province_id, *self._codes()]
        range_ += [code > after] if after else []
        furthest = self.connection.scalar(select(code).where(*range_).order_by(code).limit(1).offset(FURTHEST - 1))
        range_ += [code <= furthest] if furthest is not None else []
        wanted = [*range_, *self._days(shipments.c.ready_day), *self._plain(), *self._having(self.groups, shipments)]
        query = select(shipments.c.shipment_id, code).where(*wanted).order_by(code).limit(limit + 1)
        found = self.connection.execute(query).all()
        more = found[limit - 1].code if len(found) > limit else furthest
        return Page(self._rows([row.shipment_id for row in found[:limit]]), more)

    def by_phone(self, after: Place | None, limit: int) -> Page:
        ending = digits(self.asked.phone)[::-1]
        if len(ending) < SHORTEST_PHONE:
            raise RefusedError(
                f"Hãy nhập ít nhất {SHORTEST_PHONE} số cuối điện thoại.",
                f"Give at least the last {SHORTEST_PHONE} digits of the telephone.",
            )
        number = shipment_persons.c.phone_backwards
        theirs = [shipment_persons.c.province_id == self.province_id, number >= ending, number < _next(ending)]
        numbers = select(shipment_persons.c.shipment_id).where(*theirs).limit(MOST_OF_PHONE + 1)
        ids = self.connection.scalars(numbers).all()
        if len(ids) > MOST_OF_PHONE:
            raise RefusedError(
                "Quá nhiều số điện thoại kết thúc như vậy; hãy nhập thêm số.",
                "Too many telephones end like this: give more digits.",
            )
        wanted = [*self._days(shipments.c.ready_day), *self._plain(), *self._having(self.groups, shipments)]
        wanted += self._codes()
        query = select(shipments.c.ready_day, shipments.c.shipment_id).where(shipments.c.shipment_id.in_(ids), *wanted)
        places = sorted((_pair(row) for row in self.connection.execute(query)), reverse=True)
        return self._page([place for place in places if after is None or place < after], None, limit)

    def by_rarest(self, after: Place | None, limit: int) -> Page:
        if any(not group for group in self.groups):
            return Page((), None)
        counts = [self._count(group) for group in self.groups]
        of_holding = self._count_holding()
        if counts and min(counts) <= of_holding:
            rarest = self.groups[counts.index(min(counts))]
            return self._by_words(rarest, after, limit)
        return self._by_day(after, limit)

    def _by_words(self, words: Sequence[str], after: Place | None, limit: int) -> Page:
        """Walk along one word, or along several side by side."""
        table, others = shipment_words, [group for group in self.groups if group is not words]
        seen = exists().where(shipments.c.shipment_id == table.c.shipment_id, *self._plain())
        filters = [*([seen] if self._plain() else []), *self._having(others, table)]
        ranges = [[*self._of_word(word), *_older(table, after)] for word in words]
        floors = [floor for range_ in ranges if (floor := self._floor(table, range_)) is not None]
        floor = max(floors, default=None)
        found = []
        for range_ in ranges:
            wanted = [*range_, *([_pair_of(table) >= tuple_(*floor)] if floor else []), *filters]
            found.append(self._walked(table, wanted, limit))
        places = list(islice(_once(heapq.merge(*found, reverse=True)), limit + 1))
        return self._page(places, floor, limit)

    def _by_day(self, after: Place | None, limit: int) -> Page:
        range_ = [shipments.c.province_id == self.province_id, *self._days(shipments.c.ready_day)]
        range_ += [shipments.c.holding == self.asked.holding] if self.asked.holding else []
        range_ += _older(shipments, after)
        floor = self._floor(shipments, range_)
        wanted = [*range_, *([_pair_of(shipments) >= tuple_(*floor)] if floor else [])]
        wanted += [*self._plain(), *self._having(self.groups, shipments)]
        return self._page(self._walked(shipments, wanted, limit), floor, limit)

    def _walked(self, table: Any, wanted: Sequence[ColumnElement[bool]], limit: int) -> list[Place]:
        query = select(table.c.ready_day, table.c.shipment_id).where(*wanted)
        ordered = query.order_by(table.c.ready_day.desc(), table.c.shipment_id.desc()).limit(limit + 1)
        return [_pair(row) for row in self.connection.execute(ordered)]

    def _floor(self, table: Any, range_: Sequence[ColumnElement[bool]]) -> Place | None:
        query = select(table.c.ready_day, table.c.shipment_id).where(*range_)
        ordered = query.order_by(table.c.ready_day.desc(), table.c.shipment_id.desc())
        row = self.connection.execute(ordered.limit(1).offset(FURTHEST - 1)).one_or_none()
        return None if row is None else _pair(row)

    def _page(self, places: Sequence[Place], floor: Place | None, limit: int) -> Page:
        last = places[limit - 1] if len(places) > limit else floor
        rows = self._rows([shipment_id for _, shipment_id in places[:limit]])
        return Page(rows, None if last is None else f"{last[0]}.{last[1]}")

    def _rows(self, ids: Sequence[int]) -> tuple[Row[Any], ...]:
        """The rows of shipments, in the order given."""
        person = shipment_persons.c
        query = select(shipments, person.name, person.phone).outerjoin(shipment_persons)
        rows = {row.shipment_id: row for row in self.connection.execute(query.where(shipments.c.shipment_id.in_(ids)))}
        return tuple(rows[shipment_id] for shipment_id in ids)

    def _groups(self) -> list[list[str]]:
        asked = self.asked
        # Of words that are equally common as far as counts go, the last: given names tell most, and stand at the end.
        groups = [group for word in reversed(asked.text.split()) for group in self._spellings(word)]
        groups += [[commune_word(asked.commune_code)]] if asked.commune_code else []
        groups += [[procedure_word(asked.procedure_code)]] if asked.procedure_code else []
        groups += [[office_word(asked.office)]] if asked.office else []
        groups += [[office_word(office) for office in sorted(asked.scope)]] if asked.scope else []
        return groups

    def _spellings(self, word: str) -> list[list[str]]:
        """What a word of the search stands for: itself, or with `*` every word that begins so."""
        plain = words_of(word)
        if not word.endswith("*") or not plain:
            return [[part] for part in plain]
        return [*([part] for part in plain[:-1]), self._beginning(plain[-1])]

    def _beginning(self, start: str) -> list[str]:
        """Step from one word of the index to the next."""
        column = shipment_words.c.word
        found: list[str] = []
        lowest: ColumnElement[bool] = column >= start
        while len(found) <= MOST_SPELLINGS:
            of_province = shipment_words.c.province_id == self.province_id
            query = select(column).where(of_province, lowest, column < _next(start)).order_by(column).limit(1)
            word = self.connection.scalar(query)
            if word is None:
                return found
            found.append(word)
            lowest = column > word
        raise RefusedError(
            f"Quá nhiều từ bắt đầu bằng “{start}”; hãy gõ thêm.", f"Too many words begin with “{start}”: type more."
        )

    def _of_word(self, word: str) -> list[ColumnElement[bool]]:
        named = [shipment_words.c.province_id == self.province_id, shipment_words.c.word == word]
        return [*named, *self._days(shipment_words.c.ready_day)]

    def _days(self, column: Any) -> list[ColumnElement[bool]]:
        first, last = self.asked.first_day, self.asked.last_day
        wanted = [column >= first.toordinal()] if first else []
        return wanted + ([column <= last.toordinal()] if last else [])

    def _codes(self) -> list[ColumnElement[bool]]:
        start, code = self.asked.code, shipments.c.code
        return [code >= start, code < _next(start)] if start else []

    def _plain(self) -> list[ColumnElement[bool]]:
        """What only the shipment's own row says."""
        asked, wanted = self.asked, []
        if asked.kind:
            wanted.append(shipments.c.kind == asked.kind)
        if asked.holding:
            wanted.append(shipments.c.holding == asked.holding)
        groups = [asked.office] if asked.office else [], sorted(asked.scope)
        return wanted + [of_offices(offices) for offices in groups if offices]

    def _having(self, groups: Iterable[Sequence[str]], outer: Any) -> list[ColumnElement[bool]]:
        """One of the words of each group; the offices of the scope are asked of the row itself."""
        scope = {office_word(office) for office in self.asked.scope}
        conditions: list[ColumnElement[bool]] = []
        for group in groups:
            if scope and set(group) == scope:
                continue
            inner = shipment_words.alias()
            conditions.append(
                exists().where(
                    inner.c.province_id == self.province_id,
                    inner.c.word.in_(group),
                    inner.c.ready_day == outer.c.ready_day,
                    inner.c.shipment_id == outer.c.shipment_id,
                )
            )
        return conditions

    def _count(self, words: Sequence[str]) -> int:
        return sum(self._counted(shipment_words, self._of_word(word)) for word in words)

    def _count_holding(self) -> int:
        """Entries of the walk by day."""
        if not self.asked.holding:
            return COUNTED * 2
        of_holding = shipments.c.province_id == self.province_id, shipments.c.holding == self.asked.holding
        return self._counted(shipments, [*of_holding, *self._days(shipments.c.ready_day)])

    def _counted(self, table: Any, wanted: Sequence[ColumnElement[bool]]) -> int:
        some = select(table.c.shipment_id).where(*wanted).limit(COUNTED).subquery()
        return self.connection.scalar(select(func.count()).select_from(some)) or 0


def _older(table: Any, after: Place | None) -> list[ColumnElement[bool]]:
    return [] if after is None else [_pair_of(table) < tuple_(*after)]


def _pair_of(table: Any) -> Any:
    return tuple_(table.c.ready_day, table.c.shipment_id)


def _pair(row: Any) -> Place:
    return row.ready_day, row.shipment_id


def _once(places: Iterable[Place]) -> Iterable[Place]:
    """Leave repetitions out of a sorted sequence."""
    last = None
    for place in places:
        if place != last:
            yield place
        last = place


def _next(start: str) -> str:
    """The first text after all that begin so."""
    return start[:-1] + chr(ord(start[-1]) + 1)


def _place(after: str | None) -> Place | None:
    if after is None:
        return None
    day, _, shipment_id = after.partition(".")
    if not (day.isdecimal() and shipment_id.isdecimal() and max(len(day), len(shipment_id)) <= 18):
        raise RefusedError("Con trỏ trang không đúng.", "This is no cursor of this search.")
    return int(day), int(shipment_id)
