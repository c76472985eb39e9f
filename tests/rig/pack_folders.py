"""A folder as `sixfaces verify` writes one, made without decoding anything: a report, a record, and real pictures."""

import hashlib
from pathlib import Path

import cv2
import numpy as np

from sixfaces.domain.exhibit import Exhibit, MediaInfo, Medium, Role
from sixfaces.domain.observation import Record
from sixfaces.domain.report import Report
from sixfaces.report.serial import json_bytes, report_bytes
from sixfaces.report.views import picture_path
from tests.unit.report.specimens import report, video

FILM = b"a film of an unboxing" * 2_000


def picture(seed: int, *, width: int = 480, height: int = 270) -> bytes:
    """A JPEG that compresses as photos do: smooth colours with some grain."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 255, (9, 16, 3), dtype=np.uint8)
    smooth = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    grain = random.integers(-12, 12, (height, width, 3), dtype=np.int16)
    done, data = cv2.imencode(".jpg", np.clip(smooth + grain, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done
    return bytes(data.tobytes())


GENUINE = Path(__file__).resolve().parents[2] / "fixtures" / "media" / "genuine.mp4"
"""A real film of 18.3 seconds, in two groups of pictures."""


def genuine_report() -> Report:
    """The specimen of a report, on a real film."""
    media = MediaInfo(duration_s=18.333, width=960, height=540, fps=12.0, codec="h264")
    return film_report(film=GENUINE.read_bytes(), media=media)


def film_report(*, film: bytes = FILM, media: MediaInfo | None = None) -> Report:
    """The specimen of a report, on the film of this rig and with pictures where the product puts them."""
    sha256 = hashlib.sha256(film).hexdigest()
    plain = video() if media is None else video(media=media)
    view = plain.model_copy(
        update={
            "sha256": sha256,
            "bytes": len(film),
            "faces": {
                face: one.model_copy(update={"image": picture_path(sha256, f"faces/{face.value}.jpg")})
                for face, one in plain.faces.items()
                if one.image is not None
            },
            "moments": tuple(
                one.model_copy(update={"image": picture_path(sha256, f"moments/{number:02d}.jpg")})
                for number, one in enumerate(plain.moments, 1)
            ),
        }
    )
    made = report(exhibits=(view,))
    told = {
        name: judged.model_copy(
            update={"findings": tuple(f.model_copy(update={"exhibit": sha256}) for f in judged.findings)}
        )
        for name, judged in made.criteria.items()
    }
    return made.model_copy(update={"criteria": told})


def results_folder(folder: Path, told: Report | None = None) -> Path:
    """Write the folder; returns it."""
    made = told or film_report()
    view = made.exhibits[0]
    names = [one.image for one in view.faces.values() if one.image] + [one.image for one in view.moments]
    images = {}
    for seed, name in enumerate(names):
        data = picture(seed)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        images[name.split("/", 2)[2]] = hashlib.sha256(data).hexdigest()
    exhibit = Exhibit(
        sha256=view.sha256,
        name=view.name,
        role=Role.UNBOXING_VIDEO,
        bytes=view.bytes,
        medium=Medium.VIDEO,
        format="mp4",
    )
    (folder / "records").mkdir(exist_ok=True)
    (folder / f"records/{view.sha256}.json").write_bytes(json_bytes(Record(exhibit=exhibit, images=images)))
    (folder / "report.json").write_bytes(report_bytes(made))
    return folder
