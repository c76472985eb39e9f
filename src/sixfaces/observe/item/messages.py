"""What parent and child say to each other while pictures are compared (kinds: sixfaces.media.wire).

REQUEST, then a CROP for each view and a REFERENCE for each reference picture, in the order that the request names them.
The child answers in the name of each reference's digest: FACT, PICTURE and FINISHED, and DONE at the end.
"""

from sixfaces.domain.model import Model, Sha256, Text

VERSION = "1"

MEASURES = ("item",)


class Asked(Model):
    """One reference that follows: its digest, and its form by our own sniffing."""

    sha256: Sha256
    format: Text


class Comparing(Model):
    """REQUEST: what is to be compared. `model` is the path of the installation's own ONNX model, empty without one;
    `masks`: a masked twin is wanted of each reference's picture."""

    model: Text
    references: tuple[Asked, ...]
    masks: bool = False


def picture_of(sha256: str) -> str:
    """The name under which a reference's small picture for people is kept."""
    return f"references/{sha256[:16]}.jpg"
