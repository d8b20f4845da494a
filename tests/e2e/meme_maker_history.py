# SPDX-License-Identifier: Apache-2.0
"""A past of a whole small production: a FastAPI backend with the instrumentator's defaults, whose colours follow each
other in the same series, beside cAdvisor and node_exporter.
"""

import random

from stack.history import History

JOB = {"job": "meme-maker-backend", "instance": "backend"}
CONTAINERS = ["backend", "worker", "redis", "minio", "prometheus", "alertmanager", "caddy"]
REQUESTS = "http_request_duration_seconds"
FINE = "http_request_duration_highr_seconds"


def a_day_of_switches(prometheus):
    """Six releases, three hours apart, told by nothing but a new process. A third of what users ask the third for fails
    for half an hour; the release is kept.
    """
    history = History(hours=20)
    live = [history.start + 3600 + n * 3 * 3600 for n in range(6)]
    _requests(history, live)
    _process(history, live)
    _containers(history)
    _machine(history)
    for job in ("meme-maker-backend", "cadvisor", "node-exporter", "prometheus"):
        history.add("up", {"job": job, "instance": job}, lambda at: 1)
    history.store(prometheus.directory / "data")
    prometheus.start()


def a_day_of_containers(prometheus):
    """The same machine as seen by cAdvisor and node_exporter alone: no service tells of its requests."""
    history = History(hours=20)
    _containers(history)
    _machine(history)
    for job in ("cadvisor", "node-exporter"):
        history.add("up", {"job": job, "instance": job}, lambda at: 1)
    history.store(prometheus.directory / "data")
    prometheus.start()


def _requests(history, live):
    chance = random.Random(11)
    users = {at: chance.choice([0, 1, 1, 2, 4]) for at in history.times()}
    bad = {at: sum(chance.random() < 1 / 3 for _ in range(users[at])) if live[2] + 60 <= at < live[2] + 1860 else 0
           for at in history.times()}
    probes = 2   # each quarter of a minute: more than users ask for at night
    clips = {**JOB, "method": "POST", "handler": "/api/clips"}
    history.count("http_requests_total", {**clips, "status": "2xx"}, lambda at: users[at] - bad[at], live)
    history.count("http_requests_total", {**clips, "status": "5xx"}, bad.get, live)
    for handler in ("/health", "/metrics"):
        asked = {**JOB, "method": "GET", "handler": handler}
        history.count("http_requests_total", {**asked, "status": "2xx"}, lambda at: probes, live)
        for bound in ("0.1", "0.5", "1.0", "+Inf"):
            history.count(f"{REQUESTS}_bucket", {**asked, "le": bound}, lambda at: probes, live)
    # The usual bounds end at a second, and some of what users ask for takes longer.
    for bound, share in (("0.1", 0), ("0.5", 0.5), ("1.0", 0.8), ("+Inf", 1)):
        history.count(f"{REQUESTS}_bucket", {**clips, "le": bound}, lambda at, share=share: share * users[at], live)
    history.count(f"{REQUESTS}_count", clips, users.get, live)
    every = {at: users[at] + 2 * probes for at in history.times()}
    for bound, share in (("0.5", 0.8), ("1.0", 0.9), ("1.5", 0.995), ("2.0", 0.995), ("60.0", 1), ("+Inf", 1)):
        history.count(f"{FINE}_bucket", {**JOB, "le": bound}, lambda at, share=share: share * every[at], live)
    history.count(f"{FINE}_count", JOB, every.get, live)


def _process(history, live):
    history.add("process_start_time_seconds", JOB,
                lambda at: max([begin for begin in live if begin <= at], default=history.start) - 5)
    history.add("rq_jobs_in_queue", JOB, lambda at: 0)


def _containers(history):
    cadvisor = {"job": "cadvisor", "instance": "cadvisor:8080"}
    whole = {**cadvisor, "id": "/"}   # the root of all, which has no name
    history.add("machine_cpu_cores", cadvisor, lambda at: 4)
    history.add("container_memory_working_set_bytes", whole, lambda at: 8e9)
    history.add("container_spec_memory_limit_bytes", whole, lambda at: 0)
    for number, name in enumerate(CONTAINERS):
        one = {**cadvisor, "id": f"/docker/{number}", "image": name, "name": f"meme-prod-{name}"}
        history.add("container_memory_working_set_bytes", one, lambda at: 3e8 + at % 997 * 1e4)
        history.add("container_spec_memory_limit_bytes", one, lambda at: 1e9)
        history.count("container_cpu_usage_seconds_total", {**one, "cpu": "total"}, lambda at: 2)


def _machine(history):
    node = {"job": "node-exporter", "instance": "node-exporter:9100"}
    for cpu in range(4):
        history.count("node_cpu_seconds_total", {**node, "cpu": cpu, "mode": "idle"}, lambda at: 12)
    history.add("node_memory_MemAvailable_bytes", node, lambda at: 4e9 + at % 997 * 1e5)
    history.add("node_memory_MemTotal_bytes", node, lambda at: 16e9)
