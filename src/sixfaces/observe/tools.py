"""Which program wrote this file? A table of the marks that recorders, converters, editors and generators leave.

Marks are claims: they are easily removed or forged, and a missing one proves nothing. Each row is a pattern over
`field: value` in lower case, and the sort of program it betrays; the first row that fits decides. Sources: what the
programs write (their documentation and exports), FFmpeg's and GPAC's muxers, ExifTool's tag tables.
"""

import re
from typing import NamedTuple

from sixfaces.domain.facts import ToolKind


class Mark(NamedTuple):
    """A pattern and what it means."""

    pattern: re.Pattern[str]
    kind: ToolKind


def _marks(kind: ToolKind, *patterns: str) -> list[Mark]:
    return [Mark(re.compile(pattern), kind) for pattern in patterns]


def _words(*words: str) -> str:
    """Whole words in Latin letters; parts of words mean nothing (`avid` is in `david`)."""
    return rf"(?<![a-z])({'|'.join(words)})(?![a-z])"


MARKS: tuple[Mark, ...] = (
    *_marks(
        ToolKind.GENERATOR,
        r"^aigc:|^[^:]*[./ ]aigc:",  # GB 45438-2025: the key that generative services in China must write
        _words("sora", "runwayml", "midjourney", "dall[-·.]?e", "stable diffusion", "comfyui", "automatic1111"),
        _words("pika labs", "kling ?ai", "hailuo", "seedance", "jimeng", "dreamina", "adobe firefly", "google veo"),
        r"可灵|即梦|文心一格|通义万相|海螺",
    ),
    *_marks(
        ToolKind.EDITOR,
        r"adobe|premiere|after ?effects|photoshop|lightroom|mainconcept|imovie|final cut|filmora|wondershare",
        r"capcut|vicut|jianying|\"product\" ?: ?\"lv\"|hypic|kinemaster|viva ?video",
        _words("inshot", "vn", "vllo", "videoleap", "picsart", "vegas", "avid", "resolve", "blackmagic design"),
        _words("kdenlive", "shotcut", "openshot", "movavi", "camtasia", "powerdirector", "cyberlink"),
        _words("quicktime pro", "quicktime player", "kuaishou", "kwai", "kwaiying", "douyin", "tiktok", "snapchat"),
        _words("instagram", "b612", "faceu", "meitu", "xiuxiu", "beautycam", "vsco", "snapseed", "gimp", "pixelmator"),
        _words("affinity photo", r"paint\.net", "acdsee", "polarr", "picasa", "canva", "krita", "darktable"),
        _words("rawtherapee", "capture one", "luminar", "photoscape", "irfanview", "xnview"),
        r"剪映|醒图|快剪辑|必剪|快影|秒剪|爱剪辑|会声会影|快手|抖音|美图|美颜",
    ),
    *_marks(
        ToolKind.RECORDER,
        r"^com\.android\.|mediamuxer|^handler_name: (video|sound)handle$|^com\.(huawei|honor|xiaomi|oppo|vivo|samsung)",
        r"core media (video|audio|metadata)|^com\.apple\.quicktime\.(make|model|software|camera|live-photo)",
        r"gopro|^encoder: dji|dji[. ](avc|hevc|meta)|insta360|obs[ -]studio|chrom(e|ium)|qtmuxingapplibwebm",
        _words("samsung", "huawei", "xiaomi", "canon", "nikon d[0-9]+", "panasonic", "olympus", "sony", "fujifilm"),
        _words("hikvision", "dahua"),
    ),
    *_marks(
        ToolKind.TRANSCODER,
        r"^box: beam|whatsapp|wechat|weixin|微信|mmtools|telegram|^comment: vid:",
        r"handbrake|(?<![a-z])lav[fc][ 0-9]|ffmpeg|libx26|x26[45] |svt-|aomedia|libvpx",
        r"l-smash|gpac|mp4box|bento4|mencoder|libfaac|produced by google",
        r"youtube|isomedia|apple (video|sound) media handler",
        _words("virtualdub", "avidemux", "mkvtoolnix", "mkvmerge", "libmatroska", "format factory", "nikon transfer"),
        _words("imagemagick", "pillow", "gd-jpeg", "graphicsmagick", "libvips"),
        r"格式工厂",
    ),
)

DEVICE_FIELDS = frozenset(
    (
        "make",
        "model",
        "com.apple.quicktime.make",
        "com.apple.quicktime.model",
        "com.android.manufacturer",
        "com.android.model",
    )
)


def kind_of(field: str, value: str) -> ToolKind:
    """The sort of program that a tag `field` with the text `value` betrays; UNKNOWN if no mark fits."""
    if field.lower() in DEVICE_FIELDS:
        return ToolKind.RECORDER
    line = f"{field}: {value}".lower()
    return next((mark.kind for mark in MARKS if mark.pattern.search(line)), ToolKind.UNKNOWN)
