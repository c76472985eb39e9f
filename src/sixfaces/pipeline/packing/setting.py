"""Plans the pictures of a pack into its pages, and sets them: one PDF, or each page as a picture.

1. bare     the pages without a picture are measured: what is left of the budget is the pictures'
2. plan     what shows most for a byte first; the six faces go in together
3. set      with what was left out named on the pages, and see how large they are
4. again    over the budget: with less, until it fits. Pages that show nothing are no evidence: they are refused
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sixfaces.domain.channel import Channel, Colour
from sixfaces.domain.errors import PackError
from sixfaces.domain.model import Say
from sixfaces.domain.pack import LeftOut, PackKind, Shown
from sixfaces.observe.fitting.fitter import fit
from sixfaces.observe.fitting.messages import Fitting, Size
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.crediting import credited_page
from sixfaces.pipeline.packing.material import Asked, Material
from sixfaces.pipeline.packing.pictures import Prepared, shown
from sixfaces.report.clocks import size as size_text
from sixfaces.report.packs.planning import Budget, Candidate, least, planned
from sixfaces.report.packs.sheets import Sheets, main_video, sheets_pdf, sheets_png
from sixfaces.report.packs.shots import Shot

DOCUMENT, PAGE = "02-exhibits.pdf", "02-exhibits-page-{}.jpg"
MOST_TRIES = 12
COUNTED_AT_DPI = 8.0
PRINTS = ((150.0, 86), (130.0, 82), (110.0, 78), (96.0, 72), (80.0, 64))
"""Dots an inch and JPEG quality of pages as pictures: below the last, small print is not read any more."""
LONGEST_PAGE = 20_000


class Pages(NamedTuple):
    """Files as they were set, and what was left out of them."""

    files: Mapping[str, tuple[PackKind, bytes]]
    shows: tuple[Shown, ...]
    left_out: tuple[LeftOut, ...]


def is_grey(channel: Channel) -> bool:
    """Whether the channel takes no colour."""
    part = channel.pdf or channel.pictures
    return part is not None and part.colour is Colour.GREY


def document(material: Material, asked: Asked, *, every: Mapping[str, Prepared], told: tuple[LeftOut, ...]) -> Pages:
    """As one PDF. Raises PackError `pack.impossible`, `pack.no_typst`, `pack.picture`."""
    limits = asked.channel.pdf
    assert limits is not None
    whole = _smallest(limits.bytes, asked.channel.bytes)
    room, moments, least_bytes = 10**12, len(every), 0
    if whole is not None:
        bare = sheets_pdf(
            _sheets(material, asked, every=every, plan={}, left_out=(*told, *_all_left(every, whole=whole))),
            language=asked.language,
            archival=limits.archival,
        )
        room, least_bytes = whole - len(bare), len(bare) + min(len(one.sizes[-1]) for one in every.values())
    for _ in range(MOST_TRIES):
        plan, left_out = _planned(every, Budget(room, moments), whole=whole)
        if not plan:
            raise refusals.impossible(least_bytes, whole or least_bytes, pages=1)
        sheets = _sheets(material, asked, every=every, plan=plan, left_out=(*told, *left_out))
        data = sheets_pdf(sheets, language=asked.language, archival=limits.archival)
        pages = 1 if limits.pages is None else _page_count(sheets, asked)
        over = 0 if whole is None else len(data) - whole
        if over <= 0 and pages <= (limits.pages or pages):
            shows = tuple(
                shown(every[path], size, grey=sheets.grey, masked=asked.masked) for path, size in plan.items()
            )
            return Pages({DOCUMENT: (PackKind.DOCUMENT, data)}, shows, (*told, *left_out))
        if len(plan) <= 1 and all(size == len(every[path].sizes) - 1 for path, size in plan.items()):
            break
        if over > 0:
            room = min(room, sum(len(every[path].sizes[size]) for path, size in plan.items())) - over - over // 50 - 1
        else:
            moments = max(0, min(moments, len(sheets.shots)) - 2 * (pages - (limits.pages or pages)))
    raise refusals.impossible(len(data), whole or len(data), pages=pages)


def _page_count(sheets: Sheets, asked: Asked) -> int:
    return len(sheets_png(sheets, language=asked.language, dpi=COUNTED_AT_DPI))


class _Paged(NamedTuple):
    """What pages are printed of. `by_count`: what is left out is so because of the number of pictures."""

    material: Material
    asked: Asked
    every: Mapping[str, Prepared]
    told: tuple[LeftOut, ...]
    by_count: bool = False


def pages_alone(material: Material, asked: Asked, *, every: Mapping[str, Prepared], told: tuple[LeftOut, ...]) -> Pages:
    """Each page as a picture: smaller prints first, then as many moments as the smallest has room for. Raises as
    `document`, and CredentialsError."""
    of = _Paged(material, asked, every, told)
    low, high = 0, sum(one.shot.face is None for one in every.values())
    made = _printed(of, high, prints=PRINTS)
    if isinstance(made, Pages):
        return made
    of, most = of._replace(by_count=_has_too_many(of)), -1
    while low < high:  # what is below `low` fits, what is at `high` or above does not
        middle = (low + high) // 2
        tried = _printed(of, middle, prints=PRINTS[-1:])
        if isinstance(tried, Pages):
            low, most = middle + 1, middle
        else:
            high, made = middle, tried
    best = _printed(of, most, prints=PRINTS) if most >= 0 else made
    if isinstance(best, PackError):
        raise best
    return best


def _has_too_many(of: _Paged) -> bool:
    """Whether all moments take more pages than the channel takes pictures, whatever their bytes."""
    channel = of.asked.channel
    most = _smallest(channel.pictures.count if channel.pictures else None, channel.files)
    plan, _ = _planned(of.every, Budget(10**12), whole=None)
    sheets = _sheets(of.material, of.asked, every=of.every, plan=plan, left_out=of.told)
    return most is not None and _page_count(sheets, of.asked) > most


def _printed(of: _Paged, moments: int, *, prints: Sequence[tuple[float, int]]) -> Pages | PackError:
    """With so many moments at most, by the first of these prints that the channel takes; or why it takes none."""
    asked, every = of.asked, of.every
    limits = asked.channel.pictures
    assert limits is not None
    most, whole = _smallest(limits.count, asked.channel.files), _smallest(limits.bytes, asked.channel.bytes)
    plan, left_out = _planned(
        every, Budget(10**12, moments), whole=None if of.by_count else whole, most=most if of.by_count else None
    )
    sheets = _sheets(of.material, asked, every=every, plan=plan, left_out=(*of.told, *left_out))
    if most is not None and _page_count(sheets, asked) > most:
        return refusals.too_many_pages(most)
    largest = together = 0
    pages: list[bytes] = []
    for dpi, quality in prints if plan else ():
        size = Size(longest=limits.longest_px or LONGEST_PAGE, quality=quality)
        pages = [
            credited_page(one, original=_filmed_in(of.material), masked=asked.masked, signing=asked.signing)
            for (one,) in fit(
                sheets_png(sheets, language=asked.language, dpi=dpi), Fitting(sizes=(size,), grey=sheets.grey)
            )
        ]
        largest, together = max(map(len, pages)), sum(map(len, pages))
        if largest <= (limits.bytes or largest) and together <= (asked.channel.bytes or together):
            files = {PAGE.format(n): (PackKind.PAGE, data) for n, data in enumerate(pages, 1)}
            shows = tuple(shown(every[path], at, grey=sheets.grey, masked=asked.masked) for path, at in plan.items())
            return Pages(files, shows, (*of.told, *left_out))
    if limits.bytes is not None and largest > limits.bytes:
        return refusals.impossible(largest, limits.bytes, pages=len(pages))
    return refusals.impossible(together, asked.channel.bytes or together, pages=len(pages))


def _filmed_in(material: Material) -> tuple[str, str]:
    """The original that the pages are above all about: its digest and format."""
    view = main_video(material.report) or material.report.exhibits[0]
    return view.sha256, view.format


def _planned(
    every: Mapping[str, Prepared], budget: Budget, *, whole: int | None, most: int | None = None
) -> tuple[Mapping[str, int], tuple[LeftOut, ...]]:
    """2. The net counts as one picture, which must be in: without it, what the pack is for would be missing. Where
    not even the net has room it is left out, and the rest is planned without it."""
    net = {path for path, one in every.items() if one.shot.face is not None}
    candidates = [
        Candidate(path, one.shot.worth, tuple(map(len, one.sizes)), must=path in net) for path, one in every.items()
    ]
    if least(candidates) > budget.bytes:
        candidates = [one for one in candidates if not one.must]
    plan = planned(candidates, budget)
    return plan, tuple(_left(one.shot, whole=whole, most=most) for path, one in every.items() if path not in plan)


def _all_left(every: Mapping[str, Prepared], *, whole: int) -> Iterator[LeftOut]:
    return (_left(one.shot, whole=whole, most=None) for one in every.values())


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
    """3."""
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
        grey=is_grey(asked.channel),
        masked=asked.masked,
        behind=material.behind,
    )


def _smallest(*limits: int | None) -> int | None:
    known = [one for one in limits if one is not None]
    return min(known) if known else None
