"""Rendered samples in shared memory: renderers write round and round, the trainer draws from all of them.

No sample lives long: each is drawn a few times, every time turned and tinted differently, then overwritten.
"""

import multiprocessing
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.synchronize import Event
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator, default_rng

from parcelnet.pool import Pool
from parcelnet.sample import POSE, Sample, sample
from sixfaces.observe.parcel.look import GRID, INPUT, MAPS

ITEM = np.dtype([
    ("image", np.uint8, (INPUT, INPUT, 3)),
    ("maps", np.uint8, (len(MAPS), GRID, GRID)),
    ("pose", np.float32, (POSE,)),
    ("known", np.bool_, (3,)),
    ("labels", np.int8, (3,)),
])  # fmt: skip

VALIDATION_SEED = 900_000
"""Training seeds count up from the run's own seed; sequences for tests begin at a million (parcelnet.sequences)."""


class Batch(NamedTuple):
    """Arrays of N samples, as Sample holds one."""

    image: np.ndarray
    maps: np.ndarray
    pose: np.ndarray
    known: np.ndarray
    labels: np.ndarray


def write(rows: np.ndarray, at: int, made: Sample) -> None:
    """Put one sample into a structured array."""
    for name, value in made._asdict().items():
        rows[name][at] = value


def drawn(rng: Generator, count: int, *, cartons: int = 120) -> np.ndarray:
    """`count` samples in a structured array, from a stock of their own."""
    pool = Pool(rng, cartons=cartons)
    rows = np.zeros(count, ITEM)
    for k in range(count):
        write(rows, k, sample(rng, pool))
        if k % 8 == 0:
            pool.renew(rng)
    return rows


class Stock:
    """A ring of samples that `workers` processes fill. Use as a context."""

    def __init__(self, *, size: int, workers: int, seed: int) -> None:
        self._memory = SharedMemory(create=True, size=size * ITEM.itemsize + 8 * workers)
        self.rows = np.ndarray(size, ITEM, self._memory.buf)
        self._made = np.ndarray(workers, np.int64, self._memory.buf, offset=size * ITEM.itemsize)
        self._made[:] = 0
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        shares = np.array_split(np.arange(size), workers)
        self._workers = [
            context.Process(
                target=_fill,
                args=(self._memory.name, size, k, (int(share[0]), int(share[-1]) + 1), seed + k, self._stop),
            )
            for k, share in enumerate(shares)
        ]

    def __enter__(self) -> "Stock":
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for worker in self._workers:
            worker.join()
        del self.rows, self._made
        self._memory.close()
        self._memory.unlink()

    @property
    def made(self) -> int:
        """How many samples have been rendered so far."""
        return int(self._made.sum())

    def batch(self, rng: Generator, count: int) -> Batch:
        """Random samples among those there are."""
        shares = np.array_split(np.arange(len(self.rows)), len(self._workers))
        filled = np.concatenate([s[: int(m)] for s, m in zip(shares, self._made, strict=True)])
        chosen = self.rows[rng.choice(filled, count)]
        return Batch(*(np.ascontiguousarray(chosen[name]) for name in ITEM.names or ()))


def _fill(name: str, size: int, number: int, share: tuple[int, int], seed: int, stop: Event) -> None:
    cv2.setNumThreads(1)
    memory = SharedMemory(name=name)
    rows = np.ndarray(size, ITEM, memory.buf)
    made = np.ndarray(number + 1, np.int64, memory.buf, offset=size * ITEM.itemsize)
    rng = default_rng(seed)
    pool = Pool(rng)
    at = share[0]
    while not stop.is_set():
        write(rows, at, sample(rng, pool))
        made[number] += 1
        at = at + 1 if at + 1 < share[1] else share[0]
        if made[number] % 10 == 0:
            pool.renew(rng)
    del rows, made
    memory.close()
