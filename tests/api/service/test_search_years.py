"""Searches over years of shipments find exactly what a plain scan of them finds, page after page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest

import api.shipments.search as searching
from api.shipments.rows import Entry
from api.shipments.search import Asked, search
from benchmarks.service.years import AGENCY, BASES, COMMUNES, DAYS, FIRST, PROCEDURES, fill, made_up
from tests.api.service.running import PROVINCE, Service
from tests.effort import size

MANY = size("SHIPMENTS", 100_000, 650_000)
OPEN_FROM = FIRST + timedelta(days=DAYS - 30)
PLACES = (*BASES, AGENCY)

PLAIN = {
    **dict.fromkeys("àáảãạăằắẳẵặâầấẩẫậ", "a"), **dict.fromkeys("èéẻẽẹêềếểễệ", "e"), **dict.fromkeys("ìíỉĩị", "i"),
    **dict.fromkeys("òóỏõọôồốổỗộơờớởỡợ", "o"), **dict.fromkeys("ùúủũụưừứửữự", "u"), **dict.fromkeys("ỳýỷỹỵ", "y"),
    "đ": "d",
}  # fmt: skip
"""Vietnamese letters one by one: a way of folding of its own."""


@dataclass(frozen=True)
class Known:
    """A shipment as the scan sees it."""

    entry: Entry
    words: frozenset[str]


def known(entry: Entry) -> Known:
    plain = "".join(PLAIN.get(letter, letter) for letter in entry.shipment.contact_name.lower())
    return Known(entry, frozenset(plain.split()))


def meets(one: Known, asked: Asked) -> bool:
    entry, shipment = one.entry, one.entry.shipment
    offices = {entry.origin_base, entry.dest_base, entry.at_base}
    offices |= {shipment.origin_site, shipment.dest_site, shipment.at_site}
    day = shipment.ready_at.date()
    done = day < OPEN_FROM
    return (
        all(_has(one.words, word) for word in asked.text.split())
        and shipment.code.startswith(asked.code)
        and shipment.contact_phone.endswith(asked.phone)
        and asked.procedure_code in (None, shipment.procedure_code)
        and asked.commune_code in (None, shipment.origin_commune, shipment.dest_commune)
        and (asked.office is None or asked.office in offices)
        and asked.kind in (None, shipment.kind.value)
        and asked.holding in (None, "done" if done else "nobody")
        and (asked.first_day is None or asked.first_day <= day)
        and (asked.last_day is None or day <= asked.last_day)
        and (not asked.scope or bool(asked.scope & offices))
    )


def _has(words: frozenset[str], word: str) -> bool:
    return any(w.startswith(word[:-1]) for w in words) if word.endswith("*") else word in words


def scanned(all_known: Sequence[Known], asked: Asked) -> list[str]:
    """What a plain scan finds, in the order in which it is shown."""
    hits = [(n, one.entry.shipment) for n, one in enumerate(all_known) if meets(one, asked)]
    if asked.code and not asked.phone:
        return sorted(shipment.code for _, shipment in hits)
    hits.sort(key=lambda hit: (hit[1].ready_at.date(), hit[0]), reverse=True)
    return [shipment.code for _, shipment in hits]


def every_page(service: Service, asked: Asked, limit: int, most: int = 10**9) -> list[str]:
    seen: list[str] = []
    after: str | None = None
    while len(seen) < most:
        with service.runtime.database.read() as connection:
            page = search(connection, PROVINCE, asked, after=after, limit=limit)
        assert len(page.rows) <= limit
        seen += [row.code for row in page.rows]
        after = page.after
        if after is None:
            break
    return seen


Choose = Callable[[np.random.Generator, Sequence[Known]], Asked]


def some_search(rng: np.random.Generator, all_known: Sequence[Known]) -> Asked:
    """Ask for a few things that some shipment has, now and then for things that do not go together."""
    one, other = (all_known[n] for n in rng.integers(0, len(all_known), 2))
    shipment, day = one.entry.shipment, one.entry.shipment.ready_at.date()
    picked = set(rng.choice(9, rng.integers(1, 4), replace=False).tolist())
    words = sorted(one.words)[: rng.integers(1, 4)]
    if rng.random() < 0.3:
        words[-1] = words[-1][:2] + "*"
    if rng.random() < 0.2:
        words.append(min(other.words))
    return Asked(
        text=" ".join(words) if 0 in picked else "",
        code=shipment.code[: rng.integers(4, 13)] if 1 in picked else "",
        phone=shipment.contact_phone[-int(rng.integers(4, 11)) :] if 2 in picked else "",
        procedure_code=shipment.procedure_code if 3 in picked else None,
        commune_code=shipment.dest_commune if 4 in picked else None,
        office=str(rng.choice(PLACES)) if 5 in picked else None,
        kind=shipment.kind.value if 6 in picked else None,
        holding=str(rng.choice(["done", "nobody"])) if 7 in picked else None,
        first_day=day - timedelta(days=20) if 8 in picked else None,
        last_day=day + timedelta(days=int(rng.integers(0, 300))) if 8 in picked else None,
        scope=frozenset(map(str, rng.choice(PLACES, 2))) if rng.random() < 0.3 else frozenset(),
    )


def test_every_search_finds_what_a_scan_finds(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """With so small limits that walks stop early and counts stop short, as they do among many shipments."""
    monkeypatch.setattr(searching, "FURTHEST", 60)
    monkeypatch.setattr(searching, "COUNTED", 200)
    entries = list(made_up(1_000, seed=5))
    assert fill(service.runtime.writer, PROVINCE, iter(entries), open_from=OPEN_FROM) == 1_000
    all_known = [known(entry) for entry in entries]
    rng, found = np.random.default_rng(9), 0
    for _ in range(50):
        asked = some_search(rng, all_known)
        expected = scanned(all_known, asked)
        found += len(expected)
        assert every_page(service, asked, limit=int(rng.integers(1, 40))) == expected, asked
    assert found > 1_000


@pytest.mark.long
@pytest.mark.slow
def test_seven_years_of_shipments_are_searched(sqlite_service: Service) -> None:
    """So many that walks stop early and counts stop short by the limits of the service itself."""
    entries = list(made_up(MANY, seed=1))
    assert fill(sqlite_service.runtime.writer, PROVINCE, iter(entries), open_from=OPEN_FROM) == MANY
    all_known = [known(entry) for entry in entries]
    rng = np.random.default_rng(3)
    fixed = [
        Asked(text="nguyen van"),
        Asked(text="nguyen thi lan"),
        Asked(text="le neang"),
        Asked(code="AG2015-03"),
        Asked(phone="1234"),
        Asked(commune_code=COMMUNES[40], first_day=date(2015, 3, 1), last_day=date(2015, 3, 31)),
        Asked(procedure_code=PROCEDURES[700]),
    ]
    for asked in [*fixed, *(some_search(rng, all_known) for _ in range(15))]:
        expected = scanned(all_known, asked)
        seen = every_page(sqlite_service, asked, limit=200, most=2_000)
        assert seen == expected[: len(seen)], asked
        assert len(seen) >= min(2_000, len(expected)), asked
