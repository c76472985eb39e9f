"""A take filmed: pictures and what is true of them, moment by moment."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from parcelnet.boxes import Opening
from parcelnet.cartons import Carton
from parcelnet.mesh import Mesh, Part, Real
from parcelnet.motion import Pose, eased
from parcelnet.raster import Camera, Rendered, render
from parcelnet.scene import carton_meshes
from parcelnet.takes import Spoil, Take, drawn
from parcelnet.textures import Bytes
from parcelnet.truths import Body, FrameTruth, corners_of, faces_of, outline_share, parcel_pixels, projected

FPS = 10
_SHUTTER_S = 0.03
_BLUR_PX = 2.5
"""A point of the parcel that moves farther while the shutter is open is rendered in three phases."""
PRESENT = 0.04
"""Share of the parcel's outline that must be seen for it to be present."""


def take(seed: int, *, condition: str = "plain", defect: str = "honest") -> Take:
    """The take of that seed, its camera exposed for what it sees."""
    made = drawn(seed, condition=condition, defect=defect)
    made.spoil = _exposed(made)
    return made


def _exposed(made: Take) -> Spoil:
    """The camera with the first exposure from its own on that is neither black nor white: people look at the screen."""
    light = _rendered(made, 0.0, 0.25)[0].light
    for number in range(40):
        spoil = replace(made.spoil, seed=made.spoil.seed + number)
        if 70 < spoil.developed(light, 0).mean() < 165:
            return spoil
    return made.spoil


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
    present = made.plot.defect != "no_parcel" and count > max(PRESENT * whole, 30)
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
