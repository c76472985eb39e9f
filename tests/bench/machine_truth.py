"""What the rules say of footage whose truth is exactly known: rendered takes, and the committed takes with what was
done to them. Truth stands where a person's word would: nobody has looked at any of it.

`python -m tests.bench.machine_truth [--takes N] [--first SEED]` measures everything anew (needs numba; half a minute of
a core for each take) and writes fixtures/truth/machine_statistics.json.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fixtures.build import MEDIA, ROOT, built
from sixfaces.criteria.registry import RULES
from sixfaces.domain.answer import Answer
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import Exhibit, MediaInfo, Medium, Role
from sixfaces.domain.facts import ContinuityFact, Steadiness
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.rules import RuleCode as R
from sixfaces.pipeline.statistics.rows import sure_of
from sixfaces.report.serial import read_report
from sixfaces.rulebook.loader import load_policy

if TYPE_CHECKING:
    from parcelnet.takes import Take
    from parcelnet.truths import FrameTruth

DATA = ROOT / "truth" / "machine_statistics.json"
FIRST = 1_700_000
DEFECTS = (
    *("missing_bottom", "substituted", "left_frame", "no_opening", "seal_cut", "no_item", "covered_left"),
    *("starts_open", "hidden"),
)
"""In turn, each after an honest take of the same condition; every 36 takes they meet other conditions."""
OF_PARCELS = (
    R.SIX_FACES, R.SAME_PARCEL, R.SEALED_AT_START, R.OPENING_SHOWN, R.ITEM_SHOWN, R.ALWAYS_IN_VIEW,
)  # fmt: skip
WHOLE = (*OF_PARCELS, R.WAYBILL, R.WAYBILL_SHOWN, R.ONE_TAKE, R.SHARPNESS, R.EXPOSURE, R.RESOLUTION, R.DECODES)
FIXTURES: dict[str, dict[R, bool]] = {
    "genuine.mp4": dict.fromkeys(WHOLE, True),
    "bottom_missing.mp4": dict.fromkeys(WHOLE, True) | {R.SIX_FACES: False},
    "honest_reencoded.mp4": dict.fromkeys(WHOLE, True),
    "honest_at_30_fps.mp4": dict.fromkeys(WHOLE, True),
    "honest_vp9.webm": dict.fromkeys(WHOLE, True),
    "tampered_removed_1s.mp4": {R.ONE_TAKE: False},
    "tampered_removed_half_second.mp4": {R.ONE_TAKE: False},
    "tampered_spliced_with_another_take.mp4": {R.ONE_TAKE: False},
    "tampered_frozen_2s.mp4": {R.ONE_TAKE: False},
    "tampered_black_for_1s.mp4": {R.ONE_TAKE: False},
    "bad_blurred.mp4": {R.SHARPNESS: False, R.ONE_TAKE: True},
    "bad_dark.mp4": {R.EXPOSURE: False, R.ONE_TAKE: True},
    "bad_tiny_320x180.mp4": {R.RESOLUTION: False, R.ONE_TAKE: True},
}
"""What holds of each committed take, as far as what was done to it leaves that beyond doubt."""


class Statement(NamedTuple):
    """A rule's answer, whether what it asks for is so, and how sure the answer is."""

    rule: str
    answer: Answer
    true: bool
    confidence: float | None


class Known(NamedTuple):
    """Footage whose truth is known: statements on it, and observations with their confidence and whether they are so.
    `kind`: rendered or fixture; `of`: the condition, or what was done to it."""

    name: str
    kind: str
    of: str
    statements: tuple[Statement, ...]
    told: tuple[tuple[str, float, bool], ...] = ()


def of_fixture(name: str, folder: Path) -> Known:
    """Verify a committed take as anybody would, and hold each rule's answer against what is known."""
    case = MEDIA / ("bottom_missing.case.json" if name.startswith("bottom_missing") else "genuine.case.json")
    media = MEDIA / name if (MEDIA / name).exists() else built(name)
    run = (sys.executable, "-c", "from sixfaces.cli.main import run; run()", "verify", media, "--case", case)
    done = subprocess.run([*map(str, run), "--json", "--out", str(folder)], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return of_results(name, folder)


def of_results(name: str, folder: Path) -> Known:
    """The same from what `sixfaces verify` has written."""
    report = read_report((folder / "report.json").read_bytes())
    (record,) = (Record.model_validate_json(p.read_text("utf-8")) for p in (folder / "records").glob("*.json"))
    findings = [one for criterion in report.criteria.values() for one in criterion.findings]
    truth = FIXTURES[name]
    said = [
        Statement(one.code.value, one.answer, truth[one.code], _rounded(sure_of(one, record)))
        for one in findings if one.code in truth
    ]  # fmt: skip
    return Known(name, "fixture", name.partition("_")[0].partition(".")[0], tuple(sorted(said)))


def of_take(made: "Take", truths: Sequence["FrameTruth"], facts: Sequence[Measured]) -> Known:
    """Judge what the parcel's observer measured in a rendered take, and hold it against the take's own truth."""
    from parcelnet.scoring import faces_shown, reliability_of

    policy = load_policy("default")
    seen = _exhibit(made, facts)
    evidence, truth = Evidence(CaseFile(case_id="T"), (seen,)), dict(_truth(made, truths))
    said = []
    for rule in RULES:
        true = truth.get(rule.code)
        if true is not None:
            finding = rule.judge(evidence, seen, policy)
            said.append(Statement(rule.code.value, finding.answer, true, _rounded(sure_of(finding, seen.record))))
    stretches = reliability_of(faces_shown(made, truths, policy.thresholds.face), truths, seen)
    told = tuple((one.kind, round(one.confidence, 3), one.right) for one in stretches)
    return Known(f"{made.seed}", "rendered", made.condition, tuple(sorted(said)), told)


def _truth(made: "Take", truths: Sequence["FrameTruth"]) -> Iterator[tuple[R, bool | None]]:
    """What is so by how the take was made; None where it makes no sense to ask, or stands on the edge."""
    from parcelnet.scoring import faces_shown
    from parcelnet.sequences import absences

    defect, limits = made.plot.defect, load_policy("default").thresholds
    shown = faces_shown(made, truths, limits.face)
    if shown:
        known = set(shown.values())
        yield R.SIX_FACES, False if False in known else None if None in known else True
    away = max((float(str(gap["to_s"])) - float(str(gap["from_s"])) for gap in absences(list(truths))), default=0.0)
    gone_s = limits.continuity.absence_s
    yield R.ALWAYS_IN_VIEW, None if abs(away - gone_s) < _EDGE_S else away < gone_s
    yield R.SAME_PARCEL, not defect.startswith(("substituted", "two_boxes"))
    yield R.SEALED_AT_START, defect not in ("starts_open", "seal_cut")
    yield R.OPENING_SHOWN, None if defect == "starts_open" else defect not in ("no_opening", "not_opened")
    yield R.ITEM_SHOWN, defect not in ("no_item", "not_opened")


_EDGE_S = 0.3


def _exhibit(made: "Take", facts: Sequence[Measured]) -> ExhibitEvidence:
    """The take as an exhibit whose recording has no other fault."""
    from parcelnet.filming import FPS

    wide, tall = made.set.view.size
    media = MediaInfo(duration_s=made.duration, width=wide, height=tall, fps=float(FPS), codec="h264")
    exhibit = Exhibit(
        sha256="0" * 64, name="take.mp4", role=Role.UNBOXING_VIDEO, bytes=1, medium=Medium.VIDEO, format="mp4"
    )
    watched = Measured(fact=ContinuityFact(steadiness=Steadiness.FIXED, frames=int(made.duration * FPS)))
    told = [("parcel", "1", fact) for fact in facts]
    return ExhibitEvidence(
        Record(exhibit=exhibit, media=media, observations=numbered([*told, ("continuity", "1", watched)]))
    )


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 3)


def rendered(number: int, first: int) -> Known:
    """The take of this number."""
    import cv2
    import numpy as np

    from parcelnet.filming import FPS, frames, take
    from parcelnet.stage_set import CONDITIONS
    from sixfaces.domain.time import MediaTime
    from sixfaces.media.frames import FullFrame, MediumFrame
    from sixfaces.observe.parcel.observer import Parcel

    cv2.setNumThreads(1)
    defect = "honest" if number % 2 == 0 else DEFECTS[number // 2 % len(DEFECTS)]
    condition = CONDITIONS[(number // 2 + number // 36) % len(CONDITIONS)]
    made = take(first + number, condition=condition, defect=defect)
    observer, truths = Parcel(lambda _name, _data: None), []
    for index, (picture, truth) in enumerate(frames(made)):
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        time = MediaTime(ticks=index, den=FPS)
        observer.medium(MediumFrame(index, time, picture, grey))
        if index % 5 == 0:
            observer.full(FullFrame(index, time, grey, partial(np.copy, picture)))
        truths.append(truth)
    return of_take(made, truths, tuple(observer.finish()))


def written(known: Sequence[Known]) -> str:
    """The data file: a line for each take."""
    lines = (json.dumps(one._asdict(), separators=(",", ":")) for one in known)
    return '{"known": [\n' + ",\n".join(lines) + "\n]}\n"


def read(text: str) -> list[Known]:
    """The data file again."""
    return [_known(one) for one in json.loads(text)["known"]]


def _known(one: dict[str, Any]) -> Known:
    said = tuple(Statement(rule, Answer(answer), true, sure) for rule, answer, true, sure in one["statements"])
    told = tuple((kind, sure, right) for kind, sure, right in one["told"])
    return Known(one["name"], one["kind"], one["of"], said, told)


def main() -> int:
    """Measure everything and write the data."""
    parser = argparse.ArgumentParser(description="Hold the rules against footage whose truth is known.")
    parser.add_argument("--takes", type=int, default=36)
    parser.add_argument("--first", type=int, default=FIRST)
    wanted = parser.parse_args()
    known = []
    for name in FIXTURES:
        with tempfile.TemporaryDirectory() as folder:
            known.append(of_fixture(name, Path(folder) / "out"))
    for number in range(wanted.takes):
        known.append(rendered(number, wanted.first))
        sys.stderr.write(f"{number + 1}/{wanted.takes}\n")
    DATA.write_text(written(known), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
