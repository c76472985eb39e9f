"""Makes the secrets of the compose file, each in a file of its own: `python3 deploy/make_secrets.py [FOLDER]`.

Default: deploy/compose/secrets. Never replaces a file that is there. Standard library only. The folder is its owner's
alone; the files in it may be read by all, because each container reads its own as another user.
"""

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

DEFAULT = Path(__file__).parent / "compose" / "secrets"


def contents() -> Mapping[str, str]:
    """All files: those of the product are named as its settings are."""
    owner, product, redis, rabbit = (secrets.token_urlsafe(24) for _ in range(4))
    key, secret = secrets.token_hex(10), secrets.token_urlsafe(30)
    identity = f'{{"name": "sixfaces", "credentials": [{{"accessKey": "{key}", "secretKey": "{secret}"}}], '
    return {
        "sixfaces_database_url": f"postgresql+psycopg://sixfaces:{product}@postgres:5432/sixfaces\n",
        "sixfaces_queue.redis": f"redis://:{redis}@redis:6379/0\n",
        "sixfaces_queue.rabbitmq": f"amqp://sixfaces:{rabbit}@rabbitmq:5672/%2F\n",
        "aws_credentials": f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n",
        "postgres_owner_password": f"{owner}\n",
        "postgres_sixfaces_password": f"{product}\n",
        "redis.conf": f"requirepass {redis}\n",
        "rabbitmq.conf": f"default_user = sixfaces\ndefault_pass = {rabbit}\nloopback_users = none\n",
        "s3.json": f'{{"identities": [{identity}"actions": ["Admin", "Read", "Write", "List", "Tagging"]}}]}}\n',
    }


def make(folder: Path) -> list[str]:
    """The names of what was made. All or nothing: FileExistsError where any of it is there."""
    files = contents()
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise FileExistsError(f"{folder} already holds {', '.join(there)}: nothing was made")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, text in files.items():
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)
        (folder / name).chmod(0o444)
    return list(files)


if __name__ == "__main__":
    try:
        made = make(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
    except OSError as exc:
        sys.exit(str(exc))
    sys.stdout.write("".join(f"{name}\n" for name in made))
