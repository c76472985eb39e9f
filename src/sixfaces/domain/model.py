"""The base of every domain model: frozen, closed, finite."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen value. Unknown keys are errors; NaN and infinities are not numbers to us."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text must not contain NUL")
    return text


Text = Annotated[str, Field(max_length=4000), AfterValidator(_without_nul)]
"""Text handed in by people or read from footage: no NUL, bounded length."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Lower-case hexadecimal SHA-256 digest of the bytes as received."""

Unit = Annotated[float, Field(ge=0.0, le=1.0)]
"""A share, confidence or cosine between 0 and 1."""


class Say(Model):
    """One text for people in both languages of the product."""

    zh: Text
    en: Text
