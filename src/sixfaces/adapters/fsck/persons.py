"""Persons: the id by which the custody log names somebody is made of who vouches for them."""

import hashlib
from collections.abc import Iterator

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look

_PERSONS = "SELECT id, issuer, subject FROM persons ORDER BY tenant, id"


def check_persons(look: Look) -> Iterator[Fault]:
    """A row that says of an id that it is somebody else's."""
    for id, issuer, subject in look.rows.ask(_PERSONS):
        look.counted["persons"] += 1
        digest = hashlib.sha256("\n".join(("sixfaces.person/1", issuer, subject)).encode()).hexdigest()
        told = f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-"
        if not id.startswith(told) or id[20:] != f"{digest[17:20]}-{digest[20:32]}" or len(id) != 36:
            yield fault("person_misnamed", f"person {id}")
