"""Provenance: the C2PA manifest ("content credentials") of a file, as an offline reader judges it.

1. Most files have none. A walk over the file's outermost structure tells, before the library is even loaded.
2. The reader verifies hashes and signature. It may never reach for the network: neither for a manifest kept
   elsewhere nor for the revocation state of a certificate.
3. Its judgement is sorted into four states:
   absent   no manifest: neutral, nearly all honest footage has none
   valid    the bytes are what somebody signed; who that is stands in `issuer` and is not vouched for
   trusted  as valid, and the signer's certificate leads to one of the trust anchors given
   broken   the bytes, a claim or the signature do not agree: the file was altered after it was signed
   An expired, revoked or unknown certificate says nothing about the bytes and so does not make a manifest broken;
   the code of the problem is reported all the same.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from sixfaces.domain.facts import ProvenanceFact, ProvenanceState, ToolKind, ToolTagFact, UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.observe.foreign_text import plain
from sixfaces.observe.manifest_scan import has_manifest
from sixfaces.observe.observer import KeepPicture, Observer, Tier

OFFLINE: Mapping[str, Any] = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}

ABOUT_THE_SIGNER = ("signingCredential.", "timeStamp.", "timeOfSigning.")
"""Status codes (C2PA 2.1, section 15, "Validation") that say who signed and when, not whether the bytes are intact."""

SYNTHETIC = (
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
    "compositeSynthetic",
)
"""IPTC digital source types (cv.iptc.org/newscodes/digitalsourcetype) of pictures that were not taken with a camera."""

MOST_LISTED = 12

_ABSENT = ProvenanceFact(state=ProvenanceState.ABSENT)


class Provenance(Observer):
    """Reads the C2PA manifest of the file, if there is one."""

    name: ClassVar[str] = "provenance"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.FILE})
    measures: ClassVar[tuple[str, ...]] = ("provenance", "tool_tag")

    def __init__(self, keep: KeepPicture, anchors: str | None = None) -> None:
        """`anchors`: the certificates, in PEM, from which trusted signers descend; without them nobody is trusted."""
        super().__init__(keep)
        self._anchors = anchors
        self._fact: ProvenanceFact | UnmeasuredFact | None = None

    def file(self, path: Path, mime: str) -> None:
        """Judge the manifest; the library is loaded only if there is one."""
        self._fact = _read(path, mime, self._anchors) if has_manifest(path) else _ABSENT

    def finish(self) -> Iterable[Measured]:
        """One fact about the whole file, and one more if its intact manifest says that a program made the picture."""
        if self._fact is None:
            return
        yield Measured(fact=self._fact)
        if isinstance(self._fact, ProvenanceFact) and self._fact.state is not ProvenanceState.BROKEN:
            made = next((action for action in self._fact.actions if action.endswith(SYNTHETIC)), None)
            if made is not None:
                value = plain(f"{self._fact.generator or 'unnamed'}: {made}")
                yield Measured(fact=ToolTagFact(field="c2pa.actions", value=value, tool=ToolKind.GENERATOR))


def _unmeasured(code: str, detail: str) -> UnmeasuredFact:
    return UnmeasuredFact(of=("provenance",), code=code, detail=plain(detail))


def _read(path: Path, mime: str, anchors: str | None) -> ProvenanceFact | UnmeasuredFact:
    try:
        import c2pa  # optional, and 23 MB of library: not loaded for files without a manifest
    except ImportError:
        return _unmeasured("c2pa_missing", "There is a manifest, but the package c2pa-python is not installed.")
    settings: dict[str, Any] = dict(OFFLINE)
    if anchors is not None:
        settings["trust"] = {"trust_anchors": anchors}
    try:
        with path.open("rb") as file, c2pa.Context(c2pa.Settings.from_dict(settings)) as context:  # noqa: SIM117 one line would not hold all three
            with c2pa.Reader(mime, file, context=context) as reader:
                return judged(json.loads(reader.json()))
    except c2pa.C2paError.ManifestNotFound:
        return _ABSENT
    except (c2pa.C2paError.NotSupported, c2pa.C2paError.Io, c2pa.C2paError.RemoteManifest) as error:
        return _unmeasured("c2pa_unreadable", str(error))
    except c2pa.C2paError as error:
        return ProvenanceFact(state=ProvenanceState.BROKEN, problems=(plain(str(error)),))


def judged(store: Mapping[str, Any]) -> ProvenanceFact:
    """The fact for a manifest store as the library's JSON tells it. Parts of another form are left out."""
    manifest = _mapping(_mapping(store.get("manifests")).get(str(store.get("active_manifest"))))
    problems = [str(_mapping(status).get("code", "unknown")) for status in _sequence(store.get("validation_status"))]
    issuer = _mapping(manifest.get("signature_info")).get("issuer")
    generator = _generator(manifest)
    return ProvenanceFact(
        state=_state(str(store.get("validation_state")), problems),
        generator=plain(generator) if generator else None,
        issuer=plain(str(issuer)) if issuer else None,
        problems=tuple(map(plain, list(dict.fromkeys(problems))[:MOST_LISTED])),
        actions=tuple(map(plain, list(_actions(manifest))[:MOST_LISTED])),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _state(said: str, problems: list[str]) -> ProvenanceState:
    if said == "Trusted":
        return ProvenanceState.TRUSTED
    if said == "Valid" or (problems and all(code.startswith(ABOUT_THE_SIGNER) for code in problems)):
        return ProvenanceState.VALID
    return ProvenanceState.BROKEN


def _generator(manifest: Mapping[str, Any]) -> str | None:
    for info in map(_mapping, _sequence(manifest.get("claim_generator_info"))):
        if info.get("name"):
            return f"{info['name']} {info.get('version', '')}".strip()
    said = manifest.get("claim_generator")
    return str(said) if said else None


def _actions(manifest: Mapping[str, Any]) -> Iterable[str]:
    """Action names, each with the last word of its digital source type: `c2pa.created trainedAlgorithmicMedia`."""
    for assertion in map(_mapping, _sequence(manifest.get("assertions"))):
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            for action in map(_mapping, _sequence(_mapping(assertion.get("data")).get("actions"))):
                source = str(action.get("digitalSourceType", "")).rpartition("/")[2]
                yield f"{action.get('action', 'unknown')} {source}".strip()
