"""Where the goods are: the last station of their way decides, whichever parcel it is of."""

from datetime import datetime

import pytest

from sixfaces.decision.claim_state import is_withdrawn
from sixfaces.decision.course import Course, course_of, opened_at, where_goods_are
from sixfaces.domain.answer import Verdict
from sixfaces.domain.chronicle import (
    CameBack,
    CarrierAnswered,
    ClaimOpened,
    ClaimWithdrawn,
    Happening,
    Intercepted,
    Leg,
    Lost,
    Occurrence,
    Party,
    Refused,
    Shipped,
    Signed,
    SignedBy,
)
from sixfaces.domain.decision import Remedy, Whereabouts, Window
from tests.golden.decision.telling import DAY, NOON, case_file, filmed, happened, recommended

OUT, BACK = Leg.OUTBOUND, Leg.RETURN
SENT, TAKEN = Shipped(leg=OUT), Signed(leg=OUT, by=SignedBy.ADDRESSEE)
RETURNED, ARRIVED = Shipped(leg=BACK), Signed(leg=BACK)


def way(*stations: Happening) -> list[Occurrence]:
    return [happened(what, NOON + n * DAY, Party.CARRIER) for n, what in enumerate(stations)]


@pytest.mark.parametrize(
    ("stations", "where"),
    [
        ((SENT, Lost(leg=OUT), TAKEN), Whereabouts.WITH_BUYER),
        ((SENT, Refused(leg=OUT), TAKEN), Whereabouts.WITH_BUYER),
        ((SENT, Refused(leg=OUT), CameBack()), Whereabouts.WITH_SELLER),
        ((SENT, Refused(leg=OUT), CameBack(), SENT), Whereabouts.ON_THE_WAY),
        ((SENT, Intercepted(done=True)), Whereabouts.COMING_BACK),
        ((SENT, Intercepted(done=False)), Whereabouts.ON_THE_WAY),
        ((SENT, TAKEN, RETURNED), Whereabouts.COMING_BACK),
        ((SENT, TAKEN, RETURNED, ARRIVED), Whereabouts.WITH_SELLER),
        ((SENT, TAKEN, RETURNED, CameBack(leg=BACK)), Whereabouts.WITH_BUYER),
        ((SENT, TAKEN, RETURNED, Refused(leg=BACK)), Whereabouts.ON_THE_WAY),
        ((SENT, TAKEN, RETURNED, Intercepted(done=True, leg=BACK)), Whereabouts.ON_THE_WAY),
        ((SENT, TAKEN, RETURNED, Lost(leg=BACK)), Whereabouts.LOST),
        ((SENT, TAKEN, RETURNED, Lost(leg=BACK), ARRIVED), Whereabouts.WITH_SELLER),
        ((SENT, Signed(leg=OUT, by=SignedBy.LOCKER), CarrierAnswered(delivered=True)), Whereabouts.WITH_BUYER),
        ((SENT, TAKEN, CarrierAnswered(delivered=False)), Whereabouts.SIGNED_BY_OTHER),
        ((SENT, CarrierAnswered(delivered=False)), Whereabouts.ON_THE_WAY),
        ((SENT, TAKEN, RETURNED, ARRIVED, CarrierAnswered(delivered=True)), Whereabouts.WITH_SELLER),
        ((SENT, TAKEN, RETURNED, CarrierAnswered(delivered=True, leg=BACK)), Whereabouts.WITH_SELLER),
        ((SENT, TAKEN, RETURNED, ARRIVED, CarrierAnswered(delivered=False, leg=BACK)), Whereabouts.COMING_BACK),
    ],
)
def test_the_last_station_decides(stations: tuple[Happening, ...], where: Whereabouts) -> None:
    file = case_file("return_refund", "no_reason", outbound_parcel={})
    assert where_goods_are(file, Course(way(*stations)), unboxed=False) is where


def test_what_was_filmed_at_its_opening_is_with_the_seller_until_it_is_sent_out_again() -> None:
    file = case_file("exchange", "quality_defect", outbound_parcel={})
    lost = Course(way(SENT, TAKEN, RETURNED, Lost(leg=BACK)))
    assert where_goods_are(file, lost, unboxed=True) is Whereabouts.WITH_SELLER
    again = Course(way(SENT, TAKEN, RETURNED, ARRIVED, SENT, TAKEN))
    assert where_goods_are(file, again, unboxed=True) is Whereabouts.WITH_BUYER


def test_a_return_that_came_back_to_the_buyer_is_refunded_by_nobody_but_a_person() -> None:
    file = case_file("return_refund", "no_reason", price="20.00", outbound_parcel={})
    found = recommended(file, *way(SENT, TAKEN, RETURNED, CameBack(leg=BACK)))
    assert found.situation.where is Whereabouts.WITH_BUYER
    assert not found.automatic


def test_what_the_carrier_says_of_the_return_proves_nothing_of_the_parcel_that_went_out() -> None:
    file = case_file("refund_only", "not_received", outbound_parcel={})
    proof = CarrierAnswered(delivered=True, by=SignedBy.ADDRESSEE, proof="a" * 64, leg=BACK)
    by_a_neighbour = Signed(leg=OUT, by=SignedBy.NEIGHBOUR)
    found = recommended(file, *way(SENT, by_a_neighbour), happened(proof, NOON + 3 * DAY))
    grounds = {one.code: one.answer.value for one in found.appeal}
    assert grounds["sign_for_proof"] == "not_met"


def claim(day: int) -> dict[str, object]:
    return {"kind": "return_refund", "reason": "no_reason", "opened_at": NOON + day * DAY}


def test_a_claim_that_was_opened_again_is_as_old_as_it_was() -> None:
    file = case_file("return_refund", "no_reason", claim=claim(2))
    again = happened(ClaimOpened(), NOON + 20 * DAY)
    course = course_of(file, [again])
    assert opened_at(file, course) == NOON + 2 * DAY
    assert [one.at for one in course.entries if isinstance(one.what, ClaimOpened)] == [NOON + 2 * DAY, again.at]
    assert recommended(file, again).situation.window is Window.IN_TIME


@pytest.mark.parametrize("later", [None, NOON + 4 * DAY])
def test_a_claim_that_was_withdrawn_is_given_nothing_until_it_is_opened_again(later: datetime | None) -> None:
    file = case_file("return_refund", "no_reason", price="20.00", return_parcel={"signed_at": NOON + 2 * DAY})
    told = [happened(ClaimWithdrawn(), NOON + 3 * DAY)]
    told += [happened(ClaimOpened(), later)] if later else []
    found = recommended(file, *told, report=filmed(Verdict.ACCEPTED))
    assert is_withdrawn(Course(told)) is (later is None)
    assert (found.remedy, found.automatic) == ((Remedy.RETURN_REFUND, True) if later else (Remedy.NONE, False))
    if later is None:
        assert (found.refund, found.liable, found.waits_for, found.appeal) == (None, None, (), ())
        assert found.reasons[0].text.en == "The buyer withdrew the claim."
