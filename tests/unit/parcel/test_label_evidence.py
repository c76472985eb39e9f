"""The label's face as evidence against slips."""

import numpy as np

from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.face_log import FaceLog
from sixfaces.observe.parcel.label_evidence import label_evidence, logged_shares
from sixfaces.observe.parcel.slots import slots_of
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.painted_box import lettered, look, medium, painted, pose, turned

TOP, LEFT = FACES.index(Face.TOP), FACES.index(Face.LEFT)


def on(slot: int, share: float = 0.2) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Shares of a label on one slot."""
    shares = np.zeros(6)
    shares[slot] = share
    return shares


def test_the_slot_under_the_label_has_its_share() -> None:
    seen, log = pose(turned(Face.TOP, 20)), FaceLog()
    log.add(medium(painted(seen, lettered())), seen, look(seen, label=TOP))
    shares, unknown = logged_shares(log, [0, 1])
    assert shares[TOP] > 0.9
    assert np.delete(shares, TOP).max() < 0.2
    assert not unknown.any()


def test_after_a_slip_turns_that_bring_the_label_back_to_its_face_are_likely() -> None:
    evidence = label_evidence([on(TOP)] * 5 + [on(LEFT)] * 2)
    for number, turn in enumerate(GROUP):
        back = slots_of(turn)[TOP] == LEFT
        assert (evidence[-1][number] == evidence[-1].max()) == back
    assert evidence[0][0] == evidence[0].max()


def test_frames_without_a_clear_label_say_nothing() -> None:
    both = on(TOP) + on(LEFT)
    evidence = label_evidence([on(TOP), np.zeros(6), both, on(LEFT, 0.01)])
    assert [bool(vector.any()) for vector in evidence] == [True, False, False, False]
    assert not np.any(label_evidence([np.zeros(6)] * 3))
