"""Sends pictures into the jail and takes them back in the sizes that were asked for."""

from collections.abc import Sequence

from sixfaces.domain.errors import PackError
from sixfaces.domain.model import Say
from sixfaces.media import wire
from sixfaces.media.jail import EndReason, Jail
from sixfaces.media.share import Share
from sixfaces.media.wire import Kind, WireError
from sixfaces.observe.fitting.messages import Fitting, picture_name

CHILD = "sixfaces.observe.fitting.child:main"

SHARE = Share(cpu_s=120, wall_s=480.0)


def fit(pictures: Sequence[bytes], asked: Fitting, *, jail: Jail | None = None) -> list[tuple[bytes, ...]]:
    """Each picture in all sizes, in the order in which they are asked for.

    Raises PackError `pack.picture` where one of them is no picture, or the jail ends before its time.
    """
    if not pictures:
        return []
    found: dict[str, bytes] = {}
    expected = {picture_name(n, place) for n in range(len(pictures)) for place in range(len(asked.sizes))}

    def take(message: wire.Message) -> None:
        if message.kind is Kind.PICTURE:
            blob = wire.blob_of(message)
            if blob.name not in expected:
                raise WireError("a picture of nothing")
            found[blob.name] = blob.data
        elif message.kind is not Kind.DONE:
            raise WireError(f"a fitting child does not say {message.kind.name}")

    outgoing = wire.packed(Kind.REQUEST, asked.model_dump_json().encode())
    outgoing += b"".join(wire.packed_blob(Kind.CROP, f"p/{n}", data) for n, data in enumerate(pictures))
    with (jail or Jail()).start(CHILD, media=None, share=SHARE) as cell:
        end = cell.converse(outgoing, take)
    if end.reason is not EndReason.DONE or found.keys() != expected:
        raise PackError(
            "pack.picture",
            Say(
                zh=f"有图片无法按要求缩放（{end.reason}）。",
                en=f"A picture could not be brought to size ({end.reason}).",
            ),
            Say(zh="请重新核验该售后单后再试。", en="Verify the case again, and try once more."),
        )
    return [tuple(found[picture_name(n, p)] for p in range(len(asked.sizes))) for n in range(len(pictures))]
