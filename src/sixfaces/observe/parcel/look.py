"""What the network says of one crop: the contract between src/parcelnet, which trains it, and the tracker.

A crop is a square window of a medium frame, scaled to INPUT pixels. Its camera looks through the crop's middle: all
directions the network gives are in the axes of that camera (OpenCV: x right, y down, z forward), so that the same
picture always has the same answer wherever it stands in the frame. `crop.py` turns them into the frame's axes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

INPUT = 128
"""Side of the crop that the network sees, in pixels. Three channels, RGB, 0..1."""
PADDING = 114
"""Grey level of what a crop has beyond the frame's edge, in all three channels."""
GRID = 32
"""Side of the network's maps, in cells."""
FOCAL = 0.85
"""Focal length assumed where the camera is not known, in long sides of the frame (a field of 61 degrees): phones film
video at 0.7 to 0.9. The tracker's angles depend on it only through the parcel's place in the frame."""

MAPS = ("parcel", "hand", "item", "label", "flap", "corner")
"""The maps in their order, each GRID x GRID, 0..1. `parcel` is what is visible of it, flaps included (no hands over
it); `label` its waybill label; `flap` raised flaps and the inside seen between them; `item` what was or is taken out;
`corner` the visible corners of the closed or open body, a Gaussian each."""
KINDS = ("none", "box", "bag", "tube")
"""What the handled parcel is. `bag` is every soft parcel, transparent ones included."""
STATES = ("closed", "opening", "open", "item_out")
"""`opening`: being cut, or flaps on their way; `open`: the inside can be seen; `item_out`: an item is outside of it."""
SEALS = ("unseen", "intact", "cut")
"""The tape over the seam: not in this picture, whole, or cut."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A square window of the medium frame: its middle and side in pixels of that frame. It may reach over the edge."""

    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Look:
    """The network's answer for one crop, as it came: nothing smoothed, nothing decided.

    tensor: (15,) the sum of r x r x r x r over the box's three axes, in the monomial order of `symmetric.MONOMIALS`;
        shorter than a true one (norm `symmetric.NORM`) where the network was unsure.
    inertia: (6,) R diag(d^2) R' over the sum of d^2, d the three edges: xx, yy, zz, xy, xz, yz. It tells the long axis.
    centre: (2,) where the box's middle is, in half sides of the crop from its middle: -1..1.
    size: natural logarithm of the apparent half diagonal (focal x half diagonal / depth along the crop's axis) in half
        sides of the crop.
    kind, state, seal: probabilities over KINDS, STATES, SEALS.
    maps: (6, GRID, GRID) as MAPS says.
    """

    crop: Crop
    tensor: Real
    inertia: Real
    centre: Real
    size: float
    kind: Real
    state: Real
    seal: Real
    maps: NDArray[np.float32]
