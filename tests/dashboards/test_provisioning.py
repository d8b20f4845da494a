# SPDX-License-Identifier: Apache-2.0
"""What Grafana reads at its start, so that nobody has to click anything."""

from pathlib import PurePosixPath

import yaml

from dashboards.model import ALL, FOLDER, ROOT

MOUNTED_AT = PurePosixPath("/etc/grafana/release-guard")  # as the provider's file says

SOURCE_KEYS = {"name", "uid", "type", "access", "url", "isDefault", "editable", "jsonData"}
PROVIDER_KEYS = {"name", "orgId", "folder", "folderUid", "type", "disableDeletion", "updateIntervalSeconds",
                 "allowUiUpdates", "options"}


def read(kind):
    """The one file of this kind."""
    [path] = (FOLDER / "provisioning" / kind).iterdir()
    assert path.suffix == ".yaml", "Grafana reads .yaml and .yml; one spelling is enough"
    content = yaml.safe_load(path.read_text("utf-8"))
    assert set(content) == {"apiVersion", {"dashboards": "providers"}.get(kind, kind)} and content["apiVersion"] == 1
    return content


def test_the_datasource_has_a_fixed_identity_and_the_interval_of_the_scrapes():
    [source] = read("datasources")["datasources"]
    assert set(source) == SOURCE_KEYS
    assert source["type"] == "prometheus" and source["uid"] == "release-guard-prometheus" and not source["editable"]
    scrapes = yaml.safe_load((ROOT / "exporters" / "prometheus.yml").read_text("utf-8"))
    assert source["jsonData"]["timeInterval"] == scrapes["global"]["scrape_interval"]


def test_the_provider_finds_every_dashboard_and_nothing_else():
    [provider] = read("dashboards")["providers"]
    assert set(provider) == PROVIDER_KEYS
    assert provider["type"] == "file" and not provider["allowUiUpdates"]
    inside = PurePosixPath(provider["options"]["path"]).relative_to(MOUNTED_AT)
    found = sorted(path.name for path in (FOLDER / inside).rglob("*.json"))
    assert found == [dashboard.name for dashboard in ALL]


def test_what_the_provider_would_have_to_be_told_apart_by_is_told_apart():
    assert len({dashboard.json["uid"] for dashboard in ALL}) == len(ALL)
    assert len({dashboard.json["title"] for dashboard in ALL}) == len(ALL)
