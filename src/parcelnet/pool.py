"""A stock of cartons and surfaces with their textures: drawing one takes 40 ms, rendering a scene takes five."""

import numpy as np
from numpy.random import Generator

from parcelnet.cartons import FACES, Carton, carton
from parcelnet.raster import LEVELS, TEXTURE
from parcelnet.textures import Bytes, Region, board, printed, surface, texture, waybill

PICTURES = len(FACES) + 1


class Pool:
    """`textures` is what the rasteriser takes. Cartons are replaced one by one with `renew`."""

    def __init__(
        self, rng: Generator, *, cartons: int = 120, surfaces: int = 80, prints: int = 40,
        style: str | None = None, amount: int | None = None,
    ) -> None:  # fmt: skip
        labels = prints // 2
        total = cartons * PICTURES + surfaces + prints + labels
        self.textures: tuple[Bytes, ...] = tuple(
            np.zeros((total, TEXTURE >> k, TEXTURE >> k, 4), np.uint8) for k in range(LEVELS)
        )
        self.cartons: list[Carton] = []
        self._surfaces = (cartons * PICTURES, surfaces)
        self._prints = (cartons * PICTURES + surfaces, prints)
        for k in range(cartons):
            self.cartons.append(carton(rng, style=style, amount=amount))
            self._store(k * PICTURES, self.cartons[-1].faces)
        for k in range(surfaces):
            self._store(self._surfaces[0] + k, surface(rng)[None])
        for k in range(prints):
            picture = board(rng, (TEXTURE, TEXTURE), str(rng.choice(("white", "colour", "colour", "dark"))))
            printed(rng, picture, int(rng.integers(0, 6)))
            self._store(self._prints[0] + k, texture(picture)[None])
        self._labels = (total - labels, labels)
        for k in range(labels):
            picture = waybill(rng, 200, int(rng.integers(110, 260)))
            self._store(self._labels[0] + k, texture(picture, np.full(picture.shape[:2], Region.LABEL, np.uint8))[None])

    def _store(self, at: int, pictures: Bytes) -> None:
        level = pictures
        for k in range(LEVELS):
            self.textures[k][at : at + len(pictures)] = level
            wide = level[..., :3].astype(np.uint16)
            mean = (wide[:, ::2, ::2] + wide[:, 1::2, ::2] + wide[:, ::2, 1::2] + wide[:, 1::2, 1::2]) // 4
            level = np.concatenate([mean.astype(np.uint8), level[:, ::2, ::2, 3:]], -1)

    def put(self, number: int, made: Carton) -> int:
        """Put this carton at a place in the stock. Returns its first texture."""
        self.cartons[number] = made
        self._store(number * PICTURES, made.faces)
        return number * PICTURES

    def renew(self, rng: Generator) -> None:
        """Replace one carton and one surface by new ones."""
        self.put(int(rng.integers(len(self.cartons))), carton(rng))
        first, count = self._surfaces
        self._store(first + int(rng.integers(count)), surface(rng)[None])

    def carton(self, rng: Generator) -> tuple[int, Carton]:
        """A carton and the number of its first texture."""
        k = int(rng.integers(len(self.cartons)))
        return k * PICTURES, self.cartons[k]

    def surface(self, rng: Generator) -> int:
        """The texture of a table, wall or floor."""
        return self._surfaces[0] + int(rng.integers(self._surfaces[1]))

    def print(self, rng: Generator) -> int:
        """The texture of a product's pack."""
        return self._prints[0] + int(rng.integers(self._prints[1]))

    def label(self, rng: Generator) -> int:
        """The texture of a waybill label by itself."""
        return self._labels[0] + int(rng.integers(self._labels[1]))
