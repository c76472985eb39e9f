"""The Kubernetes manifests: valid by the API's own schemas, of one piece, and shut in."""

import importlib.util
import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sixfaces.config import Settings
from tests.unit.deploy.manifests import KUBERNETES, kustomization, merged, named, resources
from tests.unit.deploy.yaml_files import Tree, document

ALL = resources(KUBERNETES / "example")
BY_KIND = {kind: [one for one in ALL if one["kind"] == kind] for kind in {one["kind"] for one in ALL}}
PODS = {one["metadata"]["name"]: one["spec"]["template"] for one in BY_KIND["Deployment"]}
JAILED = merged(
    next(one for one in ALL if named(one) == ("Deployment", "sixfaces-worker")),
    document(KUBERNETES / "jail" / "worker.yaml"),
)
SCHEMA_VERSION = "v1.33"


def schemas() -> Any:  # noqa: ANN401 definitions by name
    """All definitions of the API, from the wheel kubernetes-validate; unknown fields are errors in them."""
    found = importlib.util.find_spec("kubernetes_validate")
    if found is None or found.origin is None:
        assert os.environ.get("CI") != "true", "CI checks manifests by schema: install kubernetes-validate"
        pytest.skip("the API's schemas come from the wheel kubernetes-validate, which is not installed")
    folders = Path(found.origin).parent / "kubernetes-json-schema"
    (folder,) = folders.glob(f"{SCHEMA_VERSION}*-local-strict")
    return json.loads((folder / "_definitions.json").read_text("utf-8"))


def complaints(one: Tree, definitions: Any) -> list[str]:  # noqa: ANN401 a tree of YAML
    """What the API's schema says against an object."""
    for name, schema in definitions["$defs"].items():
        told = schema.get("properties", {})
        if all(told.get(key, {}).get("enum") == [one[key]] for key in ("apiVersion", "kind")):
            root = {"$ref": f"#/$defs/{name}", "$defs": definitions["$defs"]}
            return [f"{e.json_path}: {e.message[:120]}" for e in jsonschema.Draft202012Validator(root).iter_errors(one)]
    return [f"no schema of {one['apiVersion']} {one['kind']}"]


def test_every_object_is_valid_by_the_apis_schema() -> None:
    definitions = schemas()
    of_the_api = [one for one in [*ALL, JAILED] if not one["apiVersion"].startswith("keda.sh/")]
    assert len(of_the_api) >= 12
    assert {"/".join(named(one)): said for one in of_the_api if (said := complaints(one, definitions))} == {}


def test_the_schema_check_sees_a_misspelt_field() -> None:
    definitions = schemas()
    (service,) = BY_KIND["Service"]
    assert complaints(merged(service, {"spec": {"selektor": {"a": "b"}}}), definitions)
    assert complaints(merged(service, {"spec": {"ports": "80"}}), definitions)


def test_every_file_is_named_by_its_folder_and_every_name_is_a_file() -> None:
    for folder in KUBERNETES.iterdir():
        told = kustomization(folder)
        files = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
        listed = {*told.get("resources", ()), *(patch["path"] for patch in told.get("patches", ()))}
        assert {name for name in listed if not (folder / name).is_dir()} == files
        for part in (*told.get("resources", ()), *told.get("components", ())):
            assert (folder / part).exists()


def test_no_two_objects_have_one_name() -> None:
    assert len({named(one) for one in ALL}) == len(ALL)


@pytest.mark.parametrize("deployment", BY_KIND["Deployment"], ids=lambda one: str(one["metadata"]["name"]))
def test_a_deployment_selects_its_own_pods(deployment: Tree) -> None:
    wanted = deployment["spec"]["selector"]["matchLabels"]
    assert wanted.items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
    assert "replicas" not in deployment["spec"], "an autoscaler's number would be reset by each apply"


def selectors() -> list[tuple[str, Tree]]:
    found = [("Service", one["spec"]["selector"]) for one in BY_KIND["Service"]]
    for one in BY_KIND["PodDisruptionBudget"]:
        found.append((one["metadata"]["name"], one["spec"]["selector"]["matchLabels"]))
    for one in BY_KIND["NetworkPolicy"]:
        found.append((one["metadata"]["name"], one["spec"]["podSelector"]["matchLabels"]))
    return found


@pytest.mark.parametrize(("name", "labels"), selectors())
def test_a_selector_finds_pods(name: str, labels: Tree) -> None:
    assert [1 for pod in PODS.values() if labels.items() <= pod["metadata"]["labels"].items()], name


def test_pods_of_all_kinds_are_closed_to_the_network_by_default() -> None:
    (closed,) = [one for one in BY_KIND["NetworkPolicy"] if one["metadata"]["name"] == "sixfaces-closed"]
    assert closed["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert set(closed["spec"]) == {"podSelector", "policyTypes"}
    for pod in PODS.values():
        assert closed["spec"]["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()


@pytest.mark.parametrize("name", PODS)
def test_a_pod_refers_to_what_there_is(name: str) -> None:
    spec = PODS[name]["spec"]
    assert spec["serviceAccountName"] in {one["metadata"]["name"] for one in BY_KIND["ServiceAccount"]}
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    maps = {one["metadata"]["name"] for one in BY_KIND["ConfigMap"]}
    secrets = {one["name"] for one in kustomization(KUBERNETES / "example")["secretGenerator"]}
    assert all({"emptyDir", "secret"} & set(v) for v in volumes.values()), "nothing stays on a node"
    assert {v["secret"]["secretName"] for v in volumes.values() if "secret" in v} <= secrets
    for container in spec["containers"]:
        assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
        assert {source["configMapRef"]["name"] for source in container["envFrom"]} <= maps


def test_the_secrets_of_the_example_are_what_the_scripts_and_settings_call_them() -> None:
    files = {
        secret["name"]: [file.rpartition("/")[2] for file in secret["files"]]
        for secret in kustomization(KUBERNETES / "example")["secretGenerator"]
    }
    (settings,) = BY_KIND["ConfigMap"]
    known = {f"sixfaces_{name}" for name in Settings.model_fields}
    assert {name for name in files["sixfaces"] if name.startswith("sixfaces_")} <= known
    assert settings["data"]["AWS_SHARED_CREDENTIALS_FILE"].rpartition("/")[2] in files["sixfaces"]
    (mount,) = [m for m in PODS["sixfaces-worker"]["spec"]["containers"][0]["volumeMounts"] if m["name"] == "keys"]
    assert settings["data"]["SIXFACES_CUSTODY_KEYS"] == mount["mountPath"]
    assert settings["data"]["SIXFACES_CHALLENGE_SIGNING_KEY"] == f"{mount['mountPath']}/challenge.pem"
    assert sorted(files["sixfaces-keys"]) == ["challenge.pem", "custody-keys.txt", "custody.pem"]


def test_the_keda_secret_has_the_key_that_is_asked_for() -> None:
    (auth,) = BY_KIND["TriggerAuthentication"]
    (target,) = auth["spec"]["secretTargetRef"]
    (secret,) = [s for s in kustomization(KUBERNETES / "example")["secretGenerator"] if s["name"] == target["name"]]
    assert [file.rpartition("/")[2] for file in secret["files"]] == [target["key"]]


def test_ports_and_backends_exist() -> None:
    (service,) = BY_KIND["Service"]
    (api,) = PODS["sixfaces-api"]["spec"]["containers"]
    ports = {port["name"] for port in api["ports"]}
    assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    assert {api[probe]["httpGet"]["port"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")} <= ports
    assert api["ports"][0]["containerPort"] == Settings.model_fields["port"].default
    (ingress,) = BY_KIND["Ingress"]
    backends = [p["backend"]["service"] for rule in ingress["spec"]["rules"] for p in rule["http"]["paths"]]
    assert {one["name"] for one in backends} == {service["metadata"]["name"]}
    assert {one["port"]["name"] for one in backends} <= {port["name"] for port in service["spec"]["ports"]}


def test_pods_may_ask_every_kind_of_server_that_settings_name() -> None:
    """PostgreSQL, Redis, RabbitMQ with TLS and without, stores by HTTPS and HTTP, time stamps by HTTP."""
    (asks,) = [one for one in BY_KIND["NetworkPolicy"] if one["metadata"]["name"] == "sixfaces-asks"]
    ports = {port["port"] for rule in asks["spec"]["egress"] for port in rule["ports"] if port["protocol"] == "TCP"}
    assert {5432, 6379, 5671, 5672, 443, 80} <= ports


def test_the_world_asks_for_the_api_and_its_description_only() -> None:
    (ingress,) = BY_KIND["Ingress"]
    paths = {(p["path"], p["pathType"]) for rule in ingress["spec"]["rules"] for p in rule["http"]["paths"]}
    assert paths == {("/v1", "Prefix"), ("/docs", "Exact"), ("/openapi.json", "Exact")}


def test_probes_ask_routes_that_the_api_has() -> None:
    routes = (KUBERNETES.parents[1] / "src" / "sixfaces" / "api" / "routes" / "health.py").read_text("utf-8")
    (api,) = PODS["sixfaces-api"]["spec"]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert f'"{api[probe]["httpGet"]["path"]}"' in routes


@pytest.mark.parametrize("name", PODS)
def test_every_container_is_shut_in_probed_and_limited(name: str) -> None:
    spec = PODS[name]["spec"]
    person = spec["securityContext"]
    assert person["runAsNonRoot"] is True
    assert person["runAsUser"] == 10001
    assert person["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
    for container in spec["containers"]:
        assert {"startupProbe", "livenessProbe"} <= set(container)
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]
        shut = container["securityContext"]
        assert shut["allowPrivilegeEscalation"] is False
        assert shut["readOnlyRootFilesystem"] is True
        assert shut["capabilities"] == {"drop": ["ALL"]}
        tag = container["image"].rpartition(":")[2]
        assert re.fullmatch(r"\d[\w.-]*", tag), "a fixed version"


def test_images_are_renamed_to_fixed_versions() -> None:
    for image in kustomization(KUBERNETES / "example")["images"]:
        assert re.fullmatch(r"\d[\w.-]*", str(image["newTag"]))


def test_settings_of_the_map_are_settings() -> None:
    known = {f"SIXFACES_{name.upper()}" for name in Settings.model_fields}
    (settings,) = BY_KIND["ConfigMap"]
    assert {key for key in settings["data"] if key.startswith("SIXFACES_")} <= known
    assert all(isinstance(value, str) for value in settings["data"].values())
    (mount,) = [m for m in PODS["sixfaces-api"]["spec"]["containers"][0]["volumeMounts"] if m["name"] == "secrets"]
    assert settings["data"]["SIXFACES_SECRETS"] == mount["mountPath"]


def test_scalers_scale_deployments_that_exist_each_by_one() -> None:
    targets = [
        one["spec"]["scaleTargetRef"] for kind in ("HorizontalPodAutoscaler", "ScaledObject") for one in BY_KIND[kind]
    ]
    assert sorted(target["name"] for target in targets) == sorted(PODS)
    (scaled,) = BY_KIND["ScaledObject"]
    assert scaled["spec"]["minReplicaCount"] >= 1, "somebody has to sweep"


def test_the_length_of_the_queue_is_asked_of_columns_that_exist() -> None:
    from sixfaces.adapters.records.tables import jobs

    (scaled,) = BY_KIND["ScaledObject"]
    query = scaled["spec"]["triggers"][0]["metadata"]["query"]
    assert "FROM jobs" in query
    assert {"state", "not_before"} <= set(jobs.c.keys())
    assert "WHERE state IN ('ready', 'running') AND not_before <= now()" in query


def test_pods_have_time_to_end() -> None:
    from sixfaces.workers.crew import GRACE_S, HANDING_BACK_S

    for pod in PODS.values():
        assert pod["spec"]["terminationGracePeriodSeconds"] > GRACE_S + HANDING_BACK_S


def test_the_jail_component_keeps_every_other_wall() -> None:
    (container,) = JAILED["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["securityContext"]["procMount"] == "Unmasked"
    assert JAILED["spec"]["template"]["spec"]["hostUsers"] is False
    profile = container["securityContext"]["seccompProfile"]["localhostProfile"]
    assert profile in (KUBERNETES / "jail" / "kustomization.yaml").read_text("utf-8")
