"""The Merkle tree against RFC 9162's definitions, and every proof of every small log."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

SIZE = 70
LEAVES = [leaf_hash(f"entry {number}".encode()) for number in range(SIZE)]


def defined_root(leaves: list[bytes]) -> bytes:
    """The recursive definition of section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(defined_root(leaves[:split]), defined_root(leaves[split:]))


ROOTS = [defined_root(LEAVES[:size]) for size in range(SIZE + 1)]


def test_known_hashes() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    # The reference tree of certificate transparency: one empty leaf, then one leaf 0x00.
    empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"").hex() == empty
    two = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert root_of([leaf_hash(b""), leaf_hash(b"\x00")]).hex() == two


def test_root_follows_the_definition_at_every_size() -> None:
    assert [root_of(LEAVES[:size]) for size in range(SIZE + 1)] == ROOTS


def test_appending_in_parts_gives_the_same_root() -> None:
    for size in range(SIZE):
        for first in range(size + 1):
            frontier = Frontier().extended(LEAVES[:first]).extended(LEAVES[first:size])
            assert (frontier.size, frontier.root) == (size, ROOTS[size])


@pytest.mark.parametrize(("size", "roots"), [(3, (b"x",)), (0, (b"x",)), (4, ())])
def test_a_frontier_has_a_root_for_each_bit(size: int, roots: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="cannot stand for"):
        Frontier(size, roots)


def test_every_inclusion_proof_holds_for_its_leaf_alone() -> None:
    for size in range(1, SIZE):
        for index in range(size):
            path = inclusion_proof(index, LEAVES[:size])
            assert verify_inclusion(index, size, LEAVES[index], path, ROOTS[size])
            assert not verify_inclusion(index, size, leaf_hash(b"altered"), path, ROOTS[size])
            assert not verify_inclusion(index, size, LEAVES[index], path, ROOTS[size - 1])
            assert not verify_inclusion(
                index, size, LEAVES[index], (*path, EMPTY_ROOT), ROOTS[size]
            )
            assert not (
                path and verify_inclusion(index, size, LEAVES[index], path[:-1], ROOTS[size])
            )
            for other in range(size):
                proved = verify_inclusion(other, size, LEAVES[index], path, ROOTS[size])
                assert proved is (other == index)


def test_every_consistency_proof_holds_for_its_sizes_alone() -> None:
    for size in range(1, SIZE):
        for old in range(1, size + 1):
            path = consistency_proof(old, LEAVES[:size])
            assert verify_consistency(old, size, ROOTS[old], ROOTS[size], path)
            assert not verify_consistency(old, size, EMPTY_ROOT, ROOTS[size], path)
            assert not verify_consistency(old, size, ROOTS[old], EMPTY_ROOT, path)
            assert not verify_consistency(old, size, ROOTS[old], ROOTS[size], (*path, EMPTY_ROOT))
            if path:
                assert not verify_consistency(old, size, ROOTS[old], ROOTS[size], path[:-1])
                assert not verify_consistency(
                    old, size, ROOTS[old], ROOTS[size], (EMPTY_ROOT, *path[1:])
                )


def test_an_altered_leaf_breaks_consistency() -> None:
    for size in range(2, SIZE):
        for old in range(1, size):
            altered = [*LEAVES[: old - 1], leaf_hash(b"altered"), *LEAVES[old:size]]
            path = consistency_proof(old, altered)
            assert not verify_consistency(old, size, ROOTS[old], root_of(altered), path)


def test_proofs_outside_the_log_are_refused() -> None:
    with pytest.raises(ValueError, match="no entry 3"):
        inclusion_proof(3, LEAVES[:3])
    with pytest.raises(ValueError, match="no log of 4"):
        consistency_proof(4, LEAVES[:3])
    assert not verify_inclusion(1, 1, LEAVES[0], (), LEAVES[0])
    assert not verify_inclusion(-1, 1, LEAVES[0], (), LEAVES[0])
    assert not verify_consistency(2, 1, ROOTS[2], ROOTS[1], (LEAVES[0],))
    assert not verify_consistency(0, 1, EMPTY_ROOT, ROOTS[1], (LEAVES[0],))


@given(st.lists(st.binary(max_size=8), max_size=40), st.data())
def test_one_changed_entry_changes_the_root(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    if entries:
        place = data.draw(st.integers(0, len(entries) - 1))
        leaves[place] = leaf_hash(entries[place] + b"!")
        assert root_of(leaves) != root_of([leaf_hash(entry) for entry in entries])
