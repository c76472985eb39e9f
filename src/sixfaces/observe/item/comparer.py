"""Sends views of an item and reference pictures into the jail and writes down how alike they are."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from sixfaces.domain.comparison import Comparison, Reference
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import ItemFact
from sixfaces.domain.ports import Pictures
from sixfaces.domain.twins import twin_of
from sixfaces.media import wire
from sixfaces.media.jail import EndReason, Jail
from sixfaces.media.reachable import reachable
from sixfaces.media.share import MEBIBYTE, Share
from sixfaces.media.wire import Kind, WireError
from sixfaces.observe import failures
from sixfaces.observe.item.messages import MEASURES, VERSION, Asked, Comparing, picture_of
from sixfaces.observe.notes import Notes

log = logging.getLogger(__name__)

CHILD = "sixfaces.observe.item.child:main"

SHARE = Share(cpu_s=60, wall_s=240.0, memory_bytes=1536 * MEBIBYTE)
MODEL_MEMORY = 4
"""Bytes of address space for each byte of the installation's model: the file, its graph, and what it computes with."""

LEAST_MODEL_MEMORY = 512 * MEBIBYTE


@dataclass(frozen=True)
class JailedComparer:
    """Implements `domain.ports.Comparer`. `model` is the installation's own ONNX model, if it has one; `masks`:
    pictures get masked twins."""

    jail: Jail = field(default_factory=Jail)
    model: Path | None = None
    child: str = CHILD
    share: Share = SHARE
    masks: bool = False

    @cached_property
    def version(self) -> str:
        """Whose figures these are: ours, and the digest of the installation's model."""
        if self.model is None:
            return VERSION
        try:
            with self.model.open("rb") as file:
                return f"{VERSION}+{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"
        except OSError:
            return VERSION

    def compare(
        self, references: Sequence[Reference], *, views: Mapping[str, bytes], pictures: Pictures
    ) -> tuple[Comparison, ...]:
        """One comparison for each reference, by its own digest; what fails ends as a hole in it."""
        if not references:
            return ()
        notes = Notes(pictures)
        for one in references:
            notes.versions[one.sha256], notes.unfinished[one.sha256] = self.version, MEASURES
        try:
            if self.model is None:
                self._converse(notes, references, views, model=None)
            else:
                with reachable(self.model.resolve()) as model:
                    self._converse(notes, references, views, model=model)
        except OSError as error:
            notes.fail(failures.not_started(error.strerror or type(error).__name__))
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(views.items())}
        return tuple(_comparison(notes, one, views=digests, version=self.version) for one in references)

    def _converse(
        self,
        notes: Notes,
        references: Sequence[Reference],
        views: Mapping[str, bytes],
        *,
        model: tuple[int, Path] | None,
    ) -> None:
        share = self.share
        if model is not None:
            more = max(LEAST_MODEL_MEMORY, MODEL_MEMORY * model[1].stat().st_size)
            share = replace(share, memory_bytes=share.memory_bytes + more)

        def take(message: wire.Message) -> None:
            if message.kind not in (Kind.FACT, Kind.PICTURE, Kind.FINISHED, Kind.DONE):
                raise WireError(f"a comparing child does not say {message.kind.name}")
            notes.take(message)

        with self.jail.start(self.child, media=model, share=share) as cell:
            end = cell.converse(self._outgoing(cell.media_path, references, views), take)
        if end.reason is not EndReason.DONE or not notes.done:
            notes.fail(failures.of_end(end.reason))
            log.warning("comparing ended with %s (%s)", end.reason, end.status)
            log.debug("it said: %s", end.complaint[-2000:])  # which may quote what it read

    def _outgoing(self, model: str, references: Sequence[Reference], views: Mapping[str, bytes]) -> bytes:
        of = tuple(Asked(sha256=r.sha256, format=r.format) for r in references)
        asked = Comparing(model=model, references=of, masks=self.masks)
        out = [wire.packed(Kind.REQUEST, asked.model_dump_json().encode())]
        for name, data in sorted(views.items()):
            out.append(wire.packed_blob(Kind.CROP, str(PurePosixPath(name).with_suffix("")), data))
        out += [wire.packed_blob(Kind.REFERENCE, f"references/{n}", one.data) for n, one in enumerate(references, 1)]
        return b"".join(out)


def _comparison(notes: Notes, reference: Reference, *, views: dict[str, str], version: str) -> Comparison:
    picture = picture_of(reference.sha256)
    return Comparison(
        name=reference.name,
        reference=reference.sha256,
        views=views,
        version=version,
        measured=tuple(_named(t.measured, reference.name) for t in notes.told if t.observer == reference.sha256),
        images={name: notes.images[name] for name in (twin_of(picture), picture) if name in notes.images},
    )


def _named(measured: Measured, name: str) -> Measured:
    """The fact under the case's name of the reference; a hole says which picture it is of."""
    fact = measured.fact
    if isinstance(fact, ItemFact):
        return measured.model_copy(update={"fact": fact.model_copy(update={"reference": name})})
    if isinstance(fact, UnmeasuredFact):
        return measured.model_copy(update={"fact": fact.model_copy(update={"detail": f"{name}: {fact.detail}"})})
    return measured
