"""Says by its exit status whether this container does what it is for: `healthy.py [api|worker|any]`.

api     /healthz answers 200 on SIXFACES_PORT
worker  a worker process lives beside its supervisor
any     whichever of the two runs here (the default)

Standard library only, so that a probe costs a tenth of a second and not the product's start.
"""

import http.client
import os
import sys
from pathlib import Path

PATIENCE_S = 4
WORKER, SUPERVISOR = "sixfaces.workers.process", "sixfaces.workers.supervisor"


def serves(port: int) -> bool:
    """Whether the API on this port of this container says that it lives."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def running(processes: Path) -> set[str]:
    """Arguments of all living processes (a zombie has none)."""
    found: set[str] = set()
    for place in processes.glob("[0-9]*/cmdline"):
        try:
            found |= {part.decode("utf-8", "replace") for part in place.read_bytes().split(b"\0") if part}
        except OSError:
            continue  # it has just ended
    return found


def healthy(what: str, *, port: int, processes: Path) -> bool:
    """Whether the one that is asked about is well."""
    arguments = running(processes) if what != "api" else set()
    if what == "worker" or (what == "any" and SUPERVISOR in arguments):
        return {SUPERVISOR, WORKER} <= arguments
    return serves(port)


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "any"
    port = int(os.environ.get("SIXFACES_PORT", "8686"))
    sys.exit(0 if healthy(asked, port=port, processes=Path("/proc")) else 1)
