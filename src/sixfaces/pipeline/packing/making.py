"""START READING HERE: how a verified case becomes the files that a channel accepts.

1. say      the statement, of whole sentences, within the channel's characters
2. prepare  each picture that could go in, in several sizes, masked and without colour as it must be
3. film     a clip of the decisive stretches, where the channel takes one and it may be shown
4. plan     which pictures go in and how large, what shows most for a byte first; the six faces go in together
5. set      the pages, with what was left out named on them, and see how large they are
6. again    over the budget: planned again with less, until it fits or nothing would be shown any more
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sixfaces.domain.channel import Channel, Colour
from sixfaces.domain.model import Say
from sixfaces.domain.pack import LeftOut, Pack, PackedOriginal, PackFile, PackKind, Shown
from sixfaces.observe.fitting.fitter import fit
from sixfaces.observe.fitting.messages import Fitting, Size
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.clipping import CLAIM, CLIP, Filmed, filmed
from sixfaces.pipeline.packing.crediting import credited_page
from sixfaces.pipeline.packing.material import Asked, Material
from sixfaces.pipeline.packing.pictures import Prepared, prepared, shown
from sixfaces.report.clocks import size as size_text
from sixfaces.report.packs.planning import Budget, Candidate, least, planned
from sixfaces.report.packs.sheets import Sheets, main_video, sheets_pdf, sheets_png
from sixfaces.report.packs.shots import Shot, net_of, shots_of
from sixfaces.report.packs.statement import Statement, statement_of
from sixfaces.report.words import RULE
from sixfaces.vault.canonical import canonical_json

STATEMENT, DOCUMENT, PAGE = "01-statement.txt", "02-exhibits.pdf", "02-exhibits-page-{}.jpg"
PAGES_ALONE = 90_000
"""Bytes of a PDF without pictures, as a first guess: its fonts above all. What it comes to is measured."""
MOST_TRIES = 12
COUNTED_AT_DPI = 8.0
PRINTS = ((150.0, 86), (130.0, 82), (110.0, 78), (96.0, 72), (80.0, 64))
"""Dots an inch and JPEG quality of pages as pictures: below the last, small print is not read any more."""
LONGEST_PAGE = 20_000


class Made(NamedTuple):
    """The files to hand in by name, what pack.json says, and the claims of clips by their names."""

    pack: Pack
    files: Mapping[str, bytes]
    proofs: Mapping[str, bytes] = {}


class _Set(NamedTuple):
    """Files as they were set, and what was left out of them."""

    files: Mapping[str, tuple[PackKind, bytes]]
    shows: tuple[Shown, ...]
    left_out: tuple[LeftOut, ...]


def make_pack(material: Material, asked: Asked) -> Made:
    """Everything that is to be handed in. Raises PackError `pack.impossible` where the channel's limits hold nothing,
    `pack.nothing` for a case without pictures, `pack.picture`, `pack.no_typst`."""
    channel = asked.channel
    statement = _statement(material, asked)  # 1.
    every = _prepared(material, asked)  # 2.
    clip = filmed(material, asked, room=_clip_room(channel))  # 3.
    told = (*_untold(statement, asked), *([clip] if isinstance(clip, LeftOut) else []))
    left = asked._replace(channel=_less(channel, clip))
    set_ = (_document if channel.pdf is not None else _pages)(material, left, every=every, told=told)  # 4. to 6.
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
        material, [one for one in shots if one.path in wanted], masked=asked.masked, grey=_is_grey(asked.channel)
    )
    if not every:
        raise refusals.nothing()
    return every


def _is_grey(channel: Channel) -> bool:
    part = channel.pdf or channel.pictures
    return part is not None and part.colour is Colour.GREY


def _document(material: Material, asked: Asked, *, every: Mapping[str, Prepared], told: tuple[LeftOut, ...]) -> _Set:
    """4. to 6., as one PDF."""
    limits = asked.channel.pdf
    assert limits is not None
    whole = _smallest(limits.bytes, asked.channel.bytes)
    room, moments = (10**12 if whole is None else whole - PAGES_ALONE), len(every)
    for _ in range(MOST_TRIES):
        plan, left_out = _planned(every, Budget(room, moments), whole=whole)
        sheets = _sheets(material, asked, every=every, plan=plan, left_out=(*told, *left_out))
        data = sheets_pdf(sheets, language=asked.language, archival=limits.archival)
        pages = 1 if limits.pages is None else _page_count(sheets, asked)
        over = 0 if whole is None else len(data) - whole
        if over <= 0 and pages <= (limits.pages or pages):
            shows = tuple(
                shown(every[path], size, grey=sheets.grey, masked=asked.masked) for path, size in plan.items()
            )
            return _Set({DOCUMENT: (PackKind.DOCUMENT, data)}, shows, (*told, *left_out))
        if len(plan) <= 1 and all(size == len(every[path].sizes) - 1 for path, size in plan.items()):
            raise refusals.impossible(len(data), whole or len(data), pages=pages)
        if over > 0:
            room = min(room, sum(len(every[path].sizes[size]) for path, size in plan.items())) - over - over // 50 - 1
        else:
            moments = max(0, min(moments, len(sheets.shots)) - 2 * (pages - (limits.pages or pages)))
    raise refusals.impossible(len(data), whole or len(data), pages=pages)


def _page_count(sheets: Sheets, asked: Asked) -> int:
    return len(sheets_png(sheets, language=asked.language, dpi=COUNTED_AT_DPI))


def _pages(material: Material, asked: Asked, *, every: Mapping[str, Prepared], told: tuple[LeftOut, ...]) -> _Set:
    """4. to 6., each page as a picture: fewer moments until there are few enough pages, then smaller prints."""
    limits = asked.channel.pictures
    assert limits is not None
    most = _smallest(limits.count, asked.channel.files)
    plan, left_out = _planned(every, Budget(10**12), whole=None)
    sheets = _sheets(material, asked, every=every, plan=plan, left_out=(*told, *left_out))
    moments = len(plan)
    while most is not None and _page_count(sheets, asked) > most:
        if moments == 0:
            raise refusals.too_many_pages(most)
        moments -= 1
        plan, left_out = _planned(every, Budget(10**12, moments), whole=None, most=most)
        sheets = _sheets(material, asked, every=every, plan=plan, left_out=(*told, *left_out))
    for dpi, quality in PRINTS:
        size = Size(longest=limits.longest_px or LONGEST_PAGE, quality=quality)
        pages = sheets_png(sheets, language=asked.language, dpi=dpi)
        prints = [
            credited_page(one, original=_filmed_in(material), masked=asked.masked, signing=asked.signing)
            for (one,) in fit(pages, Fitting(sizes=(size,), grey=sheets.grey))
        ]
        largest, together = max(map(len, prints)), sum(map(len, prints))
        if largest <= (limits.bytes or largest) and together <= (asked.channel.bytes or together):
            files = {PAGE.format(n): (PackKind.PAGE, data) for n, data in enumerate(prints, 1)}
            shows = tuple(shown(every[path], at, grey=sheets.grey, masked=asked.masked) for path, at in plan.items())
            return _Set(files, shows, (*told, *left_out))
    raise refusals.impossible(largest, limits.bytes or largest, pages=len(prints))


def _filmed_in(material: Material) -> tuple[str, str]:
    """The original that the pages are above all about: its digest and format."""
    view = main_video(material.report) or material.report.exhibits[0]
    return view.sha256, view.format


def _planned(
    every: Mapping[str, Prepared], budget: Budget, *, whole: int | None, most: int | None = None
) -> tuple[Mapping[str, int], tuple[LeftOut, ...]]:
    """4. The net counts as one picture, which must be in: without it, what the pack is for would be missing. Where
    not even the net has room it is left out, and the rest is planned without it."""
    net = {path for path, one in every.items() if one.shot.face is not None}
    candidates = [
        Candidate(path, one.shot.worth, tuple(map(len, one.sizes)), must=path in net) for path, one in every.items()
    ]
    if least(candidates) > budget.bytes:
        candidates = [one for one in candidates if not one.must]
    plan = planned(candidates, budget)
    return plan, tuple(_left(one.shot, whole=whole, most=most) for path, one in every.items() if path not in plan)


def _left(shot: Shot, *, whole: int | None, most: int | None) -> LeftOut:
    what = shot.caption
    if shot.face is not None:
        what = Say(zh=f"展开图：{what.zh}", en=f"face net: {what.en}")
    if most is not None:
        return LeftOut(what=what, why=Say(zh=f"该渠道最多 {most} 张图片", en=f"the channel takes {most} pictures"))
    if whole is not None:
        limit = size_text(whole)
        return LeftOut(what=what, why=Say(zh=f"超出 {limit} 的上限", en=f"beyond the limit of {limit}"))
    return LeftOut(what=what, why=Say(zh="页数已满", en="beyond the limit of pages"))


def _sheets(
    material: Material,
    asked: Asked,
    *,
    every: Mapping[str, Prepared],
    plan: Mapping[str, int],
    left_out: Sequence[LeftOut],
) -> Sheets:
    """5."""
    shots = [every[path].shot for path in every if path in plan]
    return Sheets(
        report=material.report,
        case=material.case,
        channel=asked.channel,
        shots=[one for one in shots if one.face is None],
        net=[one for one in shots if one.face is not None],
        pictures={path: every[path].sizes[size] for path, size in plan.items()},
        made=asked.made.date(),
        left_out=left_out,
        grey=_is_grey(asked.channel),
        masked=asked.masked,
        behind=material.behind,
    )


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


def _smallest(*limits: int | None) -> int | None:
    known = [one for one in limits if one is not None]
    return min(known) if known else None


def _pack(material: Material, asked: Asked, *, files: Mapping[str, tuple[PackKind, bytes]], made: _Set) -> Pack:
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
