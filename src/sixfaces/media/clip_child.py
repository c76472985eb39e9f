"""The child that reads groups and cuts clips: what runs in the jail. It serves one order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import cv2

from sixfaces.domain.clip import MOST_STRETCHES, ClipKind, Written
from sixfaces.domain.errors import ClipError, MediaError
from sixfaces.domain.groups import Groups
from sixfaces.domain.observation import MediaFailure
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media import formats
from sixfaces.media.clip_copying import COPIED, can_stand_alone, copied, copied_size
from sixfaces.media.clip_encoding import encoded
from sixfaces.media.clip_messages import Order
from sixfaces.media.clip_refusals import nothing_there, over_budget
from sixfaces.media.group_reading import WHOLE, Stretch, read_groups
from sixfaces.media.moving_picture import Chosen, chosen
from sixfaces.media.wire import ChildEnd, Kind, WireError, packed

PIECE = 1 << 20


def main(line: ChildEnd) -> None:
    """Serve one order. Raises WireError if it is none."""
    cv2.setNumThreads(1)
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    order = Order.model_validate_json(message.payload)
    try:
        _groups(line, order) if order.do == "groups" else _cut(line, order)
    except (ClipError, MediaError) as error:
        line.send_model(Kind.FAILURE, MediaFailure(code=error.code, text=error.text, fix=error.fix))
    line.send(Kind.DONE, {})


def _groups(line: ChildEnd, order: Order) -> None:
    stretches = tuple(Stretch(one.groups, Fraction(*one.start)) for one in order.stretches) or WHOLE
    demuxer = formats.named(order.form).demuxer
    line.send_model(Kind.GROUPS, read_groups(Path(order.path), order.form, stretches, demuxer=demuxer))


def _cut(line: ChildEnd, order: Order) -> None:
    """Copy if that is possible and fits, else encode. Groups go out first, then what was written, then its bytes."""
    picture = chosen(Path(order.path), formats.named(order.form).demuxer)
    groups = _told(order, picture)
    if groups is not None:
        line.send_model(Kind.GROUPS, groups)
    written = _copied(order, picture, groups)
    data, told = written if isinstance(written, tuple) else _encoded(order, picture, groups, why=written)
    line.send_model(Kind.CLIP, told)
    for at in range(0, len(data), PIECE):
        line.send_raw(packed(Kind.PIECE, data[at : at + PIECE]))


def _told(order: Order, picture: Chosen) -> Groups | None:
    try:
        return read_groups(picture.path, order.form, demuxer=picture.demuxer)
    except ClipError:
        return None


def _ranges(order: Order, groups: Groups) -> list[range]:
    found = _within(groups, order.spans)
    if not found:
        raise nothing_there()
    return found


def _within(groups: Groups, spans: Sequence[MediaSpan]) -> list[range]:
    """The groups of these stretches. Raises ClipError `clip.budget` for more than can be proven."""
    found = groups.within((span.start.exact, span.end.exact) for span in spans)
    if len(found) > MOST_STRETCHES:
        raise over_budget(f"{len(found)} > {MOST_STRETCHES}")
    return found


def _copied(order: Order, picture: Chosen, groups: Groups | None) -> tuple[bytes, Written] | str:
    """The clip, or the code of why it cannot be copied."""
    budget = order.budget
    assert budget is not None
    if order.encode is not None or groups is None:
        return order.encode or "no_groups"
    ranges = _ranges(order, groups)
    seconds = float(sum(_length(groups, one) for one in ranges))
    sides = sorted((picture.width, picture.height)), sorted((budget.width, budget.height))
    if groups.codec not in budget.codecs:
        return "codec"
    if groups.codec not in COPIED:
        return "not_copied"
    if not can_stand_alone(groups, ranges):
        return "groups_lean_on_others"
    if seconds > budget.seconds:
        return "seconds"
    if sides[0][0] > sides[1][0] or sides[0][1] > sides[1][1]:
        return "size"
    if copied_size(groups, ranges) > budget.bytes:
        return "bytes"
    copy = copied(picture, groups, ranges)
    if copy is None:
        return "not_written"
    if len(copy.data) > budget.bytes:
        return "bytes"
    turned = (picture.height, picture.width) if picture.turned.swaps else (picture.width, picture.height)
    return copy.data, Written(
        kind=ClipKind.COPIED,
        codec=groups.codec,
        width=turned[0],
        height=turned[1],
        seconds=float(sum(copy.lengths) * groups.base),
        ranges=tuple((one.start, len(one)) for one in ranges),
        spans=tuple(_span(groups, one, length) for one, length in zip(ranges, copy.lengths, strict=True)),
    )


def _encoded(order: Order, picture: Chosen, groups: Groups | None, *, why: str) -> tuple[bytes, Written]:
    assert order.budget is not None
    data, told = encoded(picture, order.spans, order.budget, why=why)
    if groups is None:
        return data, told
    ranges = _within(groups, told.spans)
    return data, told.model_copy(update={"ranges": tuple((one.start, len(one)) for one in ranges)})


def _length(groups: Groups, numbers: range) -> Fraction:
    ends = (*groups.begins[1:], groups.end)
    return (ends[numbers.stop - 1] - groups.begins[numbers.start]) * groups.base


def _span(groups: Groups, numbers: range, length: int) -> MediaSpan:
    start = groups.begins[numbers.start] + groups.offset
    return MediaSpan(
        start=MediaTime(ticks=start, num=groups.num, den=groups.den),
        end=MediaTime(ticks=start + length, num=groups.num, den=groups.den),
    )
