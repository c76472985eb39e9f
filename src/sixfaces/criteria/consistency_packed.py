"""Whether box and item that came back are those that went out, where the packing was filmed (D7). Advisory by nature.

A packing video of another waybill says nothing. Of several, an order in several parcels has one each, the surest
counts.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sixfaces.criteria.answering import cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.consistency_numbers import normalised
from sixfaces.criteria.consistency_reading import other_numbers, other_waybills, reading
from sixfaces.criteria.moments import names, quoted, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import Seen, is_sure
from sixfaces.criteria.words import NOTHING, Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.domain.naming import packed_by
from sixfaces.domain.observation import Observation
from sixfaces.domain.packed_facts import Changed, PackedBoxFact, PackedItemFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.rules import Finding, RuleCode

BESIDE = Say(
    zh="请由人工逐一查看报告中并列的图片；机器的比对只供参考。",
    en="Let a person look at the pictures side by side in the report; what the machine says of them is advisory.",
)
PACK_BEFORE_CAMERA = Say(
    zh="若发货时录有打包视频，请以 packing_video 角色提交；今后打包时请将箱子六面与面单转向镜头。",
    en="If the packing was filmed, hand the video in with the role packing_video; when packing, turn all six faces of "
    "the box and its label to the camera.",
)
RIGHT_VIDEO = Say(
    zh="请提交本单发货时的打包视频，或核对售后单文件中的 outbound_parcel.waybill。",
    en="Hand in the packing video of this shipment, or check outbound_parcel.waybill in the case file.",
)
_BOX, _ITEM = Words(zh="箱子", en="box"), Words(zh="商品", en="item")

Found = tuple[Observation, PackedBoxFact | PackedItemFact]


class _Packings(NamedTuple):
    """The case's packing videos, and those of them that surely show another waybill only, with what they show."""

    of_case: list[ExhibitEvidence]
    foreign: dict[str, str]


class _Read(NamedTuple):
    """A number that both sides show, and its codes in the return."""

    number: str
    codes: Seen[CodeFact]


def same_box_as_packed(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The box that came back is the one of the packing video.

    1. No packing video, or only of other waybills: cannot tell. 2. The code of the waybill that went out was read in
    both: met. 3. A comparison is sure: as it says; of several videos one that is met, or all that are not. 4. Else
    cannot tell, and what agrees is told.
    """
    code, packings = RuleCode.SAME_BOX_AS_PACKED, _packings(evidence, policy)
    lacking = _lacking(code, seen, packings)
    if lacking is not None:
        return lacking
    read = _waybill_on_both(evidence, seen, packings, policy=policy)
    if read is not None:
        return _by_code(seen, read)
    found = [(o, f) for o, f in seen.of(PackedBoxFact) if f.packing not in packings.foreign]
    if not found:
        return unmeasured(code, seen, PackedBoxFact, fix=BESIDE)
    return _answered(code, seen, found, policy=policy)


def same_item_as_packed(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The item that came out is the one that was packed: the same piece by its serial number, or the same article by
    its print. The order of its doubts is that of the box."""
    code, packings = RuleCode.SAME_ITEM_AS_PACKED, _packings(evidence, policy)
    lacking = _lacking(code, seen, packings)
    if lacking is not None:
        return lacking
    packed = [one for one in packings.of_case if one.exhibit.sha256 not in packings.foreign]
    serials = [serial for line in evidence.case.order.items for serial in line.serials]
    read = _on_both(serials, packed, seen, policy=policy)
    if read is not None:
        return _by_serial(seen, read)
    found = [(o, f) for o, f in seen.of(PackedItemFact) if f.packing not in packings.foreign]
    if not found:
        return unmeasured(code, seen, PackedItemFact, fix=BESIDE)
    return _answered(code, seen, found, policy=policy)


def _packings(evidence: Evidence, policy: Policy) -> _Packings:
    of_case = [one for one in evidence.exhibits if one.exhibit.role is Role.PACKING_VIDEO]
    foreign = {one.exhibit.sha256: _shown_instead(evidence, one, policy) for one in of_case}
    return _Packings(of_case, {sha256: shown for sha256, shown in foreign.items() if shown})


def _shown_instead(evidence: Evidence, packing: ExhibitEvidence, policy: Policy) -> str:
    """What a packing video shows in place of the waybill under which the parcel went out; nothing in words where that
    is seen, or nothing is. One that shows the waybill of the return was filmed when it came back."""
    stated, back = evidence.case.outbound_parcel.waybill, evidence.case.return_parcel.waybill
    own = reading(packing, stated, policy) if stated is not None else None
    if own is not None and (own.ours or own.doubtful or own.printed):
        return ""
    if back is not None and reading(packing, back, policy).reads >= policy.thresholds.reading.code_reads:
        return back if stated is None or normalised(stated) != normalised(back) else ""
    others = other_waybills(evidence, packing, policy) if stated is not None else {}
    return ", ".join(sorted(others))


def _lacking(code: RuleCode, seen: ExhibitEvidence, packings: _Packings) -> Finding | None:
    """1."""
    if not packings.of_case:
        return cannot_tell(
            code, seen, zh="这一售后单没有提交打包视频，无法与发货时比对。",
            en="No packing video was handed in for this case, so nothing can be compared with what went out.",
            fix=PACK_BEFORE_CAMERA, missing="case.packing_video",
        )  # fmt: skip
    if len(packings.foreign) < len(packings.of_case):
        return None
    numbers = names(sorted(set(packings.foreign.values())))
    return cannot_tell(
        code, seen, zh=f"打包视频上的运单号是 {numbers.zh}，不是本单的发货运单号，不能用来比对。",
        en=f"The packing video shows the waybill {numbers.en}, not that of this shipment: it is not compared with.",
        fix=RIGHT_VIDEO, missing="observation.packed_box",
    )  # fmt: skip


def _waybill_on_both(evidence: Evidence, seen: ExhibitEvidence, packings: _Packings, *, policy: Policy) -> _Read | None:
    """2. The number under which the parcel went out, where a packing video and the return both show it: as the case
    states it, or else as carriers form theirs, but for the number under which it came back."""
    stated, back = evidence.case.outbound_parcel.waybill, evidence.case.return_parcel.waybill
    packed = [one for one in packings.of_case if one.exhibit.sha256 not in packings.foreign]
    if stated is not None:
        return _on_both([stated], packed, seen, policy=policy)
    known = {normalised(number) for number in (back, *other_numbers(evidence.case)) if number}
    numbers = {code.text for one in packed for _, code in one.of(CodeFact) if code.carrier is not None}
    return _on_both(sorted(n for n in numbers if normalised(n) not in known), packed, seen, policy=policy)


def _on_both(
    numbers: Iterable[str], packed: Sequence[ExhibitEvidence], seen: ExhibitEvidence, *, policy: Policy
) -> _Read | None:
    """The first of the numbers that was read often enough in a packing video and the return, with its codes there."""
    least = policy.thresholds.reading.code_reads
    for number in numbers:
        read = reading(seen, number, policy)
        if read.reads >= least and any(reading(one, number, policy).reads >= least for one in packed):
            return _Read(number, read.ours)
    return None


def _by_code(seen: ExhibitEvidence, read: _Read) -> Finding:
    times, beside = spans(o for o, _ in read.codes), seen.of(PackedBoxFact)
    when, changed, number = stretches(times), _changes(beside), quoted(read.number)
    return met(
        RuleCode.SAME_BOX_AS_PACKED, seen,
        zh=f"打包视频与拆包视频（{when.zh}）都读到发货运单号 {number}，箱子上仍贴有发货面单{changed.zh}。",
        en=f"The waybill that went out, {number}, was read in the packing video and on the return (at {when.en}): the "
        f"box still bears its label{changed.en}.",
        spans=times, cites=(*cites(o for o, _ in read.codes), *cites(o for o, _ in beside)), value=number,
    )  # fmt: skip


def _by_serial(seen: ExhibitEvidence, read: _Read) -> Finding:
    times, number = spans(o for o, _ in read.codes), quoted(read.number)
    when = stretches(times)
    return met(
        RuleCode.SAME_ITEM_AS_PACKED, seen,
        zh=f"打包视频与拆包视频（{when.zh}）都读到序列号 {number}，为同一件商品。",
        en=f"The serial number {number} was read in the packing video and on the return (at {when.en}): it is the same "
        "piece.",
        spans=times, cites=cites(o for o, _ in read.codes), value=number,
    )  # fmt: skip


def _answered(code: RuleCode, seen: ExhibitEvidence, found: Sequence[Found], *, policy: Policy) -> Finding:
    """3. and 4."""
    sure = [(o, f) for o, f in found if is_sure(o, policy)]
    same = [one for one in sure if one[1].same is Answer.MET]
    if same:
        return _told(code, seen, [max(same, key=lambda one: one[1].likely)], answer=Answer.MET)
    if len(sure) == len(found) and all(f.same is Answer.NOT_MET for _, f in found):
        return _told(code, seen, found, answer=Answer.NOT_MET)
    return _told(code, seen, [max(found, key=lambda one: one[1].likely)], answer=Answer.CANNOT_TELL)


def _told(code: RuleCode, seen: ExhibitEvidence, found: Sequence[Found], *, answer: Answer) -> Finding:
    best = found[0][1]
    thing = _BOX if code is RuleCode.SAME_BOX_AS_PACKED else _ITEM
    by, changed, times = packed_by(best.by), _changes(found), spans(o for o, _ in found)
    witness = {"spans": times, "cites": cites(o for o, _ in found), "value": best.likely, "unit": "1"}
    if answer is Answer.MET:
        kind = (
            NOTHING if thing is _BOX else Words(zh="（同款，不一定是同一件）", en=", as an article if not as a piece")
        )
        return met(
            code, seen,
            zh=f"{thing.zh}与打包视频中的一致{kind.zh}，依据：{by.zh}（可能性 {best.likely:.0%}）{changed.zh}。",
            en=f"The {thing.en} is that of the packing video{kind.en}, by {by.en} (likelihood {best.likely:.0%})"
            f"{changed.en}.",
            **witness,  # type: ignore[arg-type]  # the values are those of Witness
        )  # fmt: skip
    if answer is Answer.NOT_MET:
        return not_met(
            code, seen,
            zh=f"{thing.zh}与打包视频中的不同，依据：{by.zh}（为同一{thing.zh}的可能性 {best.likely:.0%}）。",
            en=f"The {thing.en} is not that of the packing video, by {by.en} (likelihood of it: {best.likely:.0%}).",
            fix=BESIDE, **witness,  # type: ignore[arg-type]  # as above
        )  # fmt: skip
    return cannot_tell(
        code, seen, zh=f"{thing.zh}是否为打包视频中的那一个无法判断：{by.zh}（可能性 {best.likely:.0%}）{changed.zh}。",
        en=f"Whether the {thing.en} is that of the packing video cannot be told: {by.en} (likelihood {best.likely:.0%})"
        f"{changed.en}.",
        fix=BESIDE, **witness,  # type: ignore[arg-type]  # as above
    )  # fmt: skip


_CHANGED = {
    Changed.LABEL: Words(zh="面单或贴纸", en="a label or sticker"),
    Changed.TAPE: Words(zh="胶带", en="tape"),
    Changed.MARK: Words(zh="凹痕、破损或污渍", en="a dent, tear or stain"),
}


def _changes(found: Sequence[Found]) -> Words:
    """What looks changed, as a question: a return has a label of its own, and honest boxes travel."""
    kinds = {change.what for _, fact in found for pair in fact.beside for change in pair.changes}
    told = [words for what, words in _CHANGED.items() if what in kinds]
    if not told:
        return NOTHING
    return Words(
        zh=f"；与发货时相比似有变化，请查看：{'、'.join(one.zh for one in told)}",
        en=f"; something looks changed since, to be looked at: {', '.join(one.en for one in told)}",
    )


PACKED_RULES = (
    Rule(RuleCode.SAME_BOX_AS_PACKED, UNBOXING, same_box_as_packed),
    Rule(RuleCode.SAME_ITEM_AS_PACKED, UNBOXING, same_item_as_packed),
)
