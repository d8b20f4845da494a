# SPDX-License-Identifier: Apache-2.0
"""The Kustomize base: by the schemas of what it is applied to, and by what the guard makes of its files."""

import copy
import json
import re
import secrets
import shutil
import subprocess

import yaml

from stack import Guard, get
from stack.server import ROOT

BASE = ROOT / "packaging" / "kubernetes"


def load(name):
    return yaml.safe_load((BASE / name).read_text())


KUSTOMIZATION = load("kustomization.yaml")
RESOURCES = {name: load(name) for name in KUSTOMIZATION["resources"]}


def problems(resources):
    done = subprocess.run(["node", ROOT / "tests/npm/kubernetes.mjs"], input=json.dumps(resources), capture_output=True,
                          text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def container():
    return RESOURCES["deployment.yaml"]["spec"]["template"]["spec"]["containers"][0]


def test_every_resource_is_what_its_schema_says():
    assert problems(list(RESOURCES.values())) == [""] * len(RESOURCES)
    wrong = copy.deepcopy(RESOURCES["deployment.yaml"])
    wrong["spec"]["replicas"] = "one"
    assert "replicas" in problems([wrong])[0]


def test_it_names_every_file_of_its_folder_and_no_other():
    mapped = KUSTOMIZATION["configMapGenerator"][0]["files"]
    assert {path.name for path in BASE.iterdir() if path.is_file()} == {"kustomization.yaml", *KUSTOMIZATION["resources"], *mapped}


def test_names_and_labels_lead_from_one_to_the_other():
    labels = RESOURCES["deployment.yaml"]["spec"]["template"]["metadata"]["labels"]
    assert RESOURCES["deployment.yaml"]["spec"]["selector"]["matchLabels"] == labels
    service = RESOURCES["service.yaml"]
    assert service["spec"]["selector"] == labels
    monitor = RESOURCES["servicemonitor.yaml"]["spec"]
    assert monitor["selector"]["matchLabels"] == service["metadata"]["labels"]
    assert service["metadata"]["labels"][monitor["jobLabel"]] == "release-guard", "the job that alerts and dashboards name"
    ports = {port["name"] for port in container()["ports"]}
    assert {port["targetPort"] for port in service["spec"]["ports"]} == ports
    volumes = {volume["name"]: volume for volume in RESOURCES["deployment.yaml"]["spec"]["template"]["spec"]["volumes"]}
    assert {mount["name"] for mount in container()["volumeMounts"]} == set(volumes)
    assert volumes["configuration"]["configMap"]["name"] == KUSTOMIZATION["configMapGenerator"][0]["name"]
    assert volumes["secrets"]["secret"]["secretName"] == KUSTOMIZATION["secretGenerator"][0]["name"]
    assert volumes["journal"]["persistentVolumeClaim"]["claimName"] == RESOURCES["storage.yaml"]["metadata"]["name"]


def test_its_copies_are_those_of_the_repository():
    assert (BASE / "rules.yml").read_text() == (ROOT / "rules" / "web-service.yml").read_text()
    alerts = yaml.safe_load((ROOT / "alertmanager" / "release-guard-alerts.yml").read_text())
    assert RESOURCES["prometheusrule.yaml"]["spec"] == alerts
    version = re.search(r"project\(release_guard VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert KUSTOMIZATION["images"] == [{"name": container()["image"], "newTag": version}]


def mount(folder, beside):
    """The volumes of the container, with secrets as the head of kustomization.yaml makes them."""
    beside.mkdir()
    for name in KUSTOMIZATION["configMapGenerator"][0]["files"]:
        shutil.copy(BASE / name, folder)
    for file in KUSTOMIZATION["secretGenerator"][0]["files"]:
        text = secrets.token_hex(32) if file.endswith(".token") else "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
        path = beside / file.split("/")[-1]
        path.write_text(text)
        path.chmod(0o440)


def test_the_guard_takes_its_configuration_and_answers_its_probes(stack):
    guard = stack.adopt(Guard(stack.directory, load("release-guard.yml")))
    mount(guard.directory, guard.directory.parent / "release-guard-secrets")
    checked = guard.run("check", "--config.file", guard.config_file)
    # Its servers are those of a cluster, whose names nobody knows here.
    said = [line for line in (checked.stdout + checked.stderr).splitlines() if "-operated" not in line]
    assert not [line for line in said if line.startswith("release-guard.yml") or "error" in line], said
    guard.start()
    for probe in ("livenessProbe", "readinessProbe"):
        assert get(guard.url + container()[probe]["httpGet"]["path"]).status == 200
