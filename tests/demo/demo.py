#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`./dev demo`: a preflight, a freeze, and four releases on real Prometheus, Alertmanager, nginx and Redis; the bad ones
are rolled back.

Exit code 0: all went as it should. 1: not all did. 130: interrupted.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo_stack import DemoStack  # noqa: E402  (tests/ must be on the path first)
from scenarios import SCENARIOS, Player, Prelude  # noqa: E402
from stack import ServerError, Slack, Stack, end_on_signals  # noqa: E402
from timeline import Timeline, paint  # noqa: E402


INTRODUCTION = """\
A look at everything before the first release, a release that a freeze refuses, and then four releases of a small
service, one after the other, each watched by the guard as a pipeline would have it watched. The first is good. The other three break an objective, each in its own way, and are taken back by the deployment's own
script. Windows that last hours in production last seconds here; all servers are real and run on this machine only."""


def summary(results):
    print(f"\n{'release':8} {'expected':12} {'ended':16} {'users reach':12} {'live to end':>11}  result")
    for result in results:
        verdict = paint("FAILED", "bad") if result.problems else paint("ok", "good")
        print(f"{result.scenario.version:8} {result.scenario.expected:12} {result.ended:16} {result.live:12} "
              f"{result.seconds:10.1f}s  {verdict}")
    good = sum(not result.problems for result in results)
    print(f"\n{good} of {len(results)} releases ended as they should.", flush=True)
    return good == len(results)


def tell_addresses(demo):
    for name, address in demo.addresses().items():
        print(f"  {name:18} {address}")
    sys.stdout.flush()


def keep_running(demo):
    print("\nEverything keeps running; Ctrl-C ends it.")
    tell_addresses(demo)
    signal.pause()


def run(stack, slack, keep):
    timeline = Timeline()
    timeline.say(INTRODUCTION)
    print()
    timeline.event("demo", f"starts the servers in {stack.directory}")
    try:
        demo = DemoStack(stack, slack)
        timeline.event("demo", "everything runs:")
        tell_addresses(demo)
        problems = Prelude(demo, timeline).play()
        for problem in problems:
            timeline.event("demo", f"NOT AS EXPECTED: {problem}", "bad")
        player = Player(demo, timeline)
        good = summary([player.play(scenario) for scenario in SCENARIOS]) and not problems
    except (ServerError, AssertionError, OSError) as error:
        print(f"\n{stack.logs()}\n\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    if keep:
        keep_running(demo)
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=" ".join(__doc__.split("\n\n")[0].split()))
    parser.add_argument("--keep", action="store_true", help="leave everything running until Ctrl-C, print the addresses")
    keep = parser.parse_args().keep
    end_on_signals()
    try:
        with tempfile.TemporaryDirectory(prefix="release-guard-demo-", ignore_cleanup_errors=True) as directory:
            with Slack() as slack, Stack(directory) as stack:
                return run(stack, slack, keep)
    except KeyboardInterrupt:
        print("\nInterrupted; everything is ended.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
