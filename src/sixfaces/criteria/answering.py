"""Small constructors of findings, so that a rule reads as its answers and not as its plumbing."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypedDict, Unpack

from sixfaces.criteria.words import Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.model import Model, Say
from sixfaces.domain.naming import HOLES, UNDECODED, kind_name
from sixfaces.domain.observation import Observation
from sixfaces.domain.rules import Finding, RuleCode, SpanSeconds

TOLERANCE = 1e-9
"""Room for rounding where a measured share meets its threshold: far below anything that is measured."""


class Witness(TypedDict, total=False):
    """What a finding rests on: see `Finding` for each field's meaning and unit."""

    spans: tuple[SpanSeconds, ...]
    cites: tuple[str, ...]
    value: str | float | int | bool | None
    threshold: str | float | int | None
    margin: float | None
    unit: str | None
    missing: str | None


def met(code: RuleCode, seen: ExhibitEvidence, *, zh: str, en: str, **witness: Unpack[Witness]) -> Finding:
    """The rule is met."""
    if not seen.worded:
        return _bare(code, Answer.MET, witness.get("missing"))
    return Finding(code=code, answer=Answer.MET, text=Say(zh=zh, en=en), exhibit=seen.exhibit.sha256, **witness)


def not_met(
    code: RuleCode, seen: ExhibitEvidence, *, zh: str, en: str, fix: Say, **witness: Unpack[Witness]
) -> Finding:
    """The rule is not met; `fix` says what would put it right."""
    if not seen.worded:
        return _bare(code, Answer.NOT_MET, witness.get("missing"))
    return Finding(
        code=code, answer=Answer.NOT_MET, text=Say(zh=zh, en=en), exhibit=seen.exhibit.sha256, fix=fix, **witness
    )


def cannot_tell(
    code: RuleCode, seen: ExhibitEvidence, *, zh: str, en: str, fix: Say, **witness: Unpack[Witness]
) -> Finding:
    """The evidence does not decide the rule; `missing` names the absent fact, if it is one that is absent.

    `missing` starts with `case.` for what the parties did not supply (then rules used `required_if_known` do not
    count), and with `observation.` for what could not be measured (then they do).
    """
    if not seen.worded:
        return _bare(code, Answer.CANNOT_TELL, witness.get("missing"))
    return Finding(
        code=code, answer=Answer.CANNOT_TELL, text=Say(zh=zh, en=en), exhibit=seen.exhibit.sha256, fix=fix, **witness
    )


@lru_cache(maxsize=4096)
def _bare(code: RuleCode, answer: Answer, missing: str | None) -> Finding:
    """A finding that nobody will read: words, moments and numbers are most of what a finding costs."""
    return Finding(code=code, answer=answer, text=NO_WORDS, missing=missing)


NO_WORDS = Say(zh="", en="")

LOOK = Say(
    zh="请人工查看该证据件，或提交可正常播放的原始文件后重新核验。",
    en="Let a person look at the exhibit, or hand in the original file that plays and verify again.",
)

NOT_YET = "observer_absent"
"""The hole's code where this version measures nothing of the kind: a gap of the product, not of the footage."""

UNTOLD = Say(zh="没有相应的观测结果", en="there is no observation of it")
"""The reason that is left where neither an observer nor the decoder gave one."""


def unmeasured(code: RuleCode, seen: ExhibitEvidence, fact: type[Model], *, fix: Say = LOOK) -> Finding:
    """`cannot_tell`, because facts of this class are not in the record; says why if an observer or the decoder did.

    What nobody measures yet is not mended by other footage: then not `fix`, but a person's look is what helps.
    """
    kind = str(fact.model_fields["kind"].default)
    if not seen.worded:
        return _bare(code, Answer.CANNOT_TELL, f"observation.{kind}")
    name, why, hole = kind_name(kind), _why_not(seen, fact), seen.unmeasured(fact)
    return cannot_tell(
        code, seen, zh=f"未能测量：{name.zh}{why.zh}。", en=f"Not measured: {name.en}{why.en}.",
        fix=_look_for(name) if hole is not None and hole.code == NOT_YET and seen.media is not None else fix,
        missing=f"observation.{kind}",
    )  # fmt: skip


def _look_for(name: Say) -> Say:
    """What helps where the machine does not look: that a person does. Nothing needs to be filmed again for it."""
    return Say(
        zh=f"请人工查看录像中的这一项：{name.zh}。无需为此重新拍摄。",
        en=f"Let a person look at the footage for this: {name.en}. It need not be filmed again on that account.",
    )


def _why_not(seen: ExhibitEvidence, fact: type[Model]) -> Words:
    """The reason in brackets. Where nothing could be decoded that is said in short: `validity.decodes` says it all."""
    hole, failure = seen.unmeasured(fact), seen.record.failure
    if failure is not None and seen.media is None:
        return _bracketed(UNDECODED)
    if hole is not None:
        code, detail = short(hole.code), short(hole.detail)
        return _bracketed(HOLES.get(hole.code) or Say(zh=f"{code}：{detail}", en=f"{code}: {detail}"))
    if failure is not None:
        return _bracketed(HOLES.get(failure.code) or failure.text)
    return _bracketed(UNTOLD)


def _bracketed(why: Say) -> Words:
    return Words(zh=f"（{short(why.zh)}）", en=f" ({short(why.en)})")


def absent(code: RuleCode, seen: ExhibitEvidence, *, path: str, name: Words) -> Finding:
    """`cannot_tell`, because the case does not state the fact at `path`, such as `case.return_parcel.signed_at`."""
    return cannot_tell(
        code,
        seen,
        zh=f"售后单未提供{name.zh}，无法判断。",
        en=f"The case does not state {name.en}, so this cannot be judged.",
        fix=Say(
            zh=f"请在售后单文件中补充 {path.removeprefix('case.')}（{name.zh}）。",
            en=f"Add {path.removeprefix('case.')} ({name.en}) to the case file.",
        ),
        missing=path,
    )


def short(text: str, most: int = 120) -> str:
    """Text of foreign origin on one bounded line, without its full stop: what a file says must not flood a report."""
    line = " ".join(text.split()) or "—"
    return line.rstrip(".。") if len(line) <= most else f"{line[: most - 1]}…"


def cites(observations: Iterable[Observation]) -> tuple[str, ...]:
    """The ids of the observations that a finding rests on."""
    return tuple([observation.id for observation in observations])


def spans(observations: Iterable[Observation]) -> tuple[SpanSeconds, ...]:
    """The stretches of footage, in seconds, of those observations that have one."""
    return tuple([span.seconds for o in observations if (span := o.span) is not None])
