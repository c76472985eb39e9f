"""Proofs over a take's groups: what belongs is shown, what does not never is."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sixfaces.vault.merkle import nodes_over, prove_inclusion, root_of
from sixfaces.vault.takes import Range, TakeProof, holds, proof_of, take_root


def leaves_of(count: int, take: str = "one") -> list[bytes]:
    return [hashlib.sha256(f"{take} {number}".encode()).digest() for number in range(count)]


def of_proof(leaves: list[bytes], proof: TakeProof) -> list[bytes]:
    return [leaf for one in proof.ranges for leaf in leaves[one.first : one.first + one.groups]]


@st.composite
def cuts(draw: st.DrawFn) -> tuple[int, list[range]]:
    """A take's number of groups, and some of them as ranges."""
    size = draw(st.integers(1, 130))
    kept = sorted(draw(st.sets(st.integers(0, size - 1), min_size=1)))
    ranges = list[range]()
    for number in kept:
        if ranges and ranges[-1].stop == number:
            ranges[-1] = range(ranges[-1].start, number + 1)
        else:
            ranges.append(range(number, number + 1))
    return size, ranges


@given(cuts())
def test_any_groups_of_a_take_are_proven_by_their_leaves(cut: tuple[int, list[range]]) -> None:
    size, ranges = cut
    leaves = leaves_of(size)
    proof = proof_of(leaves, ranges)
    assert proof.root == root_of(leaves).hex()
    assert holds(proof, of_proof(leaves, proof))


@given(cuts(), st.data())
def test_one_changed_missing_added_or_moved_leaf_is_proven_by_nothing(
    cut: tuple[int, list[range]], data: st.DataObject
) -> None:
    size, ranges = cut
    leaves = leaves_of(size)
    proof = proof_of(leaves, ranges)
    own = of_proof(leaves, proof)
    at = data.draw(st.integers(0, len(own) - 1))
    changed = bytearray(own[at])
    changed[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    assert not holds(proof, [*own[:at], bytes(changed), *own[at + 1 :]])
    assert not holds(proof, [*own[:at], *own[at + 1 :]])
    assert not holds(proof, [*own, own[at]])
    if len(own) > 1:
        assert not holds(proof, [*own[1:], own[0]])
    assert not holds(proof, leaves_of(size, "another")[: len(own)])


@given(cuts(), st.data())
def test_one_changed_missing_or_added_hash_of_a_proof_makes_it_worthless(
    cut: tuple[int, list[range]], data: st.DataObject
) -> None:
    size, ranges = cut
    leaves = leaves_of(size)
    proof = proof_of(leaves, ranges)
    own = of_proof(leaves, proof)
    assert not holds(proof.model_copy(update={"path": (*proof.path, "00" * 32)}), own)
    if proof.path:
        at = data.draw(st.integers(0, len(proof.path) - 1))
        assert not holds(proof.model_copy(update={"path": (*proof.path[:at], *proof.path[at + 1 :])}), own)
        swapped = (*proof.path[:at], "11" * 32, *proof.path[at + 1 :])
        assert not holds(proof.model_copy(update={"path": swapped}), own)


@given(cuts(), st.integers(1, 40))
def test_groups_claimed_at_another_place_are_not_proven(cut: tuple[int, list[range]], by: int) -> None:
    size, ranges = cut
    leaves = leaves_of(size)
    proof = proof_of(leaves, ranges)
    moved = tuple(Range(one.first + by, one.groups) for one in proof.ranges)
    assert not holds(proof.model_copy(update={"ranges": moved}), of_proof(leaves, proof))


def test_one_group_is_proven_by_as_many_hashes_as_the_log_would_take() -> None:
    leaves = leaves_of(1000)
    for number in (0, 1, 511, 512, 998, 999):
        proof = proof_of(leaves, [range(number, number + 1)])
        assert sorted(proof.path) == sorted(prove_inclusion(number, 1000, nodes_over(leaves)).path)


def test_a_stretch_in_the_middle_of_a_long_take_is_proven_by_few_hashes() -> None:
    proof = proof_of(leaves_of(7200), [range(3000, 3030)])
    assert len(proof.path) <= 24


@pytest.mark.parametrize("ranges", [[], [range(0)], [range(2, 1)], [range(3, 9)], [range(2, 3), range(3, 4)],
                                    [range(3, 4), range(0, 1)]])  # fmt: skip
def test_ranges_that_are_empty_touching_out_of_order_or_beyond_are_no_proof(ranges: list[range]) -> None:
    with pytest.raises(ValueError, match="not ranges"):
        proof_of(leaves_of(8), ranges)


def test_a_proof_with_ranges_that_overlap_holds_nothing() -> None:
    leaves = leaves_of(4)
    proof = proof_of(leaves, [range(0, 2)])
    doubled = proof.model_copy(update={"ranges": (Range(0, 2), Range(1, 1))})
    assert not holds(doubled, [*leaves[:2], leaves[1]])


def test_a_proof_of_absurd_size_is_refused_before_anything_is_hashed() -> None:
    with pytest.raises(ValidationError):
        TakeProof(root=take_root([]), size=10**9, ranges=(Range(0, 1),), path=())
