"""The jail holds whatever is put into it, by each confinement that this machine allows."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from sixfaces.domain.observation import Sandbox
from sixfaces.media import bubblewrap, wire
from sixfaces.media.jail import Confinement, End, EndReason, Jail
from sixfaces.media.share import VIDEO, Share, video_cpu_s
from sixfaces.media.wire import Kind, Message

CELLS = Path(__file__).parent / "cells"
SHORT = Share(cpu_s=20, wall_s=30.0)
CONFINEMENTS: tuple[Confinement, ...] = get_args(Confinement)


@pytest.fixture(params=CONFINEMENTS)
def jail(request: pytest.FixtureRequest, tmp_path: Path) -> Jail:
    if request.param == "bubblewrap" and not bubblewrap.works():
        pytest.skip("bubblewrap does not work here")
    return Jail(request.param, (CELLS, marker(tmp_path)))


@pytest.fixture
def any_jail(tmp_path: Path) -> Jail:
    return Jail(None, (CELLS, marker(tmp_path)))


def marker(folder: Path) -> Path:
    """An empty folder whose name, among a process's arguments, tells that it belongs to this test."""
    made = folder / "marker"
    made.mkdir()
    return made


@pytest.fixture
def media(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    path = tmp_path / "a name that must not be seen inside.mp4"
    path.write_bytes(b"the input")
    descriptor = os.open(path, os.O_RDONLY)
    yield descriptor, path
    os.close(descriptor)


@dataclass
class Outcome:
    end: End
    messages: list[Message]
    sandbox: Sandbox | None
    wall_s: float

    def fact(self) -> dict[str, Any]:
        fact: dict[str, Any] = json.loads(self.messages[0].payload)
        return fact


def lock_up(
    jail: Jail, what: str, *, share: Share = SHORT, media: tuple[int, Path] | None = None, **orders: object
) -> Outcome:
    messages: list[Message] = []
    started = time.monotonic()
    with jail.start(f"prisoners:{what}", media=media, share=share) as cell:
        request = wire.packed_json(Kind.REQUEST, {"media": cell.media_path, **orders})
        end = cell.converse(request, messages.append)
    assert nobody_left(jail)
    return Outcome(end, messages, cell.sandbox, time.monotonic() - started)


def nobody_left(jail: Jail) -> bool:
    """No process is left that was started with the folders of this jail, be it of another group or session."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not inmates(jail):
            return True
        time.sleep(0.02)
    return False


def inmates(jail: Jail) -> list[int]:
    """Living processes with this jail's marking folder among their arguments."""
    folder = str(jail.import_from[-1]).encode()
    found = []
    for arguments in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if folder in arguments.read_bytes():
                found.append(int(arguments.parent.name))
        except OSError:
            continue
    return found


def test_what_stands_around_the_child_is_reported_truthfully(jail: Jail) -> None:
    done = lock_up(jail, "well_behaved")
    assert done.end.reason is EndReason.DONE, done.end.complaint
    assert done.sandbox is not None
    assert done.sandbox.network == "none"
    if jail.force == "bubblewrap":
        assert done.sandbox.kind == "bubblewrap"
    assert [m.kind for m in done.messages] == [Kind.FACT, Kind.PICTURE, Kind.DONE]


def test_a_taken_over_child_reaches_its_input_and_nothing_else(
    jail: Jail, media: tuple[int, Path], tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    canary.write_bytes(b"secret")
    done = lock_up(jail, "looks_around", media=media, canary=str(canary))
    seen = done.fact()
    assert seen.pop("media") is True
    environment = seen.pop("environment")
    if jail.force != "bubblewrap" and seen["canary"]:  # only a kernel without Landlock may let it read
        seen["canary"] = not kernel_has_landlock()
    assert not any(seen.values()), seen
    assert not {"HOSTNAME", "USER", "AWS_SECRET_ACCESS_KEY"} & set(environment)
    assert canary.read_bytes() == b"secret"
    assert media[1].read_bytes() == b"the input"


def kernel_has_landlock() -> bool:
    return (
        "landlock" in Path("/sys/kernel/security/lsm").read_text()
        if Path("/sys/kernel/security/lsm").exists()
        else True
    )


def test_the_name_of_the_file_is_not_visible_inside(jail: Jail, media: tuple[int, Path]) -> None:
    with jail.start("prisoners:well_behaved", media=media, share=SHORT) as cell:
        assert "name" not in cell.media_path
        cell.converse(wire.packed_json(Kind.REQUEST, {}), lambda message: None)


def test_threads_may_be_started_and_processes_may_not(jail: Jail) -> None:
    assert lock_up(jail, "starts_threads").fact() == {"threads": 4}
    assert lock_up(jail, "forks_for_ever").fact() == {"born": 0}


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("aborts", EndReason.SIGNAL),
        ("segfaults", EndReason.SIGNAL),
        ("hoards_memory", EndReason.MEMORY),
        ("raises", EndReason.EXIT),
    ],
)
def test_the_way_a_child_ended_has_a_name(jail: Jail, what: str, reason: EndReason) -> None:
    done = lock_up(jail, what)
    assert done.end.reason is reason, done.end
    if reason is not EndReason.EXIT:
        assert len(done.messages) == 1, "what was said before the end is kept"


def test_an_endless_loop_ends_with_its_cpu_share(jail: Jail) -> None:
    done = lock_up(jail, "spins", share=Share(cpu_s=1, wall_s=30.0))
    assert done.end.reason is EndReason.CPU
    assert len(done.messages) == 1


@pytest.mark.parametrize("what", ["sleeps", "closes_and_sleeps"])
def test_a_child_that_waits_for_ever_ends_with_the_wall_timer(jail: Jail, what: str) -> None:
    done = lock_up(jail, what, share=Share(cpu_s=5, wall_s=1.5))
    assert done.end.reason is EndReason.WALL
    assert done.wall_s < 10


def test_output_without_end_is_cut_off_and_costs_the_parent_no_memory(any_jail: Jail) -> None:
    taken = 0

    def count(message: Message) -> None:
        nonlocal taken
        taken += len(message.payload)

    share = Share(cpu_s=20, wall_s=30.0, output_bytes=64 << 20)
    with any_jail.start("prisoners:floods_the_wire", media=None, share=share) as cell:
        end = cell.converse(b"", count)
    assert end.reason is EndReason.OUTPUT
    assert 32 << 20 < taken <= 64 << 20


def test_complaints_without_end_are_drained_and_only_their_tail_is_kept(any_jail: Jail) -> None:
    done = lock_up(any_jail, "floods_stderr")
    assert done.end.reason is EndReason.DONE
    assert 0 < len(done.end.complaint) <= 8192


@pytest.mark.parametrize("what", ["speaks_garbage", "announces_four_gigabytes", "stops_inside_a_message"])
def test_a_child_that_breaks_the_protocol_is_stopped(any_jail: Jail, what: str) -> None:
    done = lock_up(any_jail, what)
    assert done.end.reason is EndReason.WIRE
    assert done.messages == []


def test_what_a_library_prints_does_not_reach_the_wire(any_jail: Jail) -> None:
    done = lock_up(any_jail, "prints_to_stdout")
    assert [m.kind for m in done.messages] == [Kind.DONE]
    assert "C library" in done.end.complaint


def test_a_listener_that_refuses_a_message_ends_the_child(any_jail: Jail) -> None:
    def refuse(message: Message) -> None:
        raise wire.WireError("not this one")

    with any_jail.start("prisoners:spins", media=None, share=SHORT) as cell:
        end = cell.converse(b"", refuse)
    assert end.reason is EndReason.WIRE
    assert "not this one" in end.complaint


def test_an_error_of_the_listener_leaves_no_child_behind(any_jail: Jail) -> None:
    def fail(message: Message) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), any_jail.start("prisoners:spins", media=None, share=SHORT) as cell:
        cell.converse(b"", fail)
    assert nobody_left(any_jail)


def test_killing_the_parent_leaves_no_child(jail: Jail) -> None:
    folders = [str(folder) for folder in jail.import_from]
    script = (
        "from pathlib import Path; from sixfaces.media.jail import Jail; from sixfaces.media.share import Share\n"
        f"with Jail({jail.force!r}, tuple(map(Path, {folders}))).start("
        "'prisoners:sleeps', media=None, share=Share(cpu_s=20, wall_s=60.0)) as cell:\n"
        "    cell.converse(b'', lambda message: print('heard', flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "heard\n"
        assert len(inmates(jail)) > 1
        parent.send_signal(signal.SIGKILL)
    assert nobody_left(jail)


def test_the_time_a_video_may_take_grows_with_its_length_up_to_a_cap() -> None:
    assert video_cpu_s(0) == 30
    assert video_cpu_s(60) == 150
    assert video_cpu_s(10_000) == video_cpu_s(None) == video_cpu_s(-1) == 900
    assert VIDEO.for_duration(60).wall_s == 600
    assert VIDEO.for_duration(300).wall_s == 900
    assert VIDEO.for_duration(1e9) == VIDEO


def test_headers_have_a_smaller_cpu_share_than_the_pictures_after_them() -> None:
    code = """
import resource
from sixfaces.media import lockdown
lockdown.limit_cpu(900)
for act in (lambda: lockdown.limit_cpu_for_now(120), lambda: lockdown.limit_cpu(34), lambda: lockdown.limit_cpu(900)):
    act()
    print(*resource.getrlimit(resource.RLIMIT_CPU))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["120 902", "34 36", "36 36"]
