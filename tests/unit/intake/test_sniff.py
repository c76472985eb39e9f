"""The form of a file is told by its own bytes, and forms that point elsewhere are never handed to a decoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.build import MEDIA
from sixfaces.domain.exhibit import Medium
from sixfaces.intake.sniff import HEAD_BYTES, sniff
from sixfaces.media import formats


def ftyp(*brands: bytes) -> bytes:
    body = brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(body) + 8).to_bytes(4) + b"ftyp" + body + b"\0\0\0\x08free"


def transport(length: int, packets: int = 5) -> bytes:
    prefix = bytes(length - 188)
    return (prefix + b"\x47" + bytes(187)) * packets


KNOWN = {
    "mp4": ftyp(b"isom", b"isom", b"avc1"),
    "mov": ftyp(b"qt  ", b"qt  "),
    "3gp": ftyp(b"3gp5", b"isom"),
    "heic": ftyp(b"heic", b"mif1", b"heic"),
    "avif": ftyp(b"avif", b"mif1", b"miaf"),
    "matroska": b"\x1aE\xdf\xa3\x93\x42\x82\x88matroska",
    "webm": b"\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "avi": b"RIFF\x00\x00\x00\x00AVI LIST",
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8L",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "pdf": b"%PDF-1.7\n",
    "mpegts": transport(188),
    "mpeg": b"\x00\x00\x01\xba\x44",
}
REFUSED = {
    "empty": b"",
    "m3u8": b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n",
    "ffconcat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "mpd": b'<?xml version="1.0"?>\n<!-- x --><MPD xmlns="urn:mpeg:dash:schema:mpd:2011">',
    "svg": b'\xef\xbb\xbf  <svg xmlns="http://www.w3.org/2000/svg">',
    "html": b"<!DOCTYPE html><html>",
    "xml": b"<?xml version='1.0'?><a/>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0",
    "zip": b"PK\x03\x04\x14\x00",
    "gzip": b"\x1f\x8b\x08",
    "program": b"\x7fELF\x02\x01",
    "gif": b"GIF89a\x01\x00",
    "flv": b"FLV\x01\x05",
    "sdp": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
    "m4a": ftyp(b"M4A ", b"isom"),
    "unknown": b"just some words",
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_forms_are_named(name: str) -> None:
    found = sniff(KNOWN[name])
    assert found.name == name
    assert found.why_not is None
    assert (found.demuxer is not None) == (found.medium is Medium.VIDEO)


@pytest.mark.parametrize("name", REFUSED)
def test_forms_that_are_not_decoded_say_why_in_both_languages(name: str) -> None:
    found = sniff(REFUSED[name])
    assert found.name == name
    assert found.medium is Medium.UNKNOWN
    assert found.demuxer is None
    assert found.why_not is not None
    assert found.why_not.zh
    assert found.why_not.en


def test_a_playlist_in_utf16_is_still_a_playlist() -> None:
    assert sniff("#EXTM3U\n".encode("utf-16")).name == "m3u8"


def test_transport_streams_of_cameras_have_four_bytes_before_each_packet() -> None:
    assert sniff(transport(192)).name == "mpegts"


def test_four_sync_bytes_are_not_yet_a_transport_stream() -> None:
    assert sniff(transport(188, packets=4)).name == "unknown"


def test_quicktime_from_before_brands_is_known_by_its_boxes() -> None:
    assert sniff(b"\0\0\0\x08wide\0\0\x10\0mdat").name == "mov"


def test_a_live_photo_brand_among_movie_brands_stays_a_movie() -> None:
    assert sniff(ftyp(b"mp42", b"isom", b"mif1")).name == "mp4"


def test_the_rendered_take_is_a_movie() -> None:
    with (MEDIA / "genuine.mp4").open("rb") as file:
        assert sniff(file.read(HEAD_BYTES)).name == "mp4"


@given(st.binary(max_size=4096) | st.binary(max_size=64).map(lambda tail: ftyp(b"isom") + tail))
def test_no_bytes_make_sniffing_fail(head: bytes) -> None:
    found = sniff(head)
    assert formats.named(found.name) == found


def test_every_format_is_found_again_by_its_name() -> None:
    assert all(formats.named(name).name == name for name in formats.ALL)
    assert formats.named("no such format") == formats.UNKNOWN
