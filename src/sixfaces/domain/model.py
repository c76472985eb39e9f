"""The base of every domain model: frozen, closed, finite."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen value. Unknown keys are errors; NaN and infinities are not numbers to us."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text must not contain NUL")
    return text


Text = Annotated[str, Field(max_length=4000), AfterValidator(_without_nul)]
"""Text handed in by people or read from footage: no NUL, bounded length."""

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def _reckonable(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"must lie between the years {EARLIEST.year} and {LATEST.year}")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_reckonable)]
"""An instant handed in by people. Far enough from the ends of the calendar that zones, limits and working days can be
reckoned from it; what lies beyond is a slip of whoever wrote it."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Lower-case hexadecimal SHA-256 digest of the bytes as received."""

Salt = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Random bytes, in lower-case hexadecimal, that keep a digest from being guessed."""

Unit = Annotated[float, Field(ge=0.0, le=1.0)]
"""A share, confidence or cosine between 0 and 1."""


class Say(Model):
    """One text for people in both languages of the product."""

    zh: Text
    en: Text
