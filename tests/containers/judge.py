#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docker-compose.yml started as its head says, in the machine of containers.sh, until it has judged a release.

    judge.py CHECKOUT

Everything comes up healthy, is scraped, and its alerts arrive; then a version that fails is announced by the command line
in the guard's container, and the guard has it rolled back by the receiver on the host.
"""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# tests/ must be on the path first.
from compose_host import OVERRIDE, Compose, engine, forget, health_checks, output, receiver  # noqa: E402
from stack import end_on_signals, get, get_json, wait_until  # noqa: E402
from stack.compose import make_secrets  # noqa: E402

PROMETHEUS, GUARD = "http://127.0.0.1:9090", "http://127.0.0.1:8929"
START_SECONDS, JUDGE_SECONDS = 180, 420   # the rules' `settle` is two minutes, and two processors carry it all
MEASURED = ("release_guard_build_info", "redis_up == 1", "node_cpu_seconds_total", "alertmanager_build_info",
            *(f'rate(http_requests_total{{colour="{colour}",handler="/",status="200"}}[1m]) > 0' for colour in ("blue", "green")))
BREAK = 'import urllib.request as u; u.urlopen("http://127.0.0.1:8000/fault", b\'{"error_ratio": 0.5}\')'
RELEASE = "tried"
ANNOUNCE = ("release-guard", "release", "start", f"--id={RELEASE}", "--service=meme-maker", "--environment=production",
            "--version=v1.1.0", "--previous-version=v1.0.0", "--token-file=secrets/pipeline.token")
STATUS = ("release-guard", "release", "status", RELEASE, "--token-file=secrets/operator.token")


class Checks:
    """What must be so; each says one line, and the first that is not so ends it all."""

    def __init__(self, compose):
        self._compose = compose
        self.passed = 0

    def _so(self, what):
        self.passed += 1
        print(f"ok: {what}", flush=True)

    def healthy(self, wanted):
        def seen():
            names = output("podman", "ps", "--all", "--format={{.Names}}").split()
            lines = output("podman", "inspect", "--format={{.Name}} {{.State.Health.Status}}", *names).splitlines()
            return dict(line.split() for line in lines)
        wait_until(lambda: set(seen().values()) == {"healthy"}, "all containers are healthy", START_SECONDS)
        names = seen()
        assert len(names) == len(wanted), f"{sorted(names)} run, of {sorted(wanted)}"
        self._so(f"{len(names)} containers are healthy: {', '.join(sorted(wanted))}")

    def version(self):
        self._so(self._compose.inside("release-guard", "release-guard", "--version").splitlines()[0])

    def scraped(self, left_out):
        def scrapes():
            seen = [target for target in get_json(f"{PROMETHEUS}/api/v1/targets")["data"]["activeTargets"]
                    if target["labels"]["job"] not in left_out]
            errors = {target["scrapeUrl"]: target["lastError"] for target in seen if target["health"] != "up"}
            if errors:
                raise OSError(f"not scraped: {errors}")
            return seen
        targets = wait_until(scrapes, "every target is scraped", START_SECONDS)
        self._so(f"Prometheus scrapes {len(targets)} targets, the guard's with its token")

    def measured(self):
        for expression in MEASURED:
            url = f"{PROMETHEUS}/api/v1/query?query={quote(expression)}"
            wait_until(lambda: get_json(url)["data"]["result"], expression, START_SECONDS)
        self._so("each exporter measures, and traffic reaches both copies of the service")

    def alerted(self):
        def heartbeats():
            page = get(f"{GUARD}/metrics", self._compose.token("prometheus")).text
            return any(line.startswith('release_guard_alerts_received_total{result="fresh"}') and not line.endswith(" 0")
                       for line in page.splitlines())
        wait_until(heartbeats, "Watchdog reaches the guard", START_SECONDS)
        self._so("Watchdog came from Prometheus through Alertmanager to the guard, with its token")

    def judged(self):
        print(f"\n{self._compose.inside('release-guard', *ANNOUNCE)}\n", flush=True)
        self._compose.inside("backend-green", "/usr/bin/python3", "-c", BREAK)

        def verifying():
            seen = get_json(f"{GUARD}/api/v1/releases/{RELEASE}", self._compose.token("operator"))
            return seen if seen["phase"] not in ("deploying", "settling", "watching", "rolling_back") else None
        seen = wait_until(verifying, "the release is judged", JUDGE_SECONDS)
        assert seen["phase"] == "verifying", (seen["phase"], seen["reason"])
        [attempt] = seen["decisions"][-1]["attempts"]
        assert json.loads(attempt["output"])["output"] == "v1.0.0 rollback\n", attempt
        self._so("the release is judged, and rolled back by the receiver on the host")
        print(f"\n{self._compose.inside('release-guard', *STATUS)}", flush=True)


def check(compose, wanted, left_out):
    checks = Checks(compose)
    try:
        compose("up", "--detach")   # without --build: images.py has done that
        checks.healthy(wanted)
        checks.version()
        checks.scraped(left_out)
        checks.measured()
        checks.alerted()
        checks.judged()
    except (Exception, SystemExit):
        subprocess.run(["podman", "ps", "--all"], check=False)
        print(compose("logs", "--tail=10", "--no-color"), flush=True)
        raise
    finally:
        compose("down", "--volumes", "--timeout=20")
    return checks.passed


def main():
    end_on_signals()
    forget()
    folder = Path(sys.argv[1]).resolve()
    make_secrets(folder)
    services = set(yaml.safe_load((folder / "docker-compose.yml").read_text())["services"])
    left_out = set(yaml.safe_load(OVERRIDE.read_text())["services"])
    with engine(), health_checks(), receiver(folder):
        try:
            passed = check(Compose(folder), services - left_out, left_out)
        except AssertionError as error:
            sys.exit(f"\n./dev containers: {error}")
    print(f"\nNot tried: {', '.join(sorted(left_out))}, which Debian does not have, and the tags, which no registry was asked "
          f"for.\n\n{passed} passed, 0 failed")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
