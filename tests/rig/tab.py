"""A tab of a real browser (Debian: chromium), driven as a person does: keys, presses, and what is then on the screen.

The browser is spoken to over two pipes in its own protocol (DevTools); nothing listens on a port.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pytest

from tests.rig.browser import FLAGS

WAIT_S = 30.0
_SHIFT = 8


class Tab:
    """One tab. Whatever the page complained of is in `complaints`."""

    def __init__(self, to_browser: BinaryIO, from_browser: BinaryIO) -> None:
        self._to, self._from, self._count, self._rest = to_browser, from_browser, 0, b""
        self._session: str | None = None
        self.complaints: list[str] = []
        target = self._do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._do(f"{domain}.enable")

    def look_like(self, *, width: int = 1366, height: int = 768, scheme: str = "light", locale: str = "zh-CN") -> None:
        """The size of the window, and what the reader's system prefers."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._do("Emulation.setDeviceMetricsOverride", **size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._do("Emulation.setEmulatedMedia", features=[feature])
        agent = self._do("Browser.getVersion")["userAgent"]
        self._do("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=locale)
        self._do("Emulation.setLocaleOverride", locale=locale)

    def open(self, url: str) -> None:
        """Go there."""
        self._do("Page.navigate", url=url)

    def press(self, key: str, *, shift: bool = False) -> None:
        """A key of the keyboard: a character, or a name such as `ArrowLeft`."""
        text = {"Enter": "\r", "Space": " "}.get(key, key if len(key) == 1 else "")
        named = {"key": " " if key == "Space" else key, "code": key, "modifiers": _SHIFT if shift else 0}
        self._do("Input.dispatchKeyEvent", type="keyDown", **named, **({"text": text} if text else {}))
        self._do("Input.dispatchKeyEvent", type="keyUp", **named)

    def write(self, text: str) -> None:
        """Type into what has the focus."""
        self._do("Input.insertText", text=text)

    def tell(self, expression: str) -> Any:  # noqa: ANN401 whatever the page says
        """What a script says of the page."""
        told = self._do("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait(self, expression: str) -> None:
        """Until a script says yes."""
        ends = time.monotonic() + WAIT_S
        while not self.tell(f"Boolean({expression})"):
            if time.monotonic() > ends:
                pytest.fail(f"{expression} never came: {self.tell('document.body.innerText')}; {self.complaints}")
            time.sleep(0.05)

    def picture(self) -> bytes:
        """What is on the screen, as PNG."""
        return base64.b64decode(self._do("Page.captureScreenshot", format="png")["data"])

    def _do(self, method: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401 of the protocol
        self._count += 1
        asked = {"id": self._count, "method": method, "params": given}
        message = asked | ({"sessionId": self._session} if self._session else {})
        self._to.write(json.dumps(message).encode() + b"\0")
        self._to.flush()
        while True:
            told = self._heard()
            if told.get("id") == self._count:
                assert "error" not in told, (method, told)
                result: dict[str, Any] = told["result"]
                return result
            self._note(told)

    def _heard(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._from.fileno(), 1 << 20)
            assert piece, "the browser has gone"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told

    def _note(self, told: dict[str, Any]) -> None:
        if told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(told["params"]["exceptionDetails"]))
        entry = told.get("params", {}).get("entry", {})
        if entry.get("level") in {"error", "warning"}:
            self.complaints.append(f"{entry['text']} {entry.get('url', '')}")


@contextmanager
def tab() -> Iterator[Tab]:
    """A tab of a browser of its own, while the block lasts."""
    program = shutil.which("chromium")
    if program is None:
        reason = "no browser (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    own = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium's sandbox does not start for root
    (its_in, our_out), (our_in, its_out) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        flags = [*FLAGS, *own, "--remote-debugging-pipe", f"--user-data-dir={profile}"]
        command = ["bash", "-c", f'exec "$0" "$@" 3<&{its_in} 4>&{its_out}', program, *flags]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            command, stdout=quiet, stderr=quiet, start_new_session=True, pass_fds=(its_in, its_out)
        ) as process:
            os.close(its_in)
            os.close(its_out)
            with os.fdopen(our_out, "wb") as to_browser, os.fdopen(our_in, "rb", buffering=0) as from_browser:
                try:
                    yield Tab(to_browser, from_browser)
                finally:
                    os.killpg(process.pid, signal.SIGKILL)
