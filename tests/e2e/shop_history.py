# SPDX-License-Identifier: Apache-2.0
"""A past of releases of a service `shop`."""

import random

from stack.history import History

JOB = {"job": "shop", "instance": "a"}


def a_day_of_releases(prometheus):
    """Six releases, three hours apart. The third fails for half an hour and is kept; the fifth lets the queue grow and
    is taken back after an hour; an alert fires behind the second.
    """
    history = History(hours=20)
    live = [history.start + 3600 + n * 3 * 3600 for n in range(6)]
    versions = ["v2", "v3", "v4", "v5", "v6", "v5"]
    live[5] = live[4] + 3600
    chance = random.Random(7)

    def version(at):
        return (["v1"] + [v for v, begin in zip(versions, live) if begin <= at])[-1]

    def failed(at):
        return sum(chance.random() < 0.3 for _ in range(10)) if live[2] + 60 <= at < live[2] + 1860 else 0
    bad = {at: failed(at) for at in history.times()}
    history.count("http_requests_total", {**JOB, "status": "200"}, lambda at: 10 - bad[at], live)
    history.count("http_requests_total", {**JOB, "status": "500"}, bad.get, live)
    for name in sorted(set(versions) | {"v1"}):
        history.add("app_info", {**JOB, "version": name}, lambda at, name=name: 1 if version(at) == name else None)
    history.add("queue", JOB, lambda at: 25 if live[4] + 300 <= at < live[5] else 3)
    history.add("up", JOB, lambda at: 1)
    history.add("ALERTS", {"alertname": "DiskFull", "alertstate": "firing", "severity": "critical"},
                lambda at: 1 if live[1] + 600 <= at < live[1] + 900 else None)
    history.store(prometheus.directory / "data")
    prometheus.start()
    return live
