"""The parcel's observer: follows the handled parcel, proves its faces, tells its stages.

1. Each medium frame: the tracker's step; what it shows goes to the stages' memory, the faces' log and the atlas.
2. Each full frame: rectified faces and item crops, the best of which are kept.
3. At the end: the take's track is smoothed in watches that nothing interrupts, the faces get their names at the
   parcel's first rest, and facts are made. What could not be measured is said as a hole, each kind with its reason.
"""

from collections.abc import Iterable
from typing import ClassVar

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import ParcelFact
from sixfaces.media.frames import FullFrame, MediumFrame
from sixfaces.observe.observer import KeepPicture, Observer, Tier
from sixfaces.observe.parcel.atlas import Atlas
from sixfaces.observe.parcel.doubtful import Frame, doubted, doubtful_absences
from sixfaces.observe.parcel.face_log import FaceLog
from sixfaces.observe.parcel.faces import calibrated
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.item_look import described
from sixfaces.observe.parcel.items import ItemViews, keep_views
from sixfaces.observe.parcel.network import Network
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.stages import opening_begins
from sixfaces.observe.parcel.story import measured, story
from sixfaces.observe.parcel.swatches import Swatches
from sixfaces.observe.parcel.track import Tracker
from sixfaces.observe.parcel.watches import NamedFaces, Seen, Watches, named_faces

HELD = (0.4, 0.95)
"""Shares of the time with known orientation at which a parcel counts as not followed at all, and as surely followed."""
NEVER = ("weight", "defect_match", "recapture")
"""Kinds that no observer measures yet."""


class Parcel(Observer):
    """The handled parcel over a video."""

    name: ClassVar[str] = "parcel"
    version: ClassVar[str] = "3"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.MEDIUM, Tier.FULL})
    measures: ClassVar[tuple[str, ...]] = (
        *("parcel", "face", "stage", "seal", "absence", "identity"),
        *("item_view", "quantity", "inspection", "weight", "defect_match", "recapture"),
    )

    def __init__(self, keep: KeepPicture, network: Network | None = None) -> None:
        super().__init__(keep)
        self._tracker = Tracker(network or Network())
        self._glimpses: list[Glimpse] = []
        self._doubts: list[Frame] = []
        self._watches = Watches()
        self._log = FaceLog()
        self._swatches = Swatches()
        self._atlas = Atlas()
        self._items = ItemViews()
        self._wide = 0
        self._scale = 1.0
        self.poses: tuple[Pose, ...] = ()
        """After `finish`: the parcel's poses, their axes named, for whoever measures how good they are."""

    def medium(self, frame: MediumFrame) -> None:
        """1."""
        step = self._tracker.step(frame)
        seen = described(step.glimpse, frame)
        self._glimpses.append(seen)
        self._doubts.append(doubted(seen, (frame.gray.shape[1], frame.gray.shape[0])))
        self._items.glimpsed(seen)
        self._wide = max(frame.gray.shape)
        self._watches.add(step, (frame.gray.shape[1], frame.gray.shape[0]))
        if step.pose is not None and step.look is not None:
            self._log.add(frame, step.pose, step.look)
            self._swatches.add(frame, step.pose, step.look)
            self._atlas.medium(frame, step.pose, step.look)

    def full(self, frame: FullFrame) -> None:
        """2."""
        if self._wide:
            self._scale = max(frame.gray.shape) / self._wide
        self._atlas.full(frame)
        self._items.offer(frame, self._scale)

    def finish(self) -> Iterable[Measured]:
        """3."""
        told = story(self._glimpses)
        opening = opening_begins(told.timeline)
        facts = [*measured(told), *doubtful_absences(self._doubts, opening)]
        if not told.soft and self._watches.any:
            seen = Seen(self._log, self._swatches, self._atlas, self._scale, self.keep)
            faces = named_faces(self._watches, seen, until=opening)
            self.poses = faces.poses
            facts = [_with_faces(m, faces) for m in facts] + list(faces.facts)
        views = self._items.best(self._glimpses, told.episodes)
        facts += keep_views(views, self.keep, confidence=told.out_confidence)
        facts.sort(key=lambda m: m.span.start.exact if m.span is not None else -1)
        detail = "no observer measures this yet"
        return [*facts, Measured(fact=UnmeasuredFact(of=NEVER, code="observer_absent", detail=detail))]


def _with_faces(measured: Measured, faces: NamedFaces) -> Measured:
    """The parcel's fact told how well its faces could be followed; any other as it is."""
    if not isinstance(measured.fact, ParcelFact):
        return measured
    sure = min(followed(faces.held), calibrated(faces.least))
    fact = measured.fact.model_copy(update={"unnamed_s": faces.unnamed_s, "names_sure": sure})
    return measured.model_copy(update={"fact": fact})


def followed(held: float) -> float:
    """How surely the parcel was followed, 0..1, by the share of time in which its orientation was known."""
    low, high = HELD
    return round(min(1.0, max(0.0, (held - low) / (high - low))), 3)
