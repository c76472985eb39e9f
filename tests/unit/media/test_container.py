from pathlib import Path

import numpy as np
import pytest

from fixtures.build import built
from fixtures.makers.video import FPS, FRAMES
from sixfaces.domain.errors import MediaError
from sixfaces.media import container
from sixfaces.media.container import probe_container
from sixfaces.media.opening import opened
from sixfaces.media.probe import MISSING


def test_the_packet_table_holds_every_packet_with_its_times() -> None:
    probe = probe_container(built("no_audio.mp4"), demuxer="mp4")
    packets = probe.streams[probe.picture].packets
    assert len(packets.pts) == len(packets.dts) == len(packets.size) == len(packets.key) == FRAMES
    shown = np.sort(packets.pts) * float(packets.base)
    assert shown == pytest.approx(np.arange(FRAMES) / FPS)
    assert bool(packets.key[0])
    assert int(packets.size.sum()) < probe.bytes
    assert MISSING not in packets.pts


@pytest.mark.parametrize(
    ("name", "degrees", "mirrored"),
    [
        ("h264.mp4", 0, False),
        ("rotated_90.mp4", 90, False),
        ("rotated_180.mp4", 180, False),
        ("rotated_270.mp4", 270, False),
        ("mirrored.mp4", 0, True),
    ],
)
def test_the_display_matrix_is_read(name: str, degrees: int, mirrored: bool) -> None:
    probe = probe_container(built(name), demuxer=None)
    stream = probe.streams[probe.picture]
    assert (stream.rotation_deg, stream.mirrored) == (degrees, mirrored)


def test_cover_art_is_never_the_picture() -> None:
    probe = probe_container(built("cover_art.mp4"), demuxer="mp4")
    assert probe.streams[probe.picture].codec == "h264"
    assert any(stream.codec == "png" for stream in probe.streams)


def test_the_encoder_betrays_itself_in_its_user_data() -> None:
    strings = probe_container(built("no_audio.mp4"), demuxer="mp4").encoder_strings
    assert any(text.startswith("x264 - core") for text in strings)
    assert any("x265 (build" in text for text in probe_container(built("hevc.mp4"), demuxer="mp4").encoder_strings)


def test_sound_is_found_and_its_absence_too() -> None:
    heard = probe_container(built("h264.mp4"), demuxer="mp4")
    assert heard.sound is not None
    assert heard.streams[heard.sound].sample_rate == 44_100
    assert probe_container(built("no_audio.mp4"), demuxer="mp4").sound is None


def test_decoders_are_named_by_their_codec() -> None:
    probe = probe_container(built("av1.mkv"), demuxer="matroska")
    assert probe.streams[probe.picture].codec == "av1"


def test_trailing_bytes_and_boxes_are_counted() -> None:
    probe = probe_container(built("trailing_bytes.mp4"), demuxer="mp4")
    assert probe.trailing_bytes == 20
    assert {"ftyp", "moov/mvhd", "moov/trak/edts/elst"} <= {box.path for box in probe.boxes}
    assert probe_container(built("mjpeg.avi"), demuxer="avi").boxes == ()


def test_reading_ends_at_the_packet_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_PACKETS", 10)
    probe = probe_container(built("no_audio.mp4"), demuxer="mp4")
    assert len(probe.streams[probe.picture].packets.pts) == 10
    assert probe.notes == ("only the first 10 packets were read",)


@pytest.mark.parametrize("demuxer", ["hls", "concat", "image2", "lavfi", "tty", "dash"])
def test_demuxers_that_can_point_elsewhere_are_refused(demuxer: str) -> None:
    with pytest.raises(MediaError, match=r"media\.format"), opened(built("h264.mp4"), demuxer):
        pass


def test_a_playlist_is_not_opened_even_if_nothing_is_forced(tmp_path: Path) -> None:
    target = built("h264.ts")
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{target}\n#EXT-X-ENDLIST\n")
    with pytest.raises(MediaError, match=r"media\.undecodable"):
        probe_container(playlist, demuxer=None)


@pytest.mark.parametrize("demuxer", ["mp4", "matroska", "avi", "mpegts", "mpeg", None])
def test_garbage_and_nothing_are_errors_with_a_code(demuxer: str | None, tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    for content in (b"", b"\x00" * 64, chance.integers(0, 256, 50_000, dtype=np.uint8).tobytes()):
        path = tmp_path / "media"
        path.write_bytes(content)
        with pytest.raises(MediaError) as caught:
            probe_container(path, demuxer=demuxer)
        assert caught.value.code in ("media.undecodable", "media.no_picture")


def test_a_file_with_sound_alone_has_no_picture(tmp_path: Path) -> None:
    from fixtures.build import ffmpeg

    path = tmp_path / "sound.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", path)
    with pytest.raises(MediaError, match=r"media\.no_picture"):
        probe_container(path, demuxer="mp4")
