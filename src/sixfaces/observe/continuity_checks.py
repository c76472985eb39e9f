"""What else than a splice could have made a step stand out: a passing flash, a lamp; and whether it is a plain cut."""

import cv2
import numpy as np

from sixfaces.media.frames import Gray
from sixfaces.observe.continuity_motion import BLOCK, CAMERA, Look, Real, block_means, brightening, relit
from sixfaces.observe.continuity_reel import Reel

_BACK_S = 0.05
_BACK_STEPS = 1.2
"""A picture that is back after so long, or after one frame, was lit or garbled for a moment, not cut. A hand is not
that quick."""

_BACK_SHARE = 0.25
_MOST_FRAMES = 5
_TOP = 12
_LIT_SHARE = 0.3
_DARK = 8
_LOCAL = 15
"""Pixels over which light is taken as even when shapes are compared."""

_CUT_LIKENESS = 0.5
_SCENE_LIKENESS = 0.8
_CUT_CHANGE = 10.0
_CUT_SHARE = 0.4
_AT_REST = 3.0
"""Grey levels a block may change by in a step and still count as being at rest."""

REPLACED_SHARE = 0.25
"""Share of the picture that, at rest before and after, shows something else from one step on. Hands and parcels leave
at most 0.06 of it so, at 12 frames a second, in rendered and real takes; a splice of two takes at one bench 0.5."""

_FLAT = 3.0
"""Standard deviation of block tones below which a picture shows nothing to compare."""


def passes(reel: Reel, i: int) -> bool:
    """Whether the change at step `i` undoes itself at once, or undoes what came just before."""
    before, after = reel.look(i), reel.look(i + 1)
    pairs = [(before, reel.look(n)) for n in range(i + 2, i + 1 + _MOST_FRAMES) if reel.has(n)]
    pairs += [(reel.look(n), after) for n in range(i - 1, i - _MOST_FRAMES, -1) if reel.has(n)]
    own_s = after.at_s - before.at_s
    near = [(a, b) for a, b in pairs if b.at_s - a.at_s <= max(_BACK_S, _BACK_STEPS * own_s) + own_s]
    whole = _moved(reel, before, after)
    return any(_moved(reel, a, b) < _BACK_SHARE * whole for a, b in near)


def _moved(reel: Reel, a: Look, b: Look) -> float:
    """What two pictures differ by besides the camera's own motion, in the busiest blocks."""
    step = reel.field.step(a, b, before=None, own=reel.field.motion(a, b), after=None)
    return _most(step.maps[CAMERA])


def only_light(reel: Reel, i: int) -> bool:
    """Whether shapes stay as they are, and all or a part of the picture only got darker or brighter."""
    a, b = reel.look(i), reel.look(i + 1)
    plain = _most(block_means(_cropped(np.asarray(cv2.absdiff(a.gray, b.gray), np.uint8))))
    shapes = cv2.absdiff(_shapes(a.gray), _shapes(relit(b.gray, brightening(a, b))))
    return _most(block_means(_cropped(np.asarray(shapes, np.uint8)))) < _LIT_SHARE * plain


def _cropped(picture: Gray) -> Gray:
    height, width = (side // BLOCK * BLOCK for side in picture.shape)
    return picture[:height, :width]


def _most(blocks: Real) -> float:
    return float(np.sort(blocks, axis=None)[-_TOP:].mean())


def _shapes(gray: Gray) -> Gray:
    """Each pixel in relation to the mean around it, 128 where equal."""
    around = cv2.blur(gray, (_LOCAL, _LOCAL))
    ratio = (gray.astype(np.float32) + _DARK) / (around.astype(np.float32) + _DARK)
    return np.asarray(cv2.convertScaleAbs(ratio, alpha=128), np.uint8)


def likeness(a: Look, b: Look) -> float | None:
    """Correlation of the block tones, None where a picture is flat."""
    x, y = a.tones.ravel(), b.tones.ravel()
    if min(float(x.std()), float(y.std())) < _FLAT:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def is_cut(reel: Reel, i: int) -> bool:
    """Whether step `i` leads to another scene: most of the picture is new, and each side stays like itself."""
    change = reel.change(i)
    if float((change.blocks > _CUT_CHANGE).mean()) < _CUT_SHARE:
        return False
    across = likeness(reel.look(i), reel.look(i + 1))
    if across is None or across > _CUT_LIKENESS:
        return False
    sides = [likeness(reel.look(j), reel.look(j + 1)) for j in (i - 1, i + 1) if reel.has(j) and reel.has(j + 1)]
    return bool(sides) and all(side is not None and side > _SCENE_LIKENESS for side in sides)


def replaced_share(reel: Reel, i: int) -> float:
    """Share of the blocks that step `i` replaces although they are at rest in the steps before and after it."""
    before, own, after = reel.change(i - 1), reel.change(i), reel.change(i + 1)
    rest = np.maximum(before.blocks, after.blocks) < _AT_REST
    return float((rest & (own.blocks > _CUT_CHANGE)).mean())
