"""The compose files: what they refer to is there, and what runs is shut in and limited."""

import json
import re
import runpy

import pytest

from sixfaces.config import Settings
from tests.unit.deploy.yaml_files import DEPLOY, Tree, document

FOLDER = DEPLOY / "compose"
COMPOSE = document(FOLDER / "compose.yaml")
SERVICES: dict[str, Tree] = COMPOSE["services"]
OURS = ("api", "worker", "bucket")
SETTINGS = {f"SIXFACES_{name.upper()}" for name in Settings.model_fields}


def sources(service: Tree, part: str) -> list[str]:
    """Names of the secrets or configs that a service asks for."""
    return [one if isinstance(one, str) else one["source"] for one in service.get(part, ())]


@pytest.mark.parametrize("part", ["secrets", "configs"])
def test_what_services_refer_to_is_declared_and_what_is_declared_is_used(part: str) -> None:
    asked = {name for service in SERVICES.values() for name in sources(service, part)}
    assert asked == set(COMPOSE[part])


def test_volumes_and_networks_are_declared_and_used() -> None:
    volumes = {one.split(":")[0] for service in SERVICES.values() for one in service.get("volumes", ())}
    networks = {name for service in SERVICES.values() for name in service["networks"]}
    assert volumes == set(COMPOSE["volumes"])
    assert networks == set(COMPOSE["networks"])


def test_files_exist_or_are_made_by_the_script() -> None:
    made = set(runpy.run_path(str(DEPLOY / "make_secrets.py"))["contents"]())
    for name, one in COMPOSE["configs"].items():
        assert (FOLDER / one["file"]).is_file(), name
    for broker in ("redis", "rabbitmq"):
        files = {
            re.sub(r"\$\{SIXFACES_BROKER:-redis\}", broker, one["file"]).removeprefix("secrets/")
            for one in COMPOSE["secrets"].values()
        }
        assert files <= made
    build = SERVICES["api"]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).is_file()
    assert (DEPLOY.parent / ".git").exists() is ((FOLDER / build["context"] / ".git").exists())


def test_what_is_waited_for_exists_and_can_be_waited_for() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"], f"{name} waits for {other}"
            assert how.get("required", True) is ("profiles" not in SERVICES[other])


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_shut_in_limited_and_of_a_fixed_version(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= set(limits)
    assert re.fullmatch(r"[\w./-]+:(?!latest)[\w.-]+", service["image"])
    assert "healthcheck" in service
    assert service["restart"] == ("no" if name == "bucket" else "unless-stopped")


@pytest.mark.parametrize("name", OURS)
def test_our_own_run_as_nobody_in_particular_and_know_only_settings_that_exist(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == "10001:10001"
    assert {key for key in service["environment"] if key.startswith("SIXFACES_")} <= SETTINGS
    assert "" not in service["environment"].values()
    assert not re.search(r"password|secret_access", json.dumps(service["environment"]), re.IGNORECASE)


def test_only_the_api_is_published_and_only_on_this_machine_unless_said_otherwise() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"api"}
    assert SERVICES["api"]["ports"] == ["${SIXFACES_PUBLISH:-127.0.0.1:8686}:8686"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["api"]


def test_api_and_workers_share_their_keys() -> None:
    for name in ("api", "worker"):
        assert "data:/data" in SERVICES[name]["volumes"]
    assert Settings.model_fields["data"].default.name == "sixfaces-data"
    assert "SIXFACES_DATA=/data" in (DEPLOY / "Dockerfile").read_text("utf-8")


def test_the_broker_keeps_what_it_has_and_never_evicts() -> None:
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert {tuple(SERVICES[name].get("profiles", ())) for name in ("redis", "rabbitmq")} == {("redis",), ("rabbitmq",)}


def test_the_products_role_is_no_superuser() -> None:
    script = (FOLDER / "role.sh").read_text("utf-8")
    assert "NOSUPERUSER" in script
    assert "NOBYPASSRLS" in script
    assert SERVICES["postgres"]["environment"].keys() >= {"POSTGRES_DB", "POSTGRES_PASSWORD_FILE"}
    assert "POSTGRES_USER" not in SERVICES["postgres"]["environment"]
    asked = set(re.findall(r"/run/secrets/(\w+)", script))
    assert asked <= set(SERVICES["postgres"]["secrets"])


def test_workers_are_killed_only_after_they_could_hand_their_jobs_back() -> None:
    from sixfaces.workers.crew import GRACE_S, HANDING_BACK_S

    for name in ("api", "worker"):
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > GRACE_S + HANDING_BACK_S


def test_the_file_for_the_strong_jail_changes_the_workers_only() -> None:
    (name, changed), *others = document(FOLDER / "compose.jail.yaml")["services"].items()
    assert (name, others, set(changed)) == ("worker", [], {"security_opt"})
    assert "no-new-privileges:true" in changed["security_opt"]
    (profile,) = [one.removeprefix("seccomp=") for one in changed["security_opt"] if one.startswith("seccomp=")]
    assert (FOLDER / profile).is_file()


def test_the_seccomp_profile_lets_bubblewrap_work_and_shuts_the_rest() -> None:
    profile = json.loads((DEPLOY / "seccomp-jail.json").read_text("utf-8"))
    (denied,) = profile["syscalls"]
    assert denied["action"] == "SCMP_ACT_ERRNO"
    needed = {"clone", "clone3", "unshare", "mount", "umount2", "pivot_root", "sethostname", "prctl", "seccomp"}
    landlock = {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}
    assert not (needed | landlock) & set(denied["names"])
    assert {"kexec_load", "bpf", "init_module", "ptrace", "keyctl", "setns", "io_uring_setup"} <= set(denied["names"])


@pytest.mark.parametrize("name", ["api", "worker"])
def test_what_is_run_is_a_command_with_options_that_it_has(name: str) -> None:
    from typer.main import get_command

    from sixfaces.cli.main import app

    command, *options = SERVICES[name]["command"]
    known = get_command(app).get_command(None, command)  # type: ignore[attr-defined]  # a group
    assert known is not None
    assert {one for one in options if one.startswith("--")} <= {o for p in known.params for o in p.opts}
