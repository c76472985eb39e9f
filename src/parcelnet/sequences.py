"""Whole takes with their truth, for testing what follows a parcel through a video.

    python -m parcelnet.sequences --preview out.png --seed 1000001 --condition phone --defect missing_bottom

Training draws its samples from seeds below TEST_SEEDS; test sequences use that seed and above.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.random import Generator

from parcelnet import film, rooms
from parcelnet.bags import Soft, mailer, random_soft, roll
from parcelnet.boxes import Opening
from parcelnet.cartons import FACES, Carton
from parcelnet.goods import random_item
from parcelnet.handling import Handling
from parcelnet.mesh import Floats, Mesh, Part, Real
from parcelnet.motion import Pose, Tremor, eased, turned
from parcelnet.plots import Plot, Props, longest_views, play
from parcelnet.pool import Pool
from parcelnet.raster import Camera, Rendered, render
from parcelnet.scene import carton_meshes
from parcelnet.stage_set import CONDITIONS, Set, built, dressed, look, relabelled, shape
from parcelnet.textures import Bytes
from parcelnet.truths import Body, FrameTruth, corners_of, faces_of, outline_share, parcel_pixels, projected
from sixfaces.domain.parcel_facts import Face

TEST_SEEDS = 1_000_000
"""Seeds from here on are for tests only."""
FPS = 10
FULL_FPS = 30
_SHUTTER_S = 0.03
_BLUR_PX = 2.5
"""A point of the parcel that moves farther while the shutter is open is rendered in three phases."""
_PRESENT = 0.04
"""Share of the parcel's outline that must be seen for it to be present."""
_TRIES = 60


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
        rng = np.random.default_rng((self.seed, number))
        grain = rng.standard_normal(shown.shape, dtype=np.float32) * self.noise
        noisy = np.clip(shown + grain, 0, 255).astype(np.uint8)
        _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


# --- making one


def take(seed: int, *, condition: str = "plain", defect: str = "honest") -> Take:
    """The take of that seed. Scripts whose geometry does not do what the defect says are drawn anew."""
    if condition not in CONDITIONS:
        raise ValueError(f"unknown condition {condition!r}")
    plot = Plot(defect)
    pool = Pool(np.random.default_rng(seed), cartons=8, surfaces=12, prints=8)
    for attempt in range(_TRIES):
        rng = np.random.default_rng((seed, attempt))
        made = _made(rng, pool, plot, condition=condition, seed=seed)
        if made is not None:
            made.spoil = _exposed(made)
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


def _exposed(made: Take) -> Spoil:
    """The camera with the first exposure from its own on that is neither black nor white: people look at the screen."""
    light = _rendered(made, 0.0, 0.25)[0].light
    for number in range(40):
        spoil = replace(made.spoil, seed=made.spoil.seed + number)
        if 70 < spoil.developed(light, 0).mean() < 165:
            return spoil
    return made.spoil


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


# --- rendering


def frame(made: Take, media: float, *, scale: float = 1.0) -> tuple[Bytes, FrameTruth]:
    """The picture at that second of the footage, `scale` times 640 pixels long, and what is true of it."""
    t = made.handled(media)
    seen, camera = _rendered(made, t, scale)
    light = seen.light
    if _blurs(made, t, camera):
        phases = [_rendered(made, t + d, scale)[0].light for d in (-_SHUTTER_S / 2, _SHUTTER_S / 2)]
        light = np.asarray((light + phases[0] + phases[1]) / 3, np.float32)
    picture = made.spoil.developed(light, round(media * 1000))
    return picture, _truth(made, media, seen, camera=camera)


def frames(made: Take, *, fps: int = FPS, scale: float = 1.0) -> Iterator[tuple[Bytes, FrameTruth]]:
    """All frames in order."""
    for number in range(int(made.duration * fps)):
        yield frame(made, number / fps, scale=scale)


def _camera(made: Take, scale: float) -> Camera:
    wide, tall = (round(v * scale) for v in made.set.view.size)
    return Camera(made.set.view.focal * scale, wide / 2, tall / 2, wide, tall)


def _rendered(made: Take, t: float, scale: float) -> tuple[Rendered, Camera]:
    camera = _camera(made, scale)
    world, shift = made.camera_at(t)
    meshes = [m.placed(world, shift) for m in _moving(made, t)]
    rocked = world @ made.set.view.world.T
    still = made.set.still if made.shake is None else [m.placed(rocked, shift) for m in made.set.still]
    place = world @ made.parcel_at(t).at + shift
    focus = np.array([*place, float(np.linalg.norm(made.hand.edges)) * 1.6])
    return render([*still, *meshes], camera, made.set.light, textures=made.pool.textures, focus=focus), camera


def _moving(made: Take, t: float) -> list[Mesh]:
    """Parcel, item, hands and what hides the parcel, in world axes."""
    pose, hand = made.parcel_at(t), made.hand
    found = _parcel(made, pose, t)
    if made.plot.defect != "no_parcel" and made.soft is None:
        inside = hand.log.first_open is not None and t < hand.item_from()
        held = pose if inside else hand.item.at(t)
        below = np.array([0, 0, -float(hand.edges[2]) / 2 + made_height(made) / 2 + 0.01])
        at = pose.at + pose.rotation @ below if inside else held.at
        if hand.log.first_open is not None and t >= hand.log.first_open - 2.0:
            found += [m.placed(held.rotation, at) for m in made.item]
    for puppet in hand.puppets:
        found += puppet.meshes(t)
    if made.occluder:
        found += [m.placed(np.eye(3), _occluder_at(made, t)) for m in made.occluder]
    return found


def made_height(made: Take) -> float:
    """Of the item."""
    return float(np.ptp(np.concatenate([m.xyz[:, 2] for m in made.item])))


def _parcel(made: Take, pose: Pose, t: float) -> list[Mesh]:
    if made.plot.defect == "no_parcel":
        return [m.placed(pose.rotation, pose.at) for m in made.item]
    if made.soft is not None:
        return made.soft.placed(pose.rotation, pose.at)
    log, which = made.hand.log, made.which(t)
    front, back, left, right = (float(a) for a in made.hand.flaps.at(t))
    cut = made.plot.defect == "seal_cut" or (log.cut is not None and t > sum(log.cut) / 2)
    first, carton, dents = made.looks[which]
    opening = replace(dents, flaps=(front, back, left, right), cut=cut or max(front, back, left, right) > 1)
    found = _dressed(carton, opening, pose, first=first)
    if made.plot.defect == "two_boxes":
        found += _other(made, which, t)
    return found


def _dressed(carton: Carton, opening: Opening, pose: Pose, *, first: int) -> list[Mesh]:
    rng = np.random.default_rng(first)
    return carton_meshes(carton, opening, pose.rotation, pose.at, first_texture=first, rng=rng)


def _other(made: Take, which: int, t: float) -> list[Mesh]:
    """The box of two that nobody handles now."""
    number = 1 - min(which, 1)
    swap = made.hand.log.swaps[0]
    pose = made.hand.parcel.at(swap - 0.01) if which else made.beside
    if pose is None:
        return []
    first, carton, dents = made.looks[number]
    return [replace(m, part=Part.OTHER_BOX) for m in _dressed(carton, dents, pose, first=first)]


def _occluder_at(made: Take, t: float) -> Real:
    """(3,) in from the side, there, and out again."""
    view = made.set.view
    middle = made.hand.parcel.at(t).at * 0.6
    aside = view.world.T @ np.array([view.size[0] / view.focal * 0.8 * float(np.linalg.norm(middle)) + 0.5, 0, 0])
    out = 1.0
    for start, end in made.hand.log.hidden:
        if start - 0.6 <= t <= end + 0.6:
            out = 1 - min(eased((t - start + 0.6) / 0.6), eased((end + 0.6 - t) / 0.6))
    return np.asarray(middle + aside * out)


def _blurs(made: Take, t: float, camera: Camera) -> bool:
    first, last = (_body(made, t + d) for d in (-_SHUTTER_S / 2, _SHUTTER_S / 2))
    moved = projected(corners_of(first), camera) - projected(corners_of(last), camera)
    return bool(np.linalg.norm(moved, axis=1).max() > _BLUR_PX * camera.width / made.set.view.size[0])


def _body(made: Take, t: float) -> Body:
    world, shift = made.camera_at(t)
    pose = made.parcel_at(t)
    opened = float(made.hand.flaps.at(t).max()) >= 3.0
    return Body(world @ pose.rotation, world @ pose.at + shift, made.hand.edges, opened)


def _truth(made: Take, media: float, seen: Rendered, *, camera: Camera) -> FrameTruth:
    t = made.handled(media)
    body = _body(made, t)
    inside, whole = outline_share(body, camera)
    count = int(parcel_pixels(seen).sum())
    present = made.plot.defect != "no_parcel" and count > max(_PRESENT * whole, 30)
    stage = next(name for start, name in reversed(made.hand.log.stages) if start <= t)
    box = made.soft is None and made.plot.defect != "no_parcel"
    return FrameTruth(
        media,
        stage if present else "absent",
        "AB"[made.which(t)],
        body.rotation if box else None,
        body.place if box else None,
        projected(corners_of(body), camera) if box else None,
        faces_of(body, seen, camera) if box else {},
        count if box or made.soft else 0,
        inside,
        present,
        int((seen.part == Part.ITEM).sum()),
        made.hand.edges,
    )


# --- writing it down


def story(made: Take, truths: list[FrameTruth], *, fps: int = FPS) -> dict[str, object]:
    """The take's truth, in the form of a file."""
    log, view = made.hand.log, made.set.view
    return {
        "scenario": made.plot.defect, "condition": made.condition, "seed": made.seed, "synthetic": True, "fps": fps,
        "width": view.size[0], "height": view.size[1], "n_frames": len(truths), "duration": made.duration,
        "intrinsics": {"fx": view.focal, "fy": view.focal, "cx": view.size[0] / 2, "cy": view.size[1] / 2},
        "kind": kind_of(made), "parcels": {"A": {"dims_m": [round(float(v), 4) for v in made.hand.edges]}},
        "cut_times": [made.filmed(a) for a, _ in log.cuts], "swap_times": [made.filmed(s) for s in log.swaps],
        "absences": absences(truths), "tape_cut_interval": [made.filmed(v) for v in log.cut] if log.cut else None,
        "first_open_time": made.filmed(log.first_open) if log.first_open is not None else None,
        "first_item_time": made.filmed(log.first_item) if log.first_item is not None else None,
        "events": [{"type": "label_close", "t": [made.filmed(v) for v in span]} for span in log.label_close],
        "label": {"face": FACES[made.looks[0][1].label_face]},
        "corner_order": [list(c) for c in _corner_order()],
        "frames": [truth.filed(k) for k, truth in enumerate(truths)],
    }  # fmt: skip


def _corner_order() -> tuple[tuple[int, int, int], ...]:
    return tuple((x, y, z) for z in (-1, 1) for y in (-1, 1) for x in (-1, 1))


def kind_of(made: Take) -> str:
    """none, box, bag or tube."""
    if made.plot.defect == "no_parcel":
        return "none"
    return made.soft.kind if made.soft else "box"


def absences(truths: list[FrameTruth]) -> list[dict[str, object]]:
    """Stretches without the parcel in view, each with its reason."""
    found: list[dict[str, object]] = []
    open_from: int | None = None
    for k, truth in enumerate([*truths, None]):
        away = truth is not None and not truth.present
        if away and open_from is None:
            open_from = k
        if not away and open_from is not None:
            left = min(t.in_frame for t in truths[open_from:k]) < _PRESENT * 2
            found.append({"from_s": truths[open_from].time, "to_s": truths[k - 1].time,
                          "reason": "left_frame" if left else "hidden"})  # fmt: skip
            open_from = None
    return found


def write_video(made: Take, path: Path, *, long_side: int = 1280, fps: int = FULL_FPS) -> list[FrameTruth]:
    """The take as an H.264 file; truths are in pixels of its frames."""
    scale = long_side / max(made.set.view.size)
    truths = []
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=fps, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height = (round(v * scale) // 2 * 2 for v in made.set.view.size)
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, fps)
        for number, (picture, truth) in enumerate(frames(made, fps=fps, scale=scale)):
            shown = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(picture[: stream.height, : stream.width]), format="bgr24"
            )
            shown.pts = number
            file.mux(stream.encode(shown))
            truths.append(truth)
        file.mux(stream.encode(None))
    return truths


def contact_sheet(made: Take, *, columns: int = 8, rows: int = 6) -> Bytes:
    """Frames spread over the take with the stage and the faces in view."""
    tiles = []
    for k in range(columns * rows):
        picture, truth = frame(made, made.duration * (k + 0.5) / (columns * rows))
        if truth.corners is not None:
            for x, y in truth.corners:
                cv2.circle(picture, (int(x), int(y)), 3, (0, 0, 255), -1)
        seen = [f"{f.value[:2]}{v.cos:.2f}*{v.unoccluded:.2f}" for f, v in truth.faces.items() if v.cos > 0.3]
        text = f"{truth.time:.1f} {truth.stage} " + " ".join(seen)
        cv2.putText(picture, text, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 255, 255), 1, cv2.LINE_AA)
        tiles.append(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    lines = [np.hstack(tiles[k : k + columns]) for k in range(0, len(tiles), columns)]
    return np.asarray(np.vstack(lines), np.uint8)


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render a take with its truth.")
    parser.add_argument("--seed", type=int, default=TEST_SEEDS)
    parser.add_argument("--condition", default="plain", choices=CONDITIONS)
    parser.add_argument("--defect", default="honest")
    parser.add_argument("--preview", type=Path, help="write a contact sheet (PNG)")
    parser.add_argument("--video", type=Path, help="write the video (MP4) and its truth (JSON beside it)")
    return parser.parse_args()


def main() -> None:
    """The command line."""
    wanted = _parsed()
    made = take(wanted.seed, condition=wanted.condition, defect=wanted.defect)
    if wanted.preview:
        cv2.imwrite(str(wanted.preview), contact_sheet(made))
    if wanted.video:
        truths = write_video(made, wanted.video)
        wanted.video.with_suffix(".truth.json").write_text(json.dumps(story(made, truths, fps=FULL_FPS)))


if __name__ == "__main__":
    main()
