"""Even a child that was taken over ends as a record: its lies are refused, its parent stays small."""

import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import get_args

import av
import pytest

from fixtures.build import MEDIA, built
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.media import bubblewrap, wire
from sixfaces.media.jail import Confinement, Jail
from sixfaces.media.share import Share
from tests.e2e.hostile.conftest import Observe

CELLS = Path(__file__).parents[2] / "unit" / "jail" / "cells"
TAKE = MEDIA / "genuine.mp4"
SHORT = Share(cpu_s=10, wall_s=20.0)


@pytest.mark.parametrize(
    ("what", "code", "share"),
    [
        ("spins", "media.cpu", Share(cpu_s=1, wall_s=20.0)),
        ("sleeps", "media.wall", Share(cpu_s=5, wall_s=1.5)),
        ("hoards_memory", "media.memory", SHORT),
        ("floods_the_wire", "media.output", Share(cpu_s=10, wall_s=20.0, output_bytes=4 << 20)),
        ("segfaults", "media.crashed", SHORT),
        ("aborts", "media.crashed", SHORT),
        ("raises", "media.internal", SHORT),
        ("speaks_garbage", "media.protocol", SHORT),
        ("tells_unplanned_facts", "media.protocol", SHORT),
        ("tells_impossible_facts", "media.protocol", SHORT),
        ("keeps_what_is_no_picture", "media.protocol", SHORT),
        ("goes_on_after_its_last_word", "media.protocol", SHORT),
        ("leaves_without_a_word", "media.internal", SHORT),
    ],
)
def test_each_way_to_misbehave_is_a_failure_with_its_own_code(
    what: str, code: str, share: Share, observe: Observe
) -> None:
    record = observe(TAKE, jail=Jail(None, (CELLS,)), first=f"misbehaving:{what}", share=share)
    assert record.failure is not None
    assert record.failure.code == code
    assert record.failure.text.zh
    assert record.sandbox is not None


def test_facts_told_before_the_end_are_kept(observe: Observe) -> None:
    record = observe(TAKE, jail=Jail(None, (CELLS,)), first="misbehaving:crashes_after_a_fact", share=SHORT)
    assert record.failure is not None
    assert record.failure.code == "media.crashed"
    assert [o.observer for o in record.observations] == ["decode"]


def test_whoever_had_not_finished_leaves_a_hole_that_says_why(observe: Observe) -> None:
    record = observe(TAKE, jail=Jail(None, (CELLS,)), first="misbehaving:crashes_between_two_observers", share=SHORT)
    told = [(o.observer, o.fact.kind) for o in record.observations if not isinstance(o.fact, UnmeasuredFact)]
    holes = [(o.observer, o.fact.of, o.fact.code) for o in record.observations if isinstance(o.fact, UnmeasuredFact)]
    assert told == [("finished", "decode"), ("halfway", "decode")]
    assert holes == [
        ("halfway", ("halfway_kind",), "media.crashed"),
        ("waiting", ("waiting_kind",), "media.crashed"),
        ("text", ("text",), "media.crashed"),
    ]


@pytest.mark.parametrize(
    ("name", "code"), [("hostile_cut_before_index.mp4", "media.undecodable"), ("truncated.png", None)]
)
def test_a_file_that_yields_no_picture_leaves_every_kind_open_that_needed_one(
    name: str, code: str | None, observe: Observe
) -> None:
    record = observe(built(name))
    holes = {kind: o.fact.code for o in record.observations if isinstance(o.fact, UnmeasuredFact) for kind in o.fact.of}
    assert holes.get("usability") == code
    assert "provenance" not in holes, "the file's bytes were all that it takes"


def test_floods_do_not_make_the_parent_grow(observe: Observe) -> None:
    share = Share(cpu_s=20, wall_s=30.0, output_bytes=96 << 20)
    observe(TAKE, jail=Jail(None, (CELLS,)), first="misbehaving:floods_facts", share=share)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        observe(TAKE, jail=Jail(None, (CELLS,)), first="misbehaving:floods_facts", share=share)
        observe(TAKE, jail=Jail(None, (CELLS,)), first="misbehaving:floods_the_wire", share=share)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown <= 64 << 10, "in KiB"


@contextmanager
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A listener on loopback that notes what reaches it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    caller, _ = listener.accept()
                except TimeoutError:
                    continue
                with caller:
                    caller.settimeout(2)
                    heard.append(caller.recv(1000))
                    caller.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            over.set()
            thread.join()


def playlist(folder: Path, port: int) -> Path:
    path = folder / "take.m3u8"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n")
    return path


@pytest.mark.parametrize("kind", get_args(Confinement))
def test_a_playlist_reaches_nobody_from_the_jail_and_would_without_it(kind: Confinement, tmp_path: Path) -> None:
    if kind == "bubblewrap" and not bubblewrap.works():
        pytest.skip("bubblewrap does not work here")
    with canary() as (port, heard):
        path = playlist(tmp_path, port)
        messages: list[wire.Message] = []
        with path.open("rb") as file:
            jail = Jail(kind, (CELLS,))
            with jail.start("prisoners:opens_carelessly", media=(file.fileno(), path), share=SHORT) as cell:
                request = wire.packed_json(wire.Kind.REQUEST, {"media": cell.media_path})
                end = cell.converse(request, messages.append)
        assert messages, end
        assert heard == []
        with suppress(OSError, ValueError):  # it finds no video there, but it has called
            av.open(str(path), options={"protocol_whitelist": "file,http,tcp", "allowed_extensions": "ALL"})
        assert heard, "the control must reach the canary, or the test proves nothing"


def test_a_playlist_with_the_name_of_a_video_reaches_nobody(tmp_path: Path, observe: Observe) -> None:
    with canary() as (port, heard):
        path = playlist(tmp_path, port).rename(tmp_path / "take.mp4")
        record = observe(path)
        assert record.failure is not None
        assert record.failure.code == "media.format"
        assert heard == []
