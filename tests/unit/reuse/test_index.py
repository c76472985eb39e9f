"""The index of regions: what was added is found, what was dropped is gone, what is damaged is begun anew."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sixfaces.adapters.reuse.index import KNOWN, RegionIndex

RNG = np.random.default_rng(1)


def hashes(count: int = 40) -> NDArray[np.uint8]:
    return RNG.integers(0, 256, (count, 32), dtype=np.uint8)


def nearest(index: RegionIndex, bits: NDArray[np.uint8]) -> list[tuple[str, int, int]]:
    return [found[0] for found in index.near(bits, 4) if found]


def filled(folder: Path) -> tuple[RegionIndex, dict[str, NDArray[np.uint8]]]:
    index, kept = RegionIndex(folder), {name * 64: hashes() for name in "abc"}
    for sha256, bits in kept.items():
        index.add(sha256, bits)
    return index, kept


def test_each_hash_is_found_with_its_exhibit_and_its_number(tmp_path: Path) -> None:
    index, kept = filled(tmp_path)
    for sha256, bits in kept.items():
        assert nearest(index, bits) == [(sha256, place, 0) for place in range(len(bits))]


def test_what_was_saved_is_there_after_a_start(tmp_path: Path) -> None:
    index, kept = filled(tmp_path)
    index.add("d" * 64, np.zeros((0, 32), np.uint8))
    index.save()
    again = RegionIndex(tmp_path)
    assert set(again.known) == {*kept, "d" * 64}
    assert nearest(again, kept["b" * 64][:3]) == [("b" * 64, place, 0) for place in range(3)]
    again.add("e" * 64, hashes())
    assert len(again) == 160


def test_what_was_dropped_is_neither_found_nor_in_the_files(tmp_path: Path) -> None:
    index, kept = filled(tmp_path)
    index.save()
    index.drop(["b" * 64])
    assert "b" * 64 not in index.known
    assert all(sha256 != "b" * 64 for found in index.near(kept["b" * 64], 4) for sha256, _, _ in found)
    for path in tmp_path.iterdir():
        data = path.read_bytes()
        assert b"b" * 64 not in data
        assert all(bits.tobytes() not in data for bits in kept["b" * 64])
    assert set(RegionIndex(tmp_path).known) == {"a" * 64, "c" * 64}


@pytest.mark.parametrize("harm", ["torn", "changed", "gone", "version", "library", "nonsense"])
def test_a_damaged_or_foreign_file_is_begun_anew(tmp_path: Path, harm: str) -> None:
    index, _ = filled(tmp_path)
    index.save()
    (graph,) = tmp_path.glob("*.usearch")
    known = tmp_path / KNOWN
    told = json.loads(known.read_text())
    if harm == "torn":
        graph.write_bytes(graph.read_bytes()[:-100])
    elif harm == "changed":
        data = bytearray(graph.read_bytes())
        data[len(data) // 2] ^= 1
        graph.write_bytes(data)
    elif harm == "gone":
        graph.unlink()
    elif harm == "nonsense":
        known.write_text("{")
    else:
        told["algorithm" if harm == "version" else "library"] = "another"
        known.write_text(json.dumps(told))
    again = RegionIndex(tmp_path)
    assert len(again) == 0
    again.add("a" * 64, hashes())
    again.save()
    assert len(RegionIndex(tmp_path)) == 40


def test_a_disk_that_cannot_be_written_costs_the_files_alone(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    index, kept = filled(tmp_path / "taken")
    index.save()
    assert nearest(index, kept["a" * 64][:1]) == [("a" * 64, 0, 0)]


def test_thousands_of_identical_hashes_are_held_and_dropped(tmp_path: Path) -> None:
    index, same = RegionIndex(tmp_path), np.repeat(hashes(1), 20, axis=0)
    for number in range(150):
        index.add(f"{number:064x}", same)
    assert all(off == 0 for found in index.near(same[:1], 12) for _, _, off in found)
    index.drop([f"{number:064x}" for number in range(149)])
    assert {sha256 for found in index.near(same[:1], 12) for sha256, _, _ in found} <= {f"{149:064x}"}
