"""A take before it is filmed: its set, its parcel and goods, its script; drawn from a seed."""

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator

from parcelnet import film, rooms
from parcelnet.bags import Soft, mailer, random_soft, roll
from parcelnet.boxes import Opening
from parcelnet.cartons import FACES, Carton
from parcelnet.goods import random_item
from parcelnet.handling import Handling
from parcelnet.mesh import Floats, Mesh, Real
from parcelnet.motion import Pose, Tremor, turned
from parcelnet.plots import Plot, Props, longest_views, play
from parcelnet.pool import Pool
from parcelnet.stage_set import CONDITIONS, Set, built, dressed, look, relabelled, shape
from parcelnet.textures import Bytes
from sixfaces.domain.parcel_facts import Face

TEST_SEEDS = 1_000_000
"""Seeds from here on are for tests only."""
_TRIES = 60
_GRAIN = 512
"""Side of the sheet of noise that is laid over each frame at a place by chance: drawing a new one takes longer."""


@dataclass(slots=True)
class Take:
    """All of one take: the set, the handling, the looks; `render` makes a frame of it."""

    seed: int
    condition: str
    plot: Plot
    set: Set
    pool: Pool
    hand: Handling
    looks: list[tuple[int, Carton, Opening]]
    soft: Soft | None
    item: list[Mesh]
    beside: Pose | None
    shake: Tremor | None
    unrest: Tremor
    occluder: list[Mesh]
    spoil: "Spoil"

    @property
    def duration(self) -> float:
        """Seconds of footage."""
        return self.hand.t - sum(b - a for a, b in self.hand.log.cuts)

    def handled(self, media: float) -> float:
        """When in the handling a moment of the footage was."""
        t = media
        for start, end in self.hand.log.cuts:
            if t >= start:
                t += end - start
        return t

    def filmed(self, t: float) -> float:
        """When in the footage a moment of the handling is, or would have been."""
        return t - sum(min(max(t - a, 0.0), b - a) for a, b in self.hand.log.cuts)

    def camera_at(self, t: float) -> tuple[Real, Real]:
        """(3, 3), (3,): world axes to the camera's, with the unrest of a hand that holds it."""
        if self.shake is None:
            return self.set.view.world, np.zeros(3)
        turn, shift = self.shake.at(t)
        return turn @ self.set.view.world, shift

    def parcel_at(self, t: float) -> Pose:
        """World axes. Hands tremble once it is off the table."""
        pose = self.hand.parcel.at(t)
        lifted = min(max((pose.at[2] - self.hand.home.at[2] - 0.02) / 0.06, 0.0), 1.0)
        turn, shift = self.unrest.at(t)
        calm = between_turns(turn, lifted)
        return Pose(calm @ pose.rotation, pose.at + shift * lifted)

    def which(self, t: float) -> int:
        """Number of the parcel handled at that time."""
        return sum(t >= s for s in self.hand.log.swaps)


def between_turns(turn: Real, share: float) -> Real:
    """That share of a (3, 3) turn."""
    vector = np.asarray(cv2.Rodrigues(turn)[0], np.float64).ravel()
    return turned(vector * share)


@dataclass(frozen=True, slots=True)
class Spoil:
    """One camera through a take: exposure and colour by one seed, blur and noise in pixel values, JPEG quality."""

    seed: int
    blur: float
    noise: float
    quality: int

    def developed(self, light: Floats, number: int) -> Bytes:
        """Linear light -> BGR as recorded."""
        shown = film.develop(np.random.default_rng(self.seed), light)
        if self.blur > 0.2:
            shown = np.asarray(cv2.GaussianBlur(shown, (0, 0), self.blur), np.uint8)
        rows, columns = np.random.default_rng((self.seed, number)).integers(0, _GRAIN, 2)
        grain = np.roll(_grain(self.seed), (rows, columns), (0, 1)) * np.float32(self.noise)
        height, width = shown.shape[:2]
        tiles = (-(-height // _GRAIN), -(-width // _GRAIN), 1)
        noisy = np.clip(shown + np.tile(grain, tiles)[:height, :width], 0, 255).astype(np.uint8)
        _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


@lru_cache(maxsize=4)
def _grain(seed: int) -> Floats:
    return np.random.default_rng(seed).standard_normal((_GRAIN, _GRAIN, 3), dtype=np.float32)


# --- making one


def drawn(seed: int, *, condition: str = "plain", defect: str = "honest") -> Take:
    """The take of that seed. Scripts whose geometry does not do what the defect says are drawn anew."""
    if condition not in CONDITIONS:
        raise ValueError(f"unknown condition {condition!r}")
    plot = Plot(defect)
    pool = Pool(np.random.default_rng(seed), cartons=8, surfaces=12, prints=8)
    for attempt in range(_TRIES):
        rng = np.random.default_rng((seed, attempt))
        made = _made(rng, pool, plot, condition=condition, seed=seed)
        if made is not None:
            return made
    raise ValueError(f"no script of {defect!r} came out right for seed {seed}")


def _made(rng: Generator, pool: Pool, plot: Plot, *, condition: str, seed: int) -> Take | None:
    soft = _soft(rng, pool, plot)
    edges = np.asarray(soft.size, np.float64) if soft else shape(rng)
    if plot.how == "covered":  # two hands can hide half of it
        edges *= min(1.0, 0.2 / float(edges.max()))
    item, size = _goods(rng, pool, edges)
    scenery = built(rng, pool, look(rng, condition, plot.pitch), edges=size if plot.defect == "no_parcel" else edges)
    looks = _looks(rng, pool, scenery, plot=plot, condition=condition)
    hand = Handling(rng, scenery.bench, scenery.person, edges=scenery.edges, yaw=scenery.yaw)
    side = float(rng.choice([-1.0, 1.0]))
    far = float(np.linalg.norm(scenery.edges)) + 0.05
    beside = hand.home.at + np.array([side * far, 0.05, 0])
    props = Props(size, looks[0][1].lid, Face(FACES[looks[0][1].label_face]), beside, _gone(scenery, hand, side))
    play(plot, hand, props)
    if soft is None and plot.defect != "no_parcel" and not _as_meant(plot, hand):
        return None
    shake = Tremor(rng, shift_m=0.012, turn_rad=0.011) if condition == "phone" else None
    return Take(
        seed, condition, plot, scenery, pool, hand, looks, soft, item,
        Pose(hand.home.rotation, beside) if plot.defect == "two_boxes" else None,
        shake, Tremor(rng, shift_m=0.0015, turn_rad=0.008, slow=1.0, quick=6.0),
        _occluder(rng, pool, scenery) if plot.defect == "hidden" else [],
        Spoil(int(rng.integers(2**31)), float(rng.uniform(0, 0.7)),
              float(rng.uniform(0.5, 5)), int(rng.integers(45, 92))),
    )  # fmt: skip


def _soft(rng: Generator, pool: Pool, plot: Plot) -> Soft | None:
    if plot.defect == "bag":
        made = random_soft(rng, label=pool.label(rng), textures=(pool.print(rng),))
        return made if made.kind == "bag" else mailer(rng, label=pool.label(rng))
    return roll(rng, label=pool.label(rng)) if plot.defect == "tube" else None


def _goods(rng: Generator, pool: Pool, edges: Real) -> tuple[list[Mesh], Real]:
    """An item and its size (3,)."""
    made = random_item(rng, edges * [0.8, 0.8, 0.75], textures=(pool.print(rng),))
    points = np.concatenate([m.xyz for m in made])
    return made, np.asarray(np.ptp(points, axis=0) + 1e-3, np.float64)


def _looks(
    rng: Generator, pool: Pool, scenery: Set, *, plot: Plot, condition: str
) -> list[tuple[int, Carton, Opening]]:
    """The parcels in the order they are handled: first texture, carton, dents."""
    first = dressed(rng, condition, scenery.edges)
    cartons = [first]
    if plot.defect == "substituted":
        cartons.append(relabelled(rng, first))
    elif plot.defect in ("substituted_similar", "two_boxes"):
        cartons.append(replace(dressed(rng, condition, scenery.edges), lid=first.lid))
    found = []
    for number, carton in enumerate(cartons):
        dent = float(rng.uniform(0.003, 0.012)) if rng.random() < 0.4 else 0.0
        bulge = float(rng.uniform(0.0, 0.008)) if rng.random() < 0.4 else 0.0
        found.append((pool.put(number, carton), carton, Opening(dent=dent, bulge=bulge)))
    return found


def _gone(scenery: Set, hand: Handling, side: float) -> Real:
    """(3,) a place beside the picture where nothing of the parcel is seen."""
    view = scenery.view
    at = view.world @ hand.home.at
    reach = float(np.linalg.norm(scenery.edges))
    at[0] = side * (view.size[0] / 2 / view.focal * (at[2] + reach) + reach * 0.75)
    return np.asarray(view.world.T @ at + [0, 0, scenery.edges[2] * 0.6])


def _occluder(rng: Generator, pool: Pool, scenery: Set) -> list[Mesh]:
    """A bigger box, about the origin, to be pushed before the parcel."""
    made = rooms.other_box(rng, pool, np.zeros(3), size=1.0)
    points = np.concatenate([m.xyz for m in made])
    want = float(np.linalg.norm(scenery.edges)) * np.array([1.15, 0.5, 1.15])
    scale = np.diag(want / np.ptp(points, axis=0))
    return [m.placed(scale, -scale @ (points.max(0) + points.min(0)) / 2) for m in made]


def _as_meant(plot: Plot, hand: Handling) -> bool:
    """Whether the script shows and hides what its defect says, hands aside."""
    until = hand.log.first_open if hand.log.first_open else hand.t
    sure = longest_views(hand, until, cos=0.6)
    loose = longest_views(hand, hand.t, cos=0.43)
    for face in Face:
        if face is plot.face:
            if loose[face] > 0.17:
                return False
        elif sure[face] < 0.55 and plot.defect not in ("starts_open", "two_boxes"):
            return False
    return True


def kind_of(made: Take) -> str:
    """none, box, bag or tube."""
    if made.plot.defect == "no_parcel":
        return "none"
    return made.soft.kind if made.soft else "box"
