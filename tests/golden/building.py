"""Builds evidence for golden tests: exhibits with the facts a test names, and nothing else."""

from datetime import UTC, datetime
from typing import Any

from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import Evidence, ExhibitEvidence, History
from sixfaces.domain.exhibit import Exhibit, MediaInfo, Medium, Role
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.time import MediaSpan, MediaTime

SHA = "a" * 64
OTHER_SHA = "b" * 64
SIGNED = datetime(2026, 6, 20, 10, 0, tzinfo=UTC)
"""When the return parcel of the standard case was signed for."""
RECORDED = datetime(2026, 6, 20, 13, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 6, 20, 15, 0, tzinfo=UTC)
CLOSES = datetime(2026, 6, 23, 10, 0, tzinfo=UTC)
WAYBILL = "SF1234567890123"
VIDEO = MediaInfo(duration_s=60.0, width=1920, height=1080, fps=30.0, codec="h264")

CASE: dict[str, Any] = {
    "case_id": "C-1",
    "order": {"order_id": "T1", "items": [{"sku": "S1", "quantity": 1}]},
    "return_parcel": {"waybill": WAYBILL, "signed_at": SIGNED},
    "evidence_window": {"opens_at": SIGNED, "closes_at": CLOSES},
}


def span(start_s: float, end_s: float) -> MediaSpan:
    """A stretch of media time, exact to the millisecond."""
    return MediaSpan(
        start=MediaTime(ticks=round(start_s * 1000), den=1000), end=MediaTime(ticks=round(end_s * 1000), den=1000)
    )


def fact(value: Model, start_s: float | None = None, end_s: float | None = None) -> Measured:
    """One measured fact, over a span if one is given (a moment if only its start is)."""
    if start_s is None:
        return Measured.model_validate({"fact": value})
    return Measured.model_validate({"fact": value, "span": span(start_s, start_s if end_s is None else end_s)})


def exhibit(*facts: Model | Measured, media: MediaInfo | None = VIDEO, **changes: Any) -> ExhibitEvidence:  # noqa: ANN401 any field
    """An exhibit with these facts, observed by `test` 1. `changes` replaces fields of the exhibit or the record."""
    of_record = {key: changes.pop(key) for key in ("failure", "sandbox", "observers") if key in changes}
    role = Role(changes.pop("role", Role.UNBOXING_VIDEO))
    base = {
        "sha256": SHA, "name": "unboxing.mp4", "role": role, "bytes": 1000, "format": "mp4",
        "medium": Medium.VIDEO if role.is_video else Medium.PHOTO, "received_at": RECEIVED,
    }  # fmt: skip
    measured = [f if isinstance(f, Measured) else fact(f) for f in facts]
    return ExhibitEvidence(
        Record(
            exhibit=Exhibit.model_validate({**base, **changes}),
            media=media,
            observations=numbered(("test", "1", m) for m in measured),
            **of_record,
        )
    )


def case(**changes: Any) -> CaseFile:  # noqa: ANN401 any field
    """The standard case with whole sections replaced, such as `return_parcel={}`."""
    return CaseFile.model_validate({**CASE, **changes})


def evidence(*exhibits: ExhibitEvidence, history: History | None = None, **changes: Any) -> Evidence:  # noqa: ANN401 any section
    """The standard case (changed by `changes`) with these exhibits; by default history was searched and is empty."""
    return Evidence(case(**changes), exhibits, history or History(searched=True))
