"""The turning speed around a moment foretells the turn in it, whatever the names of the axes."""

import numpy as np

from sixfaces.observe.parcel.chain import chain
from sixfaces.observe.parcel.spin import foretold
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.turns import angle, exp
from tests.unit.parcel.handled_box import FPS, Errors, handling, sights


def test_a_turn_in_which_nothing_was_followed_is_foretold_by_those_around_it() -> None:
    step = exp(np.array([0.0, np.radians(15), 0.0]))
    path = [np.eye(3)]
    for _ in range(20):
        path.append(step @ path[-1])
    rotation = np.array([r @ GROUP[k % 24] for k, r in enumerate(path)])
    count = len(path)
    turn, sigma = np.broadcast_to(step, (count, 3, 3)).copy(), np.full(count, 0.02)
    sigma[9:12] = np.nan
    turn[9:12] = np.eye(3)
    made, spread = foretold(np.arange(count) / FPS, rotation, np.full(count, 0.1), turn=turn, sigma=sigma)
    assert np.degrees(angle(made[9:12] @ step.T)).max() < 3
    assert np.degrees(spread[9:12]).max() < 12


def test_rest_is_foretold_at_rest_and_the_spread_holds_on_handled_boxes() -> None:
    rng = np.random.default_rng(6)
    off = []
    for _ in range(4):
        path = handling(rng, 90)
        given = chain(sights(rng, path, Errors(scatter=5, wrong=0.05)))
        made, spread = foretold(given.seconds, given.rotation, given.noise(), turn=given.turn, sigma=given.sigma)
        true = path[1:] @ np.swapaxes(path[:-1], -1, -2)
        off += list(angle(made[1:] @ np.swapaxes(true, -1, -2)) / spread[1:])
        assert np.degrees(angle(made[2:6])).max() < 4
    assert np.percentile(off, 95) < 2.5


def test_one_sight_leads_from_nowhere() -> None:
    made, spread = foretold(np.zeros(1), np.eye(3)[None], np.ones(1), turn=np.eye(3)[None], sigma=np.full(1, np.nan))
    assert np.allclose(made, np.eye(3))
    assert spread == [0.0]
