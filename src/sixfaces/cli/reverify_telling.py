"""What a judging again came to, in words and as JSON."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sixfaces.cli.telling import words_in
from sixfaces.domain.model import Say
from sixfaces.domain.reverifying import NOT_COUNTED, Tally
from sixfaces.pipeline.archive.spans import Asked
from sixfaces.report.page import Language

SCHEMA = "sixfaces.reverification/1"


class Outcome(NamedTuple):
    """What a run came to, and how long it took. `run`: on record, where it is applied."""

    tally: Tally
    wall_s: float
    processes: int
    run: str | None = None


def as_json(outcome: Outcome, asked: Asked) -> str:
    """`sixfaces.reverification/1`. `jobs`: cases that will be judged anew."""
    told = {
        "schema": SCHEMA,
        "policy": asked.policy if isinstance(asked.policy, str) else None,
        "selection": asked.selection.model_dump(mode="json", exclude_none=True),
        **outcome.tally.model_dump(mode="json"),
        "flipped": outcome.tally.flipped,
        "never_measured": outcome.tally.never_measured(),
        "wall_s": round(outcome.wall_s, 3),
        "processes": outcome.processes,
        "run": outcome.run,
        "jobs": None if outcome.run is None else outcome.tally.flipped,
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def for_people(outcome: Outcome, lang: Language) -> str:
    """Kinds of flips, under each the rules that count otherwise in them; then what else is worth knowing."""
    tally, zh = outcome.tally, lang == "zh"
    rate = tally.exhibits / outcome.wall_s if outcome.wall_s else 0.0
    lines = [
        words_in(_LOOKED, lang).format(cases=tally.cases, exhibits=tally.exhibits, wall=outcome.wall_s, rate=rate),
        words_in(_FLIPS, lang).format(flips=tally.flipped),
    ]
    if not tally.cases and not tally.unread:
        lines.append(words_in(_NOTHING, lang))
    for kind, count in tally.flips.items():
        old, _, new = kind.partition(">")
        said = (_VERDICTS[old].zh, _VERDICTS[new].zh) if zh else (old, new)
        worth = _worth(tally.stake.get(kind, {}), tally.examples.get(kind, ()))
        lines.append(f"  {said[0]} → {said[1]}: {count}{worth}")
        for code, share in tally.by_rule.get(kind, {}).items():
            name = words_in(_NO_RULE, lang) if code == NOT_COUNTED else code
            changes = ", ".join(f"{change.replace('>', ' → ')} × {n}" for change, n in share.changes.items())
            lines.append(f"    {name}: {changes or share.flips}{_worth(share.stake, share.examples)}")
    if tally.unflipped:
        lines.append(words_in(_UNFLIPPED, lang))
        lines += [
            f"    {code}: {change.replace('>', ' → ')} × {n}"
            for code, changes in tally.unflipped.items()
            for change, n in changes.items()
        ]
    lines += [words_in(say, lang).format(count=count) for say, count in _notes(outcome) if count]
    lines += [words_in(_NEVER, lang).format(code=code) for code in tally.never_measured()]
    return "\n".join(lines)


def _worth(stake: Mapping[str, Decimal], examples: Sequence[str]) -> str:
    money = ", ".join(f"{amount} {currency}" for currency, amount in stake.items())
    return f"  {money}  ({', '.join(examples)})" if money else f"  ({', '.join(examples)})"


def _notes(outcome: Outcome) -> list[tuple[Say, int]]:
    tally = outcome.tally
    return [
        (_RECODED, tally.recoded),
        (_REMEASURED, tally.remeasured),
        (_APPLIED, tally.flipped if outcome.run is not None else 0),
        (_UNREAD, tally.unread),
    ]


_LOOKED = Say(
    zh="已重新判定 {cases} 个售后单、{exhibits} 件证据，用时 {wall:.1f} 秒（每秒 {rate:.0f} 件）。",
    en="Judged again: cases: {cases}, exhibits: {exhibits}, in {wall:.1f} s ({rate:.0f} a second).",
)
_FLIPS = Say(zh="判定会改变的售后单：{flips}。", en="Cases whose verdict would change: {flips}.")
_NOTHING = Say(
    zh="没有任何已判定的售后单符合所选条件；请检查条件与租户名。",
    en="Nothing that was judged matches: look at what is selected by, and at the tenant's name.",
)
_REMEASURED = Say(
    zh="{count} 件证据由其他版本的观测程序测量，此处按当时的测量判定；应用结果时，只有判定会改变的售后单先重新测量。",
    en="{count} exhibits were measured by other observers and are judged here by what was measured then; applying this "
    "measures again those of cases that flip, and no others.",
)
_NO_RULE = Say(zh="没有规则的结论不同，只是合并方式不同", en="no rule counts otherwise, only what answers amount to")
_UNFLIPPED = Say(zh="判定不变、但计入的结论不同：", en="Counting otherwise where the verdict stays:")
_RECODED = Say(
    zh="{count} 件证据由其他版本的规则代码判定，已重新执行全部规则。",
    en="{count} exhibits were judged by other code: all rules ran.",
)
_APPLIED = Say(
    zh="已安排 {count} 个售后单重新判定；判定由 worker 给出，原有判定保留。",
    en="Cases that will be judged anew: {count}. Workers give the verdicts; those of before stay.",
)
_UNREAD = Say(
    zh="{count} 个判定早于档案功能，其依据未保存，未能重新判定。",
    en="Left out, as they are from before the archive and what they were given on was not kept: verdicts: {count}.",
)
_NEVER = Say(
    zh="规则 {code} 现为必需，但所核查的证据中没有一件测量过它所需的内容。",
    en="The policy newly requires {code}, for which nothing was measured in any exhibit that was looked at.",
)
_VERDICTS = {
    "accepted": Say(zh="采信", en="accepted"),
    "rejected": Say(zh="不采信", en="rejected"),
    "needs_review": Say(zh="待人工复核", en="needs_review"),
}
