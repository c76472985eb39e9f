"""From a platform's record to what it states in our words, by the sheet that it is of.

1. known words   a column that tells states holds only words that the mapping knows
2. fields        every field of the case file that the sheet fills; an empty cell says nothing
3. one currency  of the row, and the signs on its amounts are of it
4. happenings    what its states and times say has happened
"""

from collections.abc import Iterable
from collections.abc import Mapping as Tree
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import ValidationError

from sixfaces.adapters.marketplaces import refusing
from sixfaces.adapters.marketplaces.kinds import FieldKind, ValueKind, case_fields, happening_fields
from sixfaces.adapters.marketplaces.mapping import CLAIMED, ITEM, HappeningRule, Sheet, Source
from sixfaces.adapters.marketplaces.records import Record
from sixfaces.adapters.marketplaces.refusing import BadCell
from sixfaces.adapters.marketplaces.values import Reading, check_sign, folded, value_of
from sixfaces.domain.chronicle import KINDS
from sixfaces.domain.importing import Refusal, StatedItem, Statement, Told

_CASE = FieldKind(ValueKind.NUMBER_TEXT)
_CURRENCY, _PRICE, _QUANTITY = "order.items.currency", "order.items.price", "order.items.quantity"


class Terms(NamedTuple):
    """By what rows are read: the platform, the currency of a file that names none, and how cells are read."""

    platform: str
    currency: str | None
    reading: Reading


class _Cell(NamedTuple):
    column: str
    text: str


class Whose(NamedTuple):
    """Whose a row is: the number of its claim, and of its order where that is known."""

    number: str | None
    order: str | None


class Row(NamedTuple):
    """What a record was read as; `whose` is None where not even that can be read."""

    whose: Whose | None
    record: Record
    read: Statement | Refusal


class RowReader:
    """Reads the records of one sheet."""

    def __init__(self, sheet: Sheet, terms: Terms) -> None:
        self._sheet, self._terms = sheet, terms
        self._words = {column: {folded(word) for word in words} for column, words in sheet.words.items()}

    def read(self, record: Record) -> Row:
        """What it states, or the first thing in it that cannot be read."""
        try:
            read = self._read(record)
        except BadCell as exc:
            return Row(self._whose(record), record, exc.refusal(record.line))
        return Row(Whose(read.number, read.order), record, read)

    def _whose(self, record: Record) -> Whose | None:
        """Of a row that is refused."""
        order = self._sheet.fields.get("order.order_id")
        try:
            number = self._value(record, self._sheet.case, _CASE) if self._sheet.case is not None else None
            named = self._value(record, order, _CASE) if order is not None and number is None else None
        except BadCell:
            return None
        return Whose(number, named) if number is not None or named is not None else None

    def _read(self, record: Record) -> Statement:
        self._check_words(record)
        values, columns = self._fields(record)
        self._divide(values)
        currency = self._currency(record, values)
        number = self._value(record, self._sheet.case, _CASE) if self._sheet.case is not None else None
        item = {path.removeprefix(ITEM): value for path, value in values.items() if path.startswith(ITEM)}
        claimed = values.pop(CLAIMED, None)
        if item and currency is not None and item.get("price") is not None:
            item["currency"] = currency
        return Statement(
            lines=(record.line,),
            number=number,
            order=values.get("order.order_id"),
            fields=_nested({path: value for path, value in values.items() if not path.startswith(ITEM)}),
            items=(StatedItem(item, claimed if claimed is not None else self._all_of(item)),) if _is_item(item) else (),
            told=tuple(self._told(record, currency)),
            columns=columns,
            is_whole=self._sheet.items is not None and not record.is_table,
        )

    def _all_of(self, item: Tree[str, Any]) -> int | None:
        """A row of a claim that says nothing of how many claims all pieces of its line; a row of an order claims
        nothing."""
        return item.get("quantity", 1) if self._sheet.of == "claims" else None

    def _check_words(self, record: Record) -> None:
        """1."""
        for column, words in self._words.items():
            text = self._text(record, column)
            if text is not None and folded(text) not in words:
                raise refusing.unknown_word(self._sheet.words[column]).at(column, text)

    def _fields(self, record: Record) -> tuple[dict[str, Any], dict[str, str]]:
        """2."""
        values, columns = {}, {}
        for path, source in self._sheet.fields.items():
            value = self._value(record, source, case_fields()[path])
            if value is not None:
                values[path] = value
                columns[path] = next((c for c in source.columns if self._text(record, c)), path)
        return values, columns

    def _divide(self, values: dict[str, Any]) -> None:
        """2. What all pieces of a line cost is told for one: where that leaves a remainder, a person says it."""
        price = self._sheet.fields.get(_PRICE)
        if price is None or not price.of_line or _PRICE not in values:
            return
        pieces = values.get(_QUANTITY) or 1
        cents = Decimal(values.pop(_PRICE)) * 100
        if cents % pieces == 0:
            values[_PRICE] = str(cents / pieces / 100)

    def _currency(self, record: Record, values: Tree[str, Any]) -> str | None:
        """3."""
        currency = values.get(_CURRENCY) or self._terms.currency
        kinds = case_fields()
        for path, source in self._sheet.fields.items():
            cell = self._cell(record, source) if kinds[path].kind is ValueKind.MONEY else None
            if cell is not None and currency is not None:
                _placed(check_sign, cell, currency)
        return currency

    def _told(self, record: Record, currency: str | None) -> list[Told]:
        """4."""
        found = (self._happened(record, rule, currency) for rule in self._sheet.happenings)
        return once(one for one in found if one is not None)

    def _happened(self, record: Record, rule: HappeningRule, currency: str | None) -> Told | None:
        holds = [
            folded(self._text(record, when.column) or "") in {folded(word) for word in when.is_} for when in rule.when
        ]
        if not all(holds):
            return None
        at = self._value(record, rule.at, FieldKind(ValueKind.INSTANT))
        column = rule.at.columns[0]
        if at is None and rule.when:
            raise refusing.untimed(rule.kind).at(column, None)
        if at is None:
            return None
        what = self._what(record, rule, currency)
        return Told(rule.same_as or rule.code, what, at, rule.source, column, keeps_first=rule.first)

    def _what(self, record: Record, rule: HappeningRule, currency: str | None) -> Any:  # noqa: ANN401 any happening
        kinds = happening_fields(rule.kind)
        given: dict[str, Any] = {"kind": rule.kind}
        for path, source in rule.fields.items():
            value = self._value(record, source, kinds[path])
            if value is not None:
                given[path] = value
        if "money.amount" in given and currency is not None:
            given.setdefault("money.currency", currency)
        try:
            return KINDS[rule.kind].model_validate(_nested(given))
        except ValidationError as exc:
            wrong = exc.errors(include_url=False, include_input=False)[0]
            path = ".".join(map(str, wrong["loc"]))
            lacks = rule.fields.get(path) or next((one for p, one in rule.fields.items() if p.startswith(path)), None)
            column = lacks.columns[0] if lacks is not None and lacks.columns else path
            raise refusing.impossible(f"{rule.kind}: {wrong['msg']}").at(column, None) from exc

    def _value(self, record: Record, source: Source, of: FieldKind) -> Any:  # noqa: ANN401 of the field's kind
        if source.value is not None:
            return source.value
        cell = self._cell(record, source)
        if cell is None:
            if source.required:
                raise refusing.missing().at("/".join(source.columns), None)
            return None
        value = _placed(value_of, cell, of, source, reading=self._terms.reading)
        return source.prefix + value if source.prefix and isinstance(value, str) else value

    def _cell(self, record: Record, source: Source) -> _Cell | None:
        return next((_Cell(c, text) for c in source.columns if (text := self._text(record, c)) is not None), None)

    def _text(self, record: Record, column: str) -> str | None:
        text = record.get(column)
        return None if text is None or text in self._terms.reading.empty else text


def once(told: Iterable[Told]) -> list[Told]:
    """Each happening once: the last word on it, but rather a time that is known than one that is guessed."""
    found: dict[str, Told] = {}
    for one in told:
        if one.code not in found or found[one.code].keeps_first or not one.keeps_first:
            found[one.code] = one
    return list(found.values())


def _is_item(item: Tree[str, Any]) -> bool:
    """A price alone is no line of an order: something must say what it is."""
    return bool({"sku", "title", "barcodes", "serials"} & item.keys())


def _placed(read: Any, cell: _Cell, *more: Any, **named: Any) -> Any:  # noqa: ANN401 whatever is read
    try:
        return read(cell.text, *more, **named)
    except BadCell as exc:
        raise exc.at(cell.column, cell.text) from None


def _nested(values: Tree[str, Any]) -> dict[str, Any]:
    """`{"a.b": 1}` as `{"a": {"b": 1}}`."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *groups, name = path.split(".")
        place = tree
        for group in groups:
            place = place.setdefault(group, {})
        place[name] = value
    return tree
