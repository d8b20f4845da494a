#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`./dev demo`: four releases on real Prometheus, Alertmanager, nginx and Redis; the bad ones are rolled back.

Exit code 0: all four ended as they should. 1: not all did. 130: interrupted.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo_stack import DemoStack  # noqa: E402  (tests/ must be on the path first)
from scenarios import SCENARIOS, Player  # noqa: E402
from stack import ServerError, Stack, end_on_signals  # noqa: E402
from timeline import Timeline, paint  # noqa: E402


def summary(results):
    print(f"\n{'release':9} {'expected':12} {'ended':16} {'live now':9} {'took':>6}  result")
    for result in results:
        verdict = paint("FAILED", "bad") if result.problems else paint("ok", "good")
        print(f"{result.scenario.version:9} {result.scenario.expected:12} {result.ended:16} {result.live:9} "
              f"{result.seconds:5.1f}s  {verdict}")
    good = sum(not result.problems for result in results)
    print(f"\n{good} of {len(SCENARIOS)} releases ended as they should.", flush=True)
    return good == len(SCENARIOS)


def keep_running(demo):
    print("\nEverything keeps running; Ctrl-C ends it.")
    for name, address in demo.addresses().items():
        print(f"  {name:18} {address}")
    sys.stdout.flush()
    signal.pause()


def run(stack, keep):
    timeline = Timeline()
    timeline.event("start", f"starting the servers in {stack.directory}")
    try:
        demo = DemoStack(stack)
        for name, address in demo.addresses().items():
            timeline.event(name, address)
        player = Player(demo, timeline)
        good = summary([player.play(scenario) for scenario in SCENARIOS])
    except (ServerError, AssertionError, OSError) as error:
        print(f"\n{stack.logs()}\n\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    if keep:
        keep_running(demo)
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="leave everything running until Ctrl-C, print the addresses")
    keep = parser.parse_args().keep
    end_on_signals()
    directory = tempfile.mkdtemp(prefix="release-guard-demo-")
    try:
        with Stack(directory) as stack:
            return run(stack, keep)
    except KeyboardInterrupt:
        print("\nInterrupted; everything is ended.", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
