"""Everything that a record may name by a code has words, and people are told one name for one thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sixfaces.criteria import processing_traces, watching
from sixfaces.criteria.completeness_faces import FACES
from sixfaces.criteria.completeness_stages import STAGES
from sixfaces.domain.naming import HOLES, KINDS, STOPS, TECHNICAL
from sixfaces.domain.observation import Measured
from sixfaces.report import words

SOURCE = Path(__file__).parents[2] / "src" / "sixfaces"
GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
CODE = re.compile(r"[a-z][a-z0-9]*([._][a-z0-9]+)+")
TELLS_WHY = {"UnmeasuredFact", "MediaFailure", "MediaError", "_hole", "_unmeasured", "hole"}


def calls(*folders: str) -> Iterator[tuple[str, ast.Call]]:
    """All calls in the sources of these folders, each with the bare name that is called."""
    for folder in folders:
        for path in sorted((SOURCE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    called = node.func
                    yield getattr(called, "id", getattr(called, "attr", "")), node


def strings(call: ast.Call, *, keyword: str) -> list[str]:
    """The constant that is given by this keyword, or else the positional ones."""
    given = [k.value for k in call.keywords if k.arg == keyword] or call.args
    found = (part for value in given for part in ast.walk(value) if not isinstance(value, ast.Call | ast.JoinedStr))
    return [part.value for part in found if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def test_every_reason_why_a_fact_is_missing_has_words() -> None:
    codes = {
        text
        for name, call in calls("observe", "media", "pipeline")
        if name in TELLS_WHY
        for text in strings(call, keyword="code")
        if CODE.fullmatch(text)
    }
    assert {"observer_absent", "c2pa_missing", "nothing_to_read", "media.undecodable", "media.wall"} <= codes
    assert codes <= set(HOLES)
    assert set(HOLES) >= TECHNICAL


def test_every_reason_why_decoding_ends_early_has_words() -> None:
    stops = {
        text
        for name, call in calls("observe", "media")
        if name == "StopDecoding"
        for text in strings(call, keyword="reason")
    }
    assert "time_limit" in stops
    assert stops <= set(STOPS)


def test_every_trace_of_re_encoding_has_words() -> None:
    hints = {strings(call, keyword="hint")[0] for name, call in calls("observe") if name == "_hint"}
    assert "software_encoder" in hints
    assert hints <= set(processing_traces.HINTS)


def test_every_kind_of_fact_has_a_name() -> None:
    schema = Measured.model_json_schema()["properties"]["fact"]["discriminator"]["mapping"]
    assert set(schema) - {"unmeasured"} == set(KINDS)


def test_chinese_words_hold_no_english_prose() -> None:
    for told in (*HOLES.values(), *KINDS.values(), *STOPS.values()):
        assert not re.search(r"[A-Za-z]+ [a-z]+ ", told.zh), told.zh


def test_judging_and_the_page_call_faces_stages_and_breaks_the_same() -> None:
    for judged, shown in ((FACES, words.FACE), (STAGES, words.STAGE), (watching.ABSENCES, words.ABSENCE)):
        assert {key: told.zh for key, told in judged.items()} == {key: told.zh for key, told in shown.items()}


def test_the_page_uses_the_glossarys_chinese() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| ([^|]+?) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    glossary = dict(rows)
    tables = (words.RULE, words.FACE, words.STAGE, words.ROLE, words.ANSWER, words.CRITERION, words.REQUIREMENT)
    told = {str(key): say.zh for table in tables for key, say in table.items()}
    assert len(told) > 50
    assert {key: glossary.get(key) for key in told} == told
