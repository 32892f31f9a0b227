"""The Merkle tree of RFC 9162: one hash that stands for a whole log, and proofs against it.

A leaf is SHA-256(0x00 ‖ entry), a node SHA-256(0x01 ‖ left ‖ right); n leaves split at the largest
power of two below n; the root of no leaves is SHA-256 of nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_SIZE = 32


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry's bytes as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbouring subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the largest full subtrees of a log, left to right: all that appending needs."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.roots) != self.size.bit_count():
            message = f"{len(self.roots)} subtree roots cannot stand for {self.size} entries"
            raise ValueError(message)

    def extended(self, leaves: Sequence[bytes]) -> Frontier:
        """Return the frontier after appending leaf hashes."""
        stack, size = list(self.roots), self.size
        for leaf in leaves:
            node, full = leaf, size
            while full & 1:
                node, full = node_hash(stack.pop(), node), full >> 1
            stack.append(node)
            size += 1
        return Frontier(size, tuple(stack))

    @property
    def root(self) -> bytes:
        """The root of the log."""
        if not self.roots:
            return EMPTY_ROOT
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a list of leaf hashes."""
    return Frontier().extended(leaves).root


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the path that proves leaf `index` to be in the log (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < len(leaves):
        message = f"no entry {index} in a log of {len(leaves)}"
        raise ValueError(message)
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(index, leaves[:split]), root_of(leaves[split:]))
    return (*inclusion_proof(index - split, leaves[split:]), root_of(leaves[:split]))


def consistency_proof(size: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the path that proves the first `size` leaves unchanged (RFC 9162, 2.1.4.1)."""
    if not 0 < size <= len(leaves):
        message = f"no log of {size} entries before one of {len(leaves)}"
        raise ValueError(message)
    return _subproof(size, leaves, whole=True)


def _subproof(size: int, leaves: Sequence[bytes], *, whole: bool) -> tuple[bytes, ...]:
    if size == len(leaves):
        return () if whole else (root_of(leaves),)
    split = _split(len(leaves))
    if size <= split:
        return (*_subproof(size, leaves[:split], whole=whole), root_of(leaves[split:]))
    rest = _subproof(size - split, leaves[split:], whole=False)
    return (*rest, root_of(leaves[:split]))


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(
    index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes
) -> bool:
    """Say whether a path proves a leaf hash to be entry `index` of the log (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = node_hash(step, node)
            first, last = _climb(first, last)
        else:
            node = node_hash(node, step)
        first, last = first >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]
) -> bool:
    """Say whether a path proves a log of `size` to begin with that of `old_size` (2.1.4.2)."""
    if old_size == size:
        return not path and old_root == root
    if not 0 < old_size < size or not path:
        return False
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    first, last = old_size - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_node = node = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_node, node = node_hash(step, old_node), node_hash(step, node)
            first, last = _climb(first, last)
        else:
            node = node_hash(node, step)
        first, last = first >> 1, last >> 1
    return last == 0 and old_node == old_root and node == root


def _climb(first: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the node has no right neighbour."""
    while first and not first & 1:
        first, last = first >> 1, last >> 1
    return first, last
