"""
The Merkle tree over the ledger: proofs that a record is in it, and that it only ever grew.

The data of leaf `seq` is the canonical bytes of record `seq`, not its chain hash: whoever holds a receipt then computes
the leaf from the event shown and nothing else. The chain loses nothing by it, since the records in their order
determine every chain hash.

A tree of millions of leaves is stored as the complete subtrees of 1, 256, 65,536, ... leaves only (levels 0, 1, 2, ...,
the nodes of C2SP tiles), read in ranges through `Hashes`. One proof reads fewer than 512 nodes of each level,
whatever the size.

References
----------
.. [1] RFC 6962 §2.1, Certificate Transparency.
.. [2] RFC 9162 §2.1.3.2 and §2.1.4.2, Certificate Transparency Version 2.0: the two checks.
.. [3] C2SP tlog-tiles, https://c2sp.org/tlog-tiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

WIDTH = 256
"""Nodes of a level below one node of the next."""
EMPTY_ROOT = sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree to be stored."""

    level: int
    """It has 256**level leaves."""
    index: int
    """Of all subtrees of its level, from 0."""
    hash: bytes
    """32 bytes."""


class Hashes(Protocol):
    """Where the nodes of a tree are kept."""

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        """The hashes of nodes start <= index < end of a level; level 0 holds the leaf hashes."""
        ...


class KeptHashes:
    """A tree's nodes in memory."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        """Number of leaves."""
        return len(self._levels[0])

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        return self._levels[level][start:end] if level < len(self._levels) else []

    def append(self, leaves: Sequence[bytes]) -> None:
        """Put leaf hashes at the end."""
        for node in new_nodes(self, len(self), leaves):
            while len(self._levels) <= node.level:
                self._levels.append([])
            self._levels[node.level].append(node.hash)


class RunningRoot:
    """The root of a tree whose leaves pass by once, in memory that grows with the logarithm of their number."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []
        """Complete subtrees from the left, each larger than the next: one for each 1 bit of `size`."""

    def push(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        size, complete = self.size, self._complete
        while size & 1:
            leaf = sha256(b"\x01" + complete.pop() + leaf).digest()
            size >>= 1
        complete.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self._complete:
            return EMPTY_ROOT
        found = self._complete[-1]
        for left in reversed(self._complete[:-1]):
            found = node_hash(left, found)
        return found


def leaf_hash(content: bytes) -> bytes:
    """RFC 6962 hash of a leaf's data."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def new_nodes(hashes: Hashes, size: int, leaves: Sequence[bytes]) -> list[Node]:
    """
    The nodes to store when leaves are put at the end of a tree.

    Parameters
    ----------
    hashes
        The tree so far.
    size
        Its number of leaves.
    leaves
        Hashes of the new leaves.

    Returns
    -------
    nodes
        The new leaves themselves (level 0) and each subtree that they complete, lower levels first.
    """
    found: list[Node] = []
    level, start, fresh = 0, size, list(leaves)
    while fresh:
        found += [Node(level, start + at, value) for at, value in enumerate(fresh)]
        first = start // WIDTH
        row = [*_read(hashes, level, first * WIDTH, start), *fresh]
        fresh = [_root_of(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
        level, start = level + 1, first
    return found


def tree_root(hashes: Hashes, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return _subtree(hashes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(hashes: Hashes, index: int, size: int) -> list[bytes]:
    """
    Prove that leaf `index` is in the tree of the first `size` leaves (RFC 6962 §2.1.1).

    Returns
    -------
    path
        Sibling hashes from the leaf up.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(hashes, middle, end))
            end = middle
        else:
            path.append(_subtree(hashes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(hashes: Hashes, old: int, size: int) -> list[bytes]:
    """
    Prove that the tree of the first `size` leaves continues that of the first `old` (RFC 6962 §2.1.2).

    Returns
    -------
    path
        Empty for an empty old tree and for equal sizes.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} leaves is no beginning of one of {size}")
    if old in (0, size):
        return []
    path, start, end = [], 0, size
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_subtree(hashes, middle, end))
            end = middle
        else:
            path.append(_subtree(hashes, start, middle))
            start = middle
    if start:
        path.append(_subtree(hashes, start, end))
    return path[::-1]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Check an inclusion proof: RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return False
    first, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = node_hash(sibling, found)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Check a consistency proof: RFC 9162 §2.1.4.2, with the two sizes that it leaves out."""
    if not 0 <= old <= size:
        return False
    if old == size:
        return not path and old_root == root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps or not path:
        return False
    first, last = old - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    return _climb(first, last, steps, old_root, root)


def _climb(first: int, last: int, steps: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Both roots from one path: steps 5 to 7 of RFC 9162 §2.1.4.2."""
    old_found = found = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_found, found = node_hash(step, old_found), node_hash(step, found)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, step)
        first, last = first >> 1, last >> 1
    return last == 0 and old_found == old_root and found == root


def _split(size: int) -> int:
    """The largest power of two below a size >= 2: where RFC 6962 divides a tree."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(hashes: Hashes, start: int, end: int) -> bytes:
    """
    The root over leaves start <= index < end, as RFC 6962 divides trees.

    Whole nodes of the highest level that fits, then the root over what is left: the division in two halves never
    cuts a complete node, so this row has the same root as the leaves themselves.
    """
    leaves, level = 1, 0
    while leaves * WIDTH <= end - start:
        leaves, level = leaves * WIDTH, level + 1
    first, nodes = start // leaves, (end - start) // leaves
    row = list(_read(hashes, level, first, first + nodes))
    rest = start + nodes * leaves
    if rest < end:
        row.append(_subtree(hashes, rest, end))
    return _root_of(row)


def _read(hashes: Hashes, level: int, start: int, end: int) -> Sequence[bytes]:
    """
    Read nodes, all of them.

    Raises
    ------
    LookupError
        When some are missing from the store.
    """
    if start == end:
        return []
    found = hashes.read(level, start, end)
    if len(found) != end - start:
        raise LookupError(f"level {level} has {len(found)} of the nodes {start} to {end - 1}")
    return found


def _root_of(row: Sequence[bytes]) -> bytes:
    """The root over a row of hashes: a last one without a partner rises as it is, as in RFC 9162 figure 1."""
    while len(row) > 1:
        pairs = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
        row = [*pairs, row[-1]] if len(row) % 2 else pairs
    return row[0]
