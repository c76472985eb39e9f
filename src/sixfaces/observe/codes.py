"""Observer: barcodes and matrix codes read in the footage, voted over frames. See docs/observers/codes.md.

Where no code told the waybill, it keeps a few crops for the reading of print (see `text_crops`, `text_child`).
"""

import re
from collections.abc import Iterable
from typing import ClassVar

import cv2

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import FullFrame, Photo
from sixfaces.observe.code_reading import Effort, new_localiser, read_region
from sixfaces.observe.code_search import Search
from sixfaces.observe.code_votes import Votes
from sixfaces.observe.ink import ink_map, regions
from sixfaces.observe.observer import KeepPicture, Observer, Tier
from sixfaces.observe.text_crops import TextCrops, crop_name

_PHOTO_REGIONS = 12
_PHOTO_SPLIT = 60_000
"""A photo is read once: labels are also taken apart into their rows, which the bar localiser tells apart better."""

_RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
_NUMBER_LIKE = re.compile(r"(?=(?:\D*\d){6})[A-Za-z0-9-]{8,40}")


class Codes(Observer):
    """Reads Code 128, EAN/UPC, Code 39, ITF, QR and Data Matrix; in photos also Aztec and PDF417."""

    name: ClassVar[str] = "codes"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.FULL, Tier.PHOTO})
    measures: ClassVar[tuple[str, ...]] = ("code", "challenge", "text")

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._search = Search()
        self._votes = Votes()
        self._crops = TextCrops()
        self._frames = 0
        self._still = False

    def full(self, frame: FullFrame) -> None:
        """Read one frame's codes."""
        self._frames += 1
        ink = ink_map(frame.gray)
        self._votes.add(frame.time, self._search.frame(frame.gray, ink))
        self._crops.offer(frame.time, frame.gray, ink)

    def photo(self, photo: Photo) -> None:
        """Read the photo's codes, as thoroughly as can be."""
        self._frames, self._still = 1, True
        localiser, ink = new_localiser(), ink_map(photo.gray)
        found = [
            reading
            for region in regions(photo.gray, ink, most=_PHOTO_REGIONS, split_over=_PHOTO_SPLIT)
            for reading in read_region(photo.gray, region, localiser, effort=Effort.PHOTO)
        ]
        self._votes.add(MediaTime(ticks=0, den=1), found)
        self._crops.offer(None, photo.gray, ink)

    def finish(self) -> Iterable[Measured]:
        """One fact per code and stretch of time, then what is to become of the print."""
        if self._frames == 0:
            return [_hole(self.measures, "no_frames", "no frame at full size was decoded")]
        codes = self._votes.facts(still=self._still)
        return [*codes, *self._keep_print(codes)]

    def _keep_print(self, codes: list[Measured]) -> list[Measured]:
        if any(_is_number(measured) for measured in codes):
            return [_hole(("text",), "not_needed", "a code was read, so print was not")]
        crops = self._crops.best_first()
        if not crops:
            return [_hole(("text",), "nothing_to_read", "no region looks like printed paper")]
        for place, crop in enumerate(crops):
            self.keep(crop_name(place, crop.time), cv2.imencode(".png", crop.gray)[1].tobytes())
        return []


def _is_number(measured: Measured) -> bool:
    """Whether a code may be the waybill: a number that is no article's, believed well enough to count."""
    fact = measured.fact
    if not isinstance(fact, CodeFact) or measured.confidence < 0.5 or fact.format in _RETAIL:
        return False
    return fact.carrier is not None or _NUMBER_LIKE.fullmatch(fact.text) is not None


def _hole(of: tuple[str, ...], code: str, detail: str) -> Measured:
    return Measured(fact=UnmeasuredFact(of=of, code=code, detail=detail))
