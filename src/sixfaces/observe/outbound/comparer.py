"""Sends the pictures of a return and of a packing video into the jail, and writes down how alike the parcels are."""

import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sixfaces.domain.comparison import OUTBOUND, Comparison, ParcelSide
from sixfaces.domain.parcel_facts import FaceFact
from sixfaces.media import wire
from sixfaces.media.jail import EndReason, Jail
from sixfaces.media.share import MEBIBYTE, Share
from sixfaces.media.wire import Kind, WireError
from sixfaces.observe import failures
from sixfaces.observe.notes import Notes
from sixfaces.observe.outbound.messages import MEASURES, OBSERVER, VERSION, Beside, Seen

log = logging.getLogger(__name__)

CHILD = "sixfaces.observe.outbound.child:main"

SHARE = Share(cpu_s=60, wall_s=240.0, memory_bytes=1536 * MEBIBYTE)


class _NoPictures:
    """The child makes no pictures: both sides have theirs."""

    def put(self, name: str, data: bytes) -> None:
        """Raises WireError."""
        raise WireError("this child makes no pictures")


@dataclass(frozen=True)
class JailedOutbound:
    """Implements `domain.ports.OutboundComparer`."""

    jail: Jail = field(default_factory=Jail)
    child: str = CHILD
    share: Share = SHARE

    def beside(self, returned: ParcelSide, packed: ParcelSide) -> Comparison:
        """The comparison; what fails ends as a hole in it."""
        notes = Notes(_NoPictures(), versions={OBSERVER: VERSION}, unfinished={OBSERVER: MEASURES})
        try:
            self._converse(notes, returned, packed)
        except OSError as error:
            notes.fail(failures.not_started(error.strerror or type(error).__name__))
        return Comparison(
            observer=OUTBOUND,
            name=packed.name,
            reference=packed.exhibit,
            views={**_digests(returned), **_digests(packed)},
            version=VERSION,
            measured=tuple(told.measured for told in notes.told),
            images={},
        )

    def _converse(self, notes: Notes, returned: ParcelSide, packed: ParcelSide) -> None:
        def take(message: wire.Message) -> None:
            if message.kind not in (Kind.FACT, Kind.FINISHED, Kind.DONE):
                raise WireError(f"this child does not say {message.kind.name}")
            notes.take(message)

        with self.jail.start(self.child, media=None, share=self.share) as cell:
            end = cell.converse(_outgoing(returned, packed), take)
        if end.reason is not EndReason.DONE or not notes.done:
            notes.fail(failures.of_end(end.reason))
            log.warning("comparing with a packing video ended with %s (%s)", end.reason, end.status)
            log.debug("it said: %s", end.complaint[-2000:])  # which may quote what it read


def _outgoing(returned: ParcelSide, packed: ParcelSide) -> bytes:
    asked = Beside(packing=packed.exhibit, returned=_seen(returned), packed=_seen(packed))
    out = [wire.packed(Kind.REQUEST, asked.model_dump_json().encode())]
    for kind, side in ((Kind.CROP, returned), (Kind.REFERENCE, packed)):
        out += [wire.packed_blob(kind, str(PurePosixPath(name).with_suffix("")), side.pictures[name])
                for name in sorted(side.pictures)]  # fmt: skip
    return b"".join(out)


def _seen(side: ParcelSide) -> tuple[Seen, ...]:
    return tuple(_of_face(fact) for fact in side.faces if fact.image in side.pictures)


def _of_face(fact: FaceFact) -> Seen:
    return Seen(
        face=fact.face,
        picture=fact.image or "-",
        edge_px=fact.edge_px,
        cos=fact.view_cos,
        sharpness=fact.sharpness,
        share=round(fact.uncovered * fact.in_frame, 4),
        waybill=fact.waybill,
    )


def _digests(side: ParcelSide) -> dict[str, str]:
    """Pictures of both sides have the same names: each is told under its exhibit's first digits."""
    return {f"{side.exhibit[:16]}/{name}": hashlib.sha256(data).hexdigest() for name, data in side.pictures.items()}
