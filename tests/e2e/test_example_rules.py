# SPDX-License-Identifier: Apache-2.0
"""Every rule file that people copy finds what a bad release does: errors, slowness, death, instances and users lost.

A real service is broken in one way at a time, under all of the files at once: those in rules/, the one that is installed,
and those that README.md and docs/ give. What takes minutes in production takes seconds here; nothing else is changed.
"""

import re

import pytest
import yaml

from shop import ShopGuard
from stack import Backend, Prometheus, Redis, Traffic, wait_until
from stack.server import ROOT

# What is gone within a minute is kept, here as in production, and a lull of two: they take as long to be found. Traffic is
# held against a time before the release that is as long as the window.
WINDOW = "170s"
SHORTER = [(r"^(\s*)window: \S+", rf"\1window: {WINDOW}"), (r"^(\s*)settle: \S+", r"\1settle: 4s"),
           (r"interval: 1[05]s", "interval: 1s"),
           (r"\bfor: \d+m", "for: 2s"), (r"\[[125]m\]", "[4s]"), (r'window_since_live "5m"', 'window_since_live "10s"'), (r"over: \d+h", f"over: {WINDOW}")]


def block(path, first_line):
    found = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / path).read_text(), re.MULTILINE | re.DOTALL)
    return next(text for text in found if text.startswith(first_line))


# Environment of the release -> the rules that watch it.
FILES = {"readme": block("README.md", "# shop.rules.yml"),
         "first-rules": block("docs/first-rules.md", "# rules: first.yml"),
         "web-service": (ROOT / "rules" / "web-service.yml").read_text(),
         "fastapi": (ROOT / "rules" / "fastapi.yml").read_text(),
         "meme-maker": (ROOT / "rules" / "meme-maker.yml").read_text(),
         "staging": block("docs/checklist.md", "# rules/meme-maker-staging.yml"),
         "pipelines": block("docs/pipelines.md", "# rules/shop.yml"),
         "any-service": (ROOT / "packaging" / "rules" / "any-service.yml").read_text()}
# Slowness costs traffic too, and with seconds for minutes that would be seen first.
LEFT_OUT = {"latency_p95": {"traffic"}}
ONE_TARGET = {"meme-maker", "staging"}   # there is no share of instances to lose


def groups(without):
    """All groups of all files, with seconds for minutes, each for the environment that is named like its file."""
    out = []
    for name, text in FILES.items():
        for long, short in SHORTER:
            text = re.sub(long, short, text, flags=re.MULTILINE)
        rules = yaml.safe_load(text)
        for group in rules["groups"]:
            kept = [rule for rule in group["rules"] if rule["slo"] not in without]
            group.pop("detect", None)   # these releases are announced
            out.append({**group, "rules": kept, "name": name, "match": [f'environment="{name}"'], "defaults": rules["defaults"],
                        "rollback": {**group["rollback"], "mode": "enforce", "hook": "undo"}})
    return out


class Service:
    """Three copies of the demo service, each with its users, scraped for every file as that file expects."""

    def __init__(self, stack):
        redis = stack.add(Redis(stack.directory))
        self.copies = [stack.add(Backend(stack.directory, colour, redis)) for colour in ("red", "green", "blue")]
        self.traffic = [stack.add(Traffic(stack.directory, copy.url, rate=10, name=f"traffic_{copy.colour}"))
                        for copy in self.copies]
        targets = [copy.address for copy in self.copies]
        labels = {"service": "shop", "environment": "web-service"}
        self.prometheus = stack.add(Prometheus(stack.directory, {
            "shop": targets, "meme-maker-backend": targets, "meme-maker-staging": targets, "web": [(target, labels) for target in targets]}))

    def has_past(self, length):
        """Waits until so much of the time before is known."""
        rate = f'sum(rate(http_requests_total{{job="shop"}}[4s] offset {length}))'
        wait_until(lambda: (self.prometheus.value(rate) or 0) > 10, "there is a past to compare with", seconds=240)

    def leave(self):
        """Its targets leave service discovery, and their series end."""
        self.prometheus.jobs = {}
        self.prometheus.reload()

    def fault(self, **faults):
        for copy in self.copies:
            copy.fault(**faults)


STORIES = {
    "error_rate": lambda service: service.fault(error_ratio=0.1),
    "latency_p95": lambda service: service.fault(latency=2.4),
    "instances_up": lambda service: [copy.stop() for copy in service.copies],
    "instances_up, one of three": lambda service: service.copies[0].stop(),
    "instances_up, gone from service discovery": lambda service: service.leave(),
    "traffic": lambda service: [users.stop() for users in service.traffic],
}


@pytest.mark.parametrize("story", STORIES)
def test_what_a_bad_release_does_is_found_and_rolled_back(stack, story):
    service = Service(stack)
    service.has_past(WINDOW if story == "traffic" else "8s")
    guard = ShopGuard(stack, *groups(LEFT_OUT.get(story, set())), prometheus={"url": service.prometheus.url}, brakes={"breaker": {"services": 0}})
    guard.start()
    files = [name for name in FILES if not (story.endswith("one of three") and name in ONE_TARGET)]
    for name in files:
        guard.watch(name, environment=name)
    slo = story.partition(",")[0]

    def judged():
        return all(guard.rule(name, slo)["verdict"] == "ok" for name in files)
    wait_until(judged, "the good service is seen to be good")
    STORIES[story](service)

    def decided():
        seen = {name: [(d["kind"], d["slo"]) for d in guard.release(name)["decisions"]] for name in files}
        return seen if all(seen.values()) else None
    seen = wait_until(decided, "each is rolled back", seconds=160)
    for name, decisions in seen.items():
        assert decisions[0][0] == "rollback", (name, decisions)
    wait_until(lambda: all(slo in guard.release(name)["broke"] for name in files), f"each has found {slo}")
    wait_until(lambda: len(guard.keys()) == len(files), "the hook is called once for each")
