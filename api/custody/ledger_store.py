"""The ledger's tree, signed heads and export, in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from api.custody.checkpoint import Checkpoint
from api.custody.notes import Note, SigningKey, read_note
from api.custody.tables import checkpoints, event_shipments, events, ledger, tree_nodes
from api.custody.tree import Hashes, new_nodes, tree_root
from api.errors import NotFoundError

AT_ONCE = 10_000
"""Records read, or put into the tree, in one go."""


class StoredHashes(Hashes):
    """The nodes of the tree in the database; the leaves stand with their records."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        if level == 0:
            wanted = select(events.c.leaf).where(events.c.seq >= start, events.c.seq < end).order_by(events.c.seq)
        else:
            position = tree_nodes.c.position
            of_level = tree_nodes.c.level == level, position >= start, position < end
            wanted = select(tree_nodes.c.hash).where(*of_level).order_by(position)
        return list(self._connection.scalars(wanted))


def grow_tree(connection: Connection) -> int:
    """Put the records that have come in since the last time into the tree; returns its size."""
    row = connection.execute(select(ledger.c.size, ledger.c.grown).with_for_update()).one()
    hashes, grown = StoredHashes(connection), row.grown
    while grown < row.size:
        leaves = hashes.read(0, grown, min(row.size, grown + AT_ONCE))
        nodes = [
            {"level": node.level, "position": node.index, "hash": node.hash}
            for node in new_nodes(hashes, grown, leaves)
            if node.level > 0
        ]
        if nodes:
            connection.execute(insert(tree_nodes), nodes)
        grown += len(leaves)
    connection.execute(update(ledger).values(grown=grown))
    return int(grown)


def sign_head(connection: Connection, key: SigningKey, at: datetime) -> Note:
    """Sign the present end of the ledger; the same again when it has not grown."""
    size = grow_tree(connection)
    last = newest_head(connection)
    if last is not None and Checkpoint.parse(last.text).size == size:
        return last
    note = Checkpoint(key.name, size, tree_root(StoredHashes(connection), size)).signed(key)
    connection.execute(insert(checkpoints), {"size": size, "note": note.write(), "signed_at": at})
    return note


def newest_head(connection: Connection) -> Note | None:
    """The last signed head."""
    found = connection.scalar(select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1))
    return None if found is None else read_note(found)


def head_is_due(connection: Connection, before: datetime) -> bool:
    """Whether the ledger has grown since its last head, and that head is older than a moment, or there is none."""
    last = connection.execute(select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)).one_or_none()
    if last is None:
        return True
    size = connection.scalar(select(ledger.c.size))
    return bool(size != last.size and last.signed_at < before)


def heads(connection: Connection) -> list[Note]:
    """Every signed head."""
    return [read_note(note) for note in connection.scalars(select(checkpoints.c.note).order_by(checkpoints.c.size))]


def contents(connection: Connection, size: int) -> Iterator[bytes]:
    """Canonical bytes of the first `size` records."""
    for start in range(0, size, AT_ONCE):
        within = events.c.seq >= start, events.c.seq < min(size, start + AT_ONCE)
        for record in connection.scalars(select(events.c.record).where(*within).order_by(events.c.seq)):
            yield record.encode()


def contents_of(connection: Connection, province_id: str, code: str, size: int) -> list[tuple[int, bytes]]:
    """The records of one shipment among the first `size`, with their numbers."""
    rows = (
        select(events.c.seq, events.c.record)
        .join(event_shipments, event_shipments.c.seq == events.c.seq)
        .where(event_shipments.c.province_id == province_id, event_shipments.c.code == code, events.c.seq < size)
        .order_by(events.c.seq)
    )
    return [(row.seq, row.record.encode()) for row in connection.execute(rows)]


def ledger_size(connection: Connection) -> int:
    """Number of records."""
    return int(connection.scalar(select(func.max(ledger.c.size))) or 0)


def origin_of(connection: Connection) -> str:
    """
    The ledger's name.

    Raises
    ------
    NotFoundError
        When no service has begun it yet.
    """
    found = connection.scalar(select(ledger.c.origin))
    if found is None:
        raise NotFoundError("Chưa có sổ cái.", "There is no ledger yet.")
    return str(found)
