"""The tree of RFC 9162 against the reference vectors of certificate transparency, and by its properties (TM-08)."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.kernel import merkle

INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
"""The eight leaves with which implementations of certificate transparency test each other."""
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(entry) for entry in INPUTS]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == EMPTY


INCLUSION = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (2, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
"""(leaf counted from 1, size) → audit path, bottom up."""
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


@pytest.mark.parametrize("place", sorted(INCLUSION))
def test_inclusion_proofs_are_those_of_the_reference(place: tuple[int, int]) -> None:
    leaf, size = place
    proof = merkle.inclusion_proof(LEAVES[:size], leaf - 1)
    assert [step.hex() for step in proof] == INCLUSION[place]
    assert merkle.verify_inclusion(
        leaf=LEAVES[leaf - 1], index=leaf - 1, size=size, proof=proof, root=bytes.fromhex(ROOTS[size - 1])
    )


@pytest.mark.parametrize("sizes", sorted(CONSISTENCY))
def test_consistency_proofs_are_those_of_the_reference(sizes: tuple[int, int]) -> None:
    old, new = sizes
    proof = merkle.consistency_proof(LEAVES[:new], old)
    assert [step.hex() for step in proof] == CONSISTENCY[sizes]
    assert merkle.verify_consistency(
        old=old, new=new, proof=proof,
        old_root=bytes.fromhex(ROOTS[old - 1]), new_root=bytes.fromhex(ROOTS[new - 1]),
    )  # fmt: skip


def defined(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word for word: the slow, obvious reference."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(entries[:k]) + defined(entries[k:])).digest()


ENTRIES = st.lists(st.binary(max_size=6), min_size=1, max_size=70)


@given(entries=ENTRIES, data=st.data())
@settings(max_examples=80, deadline=None)
def test_every_proof_holds_and_no_other_does(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    size, index = len(leaves), data.draw(st.integers(0, len(leaves) - 1))
    old = data.draw(st.integers(1, size))
    whole, before = merkle.root(leaves), merkle.root(leaves[:old])
    assert whole == defined(entries)
    path = merkle.inclusion_proof(leaves, index)
    held = {"leaf": leaves[index], "index": index, "size": size, "proof": path, "root": whole}
    assert merkle.verify_inclusion(**held)
    assert not merkle.verify_inclusion(**held | {"leaf": merkle.leaf_hash(b"another entry")})
    assert not merkle.verify_inclusion(**held | {"root": merkle.leaf_hash(b"another tree")})
    assert not merkle.verify_inclusion(**held | {"proof": [*path, whole]})
    assert not merkle.verify_inclusion(**held | {"index": size})
    grown = merkle.consistency_proof(leaves, old)
    kept = {"old": old, "new": size, "old_root": before, "new_root": whole, "proof": grown}
    assert merkle.verify_consistency(**kept)
    assert not merkle.verify_consistency(**kept | {"old_root": merkle.leaf_hash(b"another past")})
    assert not merkle.verify_consistency(**kept | {"new_root": merkle.leaf_hash(b"another tree")})
    assert not merkle.verify_consistency(**kept | {"proof": [*grown, whole]})
    if old < size:
        changed = list(leaves)
        changed[data.draw(st.integers(0, old - 1))] = merkle.leaf_hash(b"rewritten past")
        forged = merkle.consistency_proof(changed, old)
        assert not merkle.verify_consistency(**kept | {"new_root": merkle.root(changed), "proof": forged})


@given(entries=ENTRIES, cut=st.integers(0, 70), digest=st.sampled_from(["sha256", "sm3"]))
@settings(max_examples=60, deadline=None)
def test_a_stored_frontier_goes_on_as_if_it_had_never_stopped(
    entries: list[bytes], cut: int, digest: merkle.Digest
) -> None:
    leaves = [merkle.leaf_hash(entry, digest) for entry in entries]
    first = merkle.Frontier(digest)
    first.extend(leaves[:cut])
    second = merkle.Frontier.restored(first.size, first.peaks, digest)
    second.extend(leaves[cut:])
    assert second.root() == merkle.root(leaves, digest)
    assert len(second.peaks) == len(entries).bit_count()


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        merkle.Frontier.restored(3, [LEAVES[0]])


def test_sm3_gives_the_standards_own_digest_in_the_tree() -> None:
    """GB/T 32905-2016 appendix A hashes 'abc'; here the prefix of a leaf stands in front, so it is asked for by the root of nothing too."""
    from cryptography.hazmat.primitives import hashes

    made = hashes.Hash(hashes.SM3())
    made.update(b"\x00abc")
    assert merkle.leaf_hash(b"abc", "sm3") == made.finalize()
    assert (
        merkle.empty_root("sm3").hex() == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
    )


def test_verifiers_say_no_to_nonsense() -> None:
    assert not merkle.verify_inclusion(leaf=LEAVES[0], index=-1, size=0, proof=[], root=b"")
    assert not merkle.verify_consistency(old=3, new=2, old_root=b"", new_root=b"", proof=[])
    assert not merkle.verify_consistency(old=3, new=5, old_root=b"", new_root=b"", proof=[])
    assert merkle.verify_consistency(old=0, new=5, old_root=merkle.empty_root(), new_root=b"any", proof=[])
