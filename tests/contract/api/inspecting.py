"""An inspector for tests: begins an inspection by the API and answers step by step, all well but what is said."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import PNG, Api

Json = dict[str, Any]


def bought(api: Api, category: str | None, **item: Any) -> Json:  # noqa: ANN401 JSON
    """A case on an order of one piece of this category, that came back."""
    line: Json = {"title": "thing", "quantity": 1, "price": "199.00", "currency": "CNY"} | item
    if category is not None:
        line["category"] = category
    claim = {"kind": "return_refund", "reason": "quality_defect", "opened_at": "2026-06-01T00:00:00Z"}
    return api.new_case(order={"order_id": f"T-{new_id()}", "items": [line]}, claim=claim)


@dataclass
class Inspecting:
    """One inspection, by whoever holds the key; `view` is how it was told last."""

    api: Api
    key: str
    view: Json
    tag: str
    photo: str | None = None
    sop: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.view["inspection"]["id"])

    @property
    def path(self) -> str:
        """Its address."""
        return f"/v1/inspections/{self.id}"

    def ask(self, method: str, tail: str = "", body: Json | None = None, **headers: str) -> httpx.Response:
        """One request, with the tag of what was told last."""
        sent = {"If-Match": self.tag} | headers
        told = self.api.ask(method, f"{self.path}{tail}", key=self.key, headers=sent, json=body)
        if told.status_code in (200, 201):
            self.view, self.tag = told.json(), told.headers["etag"]
        return told

    def good(self, tail: str, body: Json | None = None) -> Json:
        """A write that is taken."""
        told = self.ask("POST", tail, body)
        assert told.status_code == 200, told.text
        return self.view

    def answer(self, **said: Any) -> httpx.Response:  # noqa: ANN401 JSON
        """One answer, as it is."""
        return self.ask("POST", "/answers", said)

    def walk(self, **said: Any) -> list[str]:  # noqa: ANN401 JSON
        """Answer until nothing is asked any more; the steps in the order in which they were asked. What is not `said`
        (values, or a number) is well."""
        asked = []
        while (step := self.view["step"]) is not None:
            asked.append(step["id"])
            told = self.answer(**self.well(step, said.get(step["id"])))
            assert told.status_code == 200, told.text
            assert len(asked) < 40
        return asked

    def well(self, step: Json, said: Any = None) -> Json:  # noqa: ANN401 JSON
        """An answer to the step that it takes: values or a number as said, else that all is well."""
        body: Json = {"step": step["id"]}
        if step["form"] == "number":
            low, high = step["good"] or (step["low"], step["high"])
            return body | {"number": (low + high) / 2 if said is None else said}
        if step["form"] == "text":
            return body if step["optional"] else body | {"text": "没有其他情况。"}
        fine = next((one["value"] for one in step["choices"] if not one["defects"]), None)
        values = [said] if isinstance(said, str) else said or ([fine] if fine else [])
        stated = [code for one in step["choices"] if one["value"] in values for code in one["defects"]]
        body |= {"values": values, "defects": [self.placed(code) for code in stated]}
        body |= {"text": "ABC123"} if step["form"] == "code" else {}
        if step["by"] == ["service_point"] or set(step["by"]) == {"service_point", "supplier"}:
            return {"step": step["id"]}
        return body | ({"witnesses": [{"exhibit": self.shown()}]} if self.needs_witness(step, stated) else {})

    def needs_witness(self, step: Json, stated: list[str]) -> bool:
        """Whether something has to be attached."""
        return step["witness"] in ("photo", "either") or (step["witness"] == "if_defect" and bool(stated))

    def placed(self, code: str) -> Json:
        """A defect where and as large as it can be."""
        known = next(one for one in self.standard()["defects"] if one["code"] == code)
        where = {"place": known["places"][0]} if known["places"] else {}
        return {"code": code} | where | ({"size": known["sizes"][0]} if known["sizes"] else {})

    def standard(self) -> Json:
        """The SOP that it goes by."""
        if not self.sop:
            one = self.view["inspection"]
            self.sop = self.api.ask("GET", f"/v1/sops/{one['sop']}@{one['sop_version']}", key=self.key).json()
        return self.sop

    def shown(self) -> str:
        """The digest of a photo that was handed in for it."""
        if self.photo is None:
            self.photo = hand_in(self.api, self.view["inspection"]["case_id"], self.key)
        return self.photo


def hand_in(api: Api, case_id: str, key: str, data: bytes = b"", role: str = "qc_photo") -> str:
    """Hand a photo of its own in; its digest."""
    told = api.ask(
        "POST", f"/v1/cases/{case_id}/exhibits", key=key, params={"name": "a.png", "role": role},
        content=data or PNG + new_id().encode(),
    )  # fmt: skip
    assert told.status_code == 201, told.text
    exhibit = api.ask("GET", f"/v1/exhibits/{told.json()['exhibit_id']}", key=api.admin).json()
    return str(exhibit["exhibit"]["sha256"])


def begin(api: Api, case: Json, *, key: str | None = None, **more: Any) -> Inspecting:  # noqa: ANN401 JSON
    """Begin the first look at its first line."""
    key = key or api.held(ApiRole.REVIEWER)
    told = api.ask("POST", "/v1/inspections", key=key, json={"case": case["id"], **more})
    assert told.status_code == 201, told.text
    return Inspecting(api, key, told.json(), told.headers["etag"])


def look_again(first: Inspecting, key: str, **more: Any) -> Inspecting:  # noqa: ANN401 JSON
    """Another begins a second look."""
    told = first.api.ask("POST", f"{first.path}/second-look", key=key, json=more)
    assert told.status_code == 201, told.text
    return Inspecting(first.api, key, told.json(), told.headers["etag"])
