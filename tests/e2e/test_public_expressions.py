# SPDX-License-Identifier: Apache-2.0
"""Expressions of the kinds that public rule files have, asked of a real Prometheus that has what they name: each that
is said to work gives one number and nothing is found, and of the others `check` finds what is written above them.
"""

import json
import math
import re
import subprocess
import time

import pytest
import yaml

from stack import Prometheus
from stack.guard import BINARY
from stack.history import History
from stack.server import ROOT

FILES = sorted((ROOT / "tests/testdata/expressions").glob("*.yml"))
WEEK = 7 * 24 * 3600

# One instance of each exporter, all well: a gauge has its value, with ~ one that moves, a counter what it grows by in
# each quarter of a minute.
SERIES = """
ALERTS{alertstate="firing",severity="warning"} 1
apiserver_request_duration_seconds_bucket{verb="GET",le="0.5"} +99
apiserver_request_duration_seconds_bucket{verb="GET",le="1"} +100
apiserver_request_duration_seconds_bucket{verb="GET",le="+Inf"} +100
apiserver_request_duration_seconds_bucket{verb="LIST",le="0.5"} +9
apiserver_request_duration_seconds_bucket{verb="LIST",le="1"} +10
apiserver_request_duration_seconds_bucket{verb="LIST",le="+Inf"} +10
apiserver_request_duration_seconds_bucket{verb="WATCH",le="+Inf"} +10
container_cpu_cfs_periods_total{pod="shop-1"} +150
container_cpu_cfs_throttled_periods_total{pod="shop-1"} +3
container_cpu_usage_seconds_total{namespace="shop",pod="shop-1"} +2
container_cpu_usage_seconds_total{namespace="shop",pod="shop-2"} +2
container_memory_working_set_bytes{namespace="shop",pod="shop-1"} ~3e8
container_spec_memory_limit_bytes{namespace="shop",pod="shop-1"} 1e9
elasticsearch_cluster_health_status{color="red"} 0
elasticsearch_jvm_memory_used_percent{} ~40
errors_total{} +1
go_goroutines{} ~40
http_request_duration_milliseconds_bucket{le="100"} +90
http_request_duration_milliseconds_bucket{le="500"} +100
http_request_duration_milliseconds_bucket{le="+Inf"} +100
http_request_duration_seconds_bucket{le="0.1"} +90
http_request_duration_seconds_bucket{le="0.5"} +100
http_request_duration_seconds_bucket{le="+Inf"} +100
http_request_duration_seconds_count{} +100
http_request_duration_seconds_sum{} +8
http_requests:rate5m{} ~100
http_requests_in_flight{} ~3
http_requests_total{status="200"} +1500
http_requests_total{status="500"} +1
jvm_memory_max_bytes{area="heap"} 1e9
jvm_memory_used_bytes{area="heap"} ~4e8
kafka_consumergroup_lag{consumergroup="mail",partition="0"} ~5
kafka_consumergroup_lag{consumergroup="mail",partition="1"} ~7
kube_deployment_spec_replicas{deployment="shop"} 2
kube_deployment_status_replicas_available{deployment="shop"} 2
kube_deployment_status_replicas_updated{deployment="shop"} 2
kube_horizontalpodautoscaler_spec_max_replicas{horizontalpodautoscaler="shop"} 5
kube_horizontalpodautoscaler_status_current_replicas{horizontalpodautoscaler="shop"} 2
kube_job_status_failed{job_name="mail"} 0
kube_node_status_condition{condition="Ready",status="true"} 1
kube_persistentvolumeclaim_info{persistentvolumeclaim="shop"} 1
kube_persistentvolumeclaim_labels{persistentvolumeclaim="shop"} 1
kube_pod_container_resource_limits{resource="cpu",namespace="shop"} 2
kube_pod_container_status_restarts_total{namespace="shop",pod="shop-1"} +0
kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff",pod="shop-1"} 0
kube_pod_status_phase{namespace="shop",phase="Pending",pod="shop-1"} 0
kube_pod_status_phase{namespace="shop",phase="Pending",pod="shop-2"} 0
kubelet_volume_stats_available_bytes{persistentvolumeclaim="shop"} ~8e9
kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="shop"} 1e10
limit{} 5
mysql_global_status_slow_queries{} +1
mysql_global_status_threads_connected{} ~20
mysql_global_variables_max_connections{} 150
nginx_connections_accepted{} +30
nginx_connections_accepted_total{} +30
nginx_connections_handled{} +30
nginx_connections_handled_total{} +30
nginx_http_requests_total{} +300
node_boot_time_seconds{} 1.6e9
node_cpu_seconds_total{cpu="0",mode="idle"} +12
node_cpu_seconds_total{cpu="1",mode="idle"} +13
node_disk_read_time_seconds_total{device="sda"} +0.1
node_disk_reads_completed_total{device="sda"} +20
node_edac_uncorrectable_errors_total{} +0
node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"} ~8e10
node_filesystem_readonly{fstype="ext4",mountpoint="/"} 0
node_filesystem_size_bytes{fstype="ext4",mountpoint="/"} 1e11
node_hwmon_temp_celsius{chip="cpu",sensor="temp1"} ~45
node_load1{} ~0.7
node_memory_MemAvailable_bytes{} ~8e9
node_memory_MemTotal_bytes{} 1.6e10
node_network_receive_bytes_total{device="eth0"} +1e6
node_network_receive_bytes_total{device="lo"} +1e3
node_nf_conntrack_entries{} ~500
node_nf_conntrack_entries_limit{} 65536
node_systemd_unit_state{name="shop.service",state="failed"} 0
node_timex_offset_seconds{} ~0.0001
node_vmstat_oom_kill{} +0
node_vmstat_pgmajfault{} +3
pg_replication_lag_seconds{} ~0.2
pg_stat_activity_count{datname="shop"} ~12
pg_stat_activity_count{datname="mail"} ~2
probe_duration_seconds{} ~0.12
probe_ssl_earliest_cert_expiry{} 4e9
probe_success{} 1
process_cpu_seconds_total{} +3
process_max_fds{} 1024
process_open_fds{} ~40
process_resident_memory_bytes{} ~2e8
prometheus_tsdb_compactions_failed_total{} +0
rabbitmq_queue_messages{queue="mail"} ~3
rabbitmq_queue_messages{queue="thumbnails"} ~4
redis_connected_clients{} ~12
redis_memory_max_bytes{} 1e9
redis_memory_used_bytes{} ~2e8
redis_up{job="redis"} 1
requests_total{} +100
up{} 1
up{job="kubelet"} 1
"""


def add_series(history):
    for name, labels, kind, number in re.findall(r"^([\w:]+)\{(.*)\} ([+~]?)(\S+)$", SERIES, re.MULTILINE):
        one = {"job": "shop", "instance": "shop", **dict(re.findall(r'(\w+)="([^"]*)"', labels))}
        value = float(number)
        if kind == "+":
            history.count(name, one, lambda at, value=value: value)
        else:
            history.add(name, one, lambda at, value=value, by=0.1 if kind else 0: value * (1 + by * (at % 997) / 997))


@pytest.fixture
def prometheus(stack):
    server = stack.adopt(Prometheus(stack.directory))
    for end in (time.time() - WEEK + 600, time.time()):   # a baseline looks a week back
        history = History(hours=1, end=end)
        add_series(history)
        history.store(server.directory / "data")
    server.start()
    return server


def expected_of(file):
    """By rule: what is said above it."""
    return dict((slo, said) for said, slo in re.findall(r"# (\S.*)\n\s+- \{ slo: (\w+),", file.read_text()))


def written(folder, file, expected):
    """The rules of the file that a server is asked about: an error in the text is told before."""
    text = yaml.safe_load(file.read_text())
    rules = [rule for rule in text["groups"][0]["rules"] if "threshold-in-expr" not in expected[rule["slo"]]]
    text["groups"][0]["rules"] = rules
    name = folder / file.name
    name.write_text(yaml.safe_dump(text, sort_keys=False))
    return name, rules


def found_in(file, prometheus):
    """By rule: the names of what `check` finds with a server."""
    done = subprocess.run([BINARY, "check", "--format=json", f"--prometheus.url={prometheus.url}", file],
                          capture_output=True, text=True, timeout=120, check=False)
    answer = json.loads(done.stdout)
    assert "not_looked_at" not in answer, done.stdout
    found = {}
    for item in answer["diagnostics"]:
        found.setdefault(item["rule"], set()).add(item["name"])
    return found


def is_so(said, names, values):
    if said == "works":
        return not names and len(values) == 1 and math.isfinite(values[0])
    return set(said.split(", ")) <= names


def test_what_works_gives_a_number_and_what_does_not_is_found(stack, prometheus):
    works, wrong = 0, []
    for file in FILES:
        expected = expected_of(file)
        name, rules = written(stack.directory, file, expected)
        found = found_in(name, prometheus)
        for rule in rules:
            said, names = expected[rule["slo"]], found.get(rule["slo"], set())
            values = [value for _, value in prometheus.query(rule["expr"])] if said == "works" else []
            if not is_so(said, names, values):
                wrong.append(f"{file.name}: {rule['slo']}: {rule['expr']}: {said}, found {sorted(names)}, {values}")
            works += said == "works"
    assert wrong == [], "\n".join(wrong)
    assert works >= 50
