"""Real stories: what was claimed, what happened, what the machine reported, what was found. They are decided as they
are (`stories_page`) and as they come in by the API; instants count from noon in Shanghai on the day of the sign-for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sixfaces.decision.course import course_of
from sixfaces.decision.recommend import recommend
from sixfaces.decision.situation import Matter
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import (
    Assessed,
    Excused,
    Happening,
    Leg,
    Party,
    Shipped,
    Side,
    Signed,
    SignedBy,
)
from sixfaces.domain.decision import Recommendation
from sixfaces.domain.exhibit import Role
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.report import Report
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.sop import QcOutcome
from tests.golden.decision.telling import DAY, NOON, TABLE, happened, inspected, report

HOUR = timedelta(hours=1)


class Film(NamedTuple):
    """An exhibit and what the machine made of it; `failing` is the one rule that is not met."""

    role: Role
    verdict: Verdict
    failing: RuleCode | None = None


class Look(NamedTuple):
    """An inspection's outcome."""

    outcome: QcOutcome
    defects: tuple[str, ...] = ()
    fit: bool = True


class Story(NamedTuple):
    """One story. `claim` and `item` are parts of the case file; `back`: after so long the return was signed for."""

    code: str
    title: Say
    told: Say
    claim: dict[str, Any]
    item: dict[str, Any]
    opened: timedelta = 2 * DAY
    delivered: bool = True
    back: timedelta | None = None
    happened: tuple[tuple[timedelta, Party, Happening], ...] = ()
    films: tuple[Film, ...] = ()
    looks: tuple[Look, ...] = ()

    def file(self, number: str, noon: datetime = NOON) -> CaseFile:
        """The case file."""
        priced = {"quantity": 1, "price": "199.00", "currency": "CNY"} | self.item
        parts: dict[str, Any] = {
            "case_id": number,
            "order": {"order_id": f"T-{number}", "items": [priced]},
            "claim": {"opened_at": noon + self.opened} | self.claim,
            "outbound_parcel": {"waybill": f"YT{number[-12:]}", "shipped_at": noon - 2 * DAY},
        }
        if self.delivered:
            parts["outbound_parcel"]["signed_at"] = noon
        if self.back is not None:
            parts["return_parcel"] = {"waybill": f"SF{number[-12:]}", "signed_at": noon + self.back}
        return CaseFile.model_validate(parts)

    def report(self, digests: Sequence[str] = ()) -> Report | None:
        """What the machine reported; `digests`: of the exhibits, where they are real."""
        if not self.films:
            return None
        of_seller = next((one for one in self.films if one.role is Role.UNBOXING_VIDEO), None)
        verdict = of_seller.verdict if of_seller else Verdict.NEEDS_REVIEW
        made = report(
            *((one.role, one.verdict) for one in self.films), verdict=verdict,
            failing=next((one.failing for one in self.films if one.failing), None),
        )  # fmt: skip
        views = zip(made.exhibits, digests, strict=True) if digests else ()
        real = tuple(view.model_copy(update={"sha256": digest}) for view, digest in views)
        return made.model_copy(update={"exhibits": real}) if digests else made

    def inspections(self) -> tuple[QcVerdict, ...]:
        """What inspections concluded."""
        return tuple(inspected(one.outcome, *one.defects, fit=one.fit) for one in self.looks)

    def recommended(self) -> Recommendation:
        """What the shipped table recommends."""
        file = self.file("C-1")
        entries = [happened(what, NOON + after, source) for after, source, what in self.happened]
        matter = Matter(file, course_of(file, entries), report=self.report(), inspections=self.inspections())
        found = recommend(matter, TABLE)
        assert found is not None
        return found


def _seen(text: str) -> tuple[timedelta, Party, Happening]:
    """A reviewer looked at the buyer's pictures."""
    return 2 * DAY + 3 * HOUR, Party.PLATFORM, Assessed(of=Party.BUYER, side=Side.ACCEPTED, text=text)


_PHOTO = Film(Role.BUYER_PHOTO, Verdict.ACCEPTED)
_GOOD = Film(Role.UNBOXING_VIDEO, Verdict.ACCEPTED)
_NO_REASON = {"kind": "return_refund", "reason": "no_reason"}
_FAULTY = {"kind": "return_refund", "reason": "quality_defect"}

STORIES = (
    Story(
        "one_face_lacking",
        Say(zh="调包的退货，拆包视频缺一个面", en="The swapped return whose video lacks one face"),
        Say(
            zh="买家无理由退货；仓库质检称退回的是另一件商品，但拆包视频只出镜五个面，缺底面。",
            en="A no-reason return. The warehouse says that another article came back; its video shows five faces of "
            "the parcel, not the bottom.",
        ),
        _NO_REASON,
        {"title": "shirt", "category": "apparel"},
        back=5 * DAY,
        films=(Film(Role.UNBOXING_VIDEO, Verdict.REJECTED, RuleCode.SIX_FACES),),
        looks=(Look(QcOutcome.SWAPPED, ("another_item",), fit=False),),
    ),
    Story(
        "in_hospital",
        Say(zh="住院买家逾期的无理由退货", en="The late no-reason return of a customer who lay in hospital"),
        Say(
            zh="买家签收后住院，第 12 天才申请退货，以往售后记录良好；退回的商品完好。",
            en="The buyer lay in hospital and claims on the 12th day; earlier claims of theirs give no cause for "
            "doubt, and the goods came back fit for sale.",
        ),
        _NO_REASON,
        {"title": "coat", "category": "apparel"},
        opened=12 * DAY,
        back=15 * DAY,
        happened=(
            (
                13 * DAY,
                Party.PLATFORM,
                Excused(why="illness", text="In hospital from the 11th to the 21st.", clean_history=True),
            ),
        ),
        films=(_GOOD,),
        looks=(Look(QcOutcome.NO_QUALITY_PROBLEM),),
    ),
    Story(
        "scratched_and_working",
        Say(zh="有划痕但功能正常的电子产品", en="Scratched but working electronics"),
        Say(
            zh="买家称手机有质量问题；质检功能全部正常，外壳有使用造成的划痕，不适合再次销售。",
            en="The buyer claims that a phone is faulty. Everything works; the case is scratched by use and cannot be "
            "sold again.",
        ),
        _FAULTY,
        {"title": "phone", "category": "electronics.phone", "price": "1999.00"},
        back=5 * DAY,
        films=(_GOOD, _PHOTO),
        looks=(Look(QcOutcome.NO_QUALITY_PROBLEM, ("scratch",), fit=False),),
    ),
    Story(
        "rotten_fruit",
        Say(zh="腐烂的水果", en="Rotten fruit"),
        Say(
            zh="买家上传了发霉水果的照片，审核员确认照片清楚显示问题。",
            en="The buyer hands in photos of mouldy fruit, and a reviewer finds that they show it clearly.",
        ),
        {"kind": "refund_only", "reason": "perishable"},
        {"title": "peaches", "category": "food.fresh", "price": "24.90"},
        opened=6 * HOUR,
        happened=(_seen("Mould on all of them."),),
        films=(_PHOTO,),
    ),
    Story(
        "missing_gift",
        Say(zh="漏发赠品", en="A missing gift"),
        Say(
            zh="订单中的赠品没有寄出，买家申请 8 元补偿，照片显示包裹内没有赠品。",
            en="The gift of an order was not in the parcel. The buyer asks for 8 yuan, and photos show the parcel "
            "without it.",
        ),
        {"kind": "refund_only", "reason": "missing_item", "asked": "8.00", "lines": [{"line": 0}]},
        {"title": "gift", "category": "toys", "price": "9.90"},
        happened=(_seen("No gift in the parcel."),),
        films=(_PHOTO,),
    ),
    Story(
        "signed_by_a_neighbour",
        Say(zh="被邻居签收的包裹", en="Signed for by a neighbour"),
        Say(
            zh="物流显示已签收，但签收人是邻居，买家称没有收到。",
            en="The carrier delivered the parcel to a neighbour; the buyer says that it never came.",
        ),
        {"kind": "refund_only", "reason": "not_received"},
        {"title": "lamp", "category": "home"},
        delivered=False,
        happened=(
            (-2 * DAY, Party.CARRIER, Shipped(leg=Leg.OUTBOUND)),
            (timedelta(0), Party.CARRIER, Signed(leg=Leg.OUTBOUND, by=SignedBy.NEIGHBOUR)),
        ),
    ),
    Story(
        "recorded_again",
        Say(zh="卖家补录的视频", en="The seller's re-recorded video"),
        Say(
            zh="卖家称退回的鞋已穿过，但视频是封口已被拆开后补录的。",
            en="The seller says that the shoes were worn; its video was recorded after the parcel had been opened.",
        ),
        {"kind": "return_refund", "reason": "size_colour"},
        {"title": "shoes", "category": "footwear"},
        back=5 * DAY,
        films=(Film(Role.UNBOXING_VIDEO, Verdict.REJECTED, RuleCode.FIRST_OPENING),),
        looks=(Look(QcOutcome.USED, ("worn",), fit=False),),
    ),
    Story(
        "valid_photo",
        Say(zh="有有效照片的质量问题", en="A quality defect with a valid buyer photo"),
        Say(
            zh="买家的照片清楚显示开线，商品仍在买家处。",
            en="The buyer's photo clearly shows an open seam; the goods are still with the buyer.",
        ),
        _FAULTY,
        {"title": "dress", "category": "apparel"},
        happened=(_seen("The seam is open."),),
        films=(_PHOTO,),
    ),
    Story(
        "bleeding_dye",
        Say(zh="整批掉色", en="Batch-wide dye bleeding"),
        Say(
            zh="同一批次的多件衣服掉色，质检确认本件掉色。",
            en="Dye bleeds in many pieces of one batch, and the inspection confirms it for this one.",
        ),
        _FAULTY,
        {"title": "jeans", "category": "apparel", "supplier": "Dyer & Sons", "batch": "B-7"},
        back=5 * DAY,
        films=(_GOOD, _PHOTO),
        looks=(Look(QcOutcome.DEFECT_CONFIRMED, ("colour_bleeding",), fit=False),),
    ),
)
