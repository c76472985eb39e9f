"""A take's truth scored against facts that say exactly it, and against facts that do not."""

from functools import cache

import numpy as np

from parcelnet.filming import FPS, frame, frames, take
from parcelnet.scoreboard import mistakes, reliability, table
from parcelnet.scoring import Score, faces_shown, score
from parcelnet.sequences import absences, story
from parcelnet.takes import TEST_SEEDS, Take
from parcelnet.truths import FrameTruth
from sixfaces.domain.answer import Answer
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import AbsenceFact, Face, FaceFact, ParcelFact, Stage, StageFact
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.observe.parcel.pose import CORNERS, Pose
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.rulebook.loader import load_policy

POLICY = load_policy("default")
SMALL = 0.2


@cache
def _watched(defect: str) -> tuple[Take, tuple[FrameTruth, ...]]:
    made = take(TEST_SEEDS + 7, condition="fast", defect=defect)
    return made, tuple(truth for _, truth in frames(made, scale=SMALL))


def _span(start: float, end: float) -> MediaSpan:
    return MediaSpan(
        start=MediaTime(ticks=round(start * 1000), den=1000), end=MediaTime(ticks=round(end * 1000), den=1000)
    )


def _oracle(made: Take, truths: tuple[FrameTruth, ...], *, shown: bool = True) -> list[Measured]:
    """Facts that say what is true."""
    found = [Measured(fact=ParcelFact(soft=False, tracked_s=made.duration), span=_span(0, made.duration))]
    for face, seen in faces_shown(made, truths, POLICY.thresholds.face).items():
        if seen or not shown:
            fact = FaceFact(
                face=face, view_cos=0.9, dwell_s=1, uncovered=1, in_frame=1, edge_px=99, sharpness=1, best_s=1
            )
            found.append(Measured(fact=fact, span=_span(1, 2)))
    for start, name in made.hand.log.stages:
        at = made.filmed(start)
        found.append(Measured(fact=StageFact(stage=Stage(name)), span=_span(at, at)))
    for gap in absences(list(truths)):
        span = _span(float(str(gap["from_s"])), float(str(gap["to_s"])))
        found.append(Measured(fact=AbsenceFact(reason="left_frame"), span=span))
    return found


def _poses(truths: tuple[FrameTruth, ...], turn: int) -> list[Pose]:
    """The true poses, their axes named otherwise."""
    found = []
    for number, truth in enumerate(truths):
        if truth.rotation is None or truth.place is None or truth.corners is None:
            continue
        order = [int(np.argmin(np.abs(np.array(CORNERS) - c).sum(1))) for c in np.array(CORNERS) @ GROUP[turn].T]
        time = MediaTime(ticks=number, den=FPS)
        rotation, corners = truth.rotation @ GROUP[turn], truth.corners[order]
        found.append(Pose(time, number, rotation, truth.place, truth.edges, corners, 1.0))
    return found


def _scored(defect: str, *, turn: int = 0, shown: bool = True) -> Score:
    made, truths = _watched(defect)
    return score(made, truths, _oracle(made, truths, shown=shown), policy=POLICY, poses=_poses(truths, turn))


def test_who_tells_the_truth_makes_no_mistake() -> None:
    told = _scored("honest")
    assert mistakes([told]) == []
    assert told.six == (True, Answer.MET)
    assert max(told.wrong_deg) < 0.01
    assert max(told.corner) < 1e-6
    assert told.followed[0] == told.followed[1] > 0


def test_axes_named_wrongly_are_wrong_by_name_only() -> None:
    told = _scored("honest", turn=5)
    assert min(told.wrong_deg) > 60
    assert max(told.folded_deg) < 0.01
    assert max(told.corner) < 1e-6


def test_a_face_never_shown_is_known_and_telling_it_shown_is_counted() -> None:
    assert _scored("missing_bottom").shown[Face.BOTTOM] == (False, Answer.NOT_MET)
    lied = _scored("missing_bottom", shown=False)
    assert lied.six == (False, Answer.MET)
    assert "bottom told met" in mistakes([lied])[0]


def test_the_table_has_a_line_for_each_condition_and_one_for_all() -> None:
    lines = table([_scored("honest"), _scored("missing_bottom")]).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| fast", "| all"]
    assert len({line.count("|") for line in lines}) == 1


def test_reliability_counts_what_was_told_surely_and_was_so() -> None:
    honest, renamed = _scored("honest"), _scored("honest", turn=5)
    frames_told = sum(t.kind == "names" for t in honest.told)
    assert frames_told == len(honest.wrong_deg)
    lines = reliability([honest, renamed]).splitlines()
    names = next(line for line in lines if line.startswith("| names"))
    assert names.endswith(f"{frames_told} of {2 * frames_told} (50.0 %) |")
    faces = next(line for line in lines if line.startswith("| face"))
    assert faces.endswith("12 of 12 (100.0 %) |")


def test_a_seed_makes_the_same_take() -> None:
    first, again = (frame(take(TEST_SEEDS + 7, condition="fast"), 3.0, scale=SMALL) for _ in range(2))
    assert np.array_equal(first[0], again[0])
    assert first[1].filed(0) == again[1].filed(0)


def test_the_story_reads_like_a_file_of_truth() -> None:
    made, truths = _watched("honest")
    told = story(made, list(truths))
    assert told["corner_order"] == [[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)]
    assert told["absences"] == []
    assert float(str(told["first_open_time"])) < float(str(told["first_item_time"]))
    assert truths[0].stage == "sealed"
    assert truths[-1].stage == "item_out"
