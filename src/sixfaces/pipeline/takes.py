"""The root of a take's groups of pictures in custody: entered when the exhibit is measured, or when its first clip is
cut, and never another one for the same bytes."""

from typing import Any

import structlog

from sixfaces.domain.blobs import original_key
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.facts import GroupsFact
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.observation import Record
from sixfaces.domain.records import Transaction
from sixfaces.media.clips import Source, groups_of
from sixfaces.pipeline.service import Service
from sixfaces.vault.clip_claims import root_told

log = structlog.get_logger()


def take_of(record: Record) -> dict[str, Any] | None:
    """What custody holds of the take that this record is of; None where it has no groups."""
    found = next((one.fact for one in record.observations if isinstance(one.fact, GroupsFact)), None)
    return None if found is None else found.model_dump(exclude={"kind"})


def take_in_custody(service: Service, exhibit: FiledExhibit, *, actor: str) -> dict[str, Any]:
    """What custody holds of the exhibit's take: its form, root, number of groups, codec and parameters.

    Where no entry has it (the exhibit was measured before there were such roots, or as another exhibit with the same
    bytes), the sealed bytes are read and it is entered now. Raises ClipError `clip.groups` where it has no groups,
    `clip.failed`; MediaError; StoreError where the original cannot be read.
    """
    with service.records.begin(exhibit.tenant, reading=True) as tx:
        known = _entered(tx, exhibit)
    if known is not None:
        return known
    sealed = exhibit.exhibit
    with service.blobs.fetched(original_key(exhibit.tenant, sealed.sha256), sha256=sealed.sha256) as path:
        take = root_told(groups_of(Source(path, sealed.format)))
    with service.records.begin(exhibit.tenant) as tx:
        first = _entered(tx, exhibit)  # another process may have been first
        if first is None:
            body = {"sha256": sealed.sha256, "take": take}
            tx.custody.append(Deed(tenant=exhibit.tenant, act=Act.OBSERVE, subject=exhibit.id, actor=actor, body=body))
            log.info("take_entered", exhibit=exhibit.id, count=take["groups"])
    return first or take


def _entered(tx: Transaction, exhibit: FiledExhibit) -> dict[str, Any] | None:
    """The first entry counts: nobody can put another root beside it later."""
    for entry in tx.custody.about(exhibit.id):
        take = entry.body.get("take")
        if entry.act is Act.OBSERVE and entry.body.get("sha256") == exhibit.exhibit.sha256 and isinstance(take, dict):
            return take
    return None
