"""The main facts of each observer, a number for each case: what is watched for drift.

Facts are read from the archive's columns as they stand there, and no more of them than a number needs: what a later
version has added is not looked at, a kind that it no longer writes is one that is not there. One unboxing video speaks
for a case, so that a case with five counts once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean, median
from typing import Any, NamedTuple

from sixfaces.watching.cells import Scale

Seen = Mapping[str, Any]
"""One observation as it is kept: fact, confidence, observer, version."""


class MainFact(NamedTuple):
    """A measure of an observer: made of the observations of one kind in one exhibit; None where they tell nothing.
    `of_none`: whether no observation of the kind says something too, where the observer has looked."""

    name: str
    observer: str
    kind: str
    scale: Scale
    of: Callable[[Sequence[Seen]], float | None]
    of_none: bool = False


def _values(seen: Sequence[Seen], name: str) -> list[float]:
    return [float(one["fact"][name]) for one in seen if one["fact"].get(name) is not None]


def _median_of(name: str) -> Callable[[Sequence[Seen]], float | None]:
    return lambda seen: median(found) if (found := _values(seen, name)) else None


def _mean_series(name: str) -> Callable[[Sequence[Seen]], float | None]:
    """Of a series of a number each second; less than nothing stands for what could not be told."""

    def of(seen: Sequence[Seen]) -> float | None:
        found = [float(v) for one in seen for v in one["fact"][name] if v >= 0]
        return fmean(found) if found else None

    return of


def _confidence(seen: Sequence[Seen]) -> float | None:
    return median(float(one["confidence"]) for one in seen) if seen else None


def _is(name: str, value: object) -> Callable[[Sequence[Seen]], float | None]:
    return lambda seen: float(any(one["fact"].get(name) == value for one in seen))


def _count(seen: Sequence[Seen]) -> float:
    return float(len(seen))


def _any(seen: Sequence[Seen]) -> float:
    return float(bool(seen))


def _faces(seen: Sequence[Seen]) -> float:
    return float(len({one["fact"]["face"] for one in seen}))


def _corrupt(seen: Sequence[Seen]) -> float | None:
    frames = sum(_values(seen, "frames"))
    return sum(_values(seen, "corrupt_frames")) / frames if frames else None


_S, _C, _N, _Y = Scale.SHARE, Scale.COUNT, Scale.NUMBER, Scale.YES
MAIN_FACTS = (
    MainFact("sharpness", "usability", "usability", _S, _mean_series("sharpness")),
    MainFact("luma", "usability", "usability", _S, _mean_series("luma")),
    MainFact("dark", "usability", "usability", _S, _mean_series("dark")),
    MainFact("bright", "usability", "usability", _S, _mean_series("bright")),
    MainFact("noise", "usability", "usability", _N, _mean_series("noise")),
    MainFact("corrupt_frames", "decode", "decode", _S, _corrupt),
    MainFact("takes", "continuity", "take", _C, _count),
    MainFact("breaks", "continuity", "break", _C, _count, of_none=True),
    MainFact("unsteady", "continuity", "continuity", _Y, _is("steadiness", "unsteady")),
    MainFact("smallest_removal_s", "continuity", "continuity", _N, _median_of("smallest_removal_s")),
    MainFact("codes_read", "codes", "code", _C, _count, of_none=True),
    MainFact("code_confidence", "codes", "code", _S, _confidence),
    MainFact("code_module_px", "codes", "code", _N, _median_of("module_px")),
    MainFact("faces_shown", "parcel", "face", _C, _faces, of_none=True),
    MainFact("face_confidence", "parcel", "face", _S, _confidence),
    MainFact("face_view_cos", "parcel", "face", _S, _median_of("view_cos")),
    MainFact("face_sharpness", "parcel", "face", _S, _median_of("sharpness")),
    MainFact("face_dwell_s", "parcel", "face", _N, _median_of("dwell_s")),
    MainFact("names_sure", "parcel", "parcel", _S, _median_of("names_sure")),
    MainFact("soft", "parcel", "parcel", _Y, _is("soft", True)),
    MainFact("stage_confidence", "parcel", "stage", _S, _confidence),
    MainFact("seal_confidence", "parcel", "seal", _S, _confidence),
    MainFact("absences", "parcel", "absence", _C, _count, of_none=True),
    MainFact("item_views", "parcel", "item_view", _C, _count, of_none=True),
    MainFact("unmeasured", "", "unmeasured", _Y, _any, of_none=True),
)
"""The table of contents: a measure more is a line more. `unmeasured` is told of each observer that said so."""
KINDS = tuple(dict.fromkeys(one.kind for one in MAIN_FACTS))

NOBODY = ""


class Valued(NamedTuple):
    """One measure of one case."""

    fact: MainFact
    observer: str
    version: str
    value: float


def valued(facts: Mapping[str, Sequence[Seen]], observers: Mapping[str, str]) -> Iterator[Valued]:
    """All that can be told of one exhibit. `facts`: its observations by kind; `observers`: who looked, with versions.

    Raises KeyError, TypeError and ValueError for facts of another form.
    """
    for fact in MAIN_FACTS:
        its = facts.get(fact.kind, ())
        for observer, version in _who(fact, its, observers):
            mine = [one for one in its if fact.observer or one["observer"] == observer]
            if not mine and not fact.of_none:
                continue
            value = fact.of(mine)
            if value is not None:
                yield Valued(fact, observer, version, value)


def _who(fact: MainFact, its: Sequence[Seen], observers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Who measured it. Where nothing is there of what may be nothing, it is whoever looks for it."""
    if fact.observer == NOBODY:
        yield from observers.items()
    elif its:
        yield str(its[0]["observer"]), str(its[0]["version"])
    elif fact.observer in observers:
        yield fact.observer, observers[fact.observer]
