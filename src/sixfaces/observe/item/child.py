"""The comparing child: what runs in the jail, where alone crops and reference pictures are decoded."""

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from sixfaces.domain.answer import Answer
from sixfaces.domain.errors import MediaError
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import ItemFact, ItemMatch
from sixfaces.domain.twins import twin_of
from sixfaces.media.frames import Bgr
from sixfaces.media.stills import photo_of
from sixfaces.media.wire import ChildEnd, Kind, WireError, blob_of
from sixfaces.observe.cover.covered import covered
from sixfaces.observe.item.appearance import View, likeness, view_of
from sixfaces.observe.item.embedding import Embed, ModelError, alike, loaded
from sixfaces.observe.item.messages import MEASURES, Asked, Comparing, picture_of
from sixfaces.observe.item.print_cells import fitted, print_of
from sixfaces.observe.messages import Done, Finished, Told

_SURE, _UNSURE = 0.9, 0.5
"""Confidence of a match and of none: `docs/observers/item.md` has the rates behind them."""

_FOR_PEOPLE = 480
_JPEG_QUALITY = 85


def main(line: ChildEnd) -> None:
    """Serve one request. Raises WireError if it is none."""
    started = time.perf_counter()
    cv2.setNumThreads(1)
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    asked = Comparing.model_validate_json(message.payload)
    crops, pictures = _received(line)
    if len(pictures) != len(asked.references):
        raise WireError("not the reference pictures that were asked for")
    views = {name: view_of(crop) for name, crop in _decoded(crops)}
    own, shelf = _OwnModel(asked.model, views), _Shelf(line, asked.masks)
    for reference, data in zip(asked.references, pictures, strict=True):
        for measured in _measured(shelf, reference, data, views=views, own=own):
            line.send_model(Kind.FACT, Told(observer=reference.sha256, measured=measured))
        line.send_model(Kind.FINISHED, Finished(observer=reference.sha256))
    line.send_model(Kind.DONE, Done(decode_s=time.perf_counter() - started))


def _received(line: ChildEnd) -> tuple[dict[str, bytes], list[bytes]]:
    """The views by name, and the references in order."""
    crops: dict[str, bytes] = {}
    references: list[bytes] = []
    while (message := line.receive()) is not None:
        blob = blob_of(message)
        if message.kind is Kind.CROP:
            crops[f"{blob.name}.jpg"] = blob.data
        else:
            references.append(blob.data)
    return crops, references


def _decoded(crops: dict[str, bytes]) -> Iterator[tuple[str, Bgr]]:
    for name in sorted(crops):
        picture = cv2.imdecode(np.frombuffer(crops[name], np.uint8), cv2.IMREAD_COLOR)
        if picture is not None:
            yield name, np.asarray(picture, np.uint8)


class _OwnModel:
    """The installation's model, if it has one, with the views' vectors; a broken one is told with each reference."""

    def __init__(self, path: str, views: dict[str, View]) -> None:
        self._embed: Embed | None = None
        self._broken: str | None = None
        self._vectors = {}
        try:
            if path:
                self._embed = loaded(Path(path))
                self._vectors = {name: self._embed(view.bgr) for name, view in views.items()}
        except ModelError as exc:
            self._broken = str(exc)

    def measured(self, sha256: str, picture: Bgr) -> Iterator[Measured]:
        """The best cosine of any view with the reference `picture`."""
        if self._embed is not None and self._vectors and self._broken is None:
            try:
                own = self._embed(picture)
            except ModelError as exc:
                self._broken = str(exc)
            else:
                scores = {name: alike(own, vector) for name, vector in self._vectors.items()}
                best = max(scores, key=lambda name: (scores[name], name))
                yield Measured(fact=_fact(sha256, ItemMatch.EMBEDDING, score=scores[best], view=best))
        if self._broken is not None:
            yield Measured(fact=UnmeasuredFact(of=MEASURES, code="item_model_broken", detail=self._broken))


def _measured(
    shelf: "_Shelf", reference: Asked, data: bytes, *, views: dict[str, View], own: _OwnModel
) -> Iterator[Measured]:
    try:
        picture = photo_of(data, format=reference.format).bgr
    except MediaError as exc:
        yield Measured(fact=UnmeasuredFact(of=MEASURES, code="reference_unreadable", detail=exc.text.en))
        return
    shelf.keep(picture_of(reference.sha256), fitted(picture, _FOR_PEOPLE))
    names = list(views)
    found = likeness(print_of(picture), list(views.values()))
    view = names[found.view] if found.view is not None else next(iter(names), None)
    fact = _fact(reference.sha256, ItemMatch.APPEARANCE, score=found.score, view=view)
    fact = fact.model_copy(update={"same": found.same})
    yield Measured(fact=fact, confidence=_SURE if found.same is Answer.MET else _UNSURE)
    yield from own.measured(reference.sha256, picture)


def _fact(sha256: str, by: ItemMatch, *, score: float, view: str | None) -> ItemFact:
    """What the score means is for the policy, and for the appearance's own rule, to say."""
    return ItemFact(
        reference=sha256, by=by, same=Answer.CANNOT_TELL, score=score, view=view, picture=picture_of(sha256)
    )


class _Shelf:
    """Small copies for people, made here: a page must never carry the foreign bytes themselves."""

    def __init__(self, line: ChildEnd, masks: bool) -> None:
        self._line, self._masks = line, masks

    def keep(self, name: str, picture: Bgr) -> None:
        """The picture, and its twin if that was asked for."""
        self._send(name, picture)
        if self._masks:
            self._send(twin_of(name), covered(picture))

    def _send(self, name: str, picture: Bgr) -> None:
        done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        if done:
            self._line.send_blob(Kind.PICTURE, name, data.tobytes())
