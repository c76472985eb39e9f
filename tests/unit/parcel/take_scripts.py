"""Random takes as the tracker would tell them: scripts of stages with their truth, and looks spoilt as networks err.

An opening begins with hands at work on a parcel that looks closed as before; in its last second the flaps rise. Wrong
looks come singly and in bursts, and they are the typical ones: hands on a closed parcel look like opening it, an open
parcel with something above it like an item that is out.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Stage
from sixfaces.domain.time import MediaTime
from sixfaces.observe.parcel.glimpse import Glimpse, ItemGlimpse, Lost

CLOCK = 90000
RISING_S, SETTLING_S = 1.2, 0.7
"""How long flaps rise at the end of an opening, and hands lie on the parcel before they set to work."""
SCENARIOS = (
    "honest", "honest", "honest", "starts_open", "starts_cut", "opening_cut_away", "opening_off_camera", "no_item",
    "never_opened", "absence", "hidden", "item_returned", "opening_repeated",
)  # fmt: skip

_LOOKS = {Stage.SEALED: 0, Stage.SHOWING: 0, Stage.OPENING: 0, Stage.OPEN: 2, Stage.ITEM_OUT: 3}
_MISTAKES = {0: (1, 1, 1, 2), 1: (0, 0, 2, 3), 2: (3, 3, 1, 0), 3: (2, 2, 0, 1)}


@dataclass(frozen=True)
class Noise:
    """Shares of looks that are wrong, singly and in bursts of up to `burst_s`, and how unsure a look is."""

    single: float
    burst: float
    burst_s: float = 0.8
    unsure: float = 0.3
    dropouts: float = 0.01


CLEAN, TYPICAL, HARD = Noise(0.03, 0.02), Noise(0.1, 0.06, unsure=0.4), Noise(0.18, 0.12, burst_s=1.0, unsure=0.5)


@dataclass(frozen=True)
class Part:
    """A stage for some seconds; `lost` why it is absent; `jump`: footage was removed before it."""

    stage: Stage
    seconds: float
    lost: Lost | None = None


@dataclass(frozen=True)
class Take:
    """Glimpses with their truth, frame by frame."""

    glimpses: list[Glimpse]
    truth: list[Stage]
    scenario: str = "honest"
    parts: tuple[Part, ...] = field(default=())


def time(seconds: float) -> MediaTime:
    return MediaTime(ticks=round(seconds * CLOCK), den=CLOCK)


def script(scenario: str, rng: np.random.Generator) -> tuple[Part, ...]:
    def lasts(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    sealed, showing = Part(Stage.SEALED, lasts(0.8, 5)), Part(Stage.SHOWING, lasts(5, 15))
    opening, opened = Part(Stage.OPENING, lasts(2, 10)), Part(Stage.OPEN, lasts(0.6, 5))
    out = Part(Stage.ITEM_OUT, lasts(2, 15))
    closed = (sealed, showing) if rng.random() < 0.6 else (sealed, showing, Part(Stage.SEALED, lasts(0.8, 3)))
    turned = Part(Stage.SHOWING, lasts(2, 6))
    gone = Part(Stage.ABSENT, lasts(0.5, 3), "left_frame")
    late = int(rng.integers(1, 4))
    whole = (*closed, opening, opened, out)
    return {
        "honest": whole,
        "starts_open": (Part(Stage.OPEN, lasts(1, 6)), out),
        "starts_cut": whole,
        "opening_cut_away": (*closed, opened, out),
        "opening_off_camera": (*closed, gone, opened, out),
        "no_item": (*closed, opening, Part(Stage.OPEN, lasts(1, 8))),
        "never_opened": (*closed, Part(Stage.SHOWING, lasts(1, 8)), Part(Stage.SEALED, lasts(1, 4))),
        "absence": (sealed, turned, gone, turned, opening, opened, out),
        "hidden": (*whole[:late], Part(Stage.ABSENT, lasts(0.5, 2), "hidden"), *whole[late - 1 :]),
        "item_returned": (*whole, Part(Stage.OPEN, lasts(1, 3)), Part(Stage.ITEM_OUT, lasts(1, 4))),
        "opening_repeated": (*whole[:-1], Part(Stage.OPENING, lasts(1.5, 4)), Part(Stage.OPEN, lasts(1, 3)), out),
    }[scenario]  # fmt: skip


def take(scenario: str, seed: int, noise: Noise = TYPICAL) -> Take:
    """A take of one scenario at 8 to 15 frames a second."""
    rng = np.random.default_rng(seed)
    return told(script(scenario, rng), noise, rng, scenario=scenario)


def told(
    parts: tuple[Part, ...],
    noise: Noise,
    rng: np.random.Generator,
    *,
    scenario: str = "honest",
    fps: float | None = None,
) -> Take:
    rate = fps if fps is not None else float(rng.uniform(8, 15))
    ends = np.cumsum([p.seconds for p in parts])
    times = np.arange(0.0, ends[-1], 1 / rate)
    which = np.minimum(np.searchsorted(ends, times, side="right"), len(parts) - 1)
    wrong = _bursts(times, noise, rng) | (rng.random(len(times)) < noise.single)
    glimpses = []
    burst_as: int | None = None
    for i, at in enumerate(times):
        part = parts[which[i]]
        if part.stage is Stage.ABSENT:
            glimpses.append(Glimpse(time=time(at), found=False, lost=part.lost))
            continue
        if rng.random() < noise.dropouts:
            glimpses.append(Glimpse(time=time(at), found=False, lost="hidden"))
            continue
        left = float(ends[which[i]] - at)
        risen = 1 - left / RISING_S if part.stage is Stage.OPENING else 0.0
        shown = _LOOKS[_blended(parts, ends, float(at), rng)] if risen <= 0 else _rising(risen, rng)
        if wrong[i]:
            burst_as = burst_as if burst_as is not None and wrong[i - 1] else int(rng.choice(_MISTAKES[shown]))
            shown = burst_as if burst_as != shown else shown
        else:
            burst_as = None
        following = parts[which[i] + 1].stage if which[i] + 1 < len(parts) else None
        settling = following is Stage.OPENING and left < SETTLING_S
        stage = Stage.OPENING if settling else part.stage
        seen = _seen(stage, shown, float(at), noise=noise, rng=rng, risen=risen)
        glimpses.append(replace(seen, seal=_seam(part.stage, scenario, noise=noise, rng=rng)))
    return Take(glimpses, [parts[w].stage for w in which], scenario, parts)


def _bursts(times: NDArray[np.float64], noise: Noise, rng: np.random.Generator) -> NDArray[np.bool_]:
    wrong = np.zeros(len(times), dtype=bool)
    while wrong.mean() < noise.burst:
        start = float(rng.uniform(0, times[-1]))
        wrong |= (times >= start) & (times < start + rng.uniform(0.3, 1.0) * noise.burst_s)
    return wrong


def _blended(parts: tuple[Part, ...], ends: NDArray[np.float64], at: float, rng: np.random.Generator) -> Stage:
    """Around a boundary the looks of both sides mix."""
    moved = float(np.clip(at + rng.normal(0, 0.12), 0, ends[-1] - 1e-6))
    stage = parts[min(int(np.searchsorted(ends, moved, side="right")), len(parts) - 1)].stage
    own = parts[min(int(np.searchsorted(ends, at, side="right")), len(parts) - 1)].stage
    return own if stage is Stage.ABSENT else stage


def _rising(risen: float, rng: np.random.Generator) -> int:
    """What flaps on their way look like: ever less closed."""
    return int(rng.choice(3, p=[0.6 * (1 - risen), 0.3, 0.1 + 0.6 * risen]))


def _seen(stage: Stage, shown: int, at: float, *, noise: Noise, rng: np.random.Generator, risen: float) -> Glimpse:
    unsure = float(rng.uniform(0, 2 * noise.unsure)) * 0.8
    state = (1 - unsure) * np.eye(4)[shown] + unsure * rng.dirichlet(np.ones(4))
    shows = stage is Stage.SHOWING
    held = max(0.0, float(rng.normal(0.25 if stage in (Stage.SHOWING, Stage.OPENING) else 0.02, 0.05)))
    turning = abs(float(rng.normal(45 if shows and rng.random() < 0.7 else 5, 15 if shows else 4)))
    full = max(0.0, float(rng.normal(0.22, 0.03)))
    inside = full * max(risen, 0.0) if stage is Stage.OPENING else full * float(shown >= 2 and rng.random() < 0.94)
    item = None
    if shown == 3 and rng.random() < 0.85:
        item = ItemGlimpse((100, 100, 80, 60), share=0.05, held=0.2, parts=1, angle=0.0, look=bytes(25))
    return Glimpse(
        time=time(at), found=True, kind=(0.02, 0.9, 0.05, 0.03), state=tuple(state.tolist()),
        place=(320 + float(rng.normal(0, 3)), 180.0, 150.0),
        turning=turning, moving=turning / 100, held=held, inside=inside, item=item,
    )  # fmt: skip


def _seam(stage: Stage, scenario: str, *, noise: Noise, rng: np.random.Generator) -> tuple[float, ...]:
    """Intact before the opening, cut after it or, in `starts_cut`, all the time; seen in half of the looks."""
    true = 1 if stage in (Stage.SEALED, Stage.SHOWING) and scenario != "starts_cut" else 2
    shown = 0 if rng.random() < 0.5 else true
    if rng.random() < noise.single + noise.burst:
        shown = int(rng.integers(0, 3))
    unsure = float(rng.uniform(0, 2 * noise.unsure)) * 0.8
    return tuple(((1 - unsure) * np.eye(3)[shown] + unsure * rng.dirichlet(np.ones(3))).tolist())
