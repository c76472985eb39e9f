"""What parent and child say to each other while pictures are fitted (kinds: sixfaces.media.wire).

REQUEST, then a CROP for each picture. The child answers with a PICTURE for each picture and size, then DONE.
"""

from typing import Annotated

from pydantic import Field

from sixfaces.domain.model import Model, Text


class Size(Model):
    """How large at most, in pixels of the longer side, and how good: JPEG quality of 1..100. Nothing is enlarged."""

    longest: Annotated[int, Field(ge=16, le=20_000)]
    quality: Annotated[int, Field(ge=1, le=100)]


class Fitting(Model):
    """REQUEST. `cover`: print is covered, but for `numbers` that codes of the exhibit say."""

    sizes: tuple[Size, ...] = Field(min_length=1, max_length=26)
    grey: bool = False
    cover: bool = False
    numbers: tuple[Text, ...] = ()


def picture_name(picture: int, size: int) -> str:
    """What the child calls a picture in one of the sizes, both by their places."""
    return f"{chr(ord('a') + size)}/{picture:04d}.jpg"
