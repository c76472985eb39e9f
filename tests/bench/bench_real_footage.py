"""The parcel's network on real footage: `python -m tests.bench.bench_real_footage --samples FOLDER [--model FILE]`.

For each frame of fixtures/truth/real_footage.json a crop around the labelled parcel, and three jittered ones; the same
for every fourth frame of the two rendered takes in fixtures/media. The folder may also be named by the environment's
SIXFACES_SAMPLES; without it the rendered takes alone are scored.
`--truth NOISE` answers with the label itself plus noise instead of a network, which checks the scoring.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from fixtures.build import MEDIA
from fixtures.real_truth import Label, load
from sixfaces.observe.parcel.network import WEIGHTS
from tests.bench.footage_crops import medium, pictures, rendered, shots
from tests.bench.footage_scores import Network, Score, open_network, score, truthful

MODEL = WEIGHTS
HEAD = """| footage | frames | mask IoU | turn median | turn p90 | turn ≤ 15° | corners | kind | state | label error |
|---|---|---|---|---|---|---|---|---|---|"""
SEED = 3


def judged(path: Path, labels: tuple[Label, ...], network: Network) -> list[Score]:
    """The scores of all crops of one file."""
    rng = np.random.default_rng(SEED)
    found = []
    for picture, label in pictures(path, labels):
        found += [score(shot, network(shot)) for shot in shots(*medium(picture, label), rng)]
    return found


def row(name: str, scores: list[Score], accuracy: float | None = None) -> str:
    """One line of the table; a dash where no label says anything."""
    turn, corner = _known(s.turn for s in scores), _known(s.corner for s in scores)
    cells = [
        name,
        str(sum(s.plain for s in scores)),
        _mean(_known(s.iou for s in scores), "{:.2f}"),
        f"{np.median(turn):.1f}°" if turn.size else "–",
        f"{np.quantile(turn, 0.9):.1f}°" if turn.size else "–",
        f"{(turn <= 15).mean():.0%}" if turn.size else "–",
        f"{np.median(corner):.1%}" if corner.size else "–",
        f"{np.mean([s.kind for s in scores]):.0%}",
        _mean(_known(s.state for s in scores), "{:.0%}"),
        "–" if accuracy is None else f"{accuracy:g}°",
    ]
    return f"| {' | '.join(cells)} |"


def _known(values: Iterable[float | None]) -> np.ndarray:
    return np.array([float(value) for value in values if value is not None])


def _mean(values: np.ndarray, shape: str) -> str:
    return shape.format(values.mean()) if values.size else "–"


def group(label: Label) -> str:
    """Videos stand alone, photos by folder, whatever shows no parcel together."""
    if label.kind == "none":
        return "no parcel"
    folder, _, name = label.file.partition("/")
    return name if label.time is not None else f"{folder}, {label.kind}"


def real(samples: Path, network: Network) -> list[str]:
    """The table's lines of the real footage."""
    groups: dict[str, list[Score]] = {}
    accuracy: dict[str, float | None] = {}
    for file in load():
        for name in dict.fromkeys(group(label) for label in file.frames):
            labels = tuple(label for label in file.frames if group(label) == name)
            groups.setdefault(name, []).extend(judged(samples / file.file, labels, network))
            accuracy[name] = accuracy.get(name) or (file.accuracy_deg if labels[0].body is not None else None)
    lines = [row(name, scores, accuracy[name]) for name, scores in groups.items()]
    parcels = [s for name, scores in groups.items() if name != "no parcel" for s in scores]
    lines.append(row("**real, all parcels**", parcels))
    lines.append(row("of these, centred crops", [s for s in parcels if s.plain]))
    return lines


def main(arguments: list[str]) -> int:
    """Print the table; 2 if there is no network to score."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_real_footage")
    parser.add_argument("--samples", type=Path, default=os.environ.get("SIXFACES_SAMPLES"))
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--truth", type=float, metavar="NOISE")
    asked = parser.parse_args(arguments)
    if asked.truth is None and not asked.model.exists():
        parser.error(f"no network at {asked.model}: name one with --model")
    network = open_network(asked.model) if asked.truth is None else truthful(asked.truth)
    lines = [HEAD] if asked.samples is None else [HEAD, *real(asked.samples, network)]
    for truth in sorted(MEDIA.glob("*.truth.json")):
        labels = rendered(truth)
        scores = judged(MEDIA / labels[0].file, labels, network)
        lines.append(row(f"{labels[0].file} (rendered)", scores, 0.0))
    sys.stdout.write("## The parcel in real footage, frame by frame\n\n" + "\n".join(lines) + "\n\n" + NOTE)
    return 0


NOTE = """One look at one crop, nothing smoothed: a centred crop and three jittered ones of each frame. Turn: angle
between the network's orientation and the label's as seen along the crop's axis, over the 24 ways to name the axes.
Corners: median distance of the labelled corners from the box of that look, in parts of its size in the picture. The
last column says how far the labels themselves may be off (fixtures/truth/README.md). The mask of rendered takes is
the closed box's outline, so hands and flaps count against it.
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
