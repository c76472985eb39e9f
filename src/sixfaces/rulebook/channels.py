"""Channels that evidence is handed to: `data/channels/NAME-VERSION.toml`, refused where no pack could be made for one,
or where nobody could say where a figure is from.

1. words     everything is said in both languages
2. takes     a channel takes pictures, as JPEG, or PDF files, so that evidence can be shown at all
3. figures   each is stated by a source, or named as unconfirmed; nothing is named that is not there
4. within    what one file may have is no more than all files may
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sixfaces.domain.channel import Channel
from sixfaces.domain.model import Model, Say
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.saying import check_says
from sixfaces.rulebook.source import wrong

DATA = Path(__file__).parent / "data" / "channels"

_PARTS = ("text", "pictures", "pdf", "video")
_ITS_OWN = frozenset({"formats", "colour", "archival"})
"""Fields of the parts that are no figures."""


def figures(channel: Channel) -> dict[str, float]:
    """Every figure that the channel limits something by, by its path: `pdf.bytes`."""
    return dict(_figures(channel))


def _figures(channel: Channel) -> Iterator[tuple[str, float]]:
    for name in ("bytes", "files"):
        if (value := getattr(channel, name)) is not None:
            yield name, value
    for part in _PARTS:
        limits: Model | None = getattr(channel, part)
        for name in type(limits).model_fields if limits is not None else ():
            value = getattr(limits, name)
            if name not in _ITS_OWN and value is not None:
                yield f"{part}.{name}", value


def _checked(channel: Channel, path: Path) -> None:
    check_says(channel, path)  # 1.
    if channel.pictures is None and channel.pdf is None:  # 2.
        raise wrong(path, "pictures", given=None, zh="须接受图片或 PDF", en="must take pictures or PDF files")
    if channel.pictures is not None and "jpeg" not in channel.pictures.formats:
        raise wrong(
            path,
            "pictures.formats",
            given=channel.pictures.formats,
            zh="须含 jpeg：只生成 JPEG",
            en="must have jpeg: no others are made",
        )
    _check_sources(channel, path)
    _check_within(channel, path)


def _check_sources(channel: Channel, path: Path) -> None:
    """3."""
    known = {*_PARTS, *figures(channel)} | {f"{part}.{name}" for part in _PARTS for name in _ITS_OWN}
    unknown = sorted(set(channel.unconfirmed) - known)
    if unknown:
        raise wrong(path, "unconfirmed", given=unknown, zh="没有这个数值", en="there is no such figure")
    stated = [name for name in figures(channel) if not _is_unconfirmed(channel, name)]
    if stated and not channel.sources:
        raise wrong(
            path, "sources", given=stated, zh="须写明出处，或列为未证实", en="need a source, or are unconfirmed"
        )
    for number, source in enumerate(channel.sources):
        if not source.url.startswith("https://"):
            raise wrong(
                path, f"sources.{number}.url", given=source.url, zh="须为 https 网址", en="must be an https URL"
            )
        if source.read < date(2020, 1, 1):
            raise wrong(path, f"sources.{number}.read", given=str(source.read), zh="日期过早", en="is too early")


def _is_unconfirmed(channel: Channel, name: str) -> bool:
    return name in channel.unconfirmed or name.partition(".")[0] in channel.unconfirmed


def _check_within(channel: Channel, path: Path) -> None:
    """4."""
    of_all = channel.bytes
    for name, value in figures(channel).items():
        if name.endswith(".bytes") and of_all is not None and value > of_all:
            raise wrong(path, name, given=value, zh=f"超过总上限 {of_all}", en=f"is over {of_all} for all files")
        if name.endswith(".count") and channel.files is not None and value > channel.files:
            raise wrong(
                path, name, given=value, zh=f"超过文件数上限 {channel.files}", en=f"is over {channel.files} files"
            )


CHANNELS: Shelf[Channel] = Shelf(DATA, Channel, Say(zh="提交渠道", en="channel"), check=_checked)
"""All channels that are shipped."""


def channel_asked_for(name: str) -> Channel:
    """A shipped channel by name or name@version, or the one in a file of one's own: a path, which has a `/` or ends in
    `.toml`. Raises RulebookError."""
    is_path = "/" in name or name.endswith(".toml")
    return CHANNELS.load_file(Path(name)) if is_path else CHANNELS.load(name)
