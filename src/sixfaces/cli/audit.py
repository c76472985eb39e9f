"""`sixfaces audit verify`: does a custody bundle hold, or the installation's own log and originals?"""

import gc
import json
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import typer

from sixfaces.cli.telling import telling
from sixfaces.domain.custody import Checkpoint
from sixfaces.domain.model import Say
from sixfaces.report.page import Language
from sixfaces.report.visible import visible
from sixfaces.vault.bundle import Checked, Trust, check_bundle
from sixfaces.vault.custody_keys import PUBLIC, load_keys
from sixfaces.vault.faults import Fault, custody_error
from sixfaces.vault.notes import VerifierKey
from sixfaces.vault.witness import remember, remembered

HOLDS, DOES_NOT_HOLD = 0, 4
LONGEST = 2000
UNJUDGED = Say(
    zh="时间戳未核验：未安装 rfc3161-client，或缺少证书链。",
    en="The timestamp was not judged: rfc3161-client or the authority's chain is missing.",
)
OWN_AUTHORITY = Say(
    zh="时间戳仅由存证包自带的机构证书证明，不能据此认定时间；请用 --tsa 指定从别处得到的证书：",
    en="The timestamp is by an authority that only the bundle names, and proves nothing: name the authority's"
    " certificates that you have from elsewhere by --tsa:",
)
OWN_KEYS = Say(
    zh="仅用其自带的公钥核验；请用 --key 指定从别处得到的公钥。",
    en="Held against its own keys only: name keys that you have from elsewhere by --key.",
)


class Request(NamedTuple):
    """What the command line asks for. Without a bundle the installation itself is verified."""

    bundle: Path | None = None
    key: Path | None = None
    witness: Path | None = None
    tsa: Path | None = None
    skip_bytes: bool = False
    as_json: bool = False
    lang: Language = "en"


class Outcome(NamedTuple):
    """What is told, of a bundle and of an installation alike."""

    faults: tuple[Fault, ...]
    checkpoint: Checkpoint | None
    is_trusted: bool
    keys: tuple[VerifierKey, ...]
    counts: dict[str, int]
    subject: str = ""
    stamped: datetime | None = None
    stamp: str = "none"
    own_authority: tuple[str, ...] = ()


def audit(request: Request) -> int:
    """Check, tell, and let the witness remember what held; returns the exit code."""
    with telling(request.lang):
        outcome = _bundle(request.bundle, request) if request.bundle is not None else _installation(request)
        if request.witness is not None and not outcome.faults and outcome.checkpoint is not None:
            remember(request.witness, outcome.checkpoint)
    typer.echo(_as_json(outcome) if request.as_json else _for_people(outcome, request.lang))
    return DOES_NOT_HOLD if outcome.faults else HOLDS


def _bundle(path: Path, request: Request) -> Outcome:
    keys = load_keys(request.key) if request.key is not None else ()
    if request.witness is not None and not keys:
        raise typer.BadParameter("--key FILE", param_hint="--witness")
    seen = remembered(request.witness, keys) if request.witness is not None else None
    try:
        chain = request.tsa.read_bytes() if request.tsa is not None else None
        with path.open("rb") as file:
            checked = check_bundle(file, Trust(keys, seen, chain))
    except OSError as exc:
        raise custody_error("unreadable", f"{exc.filename}: {exc.strerror}") from exc
    return Outcome(
        faults=checked.faults,
        checkpoint=checked.checkpoint,
        is_trusted=checked.is_trusted,
        keys=checked.keys,
        counts={"entries": len(checked.entries), "originals": len(checked.originals)},
        subject=checked.subject,
        stamped=checked.stamped,
        stamp=_stamp(checked),
        own_authority=checked.own_authority,
    )


def _stamp(checked: Checked) -> str:
    if checked.checkpoint is None or checked.checkpoint.stamp is None:
        return "none"
    if checked.stamped is not None:
        return "holds"
    if checked.own_authority:
        return "own_authority"
    return "unjudged" if not any(fault.code == "custody.stamp" for fault in checked.faults) else "does_not_hold"


def _installation(request: Request) -> Outcome:
    from sixfaces import bootstrap
    from sixfaces.pipeline.auditing import Known, verify_installation

    settings = bootstrap.started()
    keys = load_keys(request.key or bootstrap.custody_folder(settings) / PUBLIC)
    seen = remembered(request.witness, keys) if request.witness is not None else None
    known = Known(keys, seen, skip_bytes=request.skip_bytes)
    gc.freeze()  # what was imported stays: looked over again with every batch, it took a tenth of the time
    found = verify_installation(bootstrap.open_records(settings), bootstrap.open_bytes(settings).blobs, known)
    return Outcome(
        faults=found.faults,
        checkpoint=found.newest,
        is_trusted=request.key is not None,
        keys=keys,
        counts={
            "entries": found.entries,
            "unsigned": found.unsigned,
            "checkpoints": found.checkpoints,
            "originals": found.originals,
        },
    )


def _as_json(outcome: Outcome) -> str:
    signed = outcome.checkpoint
    told: dict[str, Any] = {
        "holds": not outcome.faults,
        "trusted": outcome.is_trusted,
        "subject": outcome.subject or None,
        "keys": [key.text for key in outcome.keys],
        "checkpoint": None if signed is None else {
            "origin": signed.origin, "size": signed.size, "root": signed.root, "at": signed.at.isoformat()
        },
        "stamp": {"state": outcome.stamp, "at": outcome.stamped.isoformat() if outcome.stamped else None,
                  "authority": list(outcome.own_authority)},
        **outcome.counts,
        "faults": [
            {"code": fault.code, "place": fault.place, "zh": fault.text.zh, "en": fault.text.en}
            for fault in outcome.faults
        ],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1)


def _for_people(outcome: Outcome, language: Language) -> str:
    is_zh = language == "zh"
    lines = [f"✗ {fault.text.zh if is_zh else fault.text.en} [{fault.code}]" for fault in outcome.faults]
    if outcome.subject:
        lines.append(f"{'对象' if is_zh else 'subject'}: {outcome.subject}")
    if (signed := outcome.checkpoint) is not None:
        lines.append(f"{'日志' if is_zh else 'log'}: {signed.origin}, {signed.size} @ {signed.at.isoformat()}")
    names = _COUNTS_ZH if is_zh else {name: name for name in outcome.counts}
    lines.append(", ".join(f"{names[name]} {count}" for name, count in outcome.counts.items()))
    if outcome.stamped is not None:
        lines.append(f"{'时间戳' if is_zh else 'stamped'}: {outcome.stamped.isoformat()}")
    elif outcome.own_authority:
        lines += [OWN_AUTHORITY.zh if is_zh else OWN_AUTHORITY.en, *(f"  {one}" for one in outcome.own_authority)]
    elif outcome.stamp == "unjudged":
        lines.append(UNJUDGED.zh if is_zh else UNJUDGED.en)
    if not outcome.is_trusted:
        lines.append(OWN_KEYS.zh if is_zh else OWN_KEYS.en)
    count = len(outcome.faults)
    if count:
        lines.append(f"✗ {count} 处不成立。" if is_zh else f"✗ {count} thing(s) do not hold.")
    else:
        lines.append("✓ 全部成立。" if is_zh else "✓ Everything holds.")
    return "\n".join(visible(line, longest=LONGEST) for line in lines)


_COUNTS_ZH = {"entries": "条目", "unsigned": "尚未签名", "checkpoints": "检查点", "originals": "原件"}
