"""A policy with round thresholds for golden tests: a new rulebook must not move the edges that they probe."""

from datetime import date

from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Requirement, RuleCode

THRESHOLDS = {
    "face": {"view_deg": 60, "dwell_s": 0.3, "uncovered": 0.5, "in_frame": 0.5, "edge_px": 40, "sharpness": 0.2},
    "picture": {
        "short_side_px": 360, "long_side_px": 640, "photo_short_side_px": 480, "fps": 8, "sharpness": 0.2,
        "sharp_share": 0.5, "luma_low": 0.1, "luma_high": 0.9, "clipped": 0.5, "exposed_share": 0.7,
        "decoded_share": 0.9, "corrupt_share": 0.05,
    },
    "continuity": {"shortest_take_s": 5, "absence_s": 1, "removal_s": 0.5},
    "reading": {"code_reads": 2, "rival_ratio": 3, "text_score": 0.8, "masked_visible": 7},
    "evidence": {"confidence": 0.8},
    "goods": {
        **{"weight_tolerance": 0.1, "weight_tolerance_g": 50, "item_score": 0.7},
        **{"item_embedding": 0.9, "inspection_s": 5},
    },
    "time": {"clock_slack_s": 300, "open_within_s": 172800, "challenge_slot_s": 60, "receipt_within_s": 86400},
    "original": {"hint_strength": 0.5, "reuse_bits": 31, "recapture": 0.9},
}  # fmt: skip

POLICY = Policy.model_validate(
    {
        "name": "round",
        "version": "2026.1",
        "title": Say(zh="整数阈值", en="round thresholds"),
        "effective_from": date(2026, 1, 1),
        "rules": {code: {"use": Requirement.REQUIRED, "reason": "test"} for code in RuleCode},
        "thresholds": THRESHOLDS,
        "reasons": {},
        "digest": "0" * 64,
    }
)
