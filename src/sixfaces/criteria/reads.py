"""Which thresholds of a policy each rule reads: a rule whose thresholds are the same answers the same.

A test holds this table against the rules' own code; a threshold that is missing here is found there.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import RuleCode as R

SURE = ("evidence.confidence",)
CODES = (*SURE, "reading.code_reads", "reading.masked_visible")
PRINT = (*CODES, "reading.text_score")
CAPTURE = ("time.clock_slack_s", "time.receipt_within_s")
_FACE = ("dwell_s", "edge_px", "in_frame", "sharpness", "uncovered", "view_deg")
_SIZE = ("picture.long_side_px", "picture.photo_short_side_px", "picture.short_side_px")

READS: Mapping[R, tuple[str, ...]] = MappingProxyType(
    {
        R.WAYBILL: (*PRINT, "reading.rival_ratio"),
        R.ORDER_REFERENCE: (*PRINT, "reading.rival_ratio"),
        R.SAME_PARCEL: (*SURE, "continuity.absence_s"),
        R.ITEM: (*CODES, "goods.item_embedding", "goods.item_score"),
        R.QUANTITY: SURE,
        R.WEIGHT: (*SURE, "goods.weight_tolerance", "goods.weight_tolerance_g"),
        R.CLAIMED_DEFECT: SURE,
        R.BATCH: (),
        R.SAME_BOX_AS_PACKED: PRINT,
        R.SAME_ITEM_AS_PACKED: PRINT,
        R.SIX_FACES: (*SURE, *(f"face.{name}" for name in _FACE)),
        R.WAYBILL_SHOWN: PRINT,
        R.SEALED_AT_START: SURE,
        R.OPENING_SHOWN: (*SURE, "continuity.absence_s"),
        R.ITEM_SHOWN: SURE,
        R.INSPECTION_SHOWN: (*SURE, "goods.inspection_s"),
        R.ONE_TAKE: (*SURE, "continuity.removal_s", "continuity.shortest_take_s"),
        R.ALWAYS_IN_VIEW: (*SURE, "continuity.absence_s"),
        R.DECODES: ("picture.corrupt_share", "picture.decoded_share"),
        R.RESOLUTION: (*_SIZE, "picture.fps"),
        R.SHARPNESS: ("picture.sharp_share", "picture.sharpness"),
        R.EXPOSURE: ("picture.clipped", "picture.exposed_share", "picture.luma_high", "picture.luma_low"),
        R.NOT_RECAPTURED: ("original.recapture",),
        R.ORIGINAL: SURE,
        R.NOT_REUSED: (*SURE, "original.reuse_bits"),
        R.PROVENANCE: (),
        R.INTEGRITY: (),
        R.FIRST_OPENING: SURE,
        R.RECORDED_AFTER_SIGNING: CAPTURE,
        R.OPENED_PROMPTLY: (*CAPTURE, "time.open_within_s"),
        R.SUBMITTED_IN_WINDOW: (),
        R.CLOCK: CAPTURE,
        R.CHALLENGE: ("time.challenge_slot_s", "time.clock_slack_s"),
    }
)


def answering_otherwise(old: Policy, new: Policy) -> frozenset[R]:
    """The rules that may answer otherwise under the new policy than under the old one, by the same code."""
    return frozenset(
        code for code, reads in READS.items() if any(_value(old, name) != _value(new, name) for name in reads)
    )


def _value(policy: Policy, name: str) -> Any:  # noqa: ANN401 a threshold's number
    group, _, field = name.partition(".")
    return getattr(getattr(policy.thresholds, group), field)
