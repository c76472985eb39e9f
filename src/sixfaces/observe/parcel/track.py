"""Following the handled parcel through the medium frames: where to look next, when it is lost, when it is another one.

One look a frame as a rule. A second one follows if the first shows that the crop missed; a lost parcel is looked for
where it was, then over the whole frame, at growing intervals, so that an empty scene costs little. Nothing is decided
here about faces or stages: a `Step` a frame is all that comes out.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray, MediumFrame
from sixfaces.observe.parcel import cuboid
from sixfaces.observe.parcel.corner_fit import fitted
from sixfaces.observe.parcel.find import FRAMED, find, framing, present, settled, worth
from sixfaces.observe.parcel.flow import Box, Turn, turned
from sixfaces.observe.parcel.glimpse import Glimpse, Lost, glimpse, touched
from sixfaces.observe.parcel.look import MAPS, Crop, Look
from sixfaces.observe.parcel.network import Network, picture
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.sight import Sight, sight
from sixfaces.observe.parcel.symmetric import agreement
from sixfaces.observe.parcel.turns import angle, upright

Real = NDArray[np.float64]

_THERE = 0.5
_FEWEST_CELLS = 0.012
"""Share of the crop that must be parcel: less is a corner behind an arm, from which nothing can be told."""
_MISSED = 0.35
"""The parcel's middle this far from the crop's (half sides), or its size off by this much (logarithm): look again."""
_FIRST_WAIT_S = 0.4
_LONGEST_WAIT_S = 6.0
"""Between searches of the whole frame: they take as long as forty looks, so the wait doubles up to the longest."""
_HELD_FRAMES = 10
_OTHERS_S = 1.0
"""How often the whole frame is asked for another, handled parcel."""
_BETTER = 1.5
_AGREED = 3
"""Another parcel must be this much the likelier one, so many times in a row, for the watch to change to it."""
_EDGE = 0.12
"""A parcel whose middle was last seen within this share of the frame's edge, or beyond it, left the frame."""
_SMOOTH = 0.15
"""Share by which the running edges move towards each frame's."""
_TOUCHED = 0.04
"""Share of a parcel's surrounding that must be hand for it to be taken for the lost one elsewhere: boxes on a shelf are
not touched. It counts as another parcel all the same until its faces prove it."""
_RESIZED = 0.35
_HAND, _PARCEL = MAPS.index("hand"), MAPS.index("parcel")
_SURE_BOX = 0.4
_WELL_FITTED = 1.0
_MOST_CORNERS = 0.7
_FARTHEST = np.radians(20.0)
_STILL_AGREES = 0.85
_BY_CORNERS = 0.2
"""A fit is believed if its corners lie within a cell, if most of those that must be visible were found, and if the
orientation told still agrees with it: corners alone fit many boxes. It raises trust by so much at most."""
_SLOW = np.radians(3.0)
_FASTEST = np.radians(30.0)
"""Turns from one frame to the next that need no guess, and that nobody makes."""
_MOST_GUESSED = 3
"""Frames in a row in which a fast turn that nobody could follow is taken to go on as before."""
_BLOCKS = 16
_STILL = 5.0
_LONGEST_STILL = 6
"""A crop whose most changed sixteenth differs by less than this many grey levels shows what it showed; it is looked at
again all the same after so many frames, for slow changes add up."""
_DOUBTED = 0.45
"""Trust below which a look's orientation is worth less than the last one carried on by followed points."""


STILL_TURN = Turn(np.eye(3), np.zeros(3), points=0, share=1.0, residual=0.0, sigma=float(np.radians(0.5)))
"""What stands still has turned by less than pixels tell."""


@dataclass(frozen=True, slots=True)
class Step:
    """One medium frame: its glimpse, and where the parcel was found its look, measurement and provisional pose.
    `other` marks the first frame of a watch that changed to another parcel."""

    glimpse: Glimpse
    look: Look | None = None
    sight: Sight | None = None
    pose: Pose | None = None
    other: bool = False


class Tracker:
    """Call `step` with each medium frame in order."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._last: Step | None = None
        self._gray: Gray | None = None
        self._drift: Real = np.zeros(2)
        self._edges: Real | None = None
        self._lost: Lost | None = None
        self._next_search_s = -1.0
        self._wait_s = _FIRST_WAIT_S
        self._next_others_s = _OTHERS_S
        self._rival: tuple[Look, int] | None = None
        self._spin: Real = np.eye(3)
        self._guessed = 0
        self._held_for = 0
        self._picture: NDArray[np.uint8] | None = None
        self._still = False
        self._stood = 0

    def step(self, frame: MediumFrame) -> Step:
        """Find or follow the parcel in this frame."""
        now = frame.time.seconds
        other = False
        self._still = self._stands_still(frame)
        look = self._followed(frame)
        if look is None:
            look = self._search(frame)
            other = look is not None and not self._is_where_lost(look)
        elif now >= self._next_others_s:
            self._next_others_s = now + _OTHERS_S
            rival = self._handled_elsewhere(frame, look)
            if rival is not None:
                look, other = rival, True
                self._forget()
        made = self._gone(frame) if look is None else self._found(frame, look, other=other)
        if look is not None and not self._still:
            self._picture = picture(frame.bgr, look.crop)
        self._gray = frame.gray
        self._last = made
        return made

    @property
    def _watching(self) -> bool:
        return self._last is not None and self._last.look is not None

    def _forget(self) -> None:
        self._last, self._edges, self._rival = None, None, None
        self._drift = np.zeros(2)
        self._spin = np.eye(3)

    def _followed(self, frame: MediumFrame) -> Look | None:
        """The parcel where it is watched: the last look again if nothing has moved since, a new one else."""
        if not self._watching or self._last is None:
            return None
        if self._still:
            self._stood += 1
            return self._last.look
        self._stood = 0
        return self._follow(frame)

    def _stands_still(self, frame: MediumFrame) -> bool:
        """Whether the crop shows what it showed when it was looked at last, but for noise."""
        look = self._last.look if self._last is not None else None
        if look is None or self._picture is None or self._stood >= _LONGEST_STILL:
            return False
        changed = cv2.absdiff(picture(frame.bgr, look.crop), self._picture)
        blocks = cv2.resize(changed, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
        return float(blocks.max()) < _STILL

    def _follow(self, frame: MediumFrame) -> Look | None:
        """Where it was last, moved on as it moved; once more where that shows it to be; a wider window if it is not."""
        assert self._last is not None
        assert self._last.look is not None
        before = framing(self._last.look)
        crop = Crop(before.x + float(self._drift[0]), before.y + float(self._drift[1]), before.side)
        look = self._network.look(frame.bgr, crop)
        if not _there(look):
            look = self._network.look(frame.bgr, replace(before, side=before.side * 1.7))
        if not _there(look):
            return None
        closer = framing(look)
        if np.abs(look.centre).max() > _MISSED or abs(np.log(closer.side / look.crop.side)) > _MISSED:
            again = self._network.look(frame.bgr, closer)
            look = again if _there(again) else look
        return look

    def _search(self, frame: MediumFrame) -> Look | None:
        """The place where it was lost, each frame; the whole frame now and then."""
        now = frame.time.seconds
        if self._last is not None and self._last.glimpse.place is not None:
            x, y, side = self._last.glimpse.place
            look = self._network.look(frame.bgr, Crop(x, y, side))
            if _there(look):
                return settled(self._network, frame.bgr, look)
        if now < self._next_search_s:
            return None
        self._next_search_s = now + self._wait_s
        self._wait_s = min(_LONGEST_WAIT_S, 2 * self._wait_s)
        found = find(self._network, frame.bgr)
        if found is None or not _there(found.look):
            return None
        held = touched(found.look.maps[_PARCEL] > 0.5, found.look.maps[_HAND] > 0.5)
        return found.look if self._place is None or held >= _TOUCHED or self._is_where_lost(found.look) else None

    @property
    def _place(self) -> tuple[float, float, float] | None:
        return self._last.glimpse.place if self._last is not None else None

    def _is_where_lost(self, look: Look) -> bool:
        """Whether a parcel found again stands about where one was lost, in about its size."""
        if self._place is None:
            return True
        x, y, side = self._place
        crop = framing(look)
        return bool(np.hypot(crop.x - x, crop.y - y) < 0.6 * side and abs(np.log(crop.side / side)) < _RESIZED)

    def _handled_elsewhere(self, frame: MediumFrame, look: Look) -> Look | None:
        """Another parcel that is surely the likelier one, seen so several times in a row."""
        height, width = frame.gray.shape
        whole = self._network.look(frame.bgr, Crop(width / 2, height / 2, float(max(width, height))))
        if present(whole) < _THERE:
            self._rival = None
            return None
        rival = settled(self._network, frame.bgr, whole)
        apart = np.hypot(rival.crop.x - look.crop.x, rival.crop.y - look.crop.y)
        same = apart < 0.35 * min(rival.crop.side, look.crop.side)
        size = (width, height)
        if same or worth(rival, size) < _BETTER * worth(look, size):
            self._rival = None
            return None
        times = 1 + (self._rival[1] if self._rival is not None else 0)
        self._rival = (rival, times)
        return rival if times >= _AGREED else None

    def _found(self, frame: MediumFrame, look: Look, *, other: bool) -> Step:
        self._lost = None
        self._held_for = self._held_for + 1 if self._watching else 1
        if self._held_for >= _HELD_FRAMES:  # what comes and goes is searched for no sooner for it
            self._wait_s, self._next_search_s = _FIRST_WAIT_S, -1.0
        crop = framing(look)
        place = (crop.x, crop.y, crop.side)
        before = self._last if self._watching else None
        moving, turning = 0.0, 0.0
        seen, pose = self._measured(frame, look, before)
        if before is not None and before.glimpse.place is not None:
            passed = max(frame.time.seconds - before.glimpse.time.seconds, 1e-3)
            shift = np.array([crop.x - before.glimpse.place[0], crop.y - before.glimpse.place[1]])
            self._drift = 0.6 * shift
            moving = float(np.hypot(*shift)) / crop.side / passed
            if pose is not None and before.pose is not None and seen is not None:
                turn = seen.turn.rotation if seen.turn is not None else pose.rotation @ before.pose.rotation.T
                turning = float(np.degrees(angle(turn))) / passed
        else:
            self._drift = np.zeros(2)
        return Step(glimpse(frame.time, look, place=place, turning=turning, moving=moving), look, seen, pose, other)

    def _measured(self, frame: MediumFrame, look: Look, before: Step | None) -> tuple[Sight | None, Pose | None]:
        """The box's measurement and provisional pose, where it is a box at all."""
        if look.kind[1] < _SURE_BOX:
            self._edges = None
            return None, None
        height, width = frame.gray.shape
        size = (width, height)
        turn = None
        start = None
        if before is not None and before.pose is not None and before.look is not None and self._gray is not None:
            start = before.pose.rotation
            box = Box(before.pose.rotation, before.pose.place, before.pose.edges)
            turn = STILL_TURN if self._still else self._turned(frame, before.look, box, now=look)
            if turn is not None:
                start = upright(turn.rotation @ start)
        seen = sight(look, size, (frame.time, frame.index), start=start)
        if turn is not None:
            seen = replace(seen, turn=turn)
        seen = _on_corners(seen, look, size)
        rotation = seen.rotation
        if turn is not None and start is not None and seen.trust < _DOUBTED:
            rotation = start  # followed points know better than a look that is in doubt
        edges = cuboid.edges(cuboid.shares(look.inertia, cuboid.to_frame(look.crop, size).T @ rotation))
        self._edges = edges if self._edges is None or start is None else (1 - _SMOOTH) * self._edges + _SMOOTH * edges
        edges = 2 * self._edges / np.linalg.norm(self._edges)
        corners = cuboid.project(cuboid.corners(rotation, seen.place, edges), size)
        if before is not None and before.pose is not None:
            followed = turn is not None and turn.points > 0
            spun = turn.rotation if turn is not None and followed else rotation @ before.pose.rotation.T
            self._spin = spun if float(angle(spun)) < _FASTEST else np.eye(3)
        return seen, Pose(frame.time, frame.index, rotation, seen.place, edges, corners, seen.trust)

    def _turned(self, frame: MediumFrame, look: Look, box: Box, *, now: Look) -> Turn | None:
        """The motion since the last frame: looked for first where the box would stand if it turned on as it did.

        Where points cannot be followed in a fast turn, the best guess for a while is that it goes on as before.
        """
        assert self._gray is not None
        frames = (self._gray, frame.gray)
        spin = float(angle(self._spin))
        place = cuboid.place(now, (frame.gray.shape[1], frame.gray.shape[0]))
        turn = None
        if spin > _SLOW:
            expected = Box(self._spin @ box.rotation, place, box.edges)
            turn = turned(frames, look, box=box, expected=expected)
        turn = turn or turned(frames, look, box=box)
        turn = turn or turned(frames, look, box=box, fine=True)
        self._guessed = 0 if turn is not None else self._guessed + 1
        if turn is None and spin > _SLOW and self._guessed <= _MOST_GUESSED:
            return Turn(self._spin, place, points=0, share=0.0, residual=0.0, sigma=float(np.pi))
        return turn

    def _gone(self, frame: MediumFrame) -> Step:
        """Not in view: since it was last seen, and how it went."""
        place = self._last.glimpse.place if self._last is not None else None
        if self._watching and place is not None:
            height, width = frame.gray.shape
            x, y = place[0] + 2 * float(self._drift[0]), place[1] + 2 * float(self._drift[1])
            near = min(x / width, y / height, 1 - x / width, 1 - y / height) < _EDGE
            touches = min(x, y, width - x, height - y) < place[2] / FRAMED
            moved = float(np.hypot(*self._drift)) > 0.02 * max(width, height)
            self._lost = "left_frame" if near or (touches and moved) else "hidden"
        lost: Lost = self._lost or "left_frame"
        return Step(Glimpse(time=frame.time, found=False, lost=lost, trust=0.9, place=place))


def _on_corners(seen: Sight, look: Look, size: cuboid.Size) -> Sight:
    """The measurement moved onto the corners that the network saw, where they bear it out."""
    fit = fitted(look, seen.rotation, seen.place, edges=cuboid.edges(seen.share), size=size)
    if fit is None or fit.miss > _WELL_FITTED or fit.matched < _MOST_CORNERS * fit.visible:
        return seen
    crop = cuboid.to_frame(look.crop, size).T
    before, after = agreement(look.tensor, np.stack([crop @ seen.rotation, crop @ fit.rotation]))
    if float(angle(fit.rotation @ seen.rotation.T)) > _FARTHEST or after < _STILL_AGREES * before:
        return seen
    trust = max(seen.trust, min(float(np.exp(-10 * fit.sigma**2)), seen.trust + _BY_CORNERS))
    share = (fit.edges / np.linalg.norm(fit.edges)) ** 2
    return replace(seen, rotation=fit.rotation, place=fit.place, share=share, trust=trust)


def _there(look: Look) -> bool:
    return present(look) >= _THERE and float((look.maps[_PARCEL] > 0.5).mean()) >= _FEWEST_CELLS
