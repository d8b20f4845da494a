# SPDX-License-Identifier: Apache-2.0
"""Every rule file that ships keeps what is no release's fault, or is over before anybody could act: a bad scrape, a
failover of a minute, a burst, an evening, an older incident, a quiet night. What they find, test_example_rules says.

Each story is the past of a service as a real Prometheus has it, hours long, and the files are tried on it as they are.
"""

import json
from datetime import datetime, timezone

import pytest

from stack import Prometheus, Stack, run_cli
from stack.history import History
from stack.server import ROOT

STEP = 15                # seconds between two scrapes
MINUTE, HOUR, WEEK = 60, 3600, 7 * 24 * 3600
BEFORE = 2 * HOUR + 10 * MINUTE   # what a baseline looks back over, and a little
SLOT = 5 * HOUR          # each story has its own, so that one service can tell them all
PER_SECOND = 10

# Rule file -> the service it is tried on, and the labels of its series.
FILES = {"web-service": ("shop", {"job": "shop", "service": "shop", "environment": "production"}),
         "fastapi": ("shop", {"job": "shop", "service": "shop", "environment": "production"}),
         "meme-maker": ("meme-maker", {"job": "meme-maker-backend"})}
TARGETS = [labels for labels in ({"job": "shop", "service": "shop", "environment": "production"},
                                 {"job": "meme-maker-backend"})]


class Story:
    """Of a time, in seconds since the release is live: how many requests come each second, which share of them fails or
    is slow, how many of the three instances answer, whether the scrape is missed, and which critical alert fires."""

    def __init__(self, rate=lambda t: PER_SECOND, bad=lambda t: 0, slow=lambda t: 0, up=lambda t: 3,
                 missed=lambda t: False, alert=lambda t: None, last_week=False):
        self.rate, self.bad, self.slow, self.up, self.missed = rate, bad, slow, up, missed
        self.alert = alert
        self.last_week = last_week   # the same came a week earlier
        self._due = 0

    def requests(self, t):
        """Whole ones that come with the scrape at t, however few there are; asked for each scrape in turn."""
        self._due += self.rate(t) * STEP
        whole = int(self._due)
        self._due -= whole
        return whole


def during(begin, end, value, otherwise=0):
    return lambda t: value if begin <= t < end else otherwise


KEPT = {
    "a good release": Story(),
    "a bad scrape, and one that is missed": Story(bad=during(600, 600 + STEP, 0.3), up=during(1500, 1500 + STEP, 0, 3),
                                                  missed=during(1500, 1500 + STEP, True, False)),
    "a failover of less than a minute": Story(bad=during(900, 945, 1), slow=during(900, 945, 1)),
    "two of three instances away for less than a minute": Story(up=during(1200, 1245, 1, 3)),
    "a burst that ends by itself": Story(bad=during(1200, 1245, 0.1), slow=during(1800, 1845, 0.3)),
    "a lull of two minutes": Story(rate=during(1500, 1620, 0, PER_SECOND)),
    "an evening that halves in three hours": Story(rate=lambda t: PER_SECOND * 2 ** (-t / (3 * HOUR))),
    "an evening that falls to a tenth, as last week": Story(rate=lambda t: PER_SECOND * 10 ** (-max(0, t) / (2 * HOUR)),
                                                            last_week=True),
    "an older incident": Story(bad=lambda t: 0.2 if t >= -HOUR else 0),
    "a quiet night with one failure": Story(rate=lambda t: 1 / (5 * MINUTE), bad=during(1800, 2100, 1)),
    # Released a quarter past midnight; from one o'clock on no job has come for long enough.
    "a quiet night on which no job finishes": Story(rate=lambda t: 1 / (5 * MINUTE),
                                                    alert=during(45 * MINUTE, 2 * HOUR, "Worker_Not_Processing", None)),
}
# Kept too, but not passed: the share of the whole watch, or what stood before it, leaves it open.
OPEN = {"a failover of less than a minute", "an older incident"}
# So that the same way of looking is seen to find something.
FOUND = {
    "a few percent that stay": (Story(bad=lambda t: 0.05 if t >= 600 else 0), "error_rate"),
    "the same failover again and again": (Story(bad=lambda t: 1 if t >= 600 and t % 300 < 45 else 0), "error_rate"),
    "its queue is full": (Story(alert=during(600, HOUR, "QueueDepthCritical", None)), "no_critical_alerts"),
    "two thirds of the users lost": (Story(rate=lambda t: PER_SECOND / (3 if t >= 600 else 1)), "traffic"),
}
ONLY = {"its queue is full": "meme-maker"}   # the other service has no alert rules
STORIES = {**KEPT, **{name: story for name, (story, _) in FOUND.items()}}


def tell(history, told, labels):
    """told: time -> requests, failed and slow ones among them, instances that answer, whether the scrape is missed."""
    def counter(name, more, part):
        total, values = 0, {}
        for at, now in told.items():
            total += part(now)
            values[at] = None if now[4] else total
        history.add(name, {**labels, "instance": "a", **more}, values.get)
    counter("http_requests_total", {"handler": "/buy", "status": "2xx"}, lambda now: now[0] - now[1])
    counter("http_requests_total", {"handler": "/buy", "status": "5xx"}, lambda now: now[1])
    for histogram, bound in (("http_request_duration_seconds", "1.0"), ("http_request_duration_highr_seconds", "2.0")):
        counter(f"{histogram}_bucket", {"le": bound}, lambda now: now[0] - now[2])
        counter(f"{histogram}_count", {}, lambda now: now[0])
    for number, instance in enumerate("abc" if "service" in labels else "a"):
        history.add("up", {**labels, "instance": instance},
                    lambda at, number=number: 1 if at in told and told[at][3] > number else 0 if at in told else None)


def alerts(history, stories, live):
    """What Prometheus' own alert rules say of meme-maker, as its stack labels it; the other service has no such rules."""
    for name, story in stories.items():
        times = range(live[name], live[name] + SLOT - BEFORE, STEP)
        fires = {at: alert for at in times if (alert := story.alert(at - live[name]))}
        for alert in set(fires.values()):
            history.add("ALERTS", {"alertname": alert, "alertstate": "firing", "severity": "critical", "service": "meme-maker"},
                        {at: 1 for at in fires}.get)


def machine(history):
    """What else the files ask for, quiet."""
    shop = {"service": "shop", "environment": "production", "instance": "machine"}
    history.count("node_cpu_seconds_total", {**shop, "mode": "idle"}, lambda _: STEP * 0.8)
    for name, value in (("node_memory_MemAvailable_bytes", 60), ("node_memory_MemTotal_bytes", 100)):
        history.add(name, shop, lambda _, value=value: value)
    history.add("redis_up", shop, lambda _: 1)
    history.add("rq_jobs_in_queue", {"job": "meme-maker-backend", "instance": "a"}, lambda at: at // STEP % 3)
    box = {"instance": "box", "name": "meme-prod-api"}
    history.count("container_cpu_usage_seconds_total", box, lambda _: STEP * 0.2)
    for name, value in (("container_memory_working_set_bytes", 300), ("container_spec_memory_limit_bytes", 1000),
                        ("container_spec_cpu_quota", 100000), ("container_spec_cpu_period", 100000)):
        history.add(name, box, lambda _, value=value: value)
    for name, value in (("machine_cpu_cores", 2), ("machine_memory_bytes", 4000)):
        history.add(name, {"instance": "box"}, lambda _, value=value: value)


def course(story, times, live):
    out = {}
    for at in times:
        t = at - live
        requests = story.requests(t)
        out[at] = (requests, round(requests * story.bad(t)), round(requests * story.slow(t)), story.up(t), story.missed(t))
    return out


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """All stories one after the other; and when each release went live."""
    with Stack(tmp_path_factory.mktemp("keeps")) as running:
        server = running.adopt(Prometheus(running.directory))
        history = History(len(STORIES) * SLOT / HOUR, STEP)
        live, told = {}, {}
        for number, (name, story) in enumerate(STORIES.items()):
            begin = history.start + number * SLOT
            live[name] = begin + BEFORE - BEFORE % STEP
            told.update(course(story, range(begin, begin + SLOT, STEP), live[name]))
            if story.last_week:
                week_ago(story, live[name], server)
        for labels in TARGETS:
            tell(history, told, labels)
        alerts(history, STORIES, live)
        machine(history)
        history.store(server.directory / "data")
        server.start()
        yield server, live


def week_ago(story, live, server):
    past = History(SLOT / HOUR, STEP, live - BEFORE + SLOT - WEEK)
    for labels in TARGETS:
        tell(past, course(story, past.times(), live - WEEK), labels)
    past.store(server.directory / "data")


def judged(prometheus, directory, file):
    """Story -> what this file would have done with its release."""
    server, live = prometheus
    service, _ = FILES[file]
    listed = directory / "releases.jsonl"
    listed.write_text("".join(json.dumps({
        "service": service, "environment": "production", "version": f"v{number + 2}", "previous_version": f"v{number + 1}",
        "live_at": datetime.fromtimestamp(at, timezone.utc).isoformat()}) + "\n" for number, at in enumerate(live.values())))
    done = run_cli("backtest", f"--prometheus.url={server.url}", f"--releases={listed}", "--format=json",
                   ROOT / "rules" / f"{file}.yml", timeout=300)
    assert done.returncode == 0, done.stderr
    return dict(zip(live, (release["verdicts"][0] for release in json.loads(done.stdout)["releases"])))


@pytest.mark.parametrize("file", FILES)
def test_what_is_no_release_is_kept_and_what_is_one_is_found(prometheus, tmp_path, file):
    verdicts = judged(prometheus, tmp_path, file)
    for name in KEPT:
        assert verdicts[name]["conclusions"] == [], (name, verdicts[name])
        assert verdicts[name]["would_be"] == "passed" or name in OPEN, (name, verdicts[name])
    for name, (_, slo) in FOUND.items():
        if ONLY.get(name, file) != file:
            continue
        assert verdicts[name]["would_be"] == "rolled_back", (name, verdicts[name])
        assert verdicts[name]["conclusions"][0]["slo"] == slo, (name, verdicts[name])
