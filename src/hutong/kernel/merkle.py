"""The Merkle tree of RFC 9162 §2.1 (certificate transparency, version 2): roots, proofs, verifiers.

A leaf is hashed as ``H(0x00 ‖ entry)``, a node as ``H(0x01 ‖ left ‖ right)``; a tree of n leaves splits at the largest power
of two below n. ``Frontier`` keeps what an append-only log needs to grow: one hash for each one bit of its size. Sizes and
indices count leaves from 0; hashes are raw bytes. Verifiers return False, never raise, whatever they are given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Digest = Literal["sha256", "sm3"]
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes

    made = hashes.Hash(hashes.SM3())
    made.update(data)
    return made.finalize()


_DIGESTS: Final[dict[Digest, Callable[[bytes], bytes]]] = {"sha256": _sha256, "sm3": _sm3}


def leaf_hash(entry: bytes, digest: Digest = "sha256") -> bytes:
    return _DIGESTS[digest](_LEAF + entry)


def node_hash(left: bytes, right: bytes, digest: Digest = "sha256") -> bytes:
    return _DIGESTS[digest](_NODE + left + right)


def empty_root(digest: Digest = "sha256") -> bytes:
    """The root of a tree without leaves: the hash of nothing."""
    return _DIGESTS[digest](b"")


@dataclass(slots=True)
class Frontier:
    """A growing tree without its leaves: roots of the perfect subtrees, largest first."""

    digest: Digest = "sha256"
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        hashed, carry = _DIGESTS[self.digest], self.size
        while carry & 1:
            leaf = hashed(_NODE + self.peaks.pop() + leaf)
            carry >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        if not self.peaks:
            return empty_root(self.digest)
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root, self.digest)
        return root

    def copy(self) -> Frontier:
        return Frontier(self.digest, self.size, list(self.peaks))

    @classmethod
    def restored(cls, size: int, peaks: Sequence[bytes], digest: Digest = "sha256") -> Frontier:
        """From what was stored; ValueError when the number of peaks does not fit the size."""
        if size < 0 or len(peaks) != size.bit_count():
            raise ValueError("the peaks do not belong to a tree of this size")
        return cls(digest, size, list(peaks))


def root(leaves: Sequence[bytes], digest: Digest = "sha256") -> bytes:
    """The root over leaf hashes."""
    tree = Frontier(digest)
    tree.extend(leaves)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int, digest: Digest = "sha256") -> list[bytes]:
    """The audit path of leaf ``index`` in the tree over ``leaves``, from the bottom up (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(root(leaves[middle:high], digest))
            high = middle
        else:
            path.append(root(leaves[low:middle], digest))
            low = middle
    return path[::-1]


def consistency_proof(leaves: Sequence[bytes], old: int, digest: Digest = "sha256") -> list[bytes]:
    """That the tree over ``leaves`` begins with its first ``old`` leaves (RFC 9162 §2.1.4.1)."""
    if not 0 < old <= len(leaves):
        raise IndexError(old)
    path: list[bytes] = []
    low, high, whole = 0, len(leaves), True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(root(leaves[middle:high], digest))
            high = middle
        else:
            path.append(root(leaves[low:middle], digest))
            low, whole = middle, False
    if not whole:
        path.append(root(leaves[low:high], digest))
    return path[::-1]


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, digest: Digest = "sha256"
) -> bool:
    """Whether ``leaf`` (a leaf hash) stands at ``index`` of the tree with this size and root (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step, digest)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes], digest: Digest = "sha256"
) -> bool:
    """Whether the tree (``new``, ``new_root``) only appended to the tree (``old``, ``old_root``) (§2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == empty_root(digest)
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before, digest), node_hash(step, after, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step, digest)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(size: int) -> int:
    """The largest power of two below ``size`` (≥ 2)."""
    return 1 << ((size - 1).bit_length() - 1)
