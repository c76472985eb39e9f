"""A client that hands in piece after piece and remembers what was acknowledged, whatever dies meanwhile."""

import hashlib
import random
import threading
import time

import httpx

from tests.rig.product import TUS, Asker

AWAY = frozenset({408, 409, 500, 502, 503, 504})
"""Answers after which it asks where it stands. 500 is among them only to be counted as a broken promise."""


class SteadySender(threading.Thread):
    """Sends pieces of `piece` bytes by one tus upload until `enough` is set, then the last one.

    `broken` names every broken promise: an offset behind what was acknowledged, a server error that is none of ours, a
    whole with another digest.
    """

    def __init__(self, asker: Asker, seed: int, *, piece: int, enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self.broken: list[str] = []
        self.acknowledged = self.acks = self.asked_again = 0
        self._asker, self._piece, self._enough = asker, piece, enough
        self._draw, self._data = random.Random(seed), bytearray()
        self._path = asker.upload(None, asker.case()["id"])

    def run(self) -> None:
        """Until the whole is sealed, or for three minutes after it was to end."""
        while not self._enough.is_set():
            self._append()
        until = time.monotonic() + 180
        while not self._finished():
            if time.monotonic() > until:
                self.broken.append("it was never sealed")
                return

    def _append(self, **more: str) -> None:
        while len(self._data) < self.acknowledged + self._piece:
            self._data += self._draw.randbytes(self._piece)
        piece = bytes(self._data[self.acknowledged : self.acknowledged + self._piece])
        try:
            answer = self._asker.append(self._path, piece, at=self.acknowledged, **more)
        except httpx.TransportError:
            return self._look()
        if answer.status_code != httpx.codes.NO_CONTENT:
            if answer.status_code not in AWAY or answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
                self.broken.append(f"{answer.status_code} {answer.text[:200]}")
            return self._look()
        self.acknowledged, self.acks = int(answer.headers["upload-offset"]), self.acks + 1
        return None

    def _look(self) -> None:
        self.asked_again += 1
        time.sleep(0.1)
        try:
            answer = self._asker.head(self._path, headers=TUS)
        except httpx.TransportError:
            return
        if answer.status_code == httpx.codes.OK:
            told = int(answer.headers["upload-offset"])
            if told < self.acknowledged:
                self.broken.append(f"{self.acknowledged} bytes were acknowledged, {told} are there")
            self.acknowledged = told

    def _finished(self) -> bool:
        length = self.acknowledged + self._piece
        try:
            told = self._asker.get(self._path).json()
            if told.get("state") == "sealed":
                return self._is_right(told["receipt"])
            if told.get("state") == "receiving":
                length = told.get("length") or length
                if told.get("length") is None or self.acknowledged < length:
                    self._append(**({} if told.get("length") else {"Upload-Length": str(length)}))
        except (httpx.TransportError, ValueError):
            pass
        time.sleep(0.1)
        return False

    def _is_right(self, receipt: dict[str, object]) -> bool:
        whole = bytes(self._data[: int(str(receipt["bytes"]))])
        if hashlib.sha256(whole).hexdigest() != receipt["sha256"] or len(whole) < self.acknowledged:
            self.broken.append(f"another whole was sealed: {receipt}")
        return True
