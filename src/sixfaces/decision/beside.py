"""What a decision table does not look at, applied to the row that it gave: the table stays small enough to be counted.

1. withdrawn    nothing is given, whatever the row says
2. lines        what was found of some lines says nothing of others: a person decides
3. history      whoever uses discretion is told whether the buyer's earlier claims give cause for doubt (D17)
4. platform     nothing closes without a person, and valid evidence of the buyer's is supported (D19)
"""

from typing import NamedTuple

from sixfaces.decision.claim_state import is_stepped_in, is_withdrawn
from sixfaces.decision.found import undecided
from sixfaces.decision.situation import FAULT, Matter, claimed_lines
from sixfaces.domain.chronicle import Excused, Party, Side
from sixfaces.domain.decision import Found, FreightBearer, Reason, Remedy, Situation, TableRow, Whereabouts, Window
from sixfaces.domain.model import Say


class Adapted(NamedTuple):
    """The row as it holds for this claim, and why it is not as the table has it."""

    row: TableRow
    reasons: tuple[Reason, ...] = ()


def adapted(row: TableRow, matter: Matter, situation: Situation) -> Adapted:
    """The row under everything that the table does not look at."""
    if is_withdrawn(matter.course):
        return Adapted(_without_claim(row))
    row, reasons = _of_lines(row, matter)
    reasons = (*reasons, *_history(matter, situation))
    if not is_stepped_in(matter.course):
        return Adapted(row, reasons)
    row, why = _stepped_in(row, situation)
    return Adapted(row, (*why, *reasons))


def _without_claim(row: TableRow) -> TableRow:
    """1. In words of its own: the row's would promise what is not asked for any more."""
    none = {"liable": None, "remedy": Remedy.NONE, "freight": FreightBearer.NONE, "signs": True}
    return row.model_copy(update={**none, "says": _WITHDRAWN, "cites": ("D2",)})


def _of_lines(row: TableRow, matter: Matter) -> Adapted:
    """2. Only rows that look at what was found."""
    why = undecided(matter.inspections, matter.course, claimed_lines(matter.file))
    if why is None or "found" not in row.when:
        return Adapted(row)
    person = {"liable": None, "remedy": Remedy.ASK_PERSON, "freight": FreightBearer.NONE, "share": None}
    return Adapted(row.model_copy(update={**person, "says": why, "cites": ("D10", "D12")}))


def _history(matter: Matter, situation: Situation) -> tuple[Reason, ...]:
    """3. The last word of a person on it."""
    said = [one.clean_history for one in matter.course.all(Excused) if one.clean_history is not None]
    if situation.window is not Window.LATE_EXCUSED or not said:
        return ()
    return (_CLEAN,) if said[-1] else (_DOUBTED,)


def _stepped_in(row: TableRow, situation: Situation) -> Adapted:
    """4. Goods that are back and of which only the buyer has shown anything are refunded; what was found of them counts
    before that."""
    signed = row.model_copy(update={"signs": True})
    proved = situation.buyer is Side.ACCEPTED and situation.reason in FAULT and situation.found is Found.NONE
    if not proved or row.remedy is not Remedy.ASK_PERSON or situation.where is not Whereabouts.WITH_SELLER:
        return Adapted(signed, (_PLATFORM,))
    refund = {"liable": Party.SELLER, "remedy": Remedy.RETURN_REFUND, "freight": FreightBearer.SELLER}
    return Adapted(signed.model_copy(update={**refund, "says": _SUPPORTED, "cites": ("D19",)}), (_PLATFORM,))


_CLEAN = Reason(
    text=Say(zh="买家以往的售后记录良好。", en="The buyer's earlier claims give no cause for doubt."), cites=("D17",)
)
_DOUBTED = Reason(
    text=Say(zh="买家以往的售后记录存疑，酌情时须考虑。", en="The buyer's earlier claims give cause for doubt."),
    cites=("D17",),
)
_WITHDRAWN = Say(zh="买家已撤销申请。", en="The buyer withdrew the claim.")
_SUPPORTED = Say(
    zh="买家的质量凭证有效，支持退款，由卖家承担。",
    en="The buyer's evidence is valid: the refund is supported, and the seller answers for it.",
)
_PLATFORM = Reason(
    text=Say(zh="平台已介入，须由人工裁定。", en="The platform stepped in: a person decides."),
    cites=("D19",),
)
