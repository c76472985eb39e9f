"""Opens a container so that it can read nothing but its own bytes."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream

from sixfaces.media import refusals
from sixfaces.media.limits import MAX_STREAMS, MAX_VIDEO_PIXELS

DEMUXERS = ("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg")
"""Demuxers that read one file. Playlists, concatenations, image sequences and devices are not among them."""

_VIDEO_NAMES = (
    "h264 hevc vp8 vp9 av1 mpeg4 mjpeg h263 mpeg1video mpeg2video msmpeg4v2 msmpeg4v3 vc1 prores dnxhd dvvideo "
    "ffv1 rawvideo png"
)
_AUDIO_NAMES = (
    "aac mp3 mp2 ac3 eac3 opus vorbis flac alac amrnb amrwb amr_nb amr_wb adpcm_ima_wav adpcm_ms adpcm_ima_qt "
    "pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le pcm_f32be pcm_f64le pcm_u8 pcm_s8 "
    "pcm_alaw pcm_mulaw pcm_bluray pcm_dvd dvaudio"
)
VIDEO_CODECS = frozenset(_VIDEO_NAMES.split())
AUDIO_CODECS = frozenset(_AUDIO_NAMES.split())
"""Codecs that recorders write. All others stay closed: a decoder nobody needs is only a way in."""

_DECODER_NAMES = {"av1": "libdav1d,av1", "amrnb": "amrnb,libopencore_amrnb", "amrwb": "amrwb,libopencore_amrwb"}

DECODER_OPTIONS = {"max_pixels": str(MAX_VIDEO_PIXELS)}
"""Options of every decoder: no picture buffer beyond the limit is ever set aside."""

_OPTIONS = {
    # The bytes come through a Python file object, so that no protocol at all needs to be open.
    "protocol_whitelist": "none",
    "format_whitelist": ",".join(DEMUXERS),
    "codec_whitelist": ",".join(_DECODER_NAMES.get(name, name) for name in sorted(VIDEO_CODECS | AUDIO_CODECS)),
    "max_streams": str(MAX_STREAMS),
    **DECODER_OPTIONS,
    "enable_drefs": "0",
    "use_absolute_path": "0",
}

_READ_SIZE = 1 << 18
_NOWHERE = 1 << 62


class _Bytes:
    """A file whose seeks fail by number, as FFmpeg expects, where headers point in front of its first byte."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self.read = file.read
        self.tell = file.tell

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origins = {os.SEEK_SET: 0, os.SEEK_CUR: self._file.tell(), os.SEEK_END: self._size}
        target = origins.get(whence, -_NOWHERE) + offset
        return self._file.seek(target) if 0 <= target < _NOWHERE else -errno.EINVAL


@contextmanager
def opened(path: Path, demuxer: str | None, *, options: Mapping[str, str] | None = None) -> Iterator[InputContainer]:
    """The container of `path`, its headers read. `demuxer` forces one of DEMUXERS; None lets the bytes decide.
    `options` are further ones of the demuxer; none of our own can be overruled by them.

    Raises MediaError `media.format` for a demuxer that is not among DEMUXERS, `media.undecodable` if the
    headers cannot be read.
    """
    if demuxer is not None and demuxer not in DEMUXERS:
        raise refusals.refused_format(demuxer)
    with path.open("rb") as file:
        try:
            container = av.open(
                _Bytes(file),
                mode="r",
                format=demuxer,
                options={**(options or {}), **_OPTIONS},
                metadata_errors="replace",
                buffer_size=_READ_SIZE,
            )
        except FFmpegError as exc:
            raise refusals.undecodable(f"{demuxer or 'container'}, {failure(exc)}") from exc
        with container:
            yield container


def codec_name(stream: Stream) -> str:
    """The codec's own name, whichever decoder reads it (`av1`, not `libdav1d`); `unknown` without a decoder."""
    context = stream.codec_context
    return context.codec.canonical_name if context else "unknown"


def failure(exc: FFmpegError) -> str:
    """A decoder's complaint without addresses, paths or log lines: the same words for the same bytes."""
    return exc.strerror or type(exc).__name__
