"""START READING HERE: how a verified case becomes the files that a channel accepts.

1. say      the statement, of whole sentences, within the channel's characters
2. prepare  each picture that could go in, in several sizes, masked and without colour as it must be
3. film     a clip of the decisive stretches, where the channel takes one and it may be shown
4. plan     which pictures go in and how large, what shows most for a byte first; the six faces go in together
5. set      the pages, with what was left out named on them, and see how large they are
6. again    over the budget: planned again with less, until it fits or nothing would be shown any more
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sixfaces.domain.channel import Channel
from sixfaces.domain.model import Say
from sixfaces.domain.pack import LeftOut, Pack, PackedOriginal, PackFile, PackKind
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.clipping import CLAIM, CLIP, Filmed, filmed
from sixfaces.pipeline.packing.material import Asked, Material
from sixfaces.pipeline.packing.pictures import Prepared, prepared
from sixfaces.pipeline.packing.setting import Pages, document, is_grey, pages_alone
from sixfaces.report.packs.shots import net_of, shots_of
from sixfaces.report.packs.statement import Statement, statement_of
from sixfaces.report.visible import visible
from sixfaces.report.words import RULE
from sixfaces.vault.canonical import canonical_json

STATEMENT = "01-statement.txt"


class Made(NamedTuple):
    """The files to hand in by name, what pack.json says, and the claims of clips by their names."""

    pack: Pack
    files: Mapping[str, bytes]
    proofs: Mapping[str, bytes] = {}


def make_pack(material: Material, asked: Asked) -> Made:
    """Everything that is to be handed in. Raises PackError `pack.impossible` where the channel's limits hold nothing,
    `pack.nothing` for a case without pictures, `pack.picture`, `pack.no_typst`."""
    channel = asked.channel
    statement = _statement(material, asked)  # 1.
    every = _prepared(material, asked)  # 2.
    clip = filmed(material, asked, room=_clip_room(channel))  # 3.
    told = (*_untold(statement, asked), *_other_nets(material), *([clip] if isinstance(clip, LeftOut) else []))
    left = asked._replace(channel=_less(channel, clip))
    set_ = (document if channel.pdf is not None else pages_alone)(material, left, every=every, told=told)  # 4. to 6.
    files: dict[str, tuple[PackKind, bytes]] = {}
    if statement is not None:
        files[STATEMENT] = (PackKind.STATEMENT, statement.text.encode())
    files |= set_.files
    pack = _pack(material, asked, files=files, made=set_)
    held = {name: data for name, (_, data) in files.items()}
    if not isinstance(clip, Filmed):
        return Made(pack, held)
    pack = pack.model_copy(update={"files": (*pack.files, clip.file)})
    return Made(pack, {**held, CLIP: clip.data}, {CLAIM: clip.claim})


def _clip_room(channel: Channel) -> int | None:
    """Of what all files may have, a clip gets three quarters: without its pages a pack explains nothing."""
    return None if channel.bytes is None else channel.bytes * 3 // 4


def _less(channel: Channel, clip: Filmed | LeftOut | None) -> Channel:
    """What the channel has left for the pages."""
    if not isinstance(clip, Filmed):
        return channel
    return channel.model_copy(
        update={
            "bytes": None if channel.bytes is None else channel.bytes - clip.file.bytes,
            "files": None if channel.files is None else channel.files - 1,
        }
    )


def _statement(material: Material, asked: Asked) -> Statement | None:
    """1."""
    limits = asked.channel.text
    if limits is None:
        return None
    return statement_of(material.report, material.case, language=asked.language, characters=limits.characters)


def _prepared(material: Material, asked: Asked) -> Mapping[str, Prepared]:
    """2."""
    shots = shots_of(material.report)
    wanted = {one.path for one in net_of(shots)} | {one.path for one in shots if one.face is None}
    every = prepared(
        material, [one for one in shots if one.path in wanted], masked=asked.masked, grey=is_grey(asked.channel)
    )
    if not every:
        raise refusals.nothing()
    return every


def _untold(statement: Statement | None, asked: Asked) -> Iterator[LeftOut]:
    limits = asked.channel.text
    if statement is None or limits is None or not statement.left_out:
        return
    count, rules = len(statement.left_out), list(dict.fromkeys(RULE[one.code] for one in statement.left_out))
    zh, en = "、".join(one.zh for one in rules), ", ".join(one.en for one in rules)
    yield LeftOut(
        what=Say(zh=f"说明文字未写明的 {count} 项（{zh}）", en=f"{count} points in the statement ({en})"),
        why=Say(
            zh=f"说明最多 {limits.characters} 个字符；逐项结论中均已列出",
            en=f"it may have {limits.characters} characters; the pages tell all points",
        ),
    )


def _other_nets(material: Material) -> Iterator[LeftOut]:
    """Faces of further videos: the pages unfold one."""
    shots = shots_of(material.report)
    net = {one.path for one in net_of(shots)}
    for view in material.report.exhibits:
        faces = [one.caption for one in shots if one.face is not None and one.original == view.sha256]
        if faces and not any(one.path in net for one in shots if one.original == view.sha256):
            zh, en = "、".join(one.zh for one in faces), ", ".join(one.en for one in faces)
            name = visible(view.name, longest=60)
            yield LeftOut(
                what=Say(zh=f"另一段录像（{name}）中包裹的各面：{zh}", en=f"faces in another video ({name}): {en}"),
                why=Say(zh="展开图只用一段录像", en="the net shows one video, that of most faces"),
            )


def _pack(material: Material, asked: Asked, *, files: Mapping[str, tuple[PackKind, bytes]], made: Pages) -> Pack:
    report = material.report
    return Pack(
        case=report.case_id,
        language=asked.language,
        masked=asked.masked,
        channel=f"{asked.channel.name}@{asked.channel.version}",
        channel_sha256=asked.channel.digest,
        unconfirmed=asked.channel.unconfirmed,
        verdict=report.verdict.value,
        policy=f"{report.rulebook.policy}@{report.rulebook.version}",
        policy_sha256=report.rulebook.digest,
        report_sha256=material.results["report.json"],
        originals=tuple(
            PackedOriginal(sha256=view.sha256, bytes=view.bytes, name=view.name, role=view.role.value)
            for view in report.exhibits
        ),
        files=tuple(
            PackFile(
                name=name,
                kind=kind,
                sha256=hashlib.sha256(data).hexdigest(),
                bytes=len(data),
                shows=() if kind is PackKind.STATEMENT else made.shows,
                credentials=kind is PackKind.PAGE and asked.signing is not None,
            )
            for name, (kind, data) in files.items()
        ),
        left_out=made.left_out,
    )


def pack_digest(pack: Pack) -> str:
    """By which the custody log names a pack: that of the digests of its files."""
    return hashlib.sha256(canonical_json({one.name: one.sha256 for one in pack.files})).hexdigest()
