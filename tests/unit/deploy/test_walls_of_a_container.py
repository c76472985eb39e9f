"""What becomes of the jail where a container's walls keep it from user namespaces, made by the same system calls."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

SHUT = "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "
MEASURE = """
import sys
from pathlib import Path
from sixfaces.domain.exhibit import Role
from sixfaces.intake.accept import IntakeLimits, accept
from sixfaces.observe.observatory import JailedObservatory
from tests.unit.pipeline.fakes import Shelf

photo = Path(sys.argv[1])
exhibit = accept(photo, role=Role.BUYER_PHOTO, limits=IntakeLimits(1 << 20, 1 << 20))
record = JailedObservatory().observe(exhibit, photo, pictures=Shelf(), on_progress=lambda share: None)
print(record.sandbox.kind, record.sandbox.network, record.failure)
"""


@pytest.fixture
def shut() -> tuple[str, ...]:
    """A command that runs another where nobody can make a user namespace, without capabilities or new privileges."""
    wall = ("unshare", "--user", "--map-root-user", "sh", "-c", f'{SHUT} "$@"', "sh")
    has_tools = shutil.which("setpriv") and shutil.which("unshare")
    if not has_tools or subprocess.run([*wall, "true"], capture_output=True, check=False).returncode:
        assert os.environ.get("CI") != "true", "CI shuts user namespaces: install util-linux, allow user namespaces"
        pytest.skip("user namespaces cannot be made, so they cannot be shut either")
    return wall


def test_without_user_namespaces_a_photo_is_measured_behind_limits_and_has_no_network(
    shut: tuple[str, ...], tmp_path: Path
) -> None:
    Image.new("RGB", (320, 240), (120, 90, 30)).save(tmp_path / "photo.jpg")
    command = [*shut, sys.executable, "-c", MEASURE, str(tmp_path / "photo.jpg")]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=root)
    assert done.stdout.splitlines()[-1:] == ["limits none None"], done.stderr
