"""Cuts clips of a take, and reads its groups of pictures, in the jail. Start reading at `cut`.

1. A child copies the groups that hold the stretches, if the budget allows, else makes the clip anew.
2. What was copied is read again by another child, from the file as it lies on the disk. Only if each of its groups has
   the leaf that it has in the take is it called copied; else it is made anew, and says why.
"""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.clip import MOST_STRETCHES, Clip, ClipBudget, ClipKind, Written
from sixfaces.domain.errors import ClipError, MediaError, SixfacesError
from sixfaces.domain.groups import Groups
from sixfaces.domain.observation import MediaFailure
from sixfaces.domain.time import MediaSpan
from sixfaces.media import share, wire
from sixfaces.media.clip_messages import Order, Told
from sixfaces.media.clip_refusals import failed, no_container, over_budget
from sixfaces.media.jail import EndReason, Jail
from sixfaces.media.reachable import reachable
from sixfaces.media.share import MEBIBYTE, Share
from sixfaces.media.wire import Kind, WireError

CHILD = "sixfaces.media.clip_child:main"
LARGEST_CLIP = 256 * MEBIBYTE
GROUPS_SHARE = Share(cpu_s=share.VIDEO_HEADERS_CPU_S, wall_s=600.0)
CUT_SHARE = Share(cpu_s=1800, wall_s=3600.0, memory_bytes=2048 * MEBIBYTE, output_bytes=LARGEST_CLIP + 64 * MEBIBYTE)
"""Encoding a minute takes a minute or two of a processor, and five tries at most; the clip is held in memory."""

NOT_THE_SAME = "not_the_same_when_read_again"


class Source(NamedTuple):
    """A take: where its bytes lie, and our name of their format (`Exhibit.format`)."""

    path: Path
    form: str


class _Reply:
    """What a child says."""

    def __init__(self) -> None:
        self.groups: Groups | None = None
        self.written: Written | None = None
        self.pieces: list[bytes] = []
        self.failure: MediaFailure | None = None
        self.done = False

    def take(self, message: wire.Message) -> None:
        """One message. Raises WireError for what such a child does not say."""
        if message.kind is Kind.GROUPS:
            self.groups = Groups.model_validate_json(message.payload)
        elif message.kind is Kind.CLIP:
            self.written = Written.model_validate_json(message.payload)
        elif message.kind is Kind.PIECE:
            self.pieces.append(message.payload)
        elif message.kind is Kind.FAILURE:
            self.failure = MediaFailure.model_validate_json(message.payload)
        elif message.kind is Kind.DONE:
            self.done = True
        else:
            raise WireError(f"a cutting child does not say {message.kind.name}")


def groups_of(source: Source, *, jail: Jail | None = None) -> Groups:
    """The take's groups. Raises ClipError `clip.groups` where none can be told, `clip.failed`; MediaError."""
    reply = _asked(source, Order(do="groups", path="", form=source.form), jail or Jail(), share=GROUPS_SHARE)
    if reply.groups is None:
        raise failed("no groups")
    return reply.groups


def cut(source: Source, spans: Sequence[MediaSpan], *, budget: ClipBudget, to: Path, jail: Jail | None = None) -> Clip:
    """Cut these stretches of players' time out of a take, in order, into an MP4 file at `to`, never over the budget.

    A copied clip begins and ends where groups do, and so shows more than was asked for; sound is never in it. The file
    at `to` is there only once it was checked: what was there before stays if there is no clip. Raises ClipError
    `clip.nothing`, `clip.budget`, `clip.container`, `clip.codec`, `clip.failed`; MediaError.
    """
    if "mp4" not in budget.containers:
        raise no_container(", ".join(budget.containers))
    if len(spans) > MOST_STRETCHES:
        raise over_budget(f"{len(spans)} > {MOST_STRETCHES}")
    if not spans or any(later.start < earlier.end for earlier, later in pairwise(spans)):
        raise ValueError("stretches stand in order and do not overlap")
    order = Order(do="cut", path="", form=source.form, spans=tuple(spans), budget=budget)
    jail, part = jail or Jail(), to.with_name(f".{to.name}.part")
    try:
        clip = _made(source, order, jail, to=part)
        if clip.kind is ClipKind.COPIED and not is_copy(clip, jail=jail):
            clip = _made(source, order.model_copy(update={"encode": NOT_THE_SAME}), jail, to=part)
        part.replace(to)
    except OSError as error:
        raise failed(error.strerror or type(error).__name__) from error
    finally:
        part.unlink(missing_ok=True)
    return clip._replace(path=to)


def is_copy(clip: Clip, *, jail: Jail | None = None) -> bool:
    """Whether each group of the clip's file has the leaf that it has in the take. Raises ClipError `clip.failed`."""
    if clip.groups is None:
        return False
    leaves, groups = clip.groups.leaf_hashes(), clip.groups.all()
    starts = (Told(groups=len(one), start=_pair(groups[one.start].begins)) for one in clip.ranges)
    order = Order(do="groups", path="", form="mp4", stretches=tuple(starts))
    try:
        found = _asked(Source(clip.path, "mp4"), order, jail or Jail(), share=GROUPS_SHARE).groups
    except MediaError:
        return False
    return found is not None and found.leaf_hashes() == [leaves[number] for one in clip.ranges for number in one]


def _made(source: Source, order: Order, jail: Jail, *, to: Path) -> Clip:
    reply = _asked(source, order, jail, share=CUT_SHARE)
    data = b"".join(reply.pieces)
    if reply.written is None or order.budget is None or not 0 < len(data) <= order.budget.bytes:
        raise failed("no clip")
    to.write_bytes(data)
    return Clip(to, hashlib.sha256(data).hexdigest(), len(data), reply.written, reply.groups)


def _asked(source: Source, order: Order, jail: Jail, *, share: Share) -> _Reply:
    reply = _Reply()
    try:
        with (
            reachable(source.path.resolve()) as media,
            jail.start(CHILD, media=media, share=share) as cell,
        ):
            asked = order.model_copy(update={"path": cell.media_path})
            end = cell.converse(wire.packed(Kind.REQUEST, asked.model_dump_json().encode()), reply.take)
    except OSError as error:
        raise failed(error.strerror or type(error).__name__) from error
    if reply.failure is not None:
        raise _said(reply.failure)
    if end.reason is not EndReason.DONE or not reply.done:
        raise failed(end.reason)
    return reply


def _said(failure: MediaFailure) -> SixfacesError:
    family = ClipError if failure.code.startswith("clip.") else MediaError
    return family(failure.code, failure.text, failure.fix)


def _pair(number: Fraction) -> tuple[int, int]:
    return number.numerator, number.denominator
