"""The API in a process of its own, to be killed: `python -m tests.rig.api_process FOLDER DESCRIPTOR` serves the
installation in the folder on an inherited listening socket."""

import socket
import sys
from pathlib import Path

from sixfaces.config import Settings
from tests.rig.installation import open_service, server_of


def main() -> None:
    folder, descriptor = Path(sys.argv[1]), int(sys.argv[2])
    sock = socket.socket(fileno=descriptor)
    server_of(open_service(folder), Settings(data=folder)).run(sockets=[sock])


if __name__ == "__main__":
    main()
