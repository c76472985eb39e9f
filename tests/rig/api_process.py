"""The API as `sixfaces serve` runs it, in a process of its own, to be killed: `python -m tests.rig.api_process FOLDER
DESCRIPTOR` serves the installation in the folder on an inherited listening socket; with `--large`, for files of any
size."""

import socket
import sys
from pathlib import Path

from sixfaces.api.app import create_app
from sixfaces.api.server import Server
from sixfaces.config import Settings
from sixfaces.intake.upload_rules import UploadLimits
from tests.rig.installation import LIMITS, open_service


def main() -> None:
    folder, descriptor = Path(sys.argv[1]), int(sys.argv[2])
    sock = socket.socket(fileno=descriptor)
    limits = UploadLimits() if "--large" in sys.argv else LIMITS
    settings = Settings(data=folder)
    Server(create_app(open_service(folder, limits=limits), settings), settings).run(sockets=[sock])


if __name__ == "__main__":
    main()
