"""Sends an exhibit's pictures into the jail once more and keeps the masked twins that come out.

Whatever happens there costs the twins only: the pictures themselves and all facts stand, and a hole in the record says
that there are pictures without a twin, and why. Such a picture is shown to nobody who may not see personal data.
"""

import logging
from dataclasses import dataclass, field

from sixfaces.domain.ports import Pictures
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.twins import TWINS, twin_of
from sixfaces.media import wire
from sixfaces.media.jail import EndReason, Jail
from sixfaces.media.share import MEBIBYTE, Share
from sixfaces.media.wire import Kind, WireError
from sixfaces.observe.cover.messages import NAME, VERSION, Covering
from sixfaces.observe.notes import Notes

log = logging.getLogger(__name__)

CHILD = "sixfaces.observe.cover.child:main"

SHARE = Share(cpu_s=60, wall_s=240.0)
"""Of a video, whose pictures may be hundreds; a photo has one, and takes a photo's share."""

MOST_BYTES = 64 * MEBIBYTE
"""Of pictures held until the first child has ended. Those beyond get no twin."""

MOST_NUMBERS = 100

MEASURES = ("masked_pictures",)
"""What is not there where this leaves a hole."""
FAILED, NOT_ALL = "not_masked", "not_all_masked"


@dataclass(slots=True)
class Held:
    """Implements `domain.ports.Pictures`: hands pictures on, and holds them for the masker."""

    shelf: Pictures
    pictures: dict[str, bytes] = field(default_factory=dict)
    size: int = 0
    unmasked: set[str] = field(default_factory=set)
    """Names of pictures that have no twin yet."""

    def put(self, name: str, data: bytes) -> None:
        """Store one picture; the same name twice replaces it."""
        self.shelf.put(name, data)
        is_twin = name.startswith(f"{TWINS}/")
        if is_twin:
            self.unmasked = {one for one in self.unmasked if twin_of(one) != name}
        else:
            self.unmasked.add(name)
        if not is_twin and self.size + len(data) <= MOST_BYTES:
            self.size += len(data)
            self.pictures[name] = data


def mask(notes: Notes, held: Held, *, jail: Jail, share: Share = SHARE, child: str = CHILD) -> None:
    """Have a twin made of each picture held, and say in the record of which there is none."""
    if not held.pictures:
        notes.versions.setdefault(NAME, VERSION)
        return
    expected = {twin_of(name) for name in held.pictures}

    def take(message: wire.Message) -> None:
        if message.kind not in (Kind.PICTURE, Kind.DONE):
            raise WireError(f"a covering child does not say {message.kind.name}")
        if message.kind is Kind.PICTURE and wire.blob_of(message).name not in expected:
            raise WireError("a twin of nothing")
        notes.take(message)

    notes.done, spent = False, notes.decode_s
    try:
        with jail.start(child, media=None, share=share) as cell:
            end = cell.converse(_outgoing(notes, held), take)
    except OSError as error:
        why = f"it was not started: {error.strerror or type(error).__name__}"
        log.warning("masking: %s", why)
        notes.hole(NAME, VERSION, of=MEASURES, code=FAILED, detail=why)
        return
    notes.decode_s = spent  # nothing of the exhibit was decoded
    if end.reason is not EndReason.DONE or not notes.done:
        log.warning("masking ended with %s (%s)", end.reason, end.status)
        log.debug("it said: %s", end.complaint[-2000:])  # which may quote what it read
        notes.hole(NAME, VERSION, of=MEASURES, code=FAILED, detail=f"its process ended with: {end.reason}")
    elif held.unmasked:
        notes.hole(NAME, VERSION, of=MEASURES, code=NOT_ALL, detail=f"{len(held.unmasked)} pictures have no twin")
    notes.versions.setdefault(NAME, VERSION)


def _outgoing(notes: Notes, held: Held) -> bytes:
    said = (told.measured.fact for told in notes.told)
    numbers = dict.fromkeys(fact.text for fact in said if isinstance(fact, CodeFact) and len(fact.text) <= 60)
    asked = Covering(numbers=tuple(numbers)[:MOST_NUMBERS])
    crops = (wire.packed_blob(Kind.CROP, name.removesuffix(".jpg"), data) for name, data in held.pictures.items())
    return wire.packed(Kind.REQUEST, asked.model_dump_json().encode()) + b"".join(crops)
