"""A process that sends webhooks and does nothing else: `python -m tests.rig.webhook_sender DATABASE_URL LEASE_S`."""

import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sixfaces.adapters.webhook_client import HttpWebhookClient
from sixfaces.domain.errors import RecordsError
from sixfaces.pipeline.webhooks.sending import Lanes
from tests.rig.webhook_receiver import BOX, LOOPBACK
from tests.rig.workshop import open_workshop

PAUSE_S = 0.05


def main(url: str, lease_s: float) -> None:
    """Until it is killed, whatever becomes of the database."""
    lanes = Lanes(lambda: HttpWebhookClient(LOOPBACK), BOX, lease=timedelta(seconds=lease_s))
    with TemporaryDirectory() as folder:
        service = open_workshop(Path(folder), url=url)
        while True:
            try:
                lanes.start_due(service)
            except RecordsError as exc:
                sys.stderr.write(f"{exc.code}\n")
            time.sleep(PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
