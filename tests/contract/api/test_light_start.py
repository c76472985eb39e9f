"""A server is ready without what only measuring and migrating need."""

import json
import subprocess
import sys
from pathlib import Path

from tests.rig.installation import prepared

HEAVY = ("cv2", "av", "onnxruntime", "zxingcpp", "alembic", "boto3", "psycopg", "rfc3161_client")

START = f"""
import json, sys
from pathlib import Path
from sixfaces.api.app import create_app
from sixfaces.bootstrap import open_service, prepare
from sixfaces.config import Settings
from sixfaces.workers.embedded import embedded_workers
settings = Settings(data=Path(sys.argv[1]))
prepare(settings)
service = open_service(settings)
create_app(service, settings)
early = [name for name in {HEAVY!r} if name in sys.modules]
print(json.dumps([early, service.measuring.observers]))
"""


def test_a_server_loads_no_decoder_and_no_migration_before_it_is_ready(tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, str(prepared(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    early, observers = json.loads(done.stdout)
    assert early == []
    assert "decode " in observers, "and tells who measures once it is asked"
