"""Packs of a folder of results: within every limit of their channel, and open about what they leave out."""

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from sixfaces.domain.case import CaseFile
from sixfaces.domain.channel import Channel, Colour, PdfLimits, PictureLimits, TextLimits
from sixfaces.domain.errors import PackError
from sixfaces.domain.model import Say
from sixfaces.domain.pack import PackKind
from sixfaces.media.jpeg_size import longest_of_jpeg
from sixfaces.pipeline.packing.from_folder import material_in
from sixfaces.pipeline.packing.making import Made, make_pack
from sixfaces.pipeline.packing.material import Asked, Material, Picture
from sixfaces.rulebook.channels import CHANNELS
from tests.rig.pack_folders import film_report, results_folder

pytest.importorskip("typst")

PAGES_TIGHT = 150_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
CASE = CaseFile(case_id="C-1001")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return results_folder(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def material(folder: Path) -> Material:
    return material_in(folder, CASE, masked=False)


def channel(**limits: object) -> Channel:
    return Channel.model_validate(
        {
            "name": "trial",
            "version": "2026.1",
            "title": Say(zh="试用渠道", en="Trial"),
            "effective_from": NOW.date(),
            "digest": "0" * 64,
            "sources": (),
            **limits,
        }
    )


def made_for(material: Material, one: Channel) -> Made:
    return make_pack(material, Asked(one, "en", NOW, masked=False))


def test_with_room_every_picture_is_shown_bit_for_bit_as_it_was_sealed(material: Material) -> None:
    made = made_for(material, channel(pdf=PdfLimits(bytes=5_000_000)))
    (document,) = made.pack.files
    assert {one.picture for one in document.shows} == set(material.results.values()) - {material.results["report.json"]}
    assert all(one.picture == one.file and one.did == () for one in document.shows)
    assert document.sha256 == hashlib.sha256(made.files[document.name]).hexdigest()
    assert [one.what.en for one in made.pack.left_out] == ["a clip of the footage"]


@pytest.mark.parametrize("limit", [400_000, 250_000, 160_000, 110_000])
def test_a_smaller_budget_is_kept_and_what_it_costs_is_told(material: Material, limit: int) -> None:
    made = made_for(material, channel(bytes=limit, pdf=PdfLimits()))
    (document,) = made.pack.files
    assert len(made.files[document.name]) <= limit
    left_out = [one for one in made.pack.left_out if "limit" in one.why.en]
    changed = [one for one in document.shows if one.did]
    pictures = len(material.results) - 1
    assert len(document.shows) + len(left_out) == pictures
    assert left_out or changed or limit == 400_000
    assert document.shows


def test_a_budget_that_holds_nothing_is_refused(material: Material) -> None:
    with pytest.raises(PackError, match=r"pack\.impossible"):
        made_for(material, channel(pdf=PdfLimits(bytes=20_000)))


def test_pages_are_kept_by_showing_fewer_moments(material: Material) -> None:
    free = made_for(material, channel(pdf=PdfLimits()))
    few = made_for(material, channel(pdf=PdfLimits(pages=2)))
    assert len(few.pack.files[0].shows) < len(free.pack.files[0].shows)
    assert few.pack.left_out[-1].why.en == "beyond the limit of pages"


def test_a_channel_without_pdf_gets_each_page_as_a_picture(material: Material) -> None:
    made = made_for(material, channel(pictures=PictureLimits(formats=("jpeg",), bytes=300_000, count=4)))
    assert 1 < len(made.files) <= 4
    assert {one.kind for one in made.pack.files} == {PackKind.PAGE}
    assert all(data.startswith(b"\xff\xd8\xff") and len(data) <= 300_000 for data in made.files.values())


def test_too_few_pictures_for_the_summary_are_refused(material: Material) -> None:
    with pytest.raises(PackError, match=r"pack\.impossible"):
        made_for(material, channel(pictures=PictureLimits(formats=("jpeg",), count=1)))


def test_a_channel_without_colour_gets_none(material: Material) -> None:
    made = made_for(material, channel(pdf=PdfLimits(bytes=1_000_000, colour=Colour.GREY, archival=True)))
    (document,) = made.pack.files
    assert all("grey" in one.did for one in document.shows)
    assert b"pdfaid" in made.files[document.name]


def test_the_statement_that_has_no_room_for_all_names_what_it_leaves_out(material: Material) -> None:
    made = made_for(material, channel(text=TextLimits(characters=400), pdf=PdfLimits()))
    assert len(made.files["01-statement.txt"].decode()) <= 400
    assert "points in the statement" in made.pack.left_out[0].what.en


def test_the_same_case_gives_the_same_files(material: Material) -> None:
    one = channel(pdf=PdfLimits(bytes=300_000))
    assert made_for(material, one) == made_for(material, one)


def test_a_masked_pack_says_so_of_each_picture_and_hides_what_people_wrote(folder: Path) -> None:
    report = film_report().exhibits[0]
    material = material_in(folder, CASE, masked=True)
    made = make_pack(material, Asked(CHANNELS.load("amex"), "zh", NOW))
    assert made.pack.masked
    assert all("masked" in one.did and one.picture != one.file for one in made.pack.files[0].shows)
    assert made.pack.originals[0].sha256 == report.sha256


@pytest.mark.parametrize("limit", [62_000, 70_000, 80_000, 95_000])
def test_where_the_pages_and_one_picture_have_room_something_is_shown(material: Material, limit: int) -> None:
    """The pages alone take less than 55 kB, the smallest picture less than 5."""
    made = made_for(material, channel(pdf=PdfLimits(bytes=limit)))
    assert made.pack.files[0].shows
    assert len(made.files["02-exhibits.pdf"]) <= limit


@pytest.mark.parametrize("limit", [20_000, 45_000])
def test_a_pack_that_would_show_nothing_is_not_made(material: Material, limit: int) -> None:
    with pytest.raises(PackError, match=r"pack\.impossible"):
        made_for(material, channel(pdf=PdfLimits(bytes=limit)))


def test_pages_as_pictures_show_fewer_moments_where_their_bytes_are_too_many(material: Material) -> None:
    def taken(limit: int) -> Made:
        return made_for(material, channel(bytes=limit, pictures=PictureLimits(formats=("jpeg",))))

    plenty, tight = taken(10_000_000), taken(PAGES_TIGHT)
    assert sum(map(len, tight.files.values())) <= PAGES_TIGHT
    few, all_ = (sum(len(one.shows) for one in made.pack.files[:1]) for made in (tight, plenty))
    assert 0 < few < all_
    assert [one.why.en for one in tight.pack.left_out].count("beyond the limit of 150.0 kB") == all_ - few
    with pytest.raises(PackError, match=r"pack\.impossible"):
        taken(20_000)


def test_faces_of_a_second_video_are_named_as_left_out(material: Material) -> None:
    first = material.report.exhibits[0]
    faces = dict(list(first.faces.items())[:2])
    second = first.model_copy(update={"sha256": "c" * 64, "name": "second.mp4", "moments": (), "faces": {
        face: one.model_copy(update={"image": f"exhibits/second/{face.value}.jpg"}) for face, one in faces.items()
    }})  # fmt: skip
    report = material.report.model_copy(update={"exhibits": (first, second)})
    made = made_for(material._replace(report=report), channel(pdf=PdfLimits()))
    (told,) = [one for one in made.pack.left_out if "second.mp4" in one.what.en]
    assert told.why.en == "the net shows one video, that of most faces"


@pytest.mark.parametrize("name", CHANNELS.names())
def test_every_shipped_channel_gets_a_pack_within_its_limits(material: Material, name: str) -> None:
    one = CHANNELS.load(name)
    made = made_for(material, one)
    handed = {n: d for n, d in made.files.items() if not n.endswith(".txt")}
    assert sum(map(len, handed.values())) <= (one.bytes or 10**12)
    assert len(handed) <= (one.files or 10**6)
    assert all(file.shows for file in made.pack.files if file.kind is not PackKind.STATEMENT)
    assert (one.text is None) == ("01-statement.txt" not in made.files)
    if one.text is not None:
        assert len(made.files["01-statement.txt"].decode()) <= one.text.characters
    if one.pdf is not None:
        (data,) = handed.values()
        assert data.startswith(b"%PDF-")
        assert len(data) <= (one.pdf.bytes or 10**12)
        assert len(re.findall(rb"/Type\s*/Page\b", data)) <= (one.pdf.pages or 10**6)
        assert not one.pdf.archival or b"pdfaid" in data
        return
    assert one.pictures is not None
    assert len(handed) <= (one.pictures.count or 10**6)
    for data in handed.values():
        assert len(data) <= (one.pictures.bytes or 10**12)
        assert 0 < longest_of_jpeg(data) <= (one.pictures.longest_px or 10**6)


def test_a_picture_that_was_changed_since_is_refused(tmp_path: Path) -> None:
    folder = results_folder(tmp_path)
    spoiled = next(folder.rglob("moments/*.jpg"))
    spoiled.write_bytes(spoiled.read_bytes() + b"\0")
    with pytest.raises(PackError, match=r"pack\.changed"):
        made_for(material_in(folder, CASE, masked=False), channel(pdf=PdfLimits()))


def test_a_picture_that_is_told_of_and_not_there_is_never_passed_over_as_not_filmed(material: Material) -> None:
    lost = next(name for name in material.results if "/faces/" in name)
    without = material._replace(picture=lambda name: None if name == lost else material.picture(name))
    with pytest.raises(PackError, match=r"pack\.changed"):
        made_for(without, channel(pdf=PdfLimits()))


def test_only_a_jpeg_of_a_sane_size_is_set_as_it_is_all_else_as_the_jail_made_it(material: Material) -> None:
    faces = sorted(name for name in material.results if "/faces/" in name)
    odd = {faces[0]: _as_png(material, faces[0]), faces[1]: _enlarged(material, faces[1])}

    def picture(name: str) -> Picture | None:
        return Picture(odd[name], hashlib.sha256(odd[name]).hexdigest()) if name in odd else material.picture(name)

    made = made_for(material._replace(picture=picture), channel(pdf=PdfLimits()))
    remade = {hashlib.sha256(data).hexdigest() for data in odd.values()}
    shows = made.pack.files[0].shows
    assert {one.picture for one in shows if one.did} == remade
    assert all(one.did == ("jpeg 88", "at most 1280 px") for one in shows if one.did)


def _pixels(material: Material, name: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    held = material.picture(name)
    assert held is not None
    found = cv2.imdecode(np.frombuffer(held.data, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return np.asarray(found, np.uint8)


def _as_png(material: Material, name: str) -> bytes:
    return bytes(cv2.imencode(".png", _pixels(material, name))[1].tobytes())


def _enlarged(material: Material, name: str) -> bytes:
    return bytes(cv2.imencode(".jpg", cv2.resize(_pixels(material, name), (4800, 270)))[1].tobytes())


def test_the_case_file_of_another_case_is_refused(folder: Path) -> None:
    with pytest.raises(PackError, match=r"pack\.other_case"):
        material_in(folder, CaseFile(case_id="C-2"), masked=False)


def test_a_folder_without_a_report_or_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"pack\.no_case"):
        material_in(tmp_path, None, masked=False)
    folder = results_folder(tmp_path)
    next((folder / "records").iterdir()).write_text(json.dumps({"format": "sixfaces.record/9"}))
    with pytest.raises(PackError, match=r"pack\.changed"):
        material_in(folder, None, masked=False)
