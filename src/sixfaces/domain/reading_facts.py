"""Facts read from print in the picture: codes, text, challenge codes."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sixfaces.domain.model import Model, Text, Unit


class CheckDigit(StrEnum):
    """Whether a number carries a check digit of a known format, and whether it holds."""

    OK = "ok"
    FAILED = "failed"
    NONE = "none"


class CodeFact(Model):
    """A barcode read in the footage, voted over frames.

    `reads` frames agreed on `text`; `rivals` are other texts read at the same place. `module_px` is the width
    of the narrowest bar in pixels of the full frame, `quad` the corners in full-frame pixels at the best read.
    """

    kind: Literal["code"] = "code"
    format: Text
    text: Text
    reads: Annotated[int, Field(ge=1)]
    rivals: tuple[Text, ...] = ()
    check_digit: CheckDigit = CheckDigit.NONE
    carrier: Text | None = None
    module_px: Annotated[float, Field(ge=0)] | None = None
    quad: tuple[tuple[float, float], ...] = ()


class TextFact(Model):
    """A line of print read by OCR, voted over frames: advisory. `masked` marks forms such as 138****1234."""

    kind: Literal["text"] = "text"
    text: Text
    reads: Annotated[int, Field(ge=1)]
    score: Unit
    masked: bool = False


class Signature(StrEnum):
    """Whether a challenge code was signed by a key we know."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN_KEY = "unknown_key"


class ChallengeFact(Model):
    """A challenge code seen in the footage: it was not made before `slot_from`, so neither was the picture."""

    kind: Literal["challenge"] = "challenge"
    station: Text
    slot_from: AwareDatetime
    slot_to: AwareDatetime
    signature: Signature
