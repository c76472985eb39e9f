"""The training recipe still runs, and the weights are the ones that their card describes."""

import hashlib
import json
import os

import numpy as np
import pytest

from parcelnet.card import data_digest, rendered, scored
from sixfaces.observe.parcel.network import WEIGHTS

CARD = json.loads(WEIGHTS.with_name("card.json").read_text(encoding="utf-8"))
LARGEST = 10_000_000


def test_the_weights_are_those_of_the_card() -> None:
    content = WEIGHTS.read_bytes()
    assert hashlib.sha256(content).hexdigest() == CARD["weights_sha256"]
    assert len(content) == CARD["bytes"] <= LARGEST


def test_the_card_names_the_renderer_that_made_the_data() -> None:
    assert data_digest() in (CARD["data_sha256"], *CARD.get("same_data_sha256", ()))


def test_fresh_validation_renders_give_the_scores_of_the_card_about() -> None:
    told, found = CARD["validation"]["all"], scored(WEIGHTS, rendered("all", 120))
    assert found["turn_median_deg"] == pytest.approx(told["turn_median_deg"], rel=0.5, abs=2.0)
    assert found["iou_parcel"] == pytest.approx(told["iou_parcel"], abs=0.08)
    assert found["kind_right"] == pytest.approx(told["kind_right"], abs=0.08)


def test_eight_bits_cost_next_to_nothing() -> None:
    exact, shipped = CARD["before_quantisation"], CARD["validation"]["all"]
    assert shipped["turn_median_deg"] < exact["turn_median_deg"] + 0.7
    for name in ("iou_parcel", "iou_hand", "kind_right", "state_right"):
        assert shipped[name] > exact[name] - 0.02


def test_a_few_steps_of_training_lower_the_loss() -> None:
    if "CI" not in os.environ:
        pytest.importorskip("torch", reason="training needs PyTorch, which no user does")
    import torch

    from parcelnet.stock import Batch, drawn
    from parcelnet.train import Training

    torch.set_num_threads(2)
    rows = drawn(np.random.default_rng(3), 48, cartons=4)
    batch = Batch(*(np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()))
    training = Training(seed=1, resume=None)
    losses = [sum(training.learn(batch, 0.0).values()) for _ in range(12)]
    assert losses[-1] < 0.95 * losses[0]
