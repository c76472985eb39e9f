"""What parent and child say to each other while two parcels are compared (kinds: sixfaces.media.wire).

REQUEST, then a CROP for each picture of the return and a REFERENCE for each of the packing video, by the names that
their records use. The child answers in the name of `OBSERVER`: FACT, FINISHED and DONE.
"""

from sixfaces.domain.model import Model, Sha256, Text, Unit
from sixfaces.domain.parcel_facts import Face

OBSERVER = "outbound"
VERSION = "1"

MEASURES = ("packed_box", "packed_item")


class Seen(Model):
    """How well a face was seen: see FaceFact. `picture` is its name on the wire."""

    face: Face
    picture: Text
    edge_px: float
    cos: Unit
    sharpness: Unit
    share: Unit
    waybill: bool


class Beside(Model):
    """REQUEST: the packing video's digest, and the faces of both sides whose pictures follow. Other pictures are of
    items."""

    packing: Sha256
    returned: tuple[Seen, ...]
    packed: tuple[Seen, ...]
