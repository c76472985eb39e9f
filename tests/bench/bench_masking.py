"""What masked twins cover, what they leave, and what they cost. `python -m tests.bench.bench_masking`.

Labels are drawn (tests/rig/printed_labels.py), laid on cardboard, turned, blurred, made noisy and compressed as the
observers' pictures are. OCR reads each picture and its twins enlarged and, where the label is turned, upright as well:
who wants to read it would turn it.
"""

import re
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fixtures.build import MEDIA
from sixfaces.domain.exhibit import Role
from sixfaces.intake.accept import accept
from sixfaces.media.frames import Bgr
from sixfaces.observe.cover.covered import COLOUR, covered
from sixfaces.observe.cover.kept import ReadLines, codes_kept, line_reader
from sixfaces.observe.observatory import JailedObservatory
from tests.rig.printed_labels import Shown, drawn, shown

EACH = 16
COVERED = 0.97
"""Share of a line's box under the colour from which the line counts as covered."""

TOLD = 6
"""Digits of a phone number in a row, or characters of a name, from which it counts as read."""


class Kind(NamedTuple):
    """A kind of picture: grey of the ink (None: black), long sides, shares of the picture, and angles in degrees."""

    name: str
    ink: int | None
    sides: tuple[int, ...]
    shares: tuple[float, float]
    turned: tuple[float, float]


KINDS = (
    Kind("close, upright", None, (480, 640), (0.85, 1.0), (-3, 3)),
    Kind("close, any angle", None, (480, 640), (0.7, 1.0), (-180, 180)),
    Kind("whole parcel in view", None, (384, 480), (0.35, 0.6), (-180, 180)),
    Kind("grey print", 120, (480, 640), (0.7, 1.0), (-180, 180)),
    Kind("faded print", 180, (480, 640), (0.7, 1.0), (-180, 180)),
)


class Tally(NamedTuple):
    """Of one kind: personal lines, those covered, share of their pixels; people read before, after, and after with OCR;
    pictures with a readable code, twins with it, twins with OCR that show the number; share of the picture covered."""

    lines: float = 0
    lines_covered: float = 0
    pixels: float = 0.0
    people: float = 0
    before: float = 0
    after: float = 0
    codes: float = 0
    codes_after: float = 0
    numbers: float = 0
    colour: float = 0.0


def read_in(view: Shown, picture: Bgr, read: ReadLines, degrees: float) -> int:
    """How many of the label's people can be read: digits of the phone in a row, or the whole name."""
    found = "\n".join(text for turned in _ways(picture, degrees) for text in (line.text for line in read(turned)))
    digits = re.sub(r"[^\d\n]", "", found)
    plain = found.replace(" ", "")
    people = zip(view.label.phones, view.label.names, strict=True)
    return sum(
        any(number[at : at + TOLD] in digits for at in range(3, len(number) - TOLD + 1))
        or name.replace(" ", "") in plain
        for number, name in ((re.sub(r"\D", "", phone), name) for phone, name in people)
    )


def _ways(picture: Bgr, degrees: float) -> Iterator[Bgr]:
    height, width = picture.shape[:2]
    yield np.asarray(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    if abs(degrees) < 15:
        return
    side = round(float(np.hypot(height, width)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 2)
    turn[:, 2] += np.array([side - width / 2, side - height / 2])
    yield np.asarray(cv2.warpAffine(picture, turn, (2 * side, 2 * side), flags=cv2.INTER_CUBIC), np.uint8)


def measured(kind: Kind, read: ReadLines) -> Tally:
    """All figures of one kind."""
    rng, total = np.random.default_rng(20), np.zeros(len(Tally._fields))
    for number in range(EACH):
        degrees = float(rng.uniform(*kind.turned))
        side, share = kind.sides[number % len(kind.sides)], float(rng.uniform(*kind.shares))
        view = shown(drawn(rng, ink=kind.ink), rng, long_side=side, share=share, degrees=degrees)
        total += np.array(_one(view, read, degrees))
    pictures = Tally(*total.tolist())
    return pictures._replace(pixels=pictures.pixels / EACH, colour=pictures.colour / EACH)


def _one(view: Shown, read: ReadLines, degrees: float) -> Tally:
    plain = covered(view.picture)
    best = covered(view.picture, numbers=[view.label.waybill], read=read)
    flat, personal = _flat(best), [line for line in view.lines if line.is_personal]
    shares = [float(flat[_inside(line.quad, flat.shape)].mean()) for line in personal]
    number = next(line for line in view.lines if line.text == view.label.waybill)
    codes, after = codes_kept(view.picture), codes_kept(best)
    return Tally(
        lines=len(shares),
        lines_covered=sum(share >= COVERED for share in shares),
        pixels=float(np.mean(shares)),
        people=len(view.label.phones),
        before=read_in(view, view.picture, read, degrees),
        after=max(read_in(view, twin, read, degrees) for twin in (plain, best)),
        codes=bool(codes),
        codes_after=bool({code.text for code in codes} & {code.text for code in after}),
        numbers=bool(codes) and float(flat[_inside(number.quad, flat.shape)].mean()) < 1 - COVERED + 0.2,
        colour=float(flat.mean()),
    )


def _flat(picture: Bgr) -> NDArray[np.bool_]:
    flat: NDArray[np.bool_] = np.all(picture == COLOUR, axis=2)
    return flat


def _inside(quad: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 1)
    return np.equal(mask, 1)


class Shelf(dict[str, bytes]):
    """Pictures by their names."""

    def put(self, name: str, data: bytes) -> None:
        """As in the interface."""
        self[name] = data


def takes() -> Iterator[str]:
    """Whole takes: how much of their pictures is covered, and what that costs."""
    yield "| take | pictures | covered, mean | faces | moments | bars in pictures / twins | seconds without, with |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name in ("genuine.mp4", "bottom_missing.mp4"):
        path = MEDIA / name
        exhibit, spent, shelf = accept(path, role=Role.UNBOXING_VIDEO), [], Shelf()
        for masks in (False, True):
            started = time.perf_counter()
            JailedObservatory(masks=masks).observe(exhibit, path, pictures=shelf, on_progress=lambda said: None)
            spent.append(time.perf_counter() - started)
        twins = {one: _decoded(data) for one, data in shelf.items() if one.startswith("masked/")}
        of = {part: [_near(twin) for one, twin in twins.items() if part in one] for part in ("", "faces", "moments")}
        bars = [sum(bool(codes_kept(_decoded(d))) for n, d in shelf.items() if n.startswith("masked/") is it)
                for it in (False, True)]  # fmt: skip
        shares = " | ".join(f"{np.mean(values):.0%}" for values in of.values())
        yield f"| {name} | {len(twins)} | {shares} | {bars[0]} / {bars[1]} | {spent[0]:.1f}, {spent[1]:.1f} |"


def _decoded(data: bytes) -> Bgr:
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def _near(twin: Bgr) -> float:
    """Share of the colour in a twin that was compressed."""
    return float((np.abs(twin.astype(np.int16) - np.array(COLOUR)).max(axis=2) <= 3).mean())


def costs(read: ReadLines) -> str:
    """Milliseconds for one picture, on one thread."""
    rng = np.random.default_rng(1)
    views = [shown(drawn(rng), rng, long_side=640, share=0.9) for _ in range(10)]
    spent = []
    for reader in (None, read):
        started = time.process_time()
        for view in views:
            covered(view.picture, numbers=[view.label.waybill], read=reader)
        spent.append(1000 * (time.process_time() - started) / len(views))
    return (
        f"CPU for one picture of 640 by 480 with a label: {spent[0]:.0f} ms, and {spent[1]:.0f} ms where its print is "
        "read. Loading the recogniser takes another second or two, once for each exhibit that shows a code."
    )


def labels(read: ReadLines) -> Iterator[str]:
    """A row for each kind."""
    heads = ("label", "personal lines covered", "of their pixels", "people read in picture", "in twin", "bars read")
    yield f"| {' | '.join(heads)} | in twin | waybill's number kept | picture covered |"
    yield f"|{' --- |' * (len(heads) + 3)}"
    for kind in KINDS:
        sys.stderr.write(f"{kind.name}\n")
        t = measured(kind, read)
        lines = f"{t.lines_covered:.0f} of {t.lines:.0f} ({t.lines_covered / t.lines:.1%}) | {t.pixels:.2%}"
        people = f"{t.before:.0f} of {t.people:.0f} | {t.after:.0f}"
        codes = f"{t.codes:.0f} of {EACH} | {t.codes_after:.0f} | {t.numbers:.0f}"
        yield f"| {kind.name} | {lines} | {people} | {codes} | {t.colour:.0%} |"


def section(read: ReadLines) -> Iterator[str]:
    """The lines of the section."""
    yield "## Masked twins\n"
    yield f"{EACH} drawn labels of each kind, two people on each. A line is covered where {COVERED:.0%} of its box is;"
    yield f"a person is read where OCR gives {TOLD} digits of the phone in a row, or the name.\n"
    yield from labels(read)
    yield f"\n{costs(read)}\n"
    yield from takes()


def main() -> None:
    """Print the section."""
    cv2.setNumThreads(1)
    read = line_reader(80, 1280)
    if read is None:
        sys.exit("install the OCR extra: what can still be read is found out with it")
    for line in section(read):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
