# SPDX-License-Identifier: Apache-2.0
"""What comes before the demo's releases, and these four, each played as a pipeline would and followed through the
guard's API.
"""

import re
import shlex
from dataclasses import dataclass, field
from datetime import datetime

from stack import CHANNELS, NotInTime, wait_until
from stack.guard import FINAL
from stack.production import ENVIRONMENT, SERVICE
from timeline import plain

PLACE = ("--service", SERVICE, "--environment", ENVIRONMENT)
FIRST = "v1.1.0"
SALE = "the sale of the year"
RELEASE_SECONDS = 60.0
STEADY_SECONDS = 20.0
JUDGED = frozenset({"watching", "awaiting_approval", "verifying"})

# What a phase means to someone who sees it for the first time, and how it is painted. The final phases speak for
# themselves: the guard gives the reason.
PHASES = {
    "settling": ("settling: the first readings do not count", ""),
    "watching": ("watching: every reading counts now", ""),
    "awaiting_approval": ("awaiting approval: nothing is done until a person decides", "warn"),
    "rolling_back": ("rolling back: calls the hook", "bad"),
    "verifying": ("verifying: do the objectives hold again?", ""),
    "passed": ("passed", "good"),
    "rolled_back": ("rolled back", "good"),
}
DECISIONS = {"rollback": "decides to roll back", "ask": "asks a person to approve a rollback",
             "hold": "holds back", "would_rollback": "would roll back"}
TOLD_SECONDS = 10.0


@dataclass(frozen=True)
class Scenario:
    title: str
    version: str
    expected: str                               # the phase it must end in
    faults: dict = field(default_factory=dict)  # what the new version is built with
    slo: str = ""                               # the rule that must lead to the rollback


SCENARIOS = (
    Scenario("1. A good release is watched and passes", FIRST, "passed"),
    Scenario("2. A release that answers 20% of requests with 500 is rolled back", "v1.2.0", "rolled_back",
             {"error_ratio": 0.2}, slo="error_rate"),
    Scenario("3. A release that only a Prometheus alert finds bad is rolled back", "v1.3.0", "rolled_back",
             {"job_failures": 1}, slo="no_critical_alerts"),
    Scenario("4. A slow release waits for a person's approval and is rolled back", "v1.4.0", "rolled_back",
             {"latency": 0.8}, slo="latency_p95"),
)


@dataclass(frozen=True)
class Result:
    scenario: Scenario
    ended: str       # the final phase
    live: str        # the version users reach at the end
    seconds: float   # from live to the final phase
    problems: tuple  # what is not as it should be


class Player:
    """Plays scenarios on a DemoStack and prints them on a Timeline."""

    def __init__(self, demo, timeline):
        self._demo = demo
        self._guard = demo.guard
        self._production = demo.production
        self._timeline = timeline
        self._channels = _Channels(demo.slack, timeline)

    def play(self, scenario):
        self._timeline.title(scenario.title)
        wait_until(lambda: (self._demo.requests_per_second() or 0) > 15, "the traffic is steady", STEADY_SECONDS)
        previous = self._production.live_version()
        release = f"demo-{scenario.version}"
        self._roll_out(scenario, release, previous)
        final = self._follow(scenario, release)
        live = self._production.live_version()
        problems = (*_problems(scenario, final, live, previous), *self._untold(scenario))
        for problem in problems:
            self._timeline.event("demo", f"NOT AS EXPECTED: {problem}", "bad")
        return Result(scenario, final["phase"], live, _seconds(final), problems)

    def _roll_out(self, scenario, release, previous):
        copy = self._production.deploy(scenario.version, **scenario.faults)
        built = ", ".join(f"{name} {value}" for name, value in scenario.faults.items())
        self._timeline.event("pipeline", f"{scenario.version} starts on {copy.colour}" + (f" with {built}" if built else ""))
        self._command("pipeline", "start", *PLACE, "--version", scenario.version, "--previous-version", previous, "--id",
                      release, "--phase", "deploying")
        self._timeline.event("pipeline", f"promote_to_prod.sh {scenario.version}")
        self._timeline.output(self._production.promote(scenario.version))
        self._command("pipeline", "live", release)

    def _command(self, token, *arguments):
        self._timeline.event(token, f"release-guard release {' '.join(arguments)}")
        done = self._guard.run("release", *arguments, token_file=self._demo.tokens[token])
        assert done.returncode == 0, f"release {arguments[0]}: exit {done.returncode}: {done.stdout}{done.stderr}"

    def _untold(self, scenario):
        """What is wrong where people were not told of the end."""
        end = f"{SERVICE} {scenario.version} in {ENVIRONMENT} {'passed' if scenario.expected == 'passed' else 'was rolled back'}"
        try:
            wait_until(lambda: self._channels.told(end), "people are told of the end", TOLD_SECONDS)
        except NotInTime as missing:
            yield str(missing)
        self._channels.show()

    def _follow(self, scenario, release):
        watch = _Follower(self._timeline)

        def ended():
            seen = self._guard.release(release)
            watch.show(seen)
            self._channels.show()
            if seen["phase"] == "awaiting_approval" and not watch.approved and self._channels.asked(scenario.version):
                watch.approved = True
                self._command("operator", "approve", release)
            return seen if seen["phase"] in FINAL else None

        return wait_until(ended, f"release {release} ends", RELEASE_SECONDS)


class Prelude:
    """What a person and a pipeline do before a release: tell the guard what is live, look, and be refused."""

    def __init__(self, demo, timeline):
        self._demo = demo
        self._timeline = timeline

    def play(self):
        """What is not as it should be: an empty list means all is."""
        live = self._demo.production.live_version()
        self._timeline.title("Before the first release: is all there that a release rests on?")
        told = self._run("pipeline", "release", "start", *PLACE, "--version", live, "--previous-version", self._demo.before)
        looked = self._run("pipeline", "preflight", *PLACE, "--version", FIRST)
        self._timeline.table(looked.stdout)
        self._timeline.title("A release that comes during a freeze is refused")
        begun = self._run("operator", "freeze", "start", *PLACE, "--for", "3h", "--reason", SALE)
        refused = self._run("pipeline", "release", "start", *PLACE, "--version", FIRST)
        self._timeline.event("guard", f"exit code {refused.returncode}: {plain(refused.stderr.strip())}", "warn")
        ended = self._run("operator", "freeze", "end", begun.stdout.strip())
        return [*_not_as_said(looked, refused), *_failures(told, begun, ended)]

    def _run(self, who, *arguments):
        self._timeline.event(who, f"release-guard {shlex.join(arguments)}")
        return self._demo.guard.run(*arguments, token_file=self._demo.tokens[who])


def _not_as_said(looked, refused):
    dull = re.findall(r"^  [✗?]  (.*\S)", looked.stdout, re.MULTILINE)
    if looked.returncode != 0 or dull:
        yield f"the preflight is not green (exit code {looked.returncode}): {'; '.join(dull)}{looked.stderr}"
    if refused.returncode != 1 or SALE not in refused.stderr:
        yield f"the freeze refused nothing: {refused.stdout}{refused.stderr}"


def _failures(*commands):
    return [f"{' '.join(done.args[1:3])}: {done.stderr}" for done in commands if done.returncode != 0]


class _Channels:
    """Prints what is new in the channels that people read."""

    def __init__(self, slack, timeline):
        self._slack = slack
        self._timeline = timeline
        self._shown = dict.fromkeys(CHANNELS, 0)

    def show(self):
        for channel in CHANNELS:
            titles = self._slack.titles(channel)
            for title in titles[self._shown[channel]:]:
                self._timeline.event(channel, title)
            self._shown[channel] = len(titles)

    def asked(self, version):
        """True once people were told that this version's rollback waits for one of them."""
        return any(f" {version} " in title and title.endswith("waits for a person.")
                   for title in self._slack.titles("#incidents"))

    def told(self, beginning):
        return any(title.startswith(beginning) for title in self._slack.titles("#deployments"))


class _Follower:
    """Prints what is new in a release each time it is seen."""

    def __init__(self, timeline):
        self.approved = False
        self._timeline = timeline
        self._phase = None
        self._decisions = 0
        self._attempts = set()

    def show(self, seen):
        for decision in seen["decisions"][self._decisions:]:
            self._show_decision(decision)
        self._decisions = len(seen["decisions"])
        for decision in seen["decisions"]:
            for attempt in decision["attempts"]:
                self._show_attempt(decision, attempt)
        if seen["phase"] != self._phase:
            self._phase = seen["phase"]
            self._show_phase(seen)
        if self._phase in JUDGED:
            self._timeline.rules(seen["rules"])

    def _show_decision(self, decision):
        if decision["kind"] in DECISIONS:
            self._timeline.event("guard", f"{DECISIONS[decision['kind']]}: {plain(decision['reason'])}", "bad")

    def _show_phase(self, seen):
        text, style = PHASES.get(self._phase, (self._phase.replace("_", " "), "bad"))
        self._timeline.event("guard", f"{text}: {plain(seen['reason'])}" if seen["final"] else text, style)

    def _show_attempt(self, decision, attempt):
        key = (decision["number"], attempt["number"])
        if attempt["result"] == "running" or key in self._attempts:
            return
        self._attempts.add(key)
        self._timeline.event("hook", f"{decision['hook']}, attempt {attempt['number']}: "
                                     f"{attempt['result']} ({attempt['detail']})")
        self._timeline.output(attempt["output"])


def _problems(scenario, final, live, previous):
    """What a release that ended should not have: an empty list means all is as it should be."""
    if final["phase"] != scenario.expected:
        yield f"ended {final['phase']} instead of {scenario.expected}: {final['reason']}"
    wanted = scenario.version if scenario.expected == "passed" else previous
    if live != wanted:
        yield f"users reach {live} instead of {wanted}"
    calls = [attempt for decision in final["decisions"] for attempt in decision["attempts"]]
    if len(calls) != (1 if scenario.slo else 0):
        yield f"the hook was called {len(calls)} times"
    if scenario.slo and scenario.slo not in {decision.get("slo") for decision in final["decisions"]}:
        yield f"no decision names the objective {scenario.slo}"


def _seconds(final):
    return (_instant(final["ended_at"]) - _instant(final["live_at"])).total_seconds()


def _instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
