"""What a killed process leaves of its work goes when the next one starts, and not before it has died."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sixfaces.adapters.scratch import own_scratch, sweep_scratch

_LEAVING = """
import sys, tempfile
from pathlib import Path
from sixfaces.adapters.scratch import own_scratch
with own_scratch(Path(sys.argv[1])):
    tempfile.mkdtemp()
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_temporary_files_go_to_a_folder_of_the_process_and_leave_with_it(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with own_scratch(tmp_path / "scratch") as folder:
        assert Path(tempfile.mkdtemp()).parent == folder
        assert os.environ["TMPDIR"] == str(folder)
        assert sweep_scratch(tmp_path / "scratch") == 0, "it is alive"
    assert list((tmp_path / "scratch").iterdir()) == []
    assert tempfile.gettempdir() == before


def test_what_a_killed_process_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _LEAVING, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        (left,) = tmp_path.iterdir()
        with own_scratch(tmp_path):
            assert left.exists(), "its process lives"
        process.kill()
    with own_scratch(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]
