"""The Dockerfile keeps the rules that linters of Dockerfiles check, and copies what is there."""

import re
from pathlib import Path

import pytest

from tests.unit.deploy.yaml_files import DEPLOY

ROOT = DEPLOY.parent
TEXT = (DEPLOY / "Dockerfile").read_text("utf-8")


def instructions(text: str) -> list[tuple[str, str]]:
    """(instruction, arguments) in order, continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word.upper(), rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines())]


def complaints(text: str) -> list[str]:
    """What a linter would say, in the manner of hadolint's rules."""
    found, parts = [], instructions(text)
    stages = {rest.split()[-1] for word, rest in parts if word == "FROM" and " AS " in rest}
    for word, rest in parts:
        if word == "FROM":
            image = rest.split()[0]
            tag = image.rpartition(":")[2] if ":" in image.rpartition("/")[2] else ""
            if image not in stages and tag in {"", "latest"}:
                found.append(f"base without a tag: {image}")
        if word == "ADD":
            found.append("ADD: use COPY")
        if word == "RUN" and "apt-get install" in rest:
            found += [f"apt-get without {flag}" for flag in ("--no-install-recommends", "--yes") if flag not in rest]
            if "apt-get update" not in rest or "rm -rf /var/lib/apt/lists/*" not in rest:
                found.append("apt lists are not made and removed in one layer")
        if word == "RUN" and re.search(r"\bsudo\b|curl|wget|\bcd /|apt (install|update)", rest):
            found.append(f"RUN: {rest[:40]}")
        if word == "RUN" and "pip install" in rest and "--no-deps" not in rest and "--require-hashes" not in rest:
            found.append("pip installs what is not pinned by hash")
        if word in {"CMD", "ENTRYPOINT"} and not rest.startswith("["):
            found.append(f"{word} by a shell")
        if word in {"ENV", "ARG"} and re.search(r"PASSWORD|SECRET|TOKEN", rest):
            found.append(f"a secret in {word}")
        if word == "WORKDIR" and not rest.startswith("/"):
            found.append("WORKDIR is relative")
        if word == "COPY" and "--from=" in rest and rest.split("--from=")[1].split()[0] not in stages:
            found.append("COPY from an unknown stage")
    last = parts[max(i for i, (word, _) in enumerate(parts) if word == "FROM") :]
    users = [rest for word, rest in last if word == "USER"]
    if not users or users[-1].split(":")[0] in {"root", "0"} or not users[-1].split(":")[0].isdigit():
        found.append("ends as root, or as a user whom Kubernetes cannot tell from root")
    for needed in ("HEALTHCHECK", "ENTRYPOINT"):
        if [word for word, _ in last].count(needed) != 1:
            found.append(f"{needed} is missing or stands twice")
    return found


def test_there_is_nothing_to_complain_about() -> None:
    assert complaints(TEXT) == []


SPOILT = {
    "base without a tag": TEXT.replace("FROM python:3.11-slim-bookworm AS build", "FROM python AS build"),
    "base without a tag: python:latest": TEXT.replace("python:3.11-slim-bookworm\n", "python:latest\n"),
    "ends as root": TEXT.replace("USER 10001:10001", "USER root"),
    "ADD": TEXT.replace("COPY deploy/healthy.py", "ADD https://example.com/healthy.py"),
    "apt lists": TEXT.replace("&& rm -rf /var/lib/apt/lists/*", ""),
    "HEALTHCHECK": TEXT.replace("HEALTHCHECK", "LABEL"),
    "pip installs": TEXT.replace("--require-hashes", ""),
    "RUN: curl": TEXT.replace("RUN python -m venv", "RUN curl example.com; python -m venv"),
    "CMD by a shell": TEXT.replace('CMD ["serve"]', "CMD serve"),
    "COPY from": TEXT.replace("--from=build", "--from=built"),
    "a secret": TEXT.replace("TMPDIR=/scratch", "PGPASSWORD=x"),
}


@pytest.mark.parametrize("expected", SPOILT)
def test_the_rules_see_what_they_are_for(expected: str) -> None:
    assert SPOILT[expected] != TEXT
    assert any(expected in said for said in complaints(SPOILT[expected]))


def test_everything_that_is_copied_exists_and_is_let_into_the_build() -> None:
    ignore = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    allowed = [Path(line[1:]) for line in ignore if line.startswith("!")]
    copied = [
        Path(source)
        for word, rest in instructions(TEXT)
        if word == "COPY" and "--from=" not in rest
        for source in rest.split()[:-1]
    ]
    assert len(copied) >= 7
    assert [str(path) for path in copied if not (ROOT / path).exists()] == []
    assert [str(p) for p in copied if not any(p == a or p.is_relative_to(a) for a in allowed)] == []


def test_the_image_has_all_that_the_wheel_is_built_from() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    named = re.findall(r'"(README\.md|LICENSE|NOTICE)"', project.split("[tool.")[0])
    copied = {source for word, rest in instructions(TEXT) if word == "COPY" for source in rest.split()[:-1]}
    assert {"README.md", "LICENSE", "NOTICE"} <= set(named) <= copied
    included = re.findall(r'^"(docs/[a-z_]+\.py)" = ', project, re.MULTILINE)
    assert included
    assert set(included) <= copied
    locked = (ROOT / "requirements" / "main.txt").read_text("utf-8")
    assert re.search(r"^hatchling==", locked, re.MULTILINE), "--no-build-isolation needs the builder among the locked"


def test_the_python_is_the_one_that_tests_run_on() -> None:
    bases = {rest.split()[0] for word, rest in instructions(TEXT) if word == "FROM"}
    assert bases == {"python:3.11-slim-bookworm"}


def test_the_health_check_is_the_products_own_python() -> None:
    (check,) = [rest for word, rest in instructions(TEXT) if word == "HEALTHCHECK"]
    assert '"python", "-I", "/opt/sixfaces/healthy.py"' in check
