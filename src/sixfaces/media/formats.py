"""The forms of files that are known by name: what reads them, and why some are not looked into.

Exhibits carry the name; whoever decodes finds the demuxer here, so that no decoder ever guesses from the bytes.
"""

from typing import NamedTuple

from sixfaces.domain.exhibit import Medium
from sixfaces.domain.model import Say


class Format(NamedTuple):
    """What a file is. `demuxer` is what a decoder is made to use, `why_not` why the form is not looked into."""

    medium: Medium
    name: str
    demuxer: str | None
    mime: str
    why_not: Say | None = None


def _video(name: str, demuxer: str, mime: str) -> Format:
    return Format(Medium.VIDEO, name, demuxer, mime)


def _photo(name: str) -> Format:
    return Format(Medium.PHOTO, name, None, f"image/{name}")


def _refused(name: str, mime: str, why_not: Say) -> Format:
    return Format(Medium.UNKNOWN, name, None, mime, why_not)


MP4 = _video("mp4", "mp4", "video/mp4")
MOV = _video("mov", "mov", "video/quicktime")
THREEGP = _video("3gp", "3gp", "video/3gpp")
M4A = Format(Medium.UNKNOWN, "m4a", None, "audio/mp4", Say(zh="这是只有声音的文件。", en="This is a sound file."))
MATROSKA = _video("matroska", "matroska", "video/x-matroska")
WEBM = _video("webm", "webm", "video/webm")
AVI = _video("avi", "avi", "video/x-msvideo")
MPEGTS = _video("mpegts", "mpegts", "video/mp2t")
MPEGPS = _video("mpeg", "mpeg", "video/mpeg")
EMPTY = _refused("empty", "application/x-empty", Say(zh="文件是空的。", en="The file is empty."))
UNKNOWN = _refused(
    "unknown",
    "application/octet-stream",
    Say(zh="认不出这是哪种视频、照片或文档。", en="Not a video, photo or document that we know."),
)
PDF = Format(Medium.DOCUMENT, "pdf", None, "application/pdf")

_POINTS_ELSEWHERE = Say(
    zh="播放列表只指向别的文件，本身不含画面。",
    en="A playlist only points at other files; it holds no pictures itself.",
)
_MAY_ACT = Say(
    zh="这种文件可以含有程序或外部引用，不作为画面读取。",
    en="This kind of file can carry programs or references; it is not read as a picture.",
)
_ARCHIVE = Say(
    zh="这是压缩包，请逐个提交其中的文件。", en="This is an archive; hand in the files inside it one by one."
)
_NOT_TAKEN = Say(zh="不接受这种格式。", en="This format is not accepted.")


GIF = _refused("gif", "image/gif", _NOT_TAKEN)
FLV = _refused("flv", "video/x-flv", _NOT_TAKEN)
ASF = _refused("asf", "video/x-ms-asf", _NOT_TAKEN)
TIFF = _refused("tiff", "image/tiff", _NOT_TAKEN)
POSTSCRIPT = _refused("postscript", "application/postscript", _MAY_ACT)
ZIP = _refused("zip", "application/zip", _ARCHIVE)
RAR = _refused("rar", "application/vnd.rar", _ARCHIVE)
SEVEN_ZIP = _refused("7z", "application/x-7z-compressed", _ARCHIVE)
GZIP = _refused("gzip", "application/gzip", _ARCHIVE)
PROGRAM = _refused("program", "application/x-executable", _MAY_ACT)
M3U8 = _refused("m3u8", "application/vnd.apple.mpegurl", _POINTS_ELSEWHERE)
FFCONCAT = _refused("ffconcat", "text/plain", _POINTS_ELSEWHERE)
PLS = _refused("pls", "audio/x-scpls", _POINTS_ELSEWHERE)
MPD = _refused("mpd", "application/dash+xml", _POINTS_ELSEWHERE)
SMIL = _refused("smil", "application/smil+xml", _POINTS_ELSEWHERE)
SVG = _refused("svg", "image/svg+xml", _MAY_ACT)
HTML = _refused("html", "text/html", _MAY_ACT)
SDP = _refused("sdp", "application/sdp", _POINTS_ELSEWHERE)
XML = _refused("xml", "application/xml", _MAY_ACT)
JPEG = _photo("jpeg")
PNG = _photo("png")
HEIC = _photo("heic")
AVIF = _photo("avif")
WEBP = _photo("webp")

ALL = {found.name: found for found in globals().copy().values() if isinstance(found, Format)}


def named(name: str) -> Format:
    """The format that an exhibit names; UNKNOWN for any other name."""
    return ALL.get(name, UNKNOWN)
