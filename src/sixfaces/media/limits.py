"""What one file may cost. Every loop of this package ends at one of these, whatever the headers say.

The figures are for a child process with one GiB of memory: `docs/media.md` says what each protects.
"""

MAX_VIDEO_PIXELS = 8192 * 4352
"""Pixels of one video frame: 8K phones pass, a 200 kB file that claims 16k squared does not."""

MAX_PHOTO_PIXELS = 220_000_000
"""Pixels a photo's header may claim before it is refused: 200-megapixel phones exist."""

DECODED_PHOTO_PIXELS = 24_000_000
"""Pixels a photo is decoded to at most; larger JPEGs are read at a half, a quarter or an eighth."""

MAX_WHOLE_PHOTO_PIXELS = 51_000_000
"""Pixels a photo may have in formats that can only be decoded whole (PNG, WebP, HEIC, AVIF): 50-megapixel phones."""

MAX_PROGRESSIVE_PIXELS = 100_000_000
"""Pixels of a progressive JPEG: all its coefficients are held, three bytes a pixel, at whatever scale it is read."""

MAX_PHOTO_BYTES = 200_000_000
"""Bytes of a photo file, which is read whole."""

MAX_STREAMS = 64
"""Streams of one container; phones write up to eight."""

MAX_PACKETS = 1_000_000
"""Packets read from one file: over four hours of video at 30 frames a second with sound."""

MAX_FRAMES = 216_000
"""Frames decoded from one file: two hours at 30 a second."""

MAX_FAILURES_IN_A_ROW = 300
"""Packets that yield nothing but errors before decoding stops: ten seconds at 30 frames a second."""

MAX_READ_FAILURES = 16
"""Times the demuxer may fail and be asked again."""

MAX_ERRORS_TOLD = 20
"""Errors told one by one; the rest are counted."""

MAX_TAGS = 200
MAX_TAG_LENGTH = 1000
"""Tags kept per header, and characters kept of each."""
