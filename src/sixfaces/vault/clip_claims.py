"""What a manifest says of a clip, in strings, whole numbers, lists and maps (form: docs/clips.md).

A copied clip is proven: its leaves, which anybody recomputes from its bytes, stand under the take's root. Of a clip
that was made anew the claim names the groups it was made from and how alike its pictures look: no more than its maker's
word, and it says so.
"""

from fractions import Fraction
from typing import Any

from sixfaces.domain.clip import Clip, ClipKind, Likeness
from sixfaces.domain.groups import Group, Groups
from sixfaces.domain.time import MediaSpan
from sixfaces.vault.takes import proof_of, take_root

FORM = "sixfaces.clip/1"


def claim_of(clip: Clip) -> dict[str, Any]:
    """The claim for a manifest, of the clip's file as `clip` names it. Of a clip of a take without groups it holds no
    root."""
    written = clip.written
    claim: dict[str, Any] = {
        "form": FORM,
        "kind": clip.kind.value,
        "sha256": clip.sha256,
        "bytes": clip.bytes,
        "shown": [_shown(span) for span in written.spans],
    }
    if clip.groups is not None:
        claim |= _bound(clip, clip.groups)
    if clip.kind is ClipKind.ENCODED:
        claim |= {"why": written.why or "", "likeness": [_alike(one) for one in written.likeness]}
    return claim


def root_told(groups: Groups) -> dict[str, Any]:
    """What custody holds of a take's groups: the root, how many there are, and what their codec is set up by."""
    return {
        "form": "sixfaces.take/1",
        "root": take_root(groups.leaf_hashes()),
        "groups": len(groups),
        "codec": groups.codec,
        "parameters": groups.parameters,
    }


def _bound(clip: Clip, groups: Groups) -> dict[str, Any]:
    leaves, each = groups.leaf_hashes(), groups.all()
    proof = proof_of(leaves, clip.ranges)
    return {
        "take": root_told(groups),
        "turned": f"{groups.degrees}{'m' if groups.mirrored else ''}",
        "ranges": [_range(one, each) for one in clip.ranges],
        "leaves": [leaves[number].hex() for one in clip.ranges for number in one],
        "path": list(proof.path),
    }


def _range(numbers: range, groups: tuple[Group, ...]) -> dict[str, Any]:
    return {"first": numbers.start, "groups": len(numbers), "start": _text(groups[numbers.start].begins)}


def _shown(span: MediaSpan) -> dict[str, str]:
    return {"from": _text(span.start.exact), "to": _text(span.end.exact)}


def _alike(one: Likeness) -> dict[str, Any]:
    return one.model_dump()


def _text(seconds: Fraction) -> str:
    return f"{seconds.numerator}/{seconds.denominator}"
