"""Whatever dies while webhooks are sent: each event arrives at least once, with one id, and none is lost."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.webhook import DeliveryState
from tests.contract.webhooks.conftest import Outbox, lanes_of
from tests.rig.webhook_receiver import Receiver, hang, status
from tests.rig.workshop import ROOT, open_workshop
from tests.servers.postgres import postgres

LEASE_S = 1.0


@contextmanager
def sender(url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that sends; whatever happens to it, it is gone in the end."""
    command = [sys.executable, "-m", "tests.rig.webhook_sender", url, str(LEASE_S)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def test_what_a_killed_process_was_sending_is_sent_by_another(outbox: Outbox, there: Receiver) -> None:
    endpoint, secret = outbox.endpoint(there.url)
    there.answer = hang
    outbox.announce(3)
    with sender(outbox.url) as process:
        there.wait(1)
        process.kill()
        process.wait()
    there.answer = status(200)
    outbox.until(lambda: all(one.state is DeliveryState.DELIVERED for one in outbox.deliveries(endpoint)))
    arrived = [one.id for one in there.heard]
    assert set(arrived) == {one.id for one in outbox.deliveries(endpoint)}
    assert len(arrived) > len(set(arrived)), "what was under way came twice, with one id"
    assert all(one.verified(secret) for one in there.heard)


def test_a_database_that_crashes_under_senders_loses_no_event(tmp_path: Path, there: Receiver) -> None:
    with postgres() as server:
        url = server.database(tables=True)
        outbox = Outbox(open_workshop(tmp_path, url=url), lanes_of(), url)
        endpoint, _ = outbox.endpoint(there.url)
        told = _announced(outbox, 30)
        with sender(url):
            there.wait(5)
            server.crash()
            server.start()
            told += _announced(outbox, 10)
            _eventually(lambda: all(one.state is DeliveryState.DELIVERED for one in outbox.deliveries(endpoint)))
        assert told == len(outbox.deliveries(endpoint)) == 40
        assert {one.id for one in there.heard} == {one.id for one in outbox.deliveries(endpoint)}
        outbox.close()


def _announced(outbox: Outbox, count: int) -> int:
    outbox.announce(count)
    return count


def _eventually(done: Callable[[], bool]) -> None:
    for _ in range(400):
        try:
            if done():
                return
        except RecordsError:
            pass
        threading.Event().wait(0.05)
    raise AssertionError("it never came to that")
