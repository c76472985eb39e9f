"""Face facts from a log of medium frames."""

import cv2
import numpy as np
import pytest

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Face, FaceFact
from sixfaces.media.frames import Bgr
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.face_log import FaceLog
from sixfaces.observe.parcel.faces import Placed, calibrated, face_facts
from sixfaces.observe.parcel.look import GRID
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.painted_box import IDENTITY, Real, at, lettered, look, medium, painted, pose, turned

SURE = np.ones(6)


class Take:
    """Ten medium frames a second of a painted box."""

    def __init__(self, turn: Real = IDENTITY) -> None:
        self.turn = turn
        self.log = FaceLog()
        self.placed: list[Placed] = []
        self.faces = lettered()

    def show(self, face: Face, *, frames: int = 10, aside: float = 0.0, away: float = 5.0, **how: object) -> None:
        """The face before the camera for some frames. `how`: blur, hand, label (a face), sure, aside's end."""
        for _ in range(frames):
            index = len(self.placed)
            rotation = turned(face, aside)
            true = pose(rotation, time_s=index / 10, index=index, away=away)
            seen = pose(rotation, time_s=index / 10, index=index, away=away, turn=self.turn)
            picture = self._picture(painted(true, self.faces), how.get("blur"))
            hand = how.get("hand")
            says = look(seen, hand=hand if isinstance(hand, np.ndarray) else None)
            self.log.add(medium(picture, time_s=index / 10, index=index), seen, says)
            sure = how.get("sure", 1.0)
            assert isinstance(sure, float)
            self.placed.append(Placed(true, self.turn, SURE * sure))

    def gap(self, frames: int) -> None:
        """Frames in which the box stands edge on and far: nothing is seen well."""
        self.show(Face.FRONT, frames=frames, away=200.0)

    @staticmethod
    def _picture(frame: Bgr, blur: object) -> Bgr:
        return np.asarray(cv2.GaussianBlur(frame, (0, 0), blur), np.uint8) if isinstance(blur, float) else frame

    def facts(self, until_s: float | None = None) -> list[Measured]:
        """What is measured of it."""
        return face_facts(self.log, self.placed, scale=3.0, until=None if until_s is None else at(until_s))


def of(facts: list[Measured], face: Face) -> list[FaceFact]:
    """The facts of one face."""
    return [m.fact for m in facts if isinstance(m.fact, FaceFact) and m.fact.face is face]


@pytest.mark.parametrize("number", [0, 5, 13, 22])
def test_faces_shown_one_after_another_get_their_true_names_whatever_the_axes_of_the_tracker(number: int) -> None:
    take = Take(GROUP[number])
    for face in (Face.FRONT, Face.RIGHT, Face.TOP):
        take.show(face, frames=8)
    facts = take.facts()
    assert [m.fact.face for m in facts if isinstance(m.fact, FaceFact)] == [Face.FRONT, Face.RIGHT, Face.TOP]
    for face in (Face.FRONT, Face.RIGHT, Face.TOP):
        (fact,) = of(facts, face)
        assert fact.view_cos == pytest.approx(1.0, abs=0.01)
        assert fact.dwell_s == pytest.approx(0.8, abs=0.051)
        assert (fact.uncovered, fact.in_frame) == (1.0, 1.0)
        assert fact.sharpness > 0.6
        assert 250 < fact.edge_px < 400


def test_a_series_has_one_moment_a_frame_and_the_best_view_is_one_of_them() -> None:
    take = Take()
    take.show(Face.FRONT, frames=6, aside=50.0)
    take.show(Face.FRONT, frames=6, aside=10.0)
    (fact,) = of(take.facts(), Face.FRONT)
    assert fact.series is not None
    rows = list(fact.series.rows())
    assert len(rows) == 12
    assert fact.best_s in {row.at_s for row in rows}
    assert fact.view_cos == pytest.approx(np.cos(np.radians(10)), abs=0.05)
    assert rows[0].view_cos < 0.75


def test_two_views_with_a_gap_are_two_facts_with_their_own_times() -> None:
    take = Take()
    take.show(Face.FRONT, frames=5)
    take.gap(10)
    take.show(Face.FRONT, frames=5)
    facts = take.facts()
    assert [m.span.seconds for m in facts if m.span] == [(0.0, 0.4), (1.5, 1.9)]


def test_a_hand_over_a_face_is_told_as_cover() -> None:
    half = np.zeros((GRID, GRID), np.float32)
    half[:, : GRID // 2] = 1.0
    take = Take()
    take.show(Face.FRONT, hand=half)
    (fact,) = of(take.facts(), Face.FRONT)
    assert fact.uncovered == pytest.approx(0.5, abs=0.06)


def test_a_box_that_reaches_over_the_frame_has_less_of_its_face_in_it() -> None:
    take = Take()
    take.show(Face.FRONT, away=1.5)
    (fact,) = of(take.facts(), Face.FRONT)
    assert 0.3 < fact.in_frame < 0.9
    assert fact.uncovered > 0.9


def test_blur_lowers_the_sharpness_of_a_face() -> None:
    crisp, smeared = Take(), Take()
    crisp.show(Face.FRONT)
    smeared.show(Face.FRONT, blur=3.0)
    assert of(crisp.facts(), Face.FRONT)[0].sharpness > 0.6 > 0.3 > of(smeared.facts(), Face.FRONT)[0].sharpness


def test_views_after_the_opening_do_not_count() -> None:
    take = Take()
    take.show(Face.FRONT, frames=5)
    take.show(Face.TOP, frames=5)
    assert of(take.facts(until_s=0.5), Face.TOP) == []
    assert len(of(take.facts(until_s=0.5), Face.FRONT)) == 1


def test_the_confidence_is_that_of_the_name_where_the_face_was_best_seen_and_never_certain() -> None:
    sure, unsure = Take(), Take()
    sure.show(Face.FRONT)
    unsure.show(Face.FRONT, sure=0.6)
    assert sure.facts()[0].confidence == pytest.approx(calibrated(1.0))
    assert calibrated(1.0) < 1
    assert unsure.facts()[0].confidence == pytest.approx(calibrated(0.6))
    assert calibrated(0.6) < 0.6


def test_the_face_with_the_waybill_label_is_known() -> None:
    take = Take()
    for face in (Face.FRONT, Face.TOP):
        for _ in range(5):
            index = len(take.placed)
            true = pose(turned(face), time_s=index / 10, index=index)
            says = look(true, label=FACES.index(Face.TOP))
            take.log.add(medium(painted(true, take.faces), time_s=index / 10, index=index), true, says)
            take.placed.append(Placed(true, IDENTITY, SURE))
    facts = take.facts()
    assert [fact.waybill for fact in of(facts, Face.TOP)] == [True]
    assert [fact.waybill for fact in of(facts, Face.FRONT)] == [False]


def test_a_long_stretch_is_thinned_without_losing_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sixfaces.observe.parcel.faces.MOST_MOMENTS", 10)
    take = Take()
    take.show(Face.FRONT, frames=35)
    (fact,) = of(take.facts(), Face.FRONT)
    assert fact.series is not None
    assert len(fact.series.at_s) == 9
    assert fact.best_s in fact.series.at_s
    assert sum(fact.series.for_s) == pytest.approx(3.5, abs=0.35)
