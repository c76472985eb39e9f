"""Looks for cuts and same-scene jumps while small frames go by.

1. Frames that repeat the one before for less than `_REST_S` are left out, the next step counting as longer: a camera
   of 12 frames a second in a file of 30 is no series of jumps. 2. Each step is compared with its neighbours, cheaply;
what stands out is measured in full and scored. 3. What a flash or a lamp explains is dropped. 4. Spots that jump again
and again while nothing near them moves are screens. 5. Holes in the times are judged by what changed across them.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import BreakCause
from sixfaces.domain.time import MediaTime
from sixfaces.observe.continuity_break import Break
from sixfaces.observe.continuity_checks import REPLACED_SHARE, is_cut, only_light, passes, replaced_share
from sixfaces.observe.continuity_evidence import AROUND, context, evidence, stands_out
from sixfaces.observe.continuity_motion import Change, Field, Look, Motion
from sixfaces.observe.continuity_pace import Pace
from sixfaces.observe.continuity_reel import Reel
from sixfaces.observe.continuity_score import CERTAIN, SUSPECT, jump_score
from sixfaces.observe.continuity_trials import LENGTHS_S, Trials, visibly_differs

_REST_S = 0.35
_REPEAT = 0.12
_REPEAT_MOST = 1.2
_REPEAT_LEAST = 0.15
"""A repeated frame, encoded anew, differs by less than this share of ordinary steps, and by few grey levels."""

_TOP = 12
_ACTIVITY = 4
_LEAST_STEPS = 3

GAP_S = 0.5
CERTAIN_GAP_S = 1.0
_GAP_STEPS = 6.0
_GAP_CHANGE = 4.0

_SPOT_BLOCKS = 10
_SPOT_TIMES = 3
_LEAST_CERTAIN_BLOCKS = 3
_CALM = 2.5
_NEW_BLOCK = 4.0
"""Grey levels by which a block exceeds its neighbouring steps to count as part of a jump."""

_KEPT_S = 2.3
_TRIAL_EVERY_S = 0.33
_MOST_KEPT = 400
_FORGET_AT_ONCE = 30
_SPARSE = 6
CUT_SCORE = 12.0


@dataclass(slots=True)
class Jump:
    """A step that stands out and why, before spots that are screens are taken out."""

    start: MediaTime
    end: MediaTime
    score: float
    cut: bool
    replaced: float
    spot: NDArray[np.bool_]


class Watch:
    """Feeds the reel, judges each step once its neighbours on both sides are known."""

    def __init__(self, height: int, width: int) -> None:
        self._reel = Reel(Field(height, width))
        self._times: dict[int, MediaTime] = {}
        self._shown: dict[int, MediaTime] = {}
        self._activity: deque[float] = deque(maxlen=_ACTIVITY)
        self._usual: deque[float] = deque(maxlen=31)
        self._judged = self._forgotten = 0
        self._jumps: list[Jump] = []
        self._gaps: list[Break] = []
        self._trial_due_s = 0.0
        self._trial_turn = 0
        self.pace = Pace()
        self.trials = Trials()
        self.speeds: list[float] = []

    def add(self, look: Look, time: MediaTime) -> None:
        """The next frame."""
        change = self._reel.compared(look)
        repeats = change is not None and self._repeats(change)
        self.pace.add(time, 0.0 if change is None else _top(change))
        if repeats:
            self._shown[self._reel.count - 1] = time
            return
        self._reel.push(look, change)
        number = self._reel.count - 1
        self._times[number] = self._shown[number] = time
        if number:
            self._note_gap(number - 1)
            self._activity.append(_top(self._reel.change(number - 1)))
            self._usual.append(self._reel.change(number - 1).step_s)
        while self._judged + 1 + AROUND < number:
            self._judge(self._judged)
            self._judged += 1
        self._try_removal()
        self._forget()

    def field(self) -> Field:
        """Prepares frames for this watch."""
        return self._reel.field

    def close(self) -> None:
        """Judge the last steps with what neighbours they have."""
        for i in range(self._judged, self._reel.count - 1):
            self._judge(i)
        self._judged = self._reel.count

    def breaks(self) -> list[Break]:
        """Cuts, jumps and holes, in order of time, without spots that are screens."""
        small = [j for j in self._jumps if j.spot.sum() <= _SPOT_BLOCKS]
        seen = np.sum([j.spot for j in small], axis=0) if small else None
        return [*self._gaps, *self.pace.breaks(), *(_named(j) for j in self._jumps if not _is_screen(j, seen))]

    def _repeats(self, change: Change) -> bool:
        """Whether the frame shows the same as the last one, and not yet for so long that the scene is at rest."""
        limit = max(_REPEAT_LEAST, min(_REPEAT * self._usual_activity(), _REPEAT_MOST))
        return change.step_s < _REST_S and _top(change) < limit

    def _usual_activity(self) -> float:
        return max(self._activity, default=0.0)

    def _judge(self, i: int) -> None:
        if i < 1 or i + 2 >= self._reel.count:
            return
        change = self._reel.change(i)
        if self._is_gap(i) or not stands_out(change, self._reel.change(i - 1), self._reel.change(i + 1)):
            return
        if is_cut(self._reel, i):
            if not passes(self._reel, i):
                self._keep(i, CUT_SCORE, cut=True)
            return
        score = self._score(i)
        if score is None or (score <= SUSPECT and replaced_share(self._reel, i) < REPLACED_SHARE):
            return
        if not passes(self._reel, i) and not only_light(self._reel, i):
            self._keep(i, score, cut=False)

    def _score(self, i: int) -> float | None:
        around, step = context(self._reel, i, i + 1), self._reel.step(i)
        if around is None or step is None:
            return None
        return jump_score()(evidence(step, self._reel.change(i), around))

    def _keep(self, i: int, score: float, *, cut: bool) -> None:
        before, after, own = self._reel.change(i - 1), self._reel.change(i + 1), self._reel.change(i)
        spot = own.blocks - np.maximum(before.blocks, after.blocks) > _NEW_BLOCK
        replaced = replaced_share(self._reel, i)
        self._jumps.append(Jump(self._shown[i], self._times[i + 1], score, cut, replaced, spot))

    def _is_gap(self, i: int) -> bool:
        usual = median(self._usual) if len(self._usual) > _LEAST_STEPS else 0.0
        return self._reel.change(i).step_s > max(GAP_S, _GAP_STEPS * usual)

    def _note_gap(self, i: int) -> None:
        if not self._is_gap(i):
            return
        change = self._reel.change(i)
        usual = self._usual_activity()
        changed = _top(change) > _GAP_CHANGE + usual
        if changed or change.step_s > CERTAIN_GAP_S:
            certain = changed and change.step_s > CERTAIN_GAP_S
            self._gaps.append(Break(BreakCause.TIMESTAMP_GAP, self._shown[i], self._times[i + 1], certain,
                                    change.step_s, GAP_S, lost_s=change.step_s))  # fmt: skip

    def _try_removal(self) -> None:
        """Now and then, pretend that frames are missing (see `continuity_trials`)."""
        now = self._reel.look(self._reel.count - 1).at_s
        if now < self._trial_due_s:
            return
        self._trial_due_s = now + _TRIAL_EVERY_S
        length = LENGTHS_S[self._trial_turn % len(LENGTHS_S)]
        self._trial_turn += 1
        b = self._reel.count - 1 - AROUND
        a = self._before(b, length)
        if a is None or a < AROUND or b - a < 2:
            return
        motion = self._reel.motion(b)
        if motion is not None:
            self.speeds.append(shift_speed(motion))
        should = self._reel.field.change(self._reel.look(a + 1), self._reel.look(b))
        if visibly_differs(should.blocks):
            self.trials.count(length, found=self._finds(a, b))

    def _before(self, b: int, length_s: float) -> int | None:
        """The last frame held that lies more than `length_s` before frame `b`."""
        n = b - 1
        while self._reel.has(n):
            if self._reel.look(b).at_s - self._reel.look(n).at_s > length_s:
                return n
            n -= 1
        return None

    def _finds(self, a: int, b: int) -> bool:
        look = self._reel.spliced_look(a, b)
        change = self._reel.field.change(self._reel.look(a), look)
        around = context(self._reel, a, b)
        if around is None or not stands_out(change, self._reel.change(a - 1), self._reel.change(b)):
            return False
        return jump_score()(evidence(self._reel.spliced(a, b), change, around)) > SUSPECT

    def _forget(self) -> None:
        newest = self._reel.look(self._reel.count - 1).at_s
        first = max(self._forgotten, self._reel.count - _MOST_KEPT)
        while first < self._judged - AROUND - 1 and (
            not self._reel.has(first) or newest - self._reel.look(first).at_s > _KEPT_S + 1
        ):
            first += 1
        if first - self._forgotten < _FORGET_AT_ONCE:
            return
        self._reel.forget(first)
        for number in range(self._forgotten, first):
            self._times.pop(number, None)
            self._shown.pop(number, None)
        self._forgotten = first


def shift_speed(motion: Motion) -> float:
    """Speed of most of the picture in pixels a second: the median, because hands and parcels move, too."""
    shift = np.median(motion.flow[::_SPARSE, ::_SPARSE].reshape(-1, 2), axis=0)
    return float(np.hypot(*shift)) / motion.step_s


def _top(change: Change) -> float:
    blocks = change.blocks.ravel()
    most = min(_TOP, len(blocks))
    return float(np.partition(blocks, -most)[-most:].mean())


def _is_screen(jump: Jump, seen: NDArray[np.int64] | None) -> bool:
    """Whether a small spot jumps again and again at the same place."""
    if seen is None or jump.cut or not 0 < jump.spot.sum() <= _SPOT_BLOCKS:
        return False
    return bool(seen[jump.spot].max() >= _SPOT_TIMES)


def _named(jump: Jump) -> Break:
    """The break that the jump amounts to: certain as a cut, as a picture replaced at rest, or by its score."""
    if jump.cut:
        return Break(BreakCause.CUT, jump.start, jump.end, True, jump.score, CERTAIN)
    if jump.replaced >= REPLACED_SHARE:
        return Break(BreakCause.JUMP, jump.start, jump.end, True, jump.replaced, REPLACED_SHARE)
    certain = jump.score > CERTAIN and int(jump.spot.sum()) >= _LEAST_CERTAIN_BLOCKS
    return Break(BreakCause.JUMP, jump.start, jump.end, certain, jump.score, CERTAIN if certain else SUSPECT)
