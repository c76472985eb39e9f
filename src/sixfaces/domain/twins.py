"""Masked twins of pictures: what they are called."""

TWINS = "masked"
"""Folder of the masked twins among an exhibit's pictures."""


def twin_of(picture: str) -> str:
    """The name of a picture's masked twin: `masked/faces-top.jpg` of `faces/top.jpg`. A twin is its own."""
    folder, _, name = picture.partition("/")
    return picture if folder == TWINS else f"{TWINS}/{folder}-{name}"
