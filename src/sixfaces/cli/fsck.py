"""`sixfaces fsck`: is the installation sound, seen from outside the code that made it?"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import typer

from sixfaces import bootstrap
from sixfaces.adapters.fsck.examine import Findings, examine
from sixfaces.adapters.fsck.fault import Fault
from sixfaces.cli.telling import telling, words_in
from sixfaces.domain.model import Say
from sixfaces.report.page import Language
from sixfaces.report.visible import visible

SOUND, FAULTY = 0, 4
SCHEMA = "sixfaces.fsck/1"
MOST_TOLD = 20
"""Faults of one code that are told one by one; --json tells all."""
LONGEST = 600
_CLEAN = Say(zh="未发现问题。", en="No fault was found.")
_FOUND = Say(zh="发现 {count} 处问题。", en="Faults found: {count}.")
_MORE = Say(zh="……另有 {count} 处同类问题", en="… and {count} more of this kind")
_NOTE = Say(zh="提示", en="note")
_LOOKED = Say(zh="已检查：{what}。", en="Looked at: {what}.")
_QUICK = Say(zh="未读取原件内容，仅比较字节数。", en="Stored bytes were not read: only their sizes were compared.")
NAMES = {
    "entries": "存证条目",
    "checkpoints": "检查点",
    "cases": "售后单",
    "exhibits": "证据件",
    "records": "测量记录",
    "verdicts": "判定",
    "course": "质检、裁定与售后过程记录",
    "uploads": "上传",
    "jobs": "任务",
    "tombstones": "墓碑",
    "persons": "人员",
    "deliveries": "事件推送",
    "notices": "通知",
    "lots": "检验批",
    "bytes": "字节",
    "parts": "档案分片",
    "schedules": "定期重新核验",
}


class Request(NamedTuple):
    """What the command line asks for."""

    is_quick: bool = False
    keys: Path | None = None
    as_json: bool = False
    lang: Language = "en"


def look_over(request: Request) -> int:
    """Look, tell, and return the exit code."""
    with telling(request.lang):
        place = bootstrap.place_of(bootstrap.started(), custody_keys=request.keys)
        findings = examine(place, is_quick=request.is_quick)
    typer.echo(_json(findings) if request.as_json else "\n".join(_lines(findings, request)))
    return FAULTY if findings.faults else SOUND


def _json(findings: Findings) -> str:
    told = {
        "schema": SCHEMA,
        "clean": not findings.faults,
        "faults": [one.told() for one in findings.faults],
        "notes": [one.told() for one in findings.notes],
        "counted": findings.counted,
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _lines(findings: Findings, request: Request) -> Iterator[str]:
    """Faults in their order, each kind with its way out once; then notes, and how much was looked at."""
    lang = request.lang
    yield from _told(findings.faults, lang)
    for line in _told(findings.notes, lang):
        yield f"{words_in(_NOTE, lang)}: {line}"
    counted = findings.counted.items()
    zh, en = "，".join(f"{NAMES[n]} {c}" for n, c in counted), ", ".join(f"{c} {n}" for n, c in counted)
    what = words_in(Say(zh=zh, en=en), lang)
    if what:
        yield words_in(_LOOKED, lang).format(what=what)
    if request.is_quick:
        yield words_in(_QUICK, lang)
    yield words_in(_FOUND, lang).format(count=len(findings.faults)) if findings.faults else words_in(_CLEAN, lang)


def _told(faults: tuple[Fault, ...], lang: Language) -> Iterator[str]:
    count = Counter(one.code for one in faults)
    told: Counter[str] = Counter()
    for one in faults:
        told[one.code] += 1
        if told[one.code] <= MOST_TOLD:
            yield f"{visible(words_in(one.text, lang), longest=LONGEST)} [{one.code}]"
        if told[one.code] == min(count[one.code], MOST_TOLD):
            if count[one.code] > MOST_TOLD:
                yield words_in(_MORE, lang).format(count=count[one.code] - MOST_TOLD)
            yield f"  {words_in(one.fix, lang)}"
