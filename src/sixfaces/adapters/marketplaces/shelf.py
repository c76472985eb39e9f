"""Finds, loads and checks mappings: those that come along, and a folder of one's own that goes before."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sixfaces.adapters.marketplaces.kinds import (
    FieldKind,
    ValueKind,
    case_fields,
    happening_fields,
    needed,
)
from sixfaces.adapters.marketplaces.mapping import HappeningRule, Mapping, Sheet, Source
from sixfaces.domain.chronicle import KINDS
from sixfaces.domain.errors import RulebookError
from sixfaces.domain.model import Say
from sixfaces.pipeline.claims import chronicling
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.editions import editions, names
from sixfaces.rulebook.source import wrong

DATA = Path(__file__).parent / "data"
OWN = {one.model_fields["kind"].default for one in (*chronicling.OWN, *chronicling.OF_PEOPLE)}
"""What no export tells: what only the product itself enters, and what people have judged."""


def load(name: str, own: Path | None = None) -> Mapping:
    """The newest mapping of a platform, or exactly `name@version`; one's own first. Errors: RulebookError."""
    wanted, _, version = name.partition("@")
    if own is not None and (found := editions(wanted, version, own)):
        return MAPPINGS.load_file(found[0])
    return MAPPINGS.load(name)


def known(own: Path | None = None) -> tuple[str, ...]:
    """The names of all platforms that there are mappings of."""
    return tuple(sorted({*names(DATA), *(names(own) if own is not None else ())}))


def check(paths: Sequence[Path]) -> Iterator[Mapping | RulebookError]:
    """What each file holds, or why it is refused."""
    for path in paths:
        try:
            yield MAPPINGS.load_file(path)
        except RulebookError as error:
            yield error


def _checked(mapping: Mapping, path: Path) -> None:
    if mapping.zone is not None:
        try:
            ZoneInfo(mapping.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise wrong(path, "zone", given=mapping.zone, zh="没有这个时区", en="no such time zone") from None
    for name in mapping.encodings:
        _check_encoding(name, path)
    for sheet in mapping.sheets:
        _check_sheet(sheet, path)


def _check_encoding(name: str, path: Path) -> None:
    try:
        b"a".decode(name)  # an empty one is decoded without looking
    except (LookupError, ValueError):
        raise wrong(path, "encodings", given=name, zh="没有这种编码", en="no such encoding") from None


def _check_sheet(sheet: Sheet, path: Path) -> None:
    place = f"sheets.{sheet.name}"
    if (sheet.of == "claims") is (sheet.case is None):
        raise wrong(
            path, f"{place}.case", given=sheet.of, zh="售后表须写明 case，订单表不写", en="claims need it, orders not"
        )
    if sheet.of == "orders" and not getattr(sheet.fields.get("order.order_id"), "required", False):
        raise wrong(
            path, f"{place}.fields.order.order_id", given=None, zh="订单表须有且必填", en="orders need it, required"
        )
    for name, source in sheet.fields.items():
        kind = case_fields().get(name)
        if kind is None:
            near = sorted(case_fields())
            raise wrong(
                path, f"{place}.fields.{name}", given=name, zh=f"没有这个字段（有：{near}）", en=f"known are {near}"
            )
        _check_source(source, kind, (f"{place}.fields.{name}", path))
    codes = [rule.code for rule in sheet.happenings]
    heads = {rule.code: rule.kind for rule in sheet.happenings if rule.same_as is None}
    for rule in sheet.happenings:
        if codes.count(rule.code) > 1:
            raise wrong(path, f"{place}.happenings.{rule.code}", given=rule.code, zh="重复", en="is there twice")
        if rule.same_as is not None and heads.get(rule.same_as) != rule.kind:
            raise wrong(
                path, f"{place}.happenings.{rule.code}.same_as", given=rule.same_as,
                zh="须为该表中 kind 相同且没有 same_as 的规则", en="must be a rule of this kind without one",
            )  # fmt: skip
        _check_rule(rule, sheet, path)


def _check_rule(rule: HappeningRule, sheet: Sheet, path: Path) -> None:
    place = f"sheets.{sheet.name}.happenings.{rule.code}"
    if rule.kind not in KINDS or rule.kind in OWN:
        may = sorted(set(KINDS) - OWN)
        raise wrong(path, f"{place}.kind", given=rule.kind, zh=f"没有这种事件（有：{may}）", en=f"known are {may}")
    if not rule.at.columns:
        raise wrong(path, f"{place}.at", given=rule.at.value, zh="须取自列", en="must be from a column")
    kinds = happening_fields(rule.kind)
    for name, source in rule.fields.items():
        if name not in kinds:
            may = sorted(kinds)
            raise wrong(
                path, f"{place}.fields.{name}", given=name, zh=f"没有这个字段（有：{may}）", en=f"known are {may}"
            )
        _check_source(source, kinds[name], (f"{place}.fields.{name}", path))
    given = {name.partition(".")[0] for name in rule.fields}
    if lacks := sorted(needed(rule.kind) - given):
        raise wrong(path, f"{place}.fields", given=sorted(given), zh=f"缺少 {lacks}", en=f"lacks {lacks}")
    for when in rule.when:
        unknown = [word for word in when.is_ if word not in sheet.words.get(when.column, ())]
        if unknown:
            raise wrong(
                path, f"{place}.when.{when.column}", given=unknown, zh="须列在该表的 words 中",
                en="must stand among the sheet's words of the column",
            )  # fmt: skip


def _check_source(source: Source, kind: FieldKind, place: tuple[str, Path]) -> None:
    field, path = place
    given: list[object] = list(source.values.values())
    if source.value is not None:
        given.append(source.value)
    if kind.kind is ValueKind.FLAG:
        if not given or not all(isinstance(one, bool) or one == "" for one in given):
            raise wrong(path, field, given=given, zh="须为 true 或 false", en="must be true or false")
        return
    unknown = [one for one in given if kind.words and one not in (*kind.words, "")]
    if unknown:
        raise wrong(path, field, given=unknown, zh=f"可用的有：{kind.words}", en=f"known are {kind.words}")
    if source.of_line and kind.kind is not ValueKind.MONEY:
        raise wrong(path, field, given=True, zh="of_line 只用于金额", en="only an amount is of a line")
    if source.prefix and kind.kind is not ValueKind.NUMBER_TEXT:
        raise wrong(path, field, given=source.prefix, zh="只有编号可加前缀", en="only identifiers take a prefix")


MAPPINGS: Shelf[Mapping] = Shelf(DATA, Mapping, Say(zh="平台映射", en="mapping"), check=_checked)
"""All mappings that are shipped."""
