"""Uppy, which nobody here wrote, in Node and in a real browser: what it hands in ends sealed byte for byte."""

import hashlib
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sixfaces.config import Settings
from tests.contract.uploads.conftest import TUS, Api
from tests.contract.uploads.test_tus_js import exhibits_of, faulty
from tests.rig.browser import Page
from tests.rig.fault_proxy import Fault
from tests.rig.installation import prepared, serving
from tests.rig.node_clients import Node

NAMES = ("装箱.mp4", "买家开箱 第1段.mp4", "unboxing 2.mp4")


@pytest.fixture
def takes() -> dict[str, bytes]:
    return {name: os.urandom(1_500_000 + number) for number, name in enumerate(NAMES)}


def order(api: Api, **more: object) -> dict[str, Any]:
    meta = {"case": api.new_case().file.case_id, "role": "buyer_video"}
    return {"endpoint": f"{api.url}/v1/uploads", "headers": dict(api.admin.headers), "meta": meta, **more}


def check_sealed(api: Api, takes: dict[str, bytes], told: dict[str, Any]) -> None:
    """All of them, as the receipts and the store say."""
    assert told["failed"] == []
    assert {one["name"] for one in told["done"]} == set(takes)
    for one in told["done"]:
        shown = api.client.get(urlsplit(one["url"]).path).json()
        assert (shown["state"], shown["name"], shown["role"]) == ("sealed", one["name"], "buyer_video")
        assert shown["receipt"]["sha256"] == hashlib.sha256(takes[one["name"]]).hexdigest()
        assert api.sealed(takes[one["name"]]) == takes[one["name"]]


class TestInNode:
    @pytest.mark.parametrize("options", [{}, {"chunkSize": 400_000}, {"limit": 1}], ids=["whole", "pieces", "in turn"])
    def test_three_files_at_once_are_sealed(
        self, api: Api, node: Node, takes: dict[str, bytes], tmp_path: Path, options: dict[str, int]
    ) -> None:
        told = node.run("uppy.mjs", order(api, files=_laid(tmp_path, takes), options=options))
        check_sealed(api, takes, told)

    def test_lines_that_are_cut_cost_no_byte(
        self, api: Api, node: Node, takes: dict[str, bytes], tmp_path: Path
    ) -> None:
        draw = random.Random(7)
        faults = [Fault(after=draw.randint(100_000, 1_400_000)) for _ in range(5)]
        with faulty(api, *faults) as (proxy, url):
            told = node.run("uppy.mjs", {**order(api, files=_laid(tmp_path, takes)), "endpoint": url})
            assert not proxy.faults
        check_sealed(api, takes, told)

    def test_a_wrong_key_fails_every_file_and_leaves_nothing(
        self, api: Api, node: Node, takes: dict[str, bytes], tmp_path: Path
    ) -> None:
        asked = order(api, files=_laid(tmp_path, takes), headers={"Authorization": "Bearer sf_no_key"})
        told = node.run("uppy.mjs", asked)
        assert told["done"] == []
        assert [one["status"] for one in told["failed"]] == [401] * 3
        assert exhibits_of(api, asked["meta"]["case"]) == []

    def test_parallel_parts_are_refused(self, api: Api, node: Node, takes: dict[str, bytes], tmp_path: Path) -> None:
        asked = order(api, files=_laid(tmp_path, takes), options={"parallelUploads": 2})
        told = node.run("uppy.mjs", asked)
        assert [one["status"] for one in told["failed"]] == [400] * 3
        assert exhibits_of(api, asked["meta"]["case"]) == []


@pytest.fixture(scope="module")
def script(node: Node) -> str:
    return node.bundle("page.mjs")


@pytest.fixture
def page(script: str) -> Iterator[Page]:
    with Page(script).serving() as page:
        yield page


@pytest.fixture
def open_api(api: Api, page: Page, memory: Path) -> Iterator[Api]:
    """The same installation, served so that the page may upload to it."""
    settings = Settings(data=prepared(memory / "open"), rate="1000000/minute", allowed_origins=page.origin)
    with serving(api.service, settings) as url:
        yield replace(api, url=url)


@pytest.mark.browser
class TestInABrowser:
    @pytest.mark.parametrize("options", [{}, {"chunkSize": 400_000}], ids=["whole", "pieces"])
    def test_a_page_of_another_origin_hands_in_three_files_at_once_and_reads_their_receipts(
        self, open_api: Api, page: Page, takes: dict[str, bytes], options: dict[str, int]
    ) -> None:
        page.files, page.order = takes, order(open_api, files=list(takes), options=options)
        told = page.seen()
        check_sealed(open_api, takes, told)
        for one in told["done"]:
            assert one["receipt"]["sha256"] == hashlib.sha256(takes[one["name"]]).hexdigest()
        assert told["cases"] == "kept from this page"

    def test_lines_that_are_cut_cost_no_byte(self, open_api: Api, page: Page, takes: dict[str, bytes]) -> None:
        with faulty(open_api, *[Fault(after=1_000_000)] * 4) as (proxy, url):
            page.files, page.order = takes, {**order(open_api, files=list(takes)), "endpoint": url}
            told = page.seen()
            assert not proxy.faults
        check_sealed(open_api, takes, told)

    def test_a_page_that_was_reloaded_goes_on_where_it_was(self, open_api: Api, page: Page) -> None:
        takes = {NAMES[0]: os.urandom(6_000_000)}
        slow = [Fault(bytes_a_second=4_000_000)] * 8
        with faulty(open_api, *slow) as (proxy, url):
            asked = order(open_api, files=list(takes), reload_at=2_000_000, options={"chunkSize": 1_000_000})
            page.files, page.order = takes, {**asked, "endpoint": url}
            told = page.seen()
            assert int(told["left"]) >= 2_000_000
            assert proxy.sent < 6_000_000 + 1_500_000  # from the start it would be 8,000,000
        check_sealed(open_api, takes, told)

    def test_what_the_page_cancels_is_gone(self, open_api: Api, page: Page) -> None:
        takes = {NAMES[0]: os.urandom(4_000_000)}
        with faulty(open_api, *[Fault(bytes_a_second=4_000_000)] * 8) as (_, url):
            page.files, page.order = takes, {**order(open_api, files=list(takes), cancel_at=1_000_000), "endpoint": url}
            told = page.seen()
        assert told["state"] == "terminated"
        assert open_api.client.head(urlsplit(told["url"]).path, headers=TUS).status_code == 410
        assert exhibits_of(open_api, page.order["meta"]["case"]) == []

    def test_a_refusal_is_told_to_the_page_in_full(self, open_api: Api, page: Page, takes: dict[str, bytes]) -> None:
        page.files = takes
        page.order = order(open_api, files=list(takes), meta={"case": "nobody knows it"})
        told = page.seen()
        assert [one["status"] for one in told["failed"]] == [404] * 3
        assert [json.loads(one["body"])["code"] for one in told["failed"]] == ["request.missing"] * 3

    def test_a_page_of_an_origin_that_is_not_allowed_uploads_nothing(
        self, api: Api, open_api: Api, page: Page, script: str, takes: dict[str, bytes]
    ) -> None:
        with Page(script).serving() as foreign:
            foreign.files, foreign.order = takes, order(open_api, files=list(takes))
            told = foreign.seen()
        assert [(one["status"], one["body"]) for one in told["failed"]] == [(None, "")] * 3
        assert exhibits_of(api, foreign.order["meta"]["case"]) == []


def _laid(folder: Path, takes: dict[str, bytes]) -> list[dict[str, str]]:
    for name, data in takes.items():
        (folder / name).write_bytes(data)
    return [{"path": str(folder / name), "name": name} for name in takes]
