"""Real stories, decided by the shipped table: who is liable, what follows, and whether the words say why."""

from datetime import timedelta
from decimal import Decimal

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.chronicle import Assessed, CarrierAnswered, Excused, Leg, Money, Party, Side, Signed, SignedBy
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import FreightBearer, Remedy, Unit, Window
from sixfaces.domain.exhibit import Role
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.sop import QcOutcome
from sixfaces.pipeline.ids import new_id
from tests.golden.decision.telling import DAY, NOON, case_file, filmed, ground, happened, inspected, recommended, report


def test_the_swapped_return_whose_video_lacks_one_face_is_refunded_and_the_appeal_fails_on_that_face() -> None:
    file = case_file("return_refund", "no_reason")
    swapped = (inspected(QcOutcome.SWAPPED, "another_item", fit=False),)
    video = filmed(Verdict.REJECTED, RuleCode.SIX_FACES)
    found = recommended(file, report=video, inspections=swapped)
    assert (found.liable, found.remedy, found.row) == (Party.SELLER, Remedy.RETURN_REFUND, "swapped_not_proved")
    assert found.refund == Money(amount=Decimal("199.00"), currency="CNY")
    assert "bottom" in found.reasons[1].text.en
    assert found.reasons[1].cites == ("completeness.six_faces",)
    spot = ground(found, "inspected_on_the_spot")
    assert spot.answer is Answer.NOT_MET
    assert "底面" in spot.text.zh
    assert not found.automatic


def test_the_same_swap_shown_by_a_valid_video_is_the_buyers() -> None:
    swapped = (inspected(QcOutcome.SWAPPED, "another_item", fit=False),)
    found = recommended(case_file("return_refund", "no_reason"), report=filmed(Verdict.ACCEPTED), inspections=swapped)
    assert (found.liable, found.remedy, found.refund) == (Party.BUYER, Remedy.NONE, None)
    assert ground(found, "shows_problem").answer is Answer.MET


def test_a_late_return_of_one_who_lay_in_hospital_is_refunded_in_part_by_a_person() -> None:
    claim = {"kind": "return_refund", "reason": "no_reason", "opened_at": NOON + 12 * DAY}
    file = case_file("return_refund", "no_reason", claim=claim)
    late = recommended(file)
    assert (late.situation.window, late.remedy) == (Window.LATE, Remedy.NONE)
    ill = happened(Excused(why="illness", text="In hospital from the 11th to the 21st."), NOON + 13 * DAY)
    fit = (inspected(QcOutcome.NO_QUALITY_PROBLEM),)
    found = recommended(file, ill, report=filmed(Verdict.ACCEPTED), inspections=fit)
    assert (found.remedy, found.freight) == (Remedy.PARTIAL_REFUND, FreightBearer.BUYER)
    assert found.refund == Money(amount=Decimal("99.50"), currency="CNY")
    assert not found.automatic
    assert "D17" in found.reasons[0].cites


def test_scratched_but_working_electronics_are_no_problem_of_quality() -> None:
    file = case_file("return_refund", "quality_defect", category="electronics.phone")
    unfit = (inspected(QcOutcome.NO_QUALITY_PROBLEM, "scratch", fit=False),)
    found = recommended(file, report=filmed(Verdict.ACCEPTED), inspections=unfit)
    assert (found.liable, found.remedy, found.row) == (Party.BUYER, Remedy.NONE, "no_problem_unfit")
    assert "D11" in found.reasons[0].cites
    assert ground(found, "goods_in_order").answer is Answer.MET
    fit = recommended(file, report=filmed(Verdict.ACCEPTED), inspections=(inspected(QcOutcome.NO_QUALITY_PROBLEM),))
    assert (fit.remedy, fit.freight) == (Remedy.RETURN_REFUND, FreightBearer.BUYER)


def test_rotten_fruit_is_refunded_without_a_return_once_somebody_has_seen_it() -> None:
    file = case_file("refund_only", "perishable", price="24.90", category="food.fresh")
    photo = report((Role.BUYER_PHOTO, Verdict.ACCEPTED), verdict=Verdict.NEEDS_REVIEW)
    unseen = recommended(file, report=photo)
    assert unseen.remedy is Remedy.ASK_PERSON
    assert any("photos" in one.en for one in unseen.waits_for)
    seen = happened(Assessed(of=Party.BUYER, side=Side.ACCEPTED, text="Mould on all of them."), NOON + 2 * DAY)
    found = recommended(file, seen, report=photo)
    assert (found.liable, found.remedy, found.freight) == (Party.SELLER, Remedy.REFUND_ONLY, FreightBearer.NONE)
    assert found.refund == Money(amount=Decimal("24.90"), currency="CNY")


def test_a_missing_gift_is_sent_or_made_good() -> None:
    seen = happened(Assessed(of=Party.BUYER, side=Side.ACCEPTED, text="The box is empty."), NOON + 2 * DAY)
    lines = [{"line": 0}]
    claim = {"kind": "exchange", "reason": "missing_item", "opened_at": NOON + DAY, "lines": lines}
    gift = recommended(case_file("exchange", "missing_item", price="0.00", claim=claim), seen)
    assert (gift.liable, gift.remedy, gift.refund) == (Party.SELLER, Remedy.RESEND, None)
    assert gift.units == (Unit(line=0, piece=0),)
    asked = claim | {"kind": "refund_only", "asked": "8.00"}
    money = recommended(case_file("refund_only", "missing_item", price="9.00", claim=asked), seen)
    assert (money.remedy, money.refund) == (Remedy.COMPENSATE, Money(amount=Decimal("8.00"), currency="CNY"))
    free = recommended(case_file("refund_only", "missing_item", price="0.00", claim=asked), seen)
    assert (free.remedy, free.refund) == (Remedy.COMPENSATE, None)
    assert any("no price of their own" in one.en for one in free.waits_for)


def test_a_missing_gift_is_not_made_good_with_the_price_of_what_it_came_with() -> None:
    seen = happened(Assessed(of=Party.BUYER, side=Side.ACCEPTED, text="No gift."), NOON + 2 * DAY)
    for kind, remedy in (("refund_only", Remedy.COMPENSATE), ("exchange", Remedy.RESEND)):
        found = recommended(case_file(kind, "missing_item", price="1000.00"), seen)
        assert (found.remedy, found.refund, found.units) == (remedy, None, ())
        assert any("claim.lines" in one.en for one in found.waits_for)
        assert not found.automatic


def test_what_a_neighbour_signed_for_was_not_delivered() -> None:
    file = case_file("refund_only", "not_received", outbound_parcel={"shipped_at": NOON - 2 * DAY})
    signed = happened(Signed(leg=Leg.OUTBOUND, by=SignedBy.NEIGHBOUR), NOON, Party.CARRIER)
    found = recommended(file, signed)
    assert (found.liable, found.remedy) == (Party.CARRIER, Remedy.REFUND_ONLY)
    assert ground(found, "sign_for_proof").answer is Answer.NOT_MET
    asked = CarrierAnswered(delivered=True, by=SignedBy.ADDRESSEE, proof="a" * 64)
    answered = recommended(file, signed, happened(asked, NOON + DAY, Party.CARRIER))
    assert (answered.liable, answered.remedy) == (Party.BUYER, Remedy.NONE)
    assert ground(answered, "sign_for_proof").answer is Answer.MET


def test_signed_for_by_nobody_knows_whom_waits_for_the_carrier() -> None:
    file = case_file("refund_only", "not_received")
    found = recommended(file)
    assert found.remedy is Remedy.ASK_PERSON
    assert any("carrier" in one.en for one in found.waits_for)


def test_a_video_recorded_again_proves_nothing_of_a_used_return() -> None:
    used = (inspected(QcOutcome.USED, "worn", fit=False),)
    again = filmed(Verdict.REJECTED, RuleCode.FIRST_OPENING)
    found = recommended(case_file("return_refund", "size_colour"), report=again, inspections=used)
    assert (found.liable, found.remedy, found.row) == (Party.SELLER, Remedy.RETURN_REFUND, "used_not_proved")
    assert found.reasons[1].cites == ("timeliness.first_opening",)


def test_a_quality_defect_with_a_valid_photo_is_supported() -> None:
    seen = happened(Assessed(of=Party.BUYER, side=Side.ACCEPTED, text="The seam is open."), NOON + 2 * DAY)
    found = recommended(case_file("return_refund", "quality_defect"), seen)
    assert (found.liable, found.remedy, found.freight) == (Party.SELLER, Remedy.RETURN_REFUND, FreightBearer.SELLER)
    assert "D19" in found.reasons[0].cites
    assert any("back at the seller" in one.en for one in found.waits_for)


def test_dye_that_bleeds_in_a_whole_batch_is_the_sellers_whatever_it_could_still_be_sold_for() -> None:
    bleeding = (inspected(QcOutcome.DEFECT_CONFIRMED, "colour_bleeding", fit=False),)
    found = recommended(case_file("return_refund", "quality_defect"), inspections=bleeding)
    assert (found.liable, found.remedy, found.freight) == (Party.SELLER, Remedy.RETURN_REFUND, FreightBearer.SELLER)
    assert ground(found, "goods_in_order").answer is Answer.NOT_MET


def test_a_return_that_costs_more_than_it_brings_is_not_asked_for() -> None:
    seen = happened(Assessed(of=Party.BUYER, side=Side.ACCEPTED, text="Broken."), NOON + 2 * DAY)
    file = case_file("return_refund", "damaged", price="9.90", return_parcel={"freight": "12.00"})
    found = recommended(file, seen)
    assert (found.remedy, found.freight) == (Remedy.REFUND_ONLY, FreightBearer.NONE)
    assert any("D16" in one.cites and "way back" in one.text.en for one in found.reasons)


def test_no_piece_is_paid_for_twice() -> None:
    file = case_file("return_refund", "no_reason", return_parcel={"signed_at": NOON + 5 * DAY})
    money = Money(amount=Decimal("199.00"), currency="CNY")
    paid = Payment(order_id="T1", unit=Unit(line=0, piece=0), case_id=new_id(), decision=new_id(), money=money)
    found = recommended(file, paid=(paid,))
    assert (found.remedy, found.refund, found.units) == (Remedy.NONE, None, ())
    assert found.reasons[-1].cites == ("D21",)
    assert not found.automatic


def test_small_refunds_close_by_themselves_and_larger_ones_are_signed() -> None:
    back = {"signed_at": NOON + 5 * DAY}
    small = recommended(case_file("return_refund", "no_reason", price="30.00", return_parcel=back))
    large = recommended(case_file("return_refund", "no_reason", price="30.01", return_parcel=back))
    assert (small.remedy, small.automatic) == (Remedy.RETURN_REFUND, True)
    assert (large.remedy, large.automatic) == (Remedy.RETURN_REFUND, False)
    away = recommended(case_file("return_refund", "no_reason", price="30.00"))
    assert (away.remedy, away.automatic) == (Remedy.RETURN_REFUND, False)


def test_the_last_instant_of_the_seventh_day_is_in_time_and_the_next_is_late() -> None:
    last = NOON + 7 * DAY + timedelta(hours=12)

    def window(opened_at: object) -> Window:
        claim = {"kind": "return_refund", "reason": "no_reason", "opened_at": opened_at}
        return recommended(case_file("return_refund", "no_reason", claim=claim)).situation.window

    assert window(last - timedelta(microseconds=1)) is Window.IN_TIME
    assert window(last) is Window.LATE


def test_two_inspectors_who_differ_need_a_third() -> None:
    looks = (inspected(QcOutcome.SWAPPED), inspected(QcOutcome.NO_QUALITY_PROBLEM))
    file = case_file("return_refund", "no_reason")
    assert recommended(file, inspections=looks).row == "looks_differ"
    third = (*looks, inspected(QcOutcome.NO_QUALITY_PROBLEM))
    assert recommended(file, inspections=third).row == "no_reason_in_time.return_refund"
