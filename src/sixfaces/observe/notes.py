"""What comes out of the jail, written down: validated by the domain's own models, bounded, never decoded as media."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from sixfaces.domain.exhibit import Exhibit, MediaInfo
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured, MediaFailure, Record, Sandbox, numbered
from sixfaces.domain.ports import Pictures
from sixfaces.media import wire
from sixfaces.media.wire import Kind, Message, WireError
from sixfaces.observe.messages import Done, Finished, Plan, Step, Told

MOST_FACTS = 20_000
MOST_FACT_BYTES = 64 << 20
MOST_PICTURES = 400
MOST_CROPS = 200
MOST_CROP_BYTES = 48 << 20
_JPEG = b"\xff\xd8\xff"


@dataclass(slots=True)
class Notes:
    """What has come out of the jail so far."""

    pictures: Pictures
    versions: dict[str, str] = field(default_factory=dict)
    unfinished: dict[str, tuple[str, ...]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    images: dict[str, str] = field(default_factory=dict)
    crops: list[wire.Blob] = field(default_factory=list)
    media: MediaInfo | None = None
    failure: MediaFailure | None = None
    sandbox: Sandbox | None = None
    decode_s: float | None = None
    took: dict[str, float] = field(default_factory=dict)
    done: bool = False
    fact_bytes: int = 0
    crop_bytes: int = 0

    def take(self, message: Message) -> Step | None:
        """Write one message down; a step of progress is returned. Raises WireError for what is not allowed."""
        try:
            return self._take(message)
        except ValidationError as error:
            raise WireError(f"a {message.kind.name} message is not valid: {error.errors()[0]['msg']}") from error

    def _take(self, message: Message) -> Step | None:
        if self.done:
            raise WireError("words after the last one")
        match message.kind:
            case Kind.PLAN:
                self._plan(Plan.model_validate_json(message.payload))
            case Kind.MEDIA:
                self.media = MediaInfo.model_validate_json(message.payload)
            case Kind.FACT:
                self._fact(message.payload)
            case Kind.FINISHED:
                self._finished(Finished.model_validate_json(message.payload))
            case Kind.PICTURE:
                self._picture(wire.blob_of(message))
            case Kind.CROP:
                self._crop(wire.blob_of(message))
            case Kind.PROGRESS:
                return Step.model_validate_json(message.payload)
            case Kind.FAILURE:
                self.failure = MediaFailure.model_validate_json(message.payload)
            case Kind.DONE:
                self.decode_s = (self.decode_s or 0.0) + Done.model_validate_json(message.payload).decode_s
                self.done = True
            case _:
                raise WireError(f"a child does not say {message.kind.name}")
        return None

    def _plan(self, plan: Plan) -> None:
        for planned in plan.observers:
            if self.versions.setdefault(planned.name, planned.version) != planned.version:
                raise WireError("an observer is planned in two versions")
            if planned.measures:
                self.unfinished[planned.name] = planned.measures

    def _finished(self, one: Finished) -> None:
        self.unfinished.pop(one.observer, None)
        if one.observer in self.versions:
            self.took[one.observer] = one.took_s

    def _fact(self, payload: bytes) -> None:
        self.fact_bytes += len(payload)
        if len(self.told) >= MOST_FACTS or self.fact_bytes > MOST_FACT_BYTES:
            raise WireError("more facts than a record may hold")
        told = Told.model_validate_json(payload)
        if told.observer not in self.versions:
            raise WireError("a fact by an observer that was not planned")
        self.told.append(told)

    def _picture(self, picture: wire.Blob) -> None:
        if len(self.images) >= MOST_PICTURES:
            raise WireError("more pictures than a record may hold")
        if not picture.data.startswith(_JPEG):
            raise WireError("a picture that is no JPEG")
        self.pictures.put(picture.name, picture.data)
        self.images[picture.name] = hashlib.sha256(picture.data).hexdigest()

    def _crop(self, crop: wire.Blob) -> None:
        self.crop_bytes += len(crop.data)
        if len(self.crops) >= MOST_CROPS or self.crop_bytes > MOST_CROP_BYTES:
            raise WireError("more crops than are kept")
        self.crops.append(crop)

    def hole(
        self, observer: str, version: str, *, of: tuple[str, ...], detail: str, code: str = "observer_failed"
    ) -> None:
        """Note that one observer could not finish, or not even start."""
        self.versions.setdefault(observer, version)
        self._open(observer, UnmeasuredFact(of=of, code=code, detail=detail))

    def fail(self, failure: MediaFailure) -> None:
        """Note why the exhibit was not measured to its end, and that observers still at work leave their kinds open."""
        self.failure = failure
        for observer, of in self.unfinished.items():
            self._open(observer, UnmeasuredFact(of=of, code=failure.code, detail=failure.text.en))
        self.unfinished = {}

    def _open(self, observer: str, hole: UnmeasuredFact) -> None:
        self.told.append(Told(observer=observer, measured=Measured(fact=hole)))

    def record(self, exhibit: Exhibit) -> Record:
        """The record: facts by observer in planned order, each observer's own in the order it told them."""
        order = {name: place for place, name in enumerate(self.versions)}
        told = sorted(self.told, key=lambda fact: order[fact.observer])
        triples: Iterable[tuple[str, str, Measured]] = (
            (fact.observer, self.versions[fact.observer], fact.measured) for fact in told
        )
        return Record(
            exhibit=exhibit,
            media=self.media,
            observations=numbered(triples),
            observers=self.versions,
            images=dict(sorted(self.images.items())),
            failure=self.failure,
            sandbox=self.sandbox,
            decode_s=self.decode_s,
            took=self.took,
        )
