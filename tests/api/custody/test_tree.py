"""The Merkle tree against the definitions of RFC 6962, and against the published example of its proofs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.custody.tree import (
    EMPTY_ROOT,
    KeptHashes,
    RunningRoot,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    tree_root,
)

# The eight leaves and roots of the tests of Certificate Transparency (google/certificate-transparency,
# merkletree/merkle_tree_test.cc).
CT_LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, word by word, over leaf data."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], is_whole: bool) -> list[bytes]:
    """RFC 6962 §2.1.2."""
    if m == len(leaves):
        return [] if is_whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], is_whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def kept(leaves: Sequence[bytes]) -> KeptHashes:
    hashes = KeptHashes()
    hashes.append([leaf_hash(leaf) for leaf in leaves])
    return hashes


def data(size: int) -> list[bytes]:
    return [b"leaf %d" % seq for seq in range(size)]


def test_published_roots() -> None:
    leaves = [bytes.fromhex(leaf) for leaf in CT_LEAVES]
    assert [tree_root(kept(leaves), size).hex() for size in range(1, 9)] == CT_ROOTS
    assert tree_root(KeptHashes(), 0) == EMPTY_ROOT == sha256(b"").digest()


def test_small_trees_are_the_recursive_definition() -> None:
    for size in range(1, 40):
        leaves, running = data(size), RunningRoot()
        hashes = kept(leaves)
        for leaf in leaves:
            running.push(leaf_hash(leaf))
        assert tree_root(hashes, size) == running.root() == mth(leaves)
        for index in range(size):
            proof = inclusion_proof(hashes, index, size)
            assert proof == path(index, leaves)
            assert is_included(leaf_hash(leaves[index]), index, size, proof, mth(leaves))
        for old in range(size + 1):
            proof = consistency_proof(hashes, old, size)
            assert proof == (subproof(old, leaves, True) if old else [])
            assert is_consistent(old, size, mth(leaves[:old]), mth(leaves), proof)


@pytest.mark.parametrize("size", [255, 256, 257, 511, 600, 1000])
def test_trees_wider_than_a_tile_are_the_recursive_definition(size: int) -> None:
    leaves = data(size)
    hashes, root = kept(leaves), mth(leaves)
    assert tree_root(hashes, size) == root
    for index in (0, 1, 254, size // 2, size - 1):
        assert inclusion_proof(hashes, index, size) == path(index, leaves)
    for old in (1, 128, 255, size // 2 + 1, size - 1):
        assert consistency_proof(hashes, old, size) == subproof(old, leaves, True)


@given(batches=st.lists(st.integers(0, 300), max_size=8))
def test_batches_store_the_same_nodes_as_one(batches: list[int]) -> None:
    leaves = [leaf_hash(leaf) for leaf in data(sum(batches))]
    piecewise, at_once, done = KeptHashes(), KeptHashes(), 0
    for batch in batches:
        piecewise.append(leaves[done : done + batch])
        done += batch
    at_once.append(leaves)
    for level in range(3):
        assert piecewise.read(level, 0, done) == at_once.read(level, 0, done)


@given(size=st.integers(1, 70), index=st.integers(0, 69), other=st.integers(0, 80), flip=st.integers(0, 10**6))
def test_an_altered_inclusion_proof_fails(size: int, index: int, other: int, flip: int) -> None:
    index %= size
    leaves = data(size)
    proof, root, leaf = path(index, leaves), mth(leaves), leaf_hash(leaves[index])
    assert not is_included(leaf_hash(b"else"), index, size, proof, root)
    assert not is_included(leaf, index, size, [*proof, root], root)
    assert other == index or not is_included(leaf, other, size, proof, root)
    if proof:
        assert not is_included(leaf, index, size, proof[:-1], root)
        assert not is_included(leaf, index, size, flipped(proof, flip), root)


@given(size=st.integers(2, 70), old=st.integers(1, 69), flip=st.integers(0, 10**6))
def test_an_altered_consistency_proof_fails(size: int, old: int, flip: int) -> None:
    old = 1 + old % (size - 1)
    leaves = data(size)
    proof, old_root, root = subproof(old, leaves, True), mth(leaves[:old]), mth(leaves)
    assert not is_consistent(old, size, old_root, root, flipped(proof, flip))
    assert not is_consistent(old, size, old_root, root, proof[:-1])
    assert not is_consistent(old, size, old_root, root, [*proof, root])
    assert not is_consistent(old, size, root, root, proof)
    assert not is_consistent(old, size, old_root, old_root, proof)
    assert not is_consistent(old, old, old_root, root, [])
    assert not is_consistent(0, size, old_root, root, [])
    assert not is_consistent(size, old, root, old_root, proof)


def flipped(proof: list[bytes], bit: int) -> list[bytes]:
    which, bit = bit % len(proof), bit // len(proof) % 256
    changed = bytearray(proof[which])
    changed[bit // 8] ^= 1 << bit % 8
    return [*proof[:which], bytes(changed), *proof[which + 1 :]]


class AlikeLeaves:
    """A tree of leaves that are all the same, which needs no storage, and counts what is read of it."""

    def __init__(self) -> None:
        self.read_nodes: Counter[int] = Counter()

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        self.read_nodes[level] += end - start
        return [perfect(8 * level)] * (end - start)


@cache
def perfect(height: int) -> bytes:
    if height == 0:
        return sha256(b"\x00").digest()
    return sha256(b"\x01" + perfect(height - 1) * 2).digest()


@cache
def alike_root(size: int) -> bytes:
    """The root by the recursive definition, without the leaves."""
    if size & (size - 1) == 0:
        return perfect(size.bit_length() - 1)
    return sha256(b"\x01" + alike_root(split(size)) + alike_root(size - split(size))).digest()


@pytest.mark.parametrize("size", [4_000_000, 2**22, 2**22 - 1, 2**22 + 1])
def test_a_proof_over_four_million_leaves_reads_few_nodes(size: int) -> None:
    for index in (0, 1, 65_535, 65_536, size // 2, size - 1):
        hashes = AlikeLeaves()
        proof = inclusion_proof(hashes, index, size)
        assert is_included(perfect(0), index, size, proof, alike_root(size))
        assert max(hashes.read_nodes.values()) < 2 * 256
        hashes = AlikeLeaves()
        proof = consistency_proof(hashes, index + 1, size)
        assert is_consistent(index + 1, size, alike_root(index + 1), alike_root(size), proof)
        assert max(hashes.read_nodes.values(), default=0) < 2 * 256


def test_a_store_that_lost_nodes_is_not_believed() -> None:
    with pytest.raises(LookupError, match="level 0 has 3 of the nodes 0 to 3"):
        tree_root(kept(data(3)), 4)
