"""A shipments file that was sent, taken into the database: every row is taken or named, and nothing is half taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.auth.roles import Who
from api.auth.store import note_look
from api.errors import InputError, RowError, TooLargeError
from api.network.changing import road_folder
from api.network.model import Network
from api.network.store import read_network_at
from api.service.runtime import Runtime
from api.shipments.door import is_at_their_door, not_at_their_door
from api.shipments.model import Shipment
from api.shipments.reader import BadRow, review_shipments
from api.shipments.rows import Entry
from api.shipments.taking_store import Taken, take_shipments
from api.tables.files import Upload
from geo.units import load_communes

LONGEST_CODE = 64
"""Characters."""
MOST_ROWS = 10_000
"""Of one request: its work holds the writer for a second or two."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file."""

    taken: Taken
    errors: tuple[RowError, ...]
    """Of rows that were left out."""
    bad: tuple[BadRow, ...]
    warnings: tuple[RowError, ...]
    good: tuple[GoodRow, ...]


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that can be used, with what its places are called."""

    shipment: Shipment
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What a file holds, looked at by the network in force; nothing has been taken yet."""

    entries: tuple[Entry, ...]
    """Good rows of the caller's own offices."""
    errors: tuple[RowError, ...]
    """Of all others."""
    bad: tuple[BadRow, ...]
    warnings: tuple[RowError, ...]
    good: tuple[GoodRow, ...]
    """Of the entries."""
    zone: ZoneInfo


def judge_file(runtime: Runtime, who: Who, province_id: str, file: Upload, *, on: date | None, at: datetime) -> Judged:
    """
    Check the shipments of a file; parameters as of `import_file`.

    Raises
    ------
    TooLargeError
        When it has more than `MOST_ROWS` good rows.
    """
    with runtime.database.read() as connection:
        network = read_network_at(connection, province_id, folder=road_folder(runtime, province_id))
    zone = network.settings.zone
    day = on or at.astimezone(zone).date()
    review = review_shipments(file, network, on=day, each_on_its_day=True)
    entries = entries_of(review.good.shipments, network, day)
    if len(entries) > MOST_ROWS:
        raise TooLargeError(
            f"Mỗi lần nhập tối đa {MOST_ROWS} bưu gửi; hãy chia tệp.", f"At most {MOST_ROWS} shipments at once."
        )
    faults = {entry.shipment.code: _fault(who, province_id, network, day, entry) for entry in entries}
    errors = (*review.errors, *filter(None, faults.values()))
    theirs = tuple(entry for entry in entries if faults[entry.shipment.code] is None)
    good = tuple(_good_rows(network, day, (entry.shipment for entry in theirs)))
    return Judged(theirs, errors, review.bad, review.good.warnings, good, zone)


def import_file(
    runtime: Runtime, who: Who, province_id: str, file: Upload, *, on: date | None, accept_good: bool
) -> Report:
    """
    Take the shipments of a file.

    Parameters
    ----------
    on
        The day whose network the rows mean; what becomes ready later means that of its own day. None = today.
    accept_good
        Take the good rows although others are bad.

    Raises
    ------
    InputError
        With every row that cannot be used, unless `accept_good`; then nothing is taken.
    TooLargeError
        When it has more than `MOST_ROWS` good rows.
    """
    at = datetime.now(UTC)
    judged = judge_file(runtime, who, province_id, file, on=on, at=at)
    errors, theirs, zone = judged.errors, judged.entries, judged.zone
    if errors and not accept_good:
        raise InputError(errors)

    def write(connection: Connection) -> Report:
        taken = take_shipments(connection, province_id, theirs, zone=zone, at=at, by=who.user_id)
        held = _held(theirs, taken.held)
        if held and not accept_good:
            raise InputError(held)
        counts = {"new": len(taken.new), "changed": len(taken.changed)}
        if any(counts.values()):
            note_look(connection, at, who, "shipments_imported", province_id, **counts)
        return Report(taken, (*errors, *held), judged.bad, judged.warnings, judged.good)

    return runtime.writer.write_now(write)


def entries_of(shipments: Iterable[Shipment], network: Network, on: date) -> list[Entry]:
    """Add the offices that see each shipment: the bases of its ends on its day, and where it lies."""
    day_of = cache(network.on)

    def entry(shipment: Shipment) -> Entry:
        there = day_of(max(on, shipment.ready_at.date()))
        origin = _base(there, shipment.origin_site, shipment.origin_commune)
        dest = _base(there, shipment.dest_site, shipment.dest_commune)
        at = there.base_of_site(shipment.at_site) if shipment.at_site else origin
        return Entry(shipment, origin, dest, at)

    return [entry(shipment) for shipment in shipments]


def _good_rows(network: Network, day: date, shipments: Iterable[Shipment]) -> Iterator[GoodRow]:
    sites = {site.site_id: site.name for site in network.sites}
    communes = load_communes(day).by_code

    def called(site: str | None, commune: str) -> str:
        if site is not None:
            return sites.get(site, site)
        return communes[commune].name if commune in communes else commune

    for one in shipments:
        yield GoodRow(one, called(one.origin_site, one.origin_commune), called(one.dest_site, one.dest_commune))


def _base(network: Network, site_id: str | None, commune: str) -> str | None:
    return network.base_of_site(site_id) if site_id is not None else network.base_of_commune(commune)


def _fault(who: Who, province_id: str, network: Network, day: date, entry: Entry) -> RowError | None:
    """Why somebody may not take in a row that is good by itself."""
    if not any(who.scope.covers(province_id, office) for office in entry.offices):
        return _of_other_office(entry.shipment)
    if not is_at_their_door(who, network, day, entry):
        return not_at_their_door(entry.shipment)
    return _long_code(entry.shipment) if len(entry.shipment.code) > LONGEST_CODE else None


def _of_other_office(shipment: Shipment) -> RowError:
    return RowError(
        shipment.source.file,
        shipment.source.row,
        "code",
        "other_office",
        f"Bưu gửi {shipment.code} không đi, đến hay nằm ở bưu cục của bạn.",
        f"Shipment {shipment.code} does not come from, go to or lie in an office of yours.",
    )


def _long_code(shipment: Shipment) -> RowError:
    return RowError(
        shipment.source.file,
        shipment.source.row,
        "code",
        "too_long",
        f"Mã bưu gửi dài quá {LONGEST_CODE} ký tự.",
        f"The code has more than {LONGEST_CODE} characters.",
    )


def _held(entries: Sequence[Entry], codes: Iterable[str]) -> tuple[RowError, ...]:
    held = set(codes)
    return tuple(
        RowError(
            entry.shipment.source.file,
            entry.shipment.source.row,
            "code",
            "in_custody",
            f"Bưu gửi {entry.shipment.code} đã có người giữ; không sửa được bằng cách nhập lại.",
            f"Somebody holds shipment {entry.shipment.code} already: importing it again cannot change it.",
        )
        for entry in entries
        if entry.shipment.code in held
    )
