"""The hash tree of the custody log against RFC 6962's own vectors and against the RFC's recursive definitions."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.custody import ConsistencyProof, InclusionProof
from sixfaces.domain.errors import CustodyError
from sixfaces.vault.merkle import (
    EMPTY_ROOT,
    Growing,
    leaf_hash,
    node_hash,
    nodes_over,
    prove_consistency,
    prove_inclusion,
    proves_consistency,
    proves_inclusion,
    root_at,
    root_of,
)

CLASSIC = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The eight leaves of the reference tests of Certificate Transparency."""
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [leaf_hash(data) for data in CLASSIC]
MANY = [leaf_hash(str(i).encode()) for i in range(300)]
NODES = nodes_over(MANY)


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def path_by_definition(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path_by_definition(m, leaves[:k]), by_definition(leaves[k:])]
    return [*path_by_definition(m - k, leaves[k:]), by_definition(leaves[:k])]


def subproof_by_definition(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 §2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [by_definition(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*subproof_by_definition(m, leaves[:k], whole), by_definition(leaves[k:])]
    return [*subproof_by_definition(m - k, leaves[k:], False), by_definition(leaves[:k])]


def flipped(text: str) -> str:
    return f"{int(text[0], 16) ^ 1:x}{text[1:]}"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_classic_leaves_have_the_known_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_a_log_without_entries_has_the_digest_of_nothing_as_its_root() -> None:
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


@given(st.integers(0, 300))
def test_every_way_to_the_root_is_that_of_the_definition(size: int) -> None:
    expected = by_definition(MANY[:size])
    assert root_of(MANY[:size]) == expected
    assert root_at(size, NODES) == expected
    resumed = Growing.resumed(size, NODES)
    assert (resumed.size, resumed.root()) == (size, expected)


def test_appending_names_exactly_the_subtrees_that_it_completes() -> None:
    log, kept = Growing(), dict[tuple[int, int], bytes]()
    for leaf in MANY:
        kept.update({(node.level, node.position): node.hash for node in log.append(leaf)})
    for (level, index), told in kept.items():
        assert told == by_definition(MANY[index << level : (index + 1) << level])
    assert len(kept) == sum(300 >> level for level in range(9))


@given(st.data())
def test_inclusion_is_proven_as_the_rfc_says_and_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    seq = data.draw(st.integers(0, size - 1))
    proof, root = prove_inclusion(seq, size, NODES), root_of(MANY[:size]).hex()
    assert proof.path == tuple(one.hex() for one in path_by_definition(seq, MANY[:size]))
    assert proves_inclusion(proof, leaf=MANY[seq].hex(), root=root)


@given(st.data())
def test_a_changed_inclusion_proof_does_not_hold(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    seq = data.draw(st.integers(0, size - 1))
    proof, root, leaf = prove_inclusion(seq, size, NODES), root_of(MANY[:size]).hex(), MANY[seq].hex()
    step = data.draw(st.integers(0, len(proof.path) - 1))
    path = list(proof.path)
    path[step] = flipped(path[step])
    for wrong in (
        proof.model_copy(update={"path": tuple(path)}),
        proof.model_copy(update={"path": proof.path[:-1]}),
        proof.model_copy(update={"path": (*proof.path, leaf)}),
        proof.model_copy(update={"seq": data.draw(st.integers(0, size - 1).filter(lambda i: i != seq))}),
        proof.model_copy(update={"seq": seq + size}),
        proof.model_copy(update={"seq": -1}),
    ):
        assert not proves_inclusion(wrong, leaf=leaf, root=root)
    assert not proves_inclusion(proof, leaf=flipped(leaf), root=root)
    assert not proves_inclusion(proof, leaf=leaf, root=flipped(root))


@given(st.data())
def test_consistency_is_proven_as_the_rfc_says_and_holds(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    proof = prove_consistency(old, new, NODES)
    assert proof.path == tuple(one.hex() for one in subproof_by_definition(old, MANY[:new], True))
    assert proves_consistency(proof, old_root=root_of(MANY[:old]).hex(), new_root=root_of(MANY[:new]).hex())


@given(st.data())
def test_a_log_that_is_no_extension_has_no_proof_of_being_one(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    forked = [leaf_hash(b"forged") if i == changed else leaf for i, leaf in enumerate(MANY[:new])]
    old_root, new_root = root_of(MANY[:old]).hex(), root_of(forked).hex()
    for nodes in (NODES, nodes_over(forked)):
        proof = prove_consistency(old, new, nodes)
        assert not proves_consistency(proof, old_root=old_root, new_root=new_root)


@given(st.data())
def test_a_changed_consistency_proof_does_not_hold(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, new - 1))
    proof, old_root, new_root = prove_consistency(old, new, NODES), *(root_of(MANY[:n]).hex() for n in (old, new))
    step = data.draw(st.integers(0, len(proof.path) - 1))
    path = list(proof.path)
    path[step] = flipped(path[step])
    for wrong in (
        proof.model_copy(update={"path": tuple(path)}),
        proof.model_copy(update={"path": proof.path[:-1]}),
        proof.model_copy(update={"path": (*proof.path, old_root)}),
        proof.model_copy(update={"old": new, "new": old}),
    ):
        assert not proves_consistency(wrong, old_root=old_root, new_root=new_root)


def test_the_empty_log_and_the_log_itself_need_no_path() -> None:
    root = root_of(MANY).hex()
    same = ConsistencyProof(old=300, new=300, path=())
    assert prove_consistency(300, 300, NODES) == same
    assert proves_consistency(same, old_root=root, new_root=root)
    assert not proves_consistency(same, old_root=flipped(root), new_root=root)
    from_nothing = ConsistencyProof(old=0, new=300, path=())
    assert prove_consistency(0, 300, NODES) == from_nothing
    assert proves_consistency(from_nothing, old_root=EMPTY_ROOT.hex(), new_root=root)
    assert not proves_consistency(from_nothing, old_root=root, new_root=root)


@pytest.mark.parametrize(("seq", "size"), [(0, 0), (5, 5), (-1, 5), (6, 5)])
def test_a_place_outside_the_log_is_refused_by_name(seq: int, size: int) -> None:
    with pytest.raises(CustodyError) as caught:
        prove_inclusion(seq, size, NODES)
    assert caught.value.code == "custody.out_of_range"
    assert not proves_inclusion(InclusionProof(seq=seq, size=size, path=()), leaf="0" * 64, root="0" * 64)


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5)])
def test_a_log_cannot_be_older_than_empty_or_newer_than_itself(old: int, new: int) -> None:
    with pytest.raises(CustodyError) as caught:
        prove_consistency(old, new, NODES)
    assert caught.value.code == "custody.out_of_range"
