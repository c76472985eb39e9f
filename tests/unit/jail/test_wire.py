"""The wire: messages survive any cutting; anything else is refused before it can cost memory."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.media import wire
from sixfaces.media.wire import Kind, Message, Parser, WireError


@given(
    st.lists(st.tuples(st.sampled_from(list(Kind)), st.binary(max_size=200)), max_size=8),
    st.integers(min_value=1, max_value=50),
)
def test_messages_come_out_whole_however_the_stream_is_cut(messages: list[tuple[Kind, bytes]], step: int) -> None:
    stream = b"".join(wire.packed(kind, payload) for kind, payload in messages)
    parser = Parser()
    out = [m for i in range(0, len(stream), step) for m in parser.feed(stream[i : i + step])]
    assert out == [Message(kind, payload) for kind, payload in messages]
    assert not parser.unfinished


@given(st.binary(max_size=400))
def test_garbage_is_refused_or_waited_for_but_never_crashes(data: bytes) -> None:
    parser = Parser()
    try:
        for message in parser.feed(data):
            assert message.kind in Kind
    except WireError:
        return
    assert len(data) < 5 or parser.unfinished or data[:1] != b""


def test_a_head_that_announces_four_gigabytes_is_refused_at_once() -> None:
    with pytest.raises(WireError, match="over"):
        list(Parser().feed(bytes([Kind.FACT]) + b"\xff\xff\xff\xff"))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(WireError, match="unknown kind"):
        list(Parser().feed(bytes([200, 0, 0, 0, 0])))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/abs/01.jpg", "moments/01.png", "moments/../01.jpg", "Moments/01.jpg", "", "m/.jpg"]
)
def test_a_picture_cannot_choose_a_path(name: str) -> None:
    with pytest.raises(WireError):
        wire.packed_blob(Kind.PICTURE, name, b"x")
    raw = bytes([len(name)]) + name.encode() + b"x"
    with pytest.raises(WireError):
        wire.blob_of(Message(Kind.PICTURE, raw))


def test_a_blob_keeps_its_name_and_bytes() -> None:
    packed = wire.packed_blob(Kind.PICTURE, "moments/01.jpg", b"\xff\xd8")
    message = next(Parser().feed(packed))
    assert wire.blob_of(message) == ("moments/01.jpg", b"\xff\xd8")


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_json_that_is_no_object_is_refused(payload: bytes) -> None:
    with pytest.raises(WireError):
        wire.json_of(Message(Kind.HELLO, payload))


def test_a_stream_that_ends_inside_a_message_is_an_error_and_between_messages_is_not() -> None:
    whole = wire.packed_json(Kind.DONE, {})
    stream = io.BytesIO(whole)
    assert wire.read(stream) == (Kind.DONE, b"{}")
    assert wire.read(stream) is None
    with pytest.raises(WireError):
        wire.read(io.BytesIO(whole[:-1]))
    with pytest.raises(WireError):
        wire.read(io.BytesIO(whole[:3]))
