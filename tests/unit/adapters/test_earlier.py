"""A folder used again holds the new results and what others put there, and nothing of the earlier run."""

from pathlib import Path

import pytest

from sixfaces.adapters.folder import OutputFolder

REPORT = b'{"schema": "sixfaces.report/1"}'
OLD, NEW = "a" * 64, "b" * 64


def run(folder: Path, digest: str) -> None:
    with OutputFolder(folder) as results:
        results.put(f"pictures/{digest[:16]}/moments/01.jpg", b"picture")
        results.put(f"records/{digest}.json", b"{}")
        results.put(f"comparisons/{digest}.json", b"{}")
        results.put("report.html", b"page")
        results.put("report.json", REPORT)
        results.commit()


def written(digest: str) -> set[str]:
    measured = {f"records/{digest}.json", f"comparisons/{digest}.json"}
    return {f"pictures/{digest[:16]}/moments/01.jpg", *measured, "report.html", "report.json"}


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_results_of_other_exhibits_give_way_with_their_folders(tmp_path: Path) -> None:
    run(tmp_path, OLD)
    run(tmp_path, NEW)
    assert names(tmp_path) == written(NEW)
    assert not (tmp_path / "pictures" / OLD[:16]).exists()


def test_the_same_exhibit_verified_again_stays_whole(tmp_path: Path) -> None:
    run(tmp_path, OLD)
    run(tmp_path, OLD)
    assert names(tmp_path) == written(OLD)


def test_files_of_others_are_kept_wherever_they_lie(tmp_path: Path) -> None:
    run(tmp_path, OLD)
    theirs = {"notes.txt", "records/mine.json", f"pictures/{OLD[:16]}/notes.txt", "pictures/holiday/a/01.jpg"}
    for name in theirs:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("theirs")
    run(tmp_path, NEW)
    assert names(tmp_path) == written(NEW) | theirs


@pytest.mark.parametrize("report", [None, b"{}", b"not json", b'{"schema": "other/1"}', b"[1]"])
def test_where_no_report_of_ours_stands_nothing_is_removed(tmp_path: Path, report: bytes | None) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / f"{OLD}.json").write_text("theirs")
    if report is not None:
        (tmp_path / "report.json").write_bytes(report)
    run(tmp_path, NEW)
    assert names(tmp_path) == written(NEW) | {f"records/{OLD}.json"}


def test_what_lies_behind_a_link_is_not_touched(tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    (elsewhere / f"{OLD}.json").write_text("theirs")
    out.mkdir()
    (out / "records").symlink_to(elsewhere)
    (out / "report.json").write_bytes(REPORT)
    run(out, NEW)
    assert (elsewhere / f"{OLD}.json").exists()


def test_a_run_that_fails_leaves_the_earlier_results(tmp_path: Path) -> None:
    run(tmp_path, OLD)
    with OutputFolder(tmp_path) as results:
        results.put("report.json", REPORT)
    assert names(tmp_path) == written(OLD)
