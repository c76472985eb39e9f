"""Makes the keys of an installation ahead of its first start, or a new custody key in place of the one in use.

    python deploy/make_keys.py FOLDER            custody.pem, custody-keys.txt, challenge.pem, webhooks.key, links.key,
                                                 those that are not there yet
    python deploy/make_keys.py --rotate FOLDER   a new custody.pem; custody-keys.txt goes on knowing the old one

Needs the product installed. `sixfaces serve` does the first by itself where it may write to its folder of keys.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from sixfaces.adapters.key_files import box_keys_at, key_at, link_keys_at
from sixfaces.domain.errors import SixfacesError
from sixfaces.vault.custody_keys import open_key, rotate_key


def make_keys(folder: Path, *, rotate: bool) -> str:
    """The public key of the custody log in use. Raises CustodyError, SettingsError."""
    now = datetime.now(UTC)
    key = rotate_key(folder, now=now) if rotate else open_key(folder, now=now)
    key_at(folder / "challenge.pem", make=True)
    box_keys_at(folder / "webhooks.key", make=True)
    link_keys_at(folder / "links.key")
    return key.verifier.text


if __name__ == "__main__":
    options, folders = [a for a in sys.argv[1:] if a.startswith("-")], [a for a in sys.argv[1:] if a[:1] != "-"]
    if len(folders) != 1 or options not in ([], ["--rotate"]):
        sys.exit(__doc__)
    try:
        public = make_keys(Path(folders[0]), rotate=bool(options))
    except SixfacesError as exc:
        sys.exit(str(exc))
    sys.stdout.write(f"{public}\n")
