"""The observatory: sends an exhibit into the jail and writes down what comes out. Start reading at `observe`.

Crops that the first child kept go to a second one after the first has ended: reading print needs as much memory as
decoding, and so never both hold it at once. Where pictures are to be masked, a last child makes their twins.
"""

import errno
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sixfaces.domain.exhibit import Exhibit, Medium
from sixfaces.domain.observation import Record
from sixfaces.domain.ports import OnProgress, Pictures, Progress
from sixfaces.media import formats, share, wire
from sixfaces.media.jail import Cell, End, EndReason, Jail
from sixfaces.media.reachable import reachable
from sixfaces.media.share import Share
from sixfaces.media.wire import Kind
from sixfaces.observe import failures
from sixfaces.observe.cover.masker import CHILD, SHARE, Held, mask
from sixfaces.observe.messages import Request, Step
from sixfaces.observe.notes import Notes
from sixfaces.observe.second_look import SecondLook
from sixfaces.observe.second_looks import SECOND_LOOKS

log = logging.getLogger(__name__)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
"""What this machine lacks, not the file: there may be no room for a private copy."""

FIRST = "sixfaces.observe.child:main"

SECOND_LOOK_SHARE = Share(cpu_s=30, wall_s=120.0)
"""Of a video; a photo has one crop at most and takes a photo's share. The text child bounds what a crop costs."""


@dataclass(frozen=True, slots=True)
class JailedObservatory:
    """Implements `domain.ports.Observatory`. `masks`: each picture gets a masked twin, for those who may not see
    personal data."""

    jail: Jail = field(default_factory=Jail)
    first: str = FIRST
    second_looks: tuple[SecondLook, ...] = SECOND_LOOKS
    video: Share = share.VIDEO
    photo: Share = share.PHOTO
    masks: bool = False
    coverer: str = CHILD

    def observe(self, exhibit: Exhibit, path: Path, *, pictures: Pictures, on_progress: OnProgress) -> Record:
        """All observations of the file at `path`. Whatever the bytes are, a record comes back, never an error."""
        form = formats.named(exhibit.format)
        held = Held(pictures)
        notes = Notes(held if self.masks else pictures)
        if exhibit.medium is Medium.UNKNOWN or form.medium is not exhibit.medium:
            notes.failure = failures.not_looked_into(form)
            return notes.record(exhibit)
        try:
            with reachable(path.resolve()) as media:
                self._first_look(exhibit, notes, media=media, on_progress=on_progress)
        except OSError as error:
            notes.fail(failures.not_started(error.strerror or "") if error.errno in FULL else failures.gone())
        for second in self.second_looks:
            self._second_look(exhibit, notes, second)
        if self.masks:
            limits = SHARE if exhibit.medium is Medium.VIDEO else self.photo
            mask(notes, held, jail=self.jail, share=limits, child=self.coverer)
        return notes.record(exhibit)

    def _first_look(self, exhibit: Exhibit, notes: Notes, *, media: tuple[int, Path], on_progress: OnProgress) -> None:
        limits = self.video if exhibit.medium is Medium.VIDEO else self.photo
        if os.fstat(media[0]).st_size != exhibit.bytes:
            notes.failure = failures.gone()
            return

        def said(step: Step, cell: Cell) -> None:
            if step.claimed_s is not None:
                cell.tighten(limits.for_duration(step.claimed_s))
            on_progress(Progress(exhibit.sha256, step.share))

        try:
            cell = self.jail.start(self.first, media=media, share=limits)
        except OSError as error:
            notes.failure = failures.not_started(error.strerror or type(error).__name__)
            return
        with cell:
            end = cell.converse(_request(cell, exhibit, limits), _listener(cell, notes, said))
        notes.sandbox = cell.sandbox
        if end.reason is not EndReason.DONE or not notes.done:
            notes.fail(failures.of_end(end.reason))
            _log_end(exhibit, end)
        elif notes.failure is not None:
            notes.fail(notes.failure)

    def _second_look(self, exhibit: Exhibit, notes: Notes, second: SecondLook) -> None:
        """Show the crops to a second child. Its failure leaves a hole in the record, and costs nothing else."""
        crops = [crop for crop in notes.crops if crop.name.startswith(f"{second.crops}/")]
        if not crops:
            return
        if notes.failure is not None:
            detail = "the exhibit was not measured to its end"
            notes.hole(second.observer, second.version, of=second.measures, code=notes.failure.code, detail=detail)
            return
        limits = SECOND_LOOK_SHARE if exhibit.medium is Medium.VIDEO else self.photo
        asked = Request(path="", format=exhibit.format, medium=exhibit.medium, cpu_s=limits.cpu_s)
        outgoing = wire.packed(Kind.REQUEST, asked.model_dump_json().encode())
        outgoing += b"".join(wire.packed_blob(Kind.CROP, crop.name, crop.data) for crop in crops)
        known, notes.done = len(notes.told), False
        try:
            cell = self.jail.start(second.target, media=None, share=limits)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            notes.hole(second.observer, second.version, of=second.measures, detail=detail)
            return
        with cell:
            end = cell.converse(outgoing, _listener(cell, notes, lambda step, cell: None))
        if end.reason is not EndReason.DONE or not notes.done:
            del notes.told[known:]
            detail = f"its process ended with: {end.reason}"
            notes.hole(second.observer, second.version, of=second.measures, detail=detail)
            _log_end(exhibit, end)


def _request(cell: Cell, exhibit: Exhibit, limits: Share) -> bytes:
    asked = Request(path=cell.media_path, format=exhibit.format, medium=exhibit.medium, cpu_s=limits.cpu_s)
    return wire.packed(Kind.REQUEST, asked.model_dump_json().encode())


def _listener(cell: Cell, notes: Notes, said: Callable[[Step, Cell], None]) -> Callable[[wire.Message], None]:
    def take(message: wire.Message) -> None:
        step = notes.take(message)
        if step is not None:
            said(step, cell)

    return take


def _log_end(exhibit: Exhibit, end: End) -> None:
    log.warning("child for %s ended with %s (%s)", exhibit.sha256, end.reason, end.status)
    log.debug("it said: %s", end.complaint[-2000:])  # which may quote what it read
