"""`sixfaces demo`: a first look without footage at hand."""

import json
import tempfile
from pathlib import Path

import typer

from sixfaces.cli.verify import Request, verify_files
from sixfaces.report.page import Language

WAYBILL = "SF1234567890123"
CASE = {"case_id": "DEMO-sample", "return_parcel": {"waybill": WAYBILL, "carrier": "SF"}}


def run_demo(*, media: Path | None, case: Path | None, out: Path | None, lang: Language) -> int:
    """Verify the footage given, or a clip drawn on the spot; returns the exit code of `verify`."""
    if media is not None:
        beside = media.with_suffix(".case.json")
        return _verified(media, case or beside, out=out, lang=lang)
    if case is not None:
        raise typer.BadParameter("needs --media", param_hint="--case")
    with tempfile.TemporaryDirectory(prefix="sixfaces-demo-") as scratch:
        from sixfaces.media.sample_clip import draw_sample_clip

        clip, stated = Path(scratch) / "sample.mp4", Path(scratch) / "sample.case.json"
        draw_sample_clip(clip, WAYBILL)
        stated.write_text(json.dumps(CASE), encoding="utf-8")
        return _verified(clip, stated, out=out, lang=lang)


def _verified(media: Path, case: Path, *, out: Path | None, lang: Language) -> int:
    return verify_files(Request((media,), case, out=out, lang=lang))
