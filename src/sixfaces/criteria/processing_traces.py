"""Traces of processing in a file, and how they are told: what sort of program, not what its tag says to the letter."""

from collections.abc import Iterable
from typing import NamedTuple

from sixfaces.criteria.moments import quoted
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.facts import EditListFact, ReencodeHintFact, ToolKind, ToolTagFact
from sixfaces.domain.observation import Observation
from sixfaces.domain.policy import Policy

MOST_TOLD = 3
"""A sentence names so many traces and, of each sort of program, so many names; the finding cites all of them."""

LONGEST_NAME = 24
"""Characters of a program's name: encoders write whole command lines."""

PROGRAMS = {
    ToolKind.RECORDER: Words(zh="录像设备", en="a recorder"),
    ToolKind.GENERATOR: Words(zh="画面生成软件", en="a generator of pictures"),
    ToolKind.EDITOR: Words(zh="剪辑软件", en="an editor"),
    ToolKind.TRANSCODER: Words(zh="转码软件", en="a converter"),
    ToolKind.UNKNOWN: Words(zh="未知软件", en="an unknown program"),
}

HINTS = {
    "software_encoder_in_phone_file": Words(zh="自称手机录制，却由软件编码", en="software encoding in a phone's file"),
    "software_encoder": Words(zh="由软件编码", en="encoded by software"),
    "tags_stripped": Words(zh="软件名被抹去", en="the program's name was removed"),
    "default_key_interval": Words(zh="关键帧间隔为转码软件的默认值", en="key frames as converters set them"),
    "structure_unread": Words(zh="文件结构异常", en="an unusual file structure"),
    "fragmented": Words(zh="分段写入", en="written in fragments"),
    "no_creation_time": Words(zh="没有创建时间", en="no time of creation"),
    "exif_stripped": Words(zh="拍摄信息被抹去", en="no camera and no time of capture"),
    "standard_tables": Words(zh="经图像软件重新保存", en="saved again by a program"),
    "modified_later": Words(zh="拍摄之后又被修改", en="changed after it was taken"),
    "size_differs": Words(zh="尺寸与相机所写不符", en="another size than the camera wrote"),
}
"""Traces of re-encoding by their codes; one without words stands by its code."""

_RANKS = {ToolKind.GENERATOR: 3.0, ToolKind.EDITOR: 2.0, ToolKind.TRANSCODER: 0.5}
_EDIT_LIST_RANK = 1.5
"""Strongest first: a generator or an editor says more than any hint (0 to 1), a converter than the weak ones."""


class Trace(NamedTuple):
    """One trace: the observation, and how strongly it hints at processing."""

    observation: Observation
    rank: float


def traces(seen: ExhibitEvidence, policy: Policy) -> list[Trace]:
    """What hints at processing, strongest first; not what recorders write as well."""
    least = policy.thresholds.original.hint_strength
    found = [Trace(o, _RANKS[f.tool]) for o, f in seen.of(ToolTagFact) if f.tool in _RANKS]
    found += [Trace(o, _EDIT_LIST_RANK) for o, f in seen.of(EditListFact) if not f.benign]
    found += [Trace(o, f.strength) for o, f in seen.of(ReencodeHintFact) if f.strength >= least]
    return sorted(found, key=lambda trace: -trace.rank)


def told(found: Iterable[Trace]) -> Words:
    """The strongest few traces in words, programs of one sort as one: `a converter (Lavf62, x264)`."""
    kinds: dict[Words, list[str]] = {}
    for trace in found:
        words, name = _words(trace.observation)
        kinds.setdefault(words, []).extend([name] if name else [])
    parts = [_named(words, names) for words, names in kinds.items()]
    more = len(parts) - MOST_TOLD
    return Words(
        zh="、".join(part.zh for part in parts[:MOST_TOLD]) + (f" 等 {len(parts)} 类" if more > 0 else ""),
        en=", ".join(part.en for part in parts[:MOST_TOLD]) + (f" and {more} more" if more > 0 else ""),
    )


def program(tag: ToolTagFact) -> str:
    """What a tag calls its program, short enough for a sentence."""
    return quoted(tag.value, most=LONGEST_NAME)


def _words(observation: Observation) -> tuple[Words, str]:
    fact = observation.fact
    if isinstance(fact, ToolTagFact):
        sort = PROGRAMS[fact.tool]
        return Words(zh=f"{sort.zh}的标记", en=f"the mark of {sort.en}"), program(fact)
    if isinstance(fact, EditListFact):
        return Words(zh="编辑列表改变了播放内容或顺序", en="an edit list that changes what is played"), ""
    code = fact.hint if isinstance(fact, ReencodeHintFact) else fact.kind
    return HINTS.get(code) or Words(zh=quoted(code), en=quoted(code)), ""


def _named(words: Words, names: list[str]) -> Words:
    distinct = list(dict.fromkeys(names))
    if not distinct:
        return words
    zh, en, more = "、".join(distinct[:MOST_TOLD]), ", ".join(distinct[:MOST_TOLD]), len(distinct) - MOST_TOLD
    if more > 0:
        zh, en = f"{zh} 等 {len(distinct)} 个", f"{en} and {more} more"
    return Words(zh=f"{words.zh}（{zh}）", en=f"{words.en} ({en})")
