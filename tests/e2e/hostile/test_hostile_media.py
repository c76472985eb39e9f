"""Hostile files end as a record with facts or a reason, soon, and never as a crash of ours."""

import errno
from pathlib import Path

import pytest

from fixtures.build import MEDIA, built
from fixtures.makers.hostile import MAKERS
from sixfaces.domain.facts import DecodeFact, UnmeasuredFact
from sixfaces.domain.observation import Record
from sixfaces.media.share import Share
from sixfaces.observe import observatory
from tests.e2e.hostile.conftest import Observe

NEVER = {"media.internal", "media.crashed", "media.protocol", "media.wall"}

ENDS = {
    "hostile_empty.mp4": "media.empty",
    "hostile_one_byte.mp4": "media.format",
    "hostile_noise.mp4": "media.format",
    "hostile_playlist.mp4": "media.format",
    "hostile_concat.mp4": "media.format",
    "hostile_drawing.mp4": "media.format",
    "hostile_noise_behind_brand.mp4": "media.undecodable",
    "hostile_noise_behind_brand.heic": "media.undecodable",
    "hostile_noise_behind_magic.jpg": "media.undecodable",
    "hostile_noise_behind_magic.mkv": "media.undecodable",
    "hostile_nested_boxes.mp4": "media.undecodable",
    "hostile_cut_before_index.mp4": "media.undecodable",
    "hostile_131_megapixels.webp": "media.limits",
    "hostile_8192x8192.mp4": "media.limits",
}
SLOW = "hostile_repeats_one_frame.mov"


def decoding(record: Record) -> DecodeFact | None:
    facts = [o.fact for o in record.observations if isinstance(o.fact, DecodeFact)]
    return facts[0] if facts else None


@pytest.mark.parametrize("name", sorted(set(MAKERS) - {SLOW}))
def test_every_hostile_file_ends_with_facts_or_a_reason(name: str, observe: Observe) -> None:
    record = observe(built(name))
    if record.failure is None:
        assert decoding(record) is not None
        assert record.media is not None
        assert record.sandbox is not None
    else:
        assert record.failure.code not in NEVER, record.failure
        assert record.failure.text.zh
        assert record.failure.fix.en
    if name in ENDS:
        assert record.failure is not None
        assert record.failure.code == ENDS[name]
    failed = [o.fact for o in record.observations if isinstance(o.fact, UnmeasuredFact)]
    assert not [hole for hole in failed if hole.code == "observer_failed"], "hostile input must not break an observer"


def test_forms_that_are_refused_never_reach_a_child(observe: Observe) -> None:
    assert observe(built("hostile_playlist.mp4")).sandbox is None


def test_a_file_cut_short_keeps_the_facts_of_what_is_there(observe: Observe) -> None:
    record = observe(built("hostile_cut_at_60_percent.mp4"))
    fact = decoding(record)
    assert fact is not None
    assert fact.expected_s == pytest.approx(2.0)
    assert 0.5 < fact.covered_s < 1.5


def test_eight_k_decodes_to_its_end_within_the_memory_of_one_file(observe: Observe) -> None:
    fact = decoding(observe(built("hostile_8k_hevc.mp4")))
    assert fact is not None
    assert (fact.frames, fact.stopped_by) == (10, None)


def test_a_small_file_that_decodes_for_ever_stops_with_its_share_and_keeps_its_facts(observe: Observe) -> None:
    record = observe(built(SLOW), share=Share(cpu_s=8, wall_s=120.0))
    fact = decoding(record)
    assert record.failure is None, record.failure
    assert fact is not None
    assert fact.stopped_by == "time_limit"
    assert 0 < fact.frames < 216_000
    assert {"container", "decode"} <= {o.observer for o in record.observations}


def test_a_record_is_the_same_each_time(observe: Observe) -> None:
    first, second = observe(MEDIA / "genuine.mp4"), observe(MEDIA / "genuine.mp4")
    assert first.model_dump_json() == second.model_dump_json()
    assert [o.id for o in first.observations] == [f"o{n}" for n in range(1, len(first.observations) + 1)]
    assert next(iter(first.observers)) == "decode"


def test_a_disk_too_full_for_a_private_copy_is_not_blamed_on_the_file(
    observe: Observe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(observatory, "reachable", no_room)
    record = observe(MEDIA / "genuine.mp4")
    assert record.failure is not None
    assert record.failure.code == "media.internal"
    assert "No space left" in record.failure.text.en


def test_a_file_that_is_gone_or_changed_since_it_was_accepted_is_said_to_be(tmp_path: Path) -> None:
    from sixfaces.domain.exhibit import Role
    from sixfaces.intake.accept import accept
    from sixfaces.observe.observatory import JailedObservatory
    from tests.e2e.hostile.conftest import Kept

    path = tmp_path / "take.mp4"
    path.write_bytes((MEDIA / "genuine.mp4").read_bytes())
    exhibit = accept(path, role=Role.BUYER_VIDEO)
    path.write_bytes(b"other bytes")
    changed = JailedObservatory().observe(exhibit, path, pictures=Kept(), on_progress=lambda progress: None)
    path.unlink()
    gone = JailedObservatory().observe(exhibit, path, pictures=Kept(), on_progress=lambda progress: None)
    for record in (changed, gone):
        assert record.failure is not None
        assert record.failure.code == "media.changed"
