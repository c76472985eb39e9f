"""The clip of a pack: the decisive stretches of the video that shows most, in packets of the sealed take where the
budget allows.

A clip shows the footage as it was filmed, so that only packs with personal data have one. Where it cannot be had, the
pack says why.
"""

import hashlib
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.clip import Clip, ClipBudget, ClipKind
from sixfaces.domain.errors import ClipError, MediaError
from sixfaces.domain.model import Say
from sixfaces.domain.pack import LeftOut, PackFile, PackKind, Shown
from sixfaces.domain.report import ExhibitView
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.clips import Source, cut
from sixfaces.media.content_credentials import Signing
from sixfaces.pipeline.packing.crediting import credited_clip, grows
from sixfaces.pipeline.packing.material import Asked, Material
from sixfaces.report.packs.sheets import main_video
from sixfaces.report.packs.stretches import Stretch, stretches_of
from sixfaces.vault.canonical import canonical_json
from sixfaces.vault.clip_claims import claim_of

CLIP, CLAIM = "03-clip.mp4", "03-clip.claim.json"
LARGEST = 250_000_000
"""Of a clip for a channel that limits no bytes: what is cut is held in memory."""
ANY_SECONDS = 86_400.0
TRIES = (1.0, 0.6, 0.35, 0.2, 0.1)
"""Shares of the seconds that are tried, one after the other, where the clip does not fit."""

WHAT = Say(zh="录像片段", en="a clip of the footage")


class Filmed(NamedTuple):
    """A clip as a file of the pack, and the claim that leads it back to its take."""

    file: PackFile
    data: bytes
    claim: bytes


def filmed(material: Material, asked: Asked, *, room: int | None) -> Filmed | LeftOut | None:
    """The clip, of at most `room` bytes; why there is none; or None where there is no video at all."""
    view = main_video(material.report)
    if view is None:
        return None
    limits = asked.channel.video
    if limits is None:
        return _none("该渠道不接受视频", "the channel takes no video")
    if asked.masked:
        return _none("片段会露出个人信息，本包已遮盖", "it would show personal data, which this pack masks")
    with ExitStack() as held:
        path = material.original(held, view.sha256)
        if path is None:
            return _none("没有原件可供剪辑", "the original is not at hand")
        known = [one for one in (limits.bytes, room, LARGEST) if one is not None]
        return _cut(material, asked, view, source=Source(path, view.format), room=min(known) - grows(asked.signing))


def _cut(material: Material, asked: Asked, view: ExhibitView, *, source: Source, room: int) -> Filmed | LeftOut:
    """Fewer seconds, until it fits. A picture that is smaller and lower rates are tried before, by who cuts."""
    limits = asked.channel.video
    assert limits is not None
    length = (view.media.duration_s if view.media else None) or 0.0
    most = limits.seconds or ANY_SECONDS
    seconds = min(most, length)
    side = limits.longest_px or 1920
    why: Exception | None = None
    for share in TRIES:
        stretches = stretches_of(material.report, view, seconds=seconds * share)
        if not stretches or room < 1:
            break
        budget = ClipBudget(bytes=room, seconds=most, width=side, height=max(16, side * 9 // 16))
        with tempfile.TemporaryDirectory(prefix="sixfaces-clip-") as folder:
            try:
                clip = cut(source, [_span(one) for one in stretches], budget=budget, to=Path(folder) / CLIP)
                return _file(clip, view, signing=asked.signing)
            except ClipError as error:
                why = error
                if error.code != "clip.budget":
                    break
            except MediaError as error:
                why = error
                break
    if isinstance(why, ClipError | MediaError):
        return LeftOut(what=WHAT, why=why.text)
    return _none("没有可用的画面", "nothing of it is known to be worth showing")


def _file(clip: Clip, view: ExhibitView, *, signing: Signing | None) -> Filmed:
    copied = clip.kind is ClipKind.COPIED
    original = (view.sha256, view.format)
    data = credited_clip(clip.path.read_bytes(), original=original, copied=copied, signing=signing)
    digest = hashlib.sha256(data).hexdigest()
    how = ("packets copied",) if copied else ("encoded anew", clip.written.why or "")
    did = (*how, "sound left out")
    shows = tuple(
        Shown(
            original=view.sha256,
            at_ms=round(1000 * span.seconds[0]),
            picture=view.sha256,
            file=digest,
            did=tuple(one for one in did if one),
        )
        for span in clip.written.spans
    )
    file = PackFile(
        name=CLIP, kind=PackKind.CLIP, sha256=digest, bytes=len(data), shows=shows, credentials=signing is not None
    )
    return Filmed(file, data, canonical_json(claim_of(clip._replace(sha256=digest, bytes=len(data)))))


def _span(one: Stretch) -> MediaSpan:
    start, end = (MediaTime(ticks=round(1000 * at), den=1000) for at in one)
    return MediaSpan(start=start, end=end)


def _none(zh: str, en: str) -> LeftOut:
    return LeftOut(what=WHAT, why=Say(zh=zh, en=en))
