"""SOPs: the written standard by which goods of one category are inspected (D10, D11), as versioned data."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sixfaces.domain.model import Model, Say, Sha256, Text

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]

GOOD, OUT, DONE = "good", "out", "done"
"""What a number can be to a condition, and what a confirmation is."""


class Inspector(StrEnum):
    """Who may answer a step."""

    OPERATOR = "operator"
    SENIOR = "senior"
    SERVICE_POINT = "service_point"
    SUPPLIER = "supplier"


class StepForm(StrEnum):
    """How a step is answered."""

    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TEXT = "text"
    CODE = "code"
    """A barcode or serial number, scanned or typed. Where there are choices, they say how it compares: nothing may be
    readable."""
    CONFIRM = "confirm"
    """That it was done."""


class WitnessNeed(StrEnum):
    """What has to be attached to an answer."""

    NONE = "none"
    IF_DEFECT = "if_defect"
    PHOTO = "photo"
    MOMENT = "moment"
    """A moment of the sealed footage."""
    EITHER = "either"


class Severity(StrEnum):
    """How much a defect counts."""

    COSMETIC = "cosmetic"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class DefectKind(StrEnum):
    """What a defect is of."""

    APPEARANCE = "appearance"
    FUNCTION = "function"
    SIZE = "size"
    COMPLETENESS = "completeness"
    IDENTITY = "identity"
    HYGIENE = "hygiene"
    USE = "use"
    SAFETY = "safety"
    PACKAGING = "packaging"


class Defect(Model):
    """A defect that an SOP knows. `quality`: it is a problem of quality (D11: a scratch on working electronics is
    none). `places` and `sizes` are what may be said of where and how large."""

    code: Code
    title: Say
    kind: DefectKind
    severity: Severity
    quality: bool
    places: tuple[Code, ...] = ()
    sizes: tuple[Code, ...] = ()


class Choice(Model):
    """One allowed answer. `defects` are those that it states."""

    value: Code
    label: Say
    defects: tuple[Code, ...] = ()


class Condition(Model):
    """That a step was answered with one of these values; all conditions of a step must hold. A number is `good` or
    `out`, what was confirmed is `done`."""

    step: Code
    values: tuple[Text, ...] = Field(min_length=1)


class SopStep(Model):
    """One thing to look at. The operator sees one at a time."""

    id: Code
    title: Say
    look_at: Say
    how: Say
    form: StepForm
    choices: tuple[Choice, ...] = ()
    unit: Text | None = None
    low: float | None = None
    high: float | None = None
    """Bounds of a number; one outside of `good` states `out_of_good`."""
    good: tuple[float, float] | None = None
    out_of_good: Code | None = None
    witness: WitnessNeed = WitnessNeed.NONE
    by: frozenset[Inspector] = frozenset({Inspector.OPERATOR, Inspector.SENIOR})
    only_if: tuple[Condition, ...] = ()
    optional: bool = False
    machine: Text | None = None
    """What the machine measured that is shown beside the step: a rule's code, such as `consistency.item`."""
    cites: tuple[Text, ...] = ()


class QcOutcome(StrEnum):
    """What an inspection ends in (D12)."""

    DEFECT_CONFIRMED = "defect_confirmed"
    NO_QUALITY_PROBLEM = "no_quality_problem"
    SWAPPED = "swapped"
    INCOMPLETE = "incomplete"
    USED = "used"
    REFERRED = "referred"


class Disposition(StrEnum):
    """Where the goods go."""

    RESTOCK = "restock"
    REPACK = "repack"
    REFURBISH = "refurbish"
    RETURN_TO_VENDOR = "return_to_vendor"
    LIQUIDATE = "liquidate"
    DONATE = "donate"
    DESTROY = "destroy"
    HOLD = "hold"
    BACK_TO_BUYER = "back_to_buyer"


class GradeRule(Model):
    """A grade of a scheme holds where there are at most so many defects of each severity (absent: none allowed) and,
    if `unused`, nothing shows use. The first that holds is the grade."""

    grade: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_+-]{0,19}$")]
    title: Say
    most: dict[Severity, int] = Field(default_factory=dict)
    unused: bool = False
    disposition: Disposition


class GradeScheme(Model):
    """Grades, best first; the last holds for everything. `crosswalk` names the grades of other schemes."""

    name: Code
    version: Text
    title: Say
    grades: tuple[GradeRule, ...] = Field(min_length=2)
    crosswalk: dict[Code, dict[Text, Text]] = Field(default_factory=dict)
    digest: Sha256


class OutcomeRule(Model):
    """Which outcome a finished inspection suggests: the first whose defects (any of `kinds`, `codes`) are there; one
    without both holds always and stands last. `fit`: the goods may be taken back and sold (D11)."""

    outcome: QcOutcome
    kinds: frozenset[DefectKind] = frozenset()
    codes: frozenset[Code] = frozenset()
    quality_only: bool = False
    fit: bool
    disposition: Disposition | None = None
    """Where the goods go then, whatever their grade says; None: as the grade says."""
    cites: tuple[Text, ...] = ()


class Sop(Model):
    """The standard of one category."""

    name: Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z]+)?$")]
    version: Text
    title: Say
    effective_from: date
    effective_until: date | None = None
    defects: tuple[Defect, ...]
    steps: tuple[SopStep, ...] = Field(min_length=1)
    outcomes: tuple[OutcomeRule, ...] = Field(min_length=1)
    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}@[0-9][0-9a-z.]{0,19}$")]
    """The edition of the grades, such as `abcd@2026.1`: what is begun by this SOP ends with these grades."""
    perishable: bool = False
    """Nothing of it is ever sold again (D11)."""
    words: dict[Code, Say] = Field(default_factory=dict)
    """What places and sizes are called."""
    digest: Sha256
