"""The clips that benches decode: made once by ffmpeg, kept in .cache/bench."""

import os
from pathlib import Path

from fixtures.build import CACHE, ffmpeg

FOLDER = CACHE.parent / "bench"


def detailed_1080p(seconds: int) -> Path:
    """A 1080p30 H.264 clip of about 12 Mbit/s with moving detail, noise and sound, `seconds` long.

    One 20-second piece is encoded and repeated by stream copy, so that long clips cost no encoding; the seams
    are ordinary cuts. The bit rate is what phones and station cameras write.
    """
    path = FOLDER / f"detailed-1080p-{seconds}s.mp4"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    piece = FOLDER / "detailed-1080p-piece.mp4"
    if not piece.exists():
        picture = "testsrc2=size=1920x1080:rate=30,noise=alls=12:allf=t,boxblur=1"
        source = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=frequency=220:sample_rate=44100")
        codec = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", "12M", "-maxrate", "14M")
        rest = ("-bufsize", "24M", "-g", "60", "-c:a", "aac", "-b:a", "96k", "-t", "20")
        ffmpeg(*source, *codec, *rest, piece)
    fresh = path.with_suffix(f".{os.getpid()}.mp4")
    ffmpeg("-stream_loop", str(seconds // 20 - 1), "-i", piece, "-c", "copy", "-t", str(seconds), fresh)
    fresh.replace(path)
    return path
