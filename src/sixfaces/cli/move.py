"""`sixfaces move`: from SQLite to PostgreSQL, and from a folder to S3 if asked, with nobody at work meanwhile.

1. hold      the old database: nobody else may have it open
2. bytes     to the new store, if there is one, with those of unfinished uploads
3. rows      in one transaction, compared before it is committed
4. audit     the new installation: every entry, every checkpoint, every original
5. mark      the old database, so that no server starts on it again
"""

import json
import sys
from contextlib import closing
from typing import NamedTuple

import typer

from sixfaces import bootstrap
from sixfaces.adapters.bytes import Bytes
from sixfaces.adapters.records.held import Held, held
from sixfaces.adapters.records.moving import Moved, Rows, is_free, move_rows
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.cli.telling import telling
from sixfaces.config import Settings
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.model import Say
from sixfaces.domain.upload import Segment
from sixfaces.pipeline.auditing import Audit, Known, verify_installation
from sixfaces.pipeline.moving import copy_blobs, copy_segment
from sixfaces.report.page import Language
from sixfaces.report.visible import visible
from sixfaces.vault.custody_keys import PUBLIC, load_keys

DONE, DOES_NOT_HOLD = 0, 4
_AT_ONCE = 1000


class Request(NamedTuple):
    """What the command line asks for. `blobs` None: bytes stay where they are."""

    database: str
    blobs: str | None = None
    as_json: bool = False
    lang: Language = "en"


def move(request: Request) -> int:
    """Move, tell, and return the exit code."""
    with telling(request.lang):
        settings = bootstrap.started()
        new = settings.model_copy(update={"database_url": request.database, "blobs": request.blobs or settings.blobs})
        with held(bootstrap.database_url(settings)) as source:
            store = bootstrap.open_bytes(new)
            moved = _moved(source, settings, new, store=store if request.blobs is not None else None)
            audit = _audited(new, store)
            if not audit.faults:
                source.mark_moved()
    typer.echo(_as_json(moved, audit) if request.as_json else _for_people(moved, audit, request))
    return DOES_NOT_HOLD if audit.faults else DONE


def _moved(source: Held, settings: Settings, new: Settings, *, store: Bytes | None) -> Moved:
    is_new = is_free(new.database_url or "")
    instead = None
    if store is not None:
        old = _folder_of(settings)
        copy_blobs(old.blobs, store.blobs, gone=source.gone(), on_key=_Counting())
        # rows that went before stand by the copies of the spool that were made then
        instead = _spool_moved(source, old, store) if is_new else None
    return move_rows(source, new.database_url or "", segments_instead=instead)


def _folder_of(settings: Settings) -> Bytes:
    if (settings.blobs or "").startswith("s3://"):
        raise SettingsError(
            "settings.blobs",
            Say(
                zh="字节已在 S3 中，不能再用 --to-blobs 迁移。",
                en="The bytes are in S3 already: --to-blobs moves a folder.",
            ),
            Say(zh="请去掉 --to-blobs。", en="Leave out --to-blobs."),
        )
    return bootstrap.open_bytes(settings)


def _spool_moved(source: Held, old: Bytes, target: Bytes) -> Rows:
    unfinished = source.unfinished()
    for upload in dict.fromkeys(one.upload_id for one in unfinished):
        target.spool.forget(upload)  # what a move that died has left
    rows = []
    for one in unfinished:
        segment = Segment(upload_id=one.upload_id, start=one.start, length=one.length, place=one.place)
        kept = copy_segment(old.spool, target.spool, segment, token=one.token)
        rows.append({"tenant": one.tenant, **kept.model_dump()})
    return rows


def _audited(new: Settings, store: Bytes) -> Audit:
    keys = load_keys(bootstrap.custody_folder(new) / PUBLIC)
    with closing(SqlRecords(bootstrap.database_url(new))) as records:
        return verify_installation(records, store.blobs, Known(keys))


class _Counting:
    """A line on stderr now and then: a large archive takes long."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, key: str) -> None:
        self._count += 1
        if self._count % _AT_ONCE == 0:
            sys.stderr.write(f"{self._count} {key.partition('/')[0]}\n")


def _as_json(moved: Moved, audit: Audit) -> str:
    told = {
        "rows": moved.rows,
        "log": {"size": moved.size, "root": moved.root},
        "was_there": moved.was_there,
        "originals": audit.originals,
        "faults": [{"code": one.code, "place": one.place} for one in audit.faults],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _for_people(moved: Moved, audit: Audit, request: Request) -> str:
    is_zh = request.lang == "zh"
    lines = [f"✗ {one.text.zh if is_zh else one.text.en} [{one.code}]" for one in audit.faults]
    total = sum(moved.rows.values())
    lines.append(
        f"已迁移 {total} 行，存证条目 {moved.size}，原件 {audit.originals}；根 {moved.root}"
        if is_zh
        else f"rows {total}, entries {moved.size}, originals {audit.originals}, root {moved.root}"
    )
    if audit.faults:
        lines.append(_FAULTY.zh if is_zh else _FAULTY.en)
    else:
        lines += [_NEXT.zh if is_zh else _NEXT.en, "  SIXFACES_DATABASE_URL"]
        lines += [f"  SIXFACES_BLOBS={request.blobs}"] if request.blobs else []
    return "\n".join(visible(line, longest=2000) for line in lines)


_NEXT = Say(
    zh="全部核对无误，原数据库已停用。请设置以下变量后启动：",
    en="Everything holds, and no server starts on the old database any more. Set these and start:",
)
_FAULTY = Say(
    zh="迁移后的内容与原来一致，但有以上问题；原数据库仍可使用。请修复后再运行一次。",
    en="What arrived is what was sent, and has these faults. The old database can still be used: mend them, then"
    " run this again.",
)
