# SPDX-License-Identifier: Apache-2.0
"""The scripts in docs/hooks.md succeed only when the previous version serves again.

gh, argocd, kubectl, ssh and docker are stood for by programs that do what a test says and write down how they were
called: the real ones need the services behind them.
"""

import os
import re
import subprocess

import pytest
import yaml

from stack.server import ROOT

TEXT = (ROOT / "docs" / "hooks.md").read_text()
SCRIPTS = dict(re.findall(r"^```sh\n(?=#!/bin/sh\n# (\w+\.sh) VERSION)(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
WORKFLOW = yaml.safe_load(re.search(r"^```yaml\n(# \.github/.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)[1])
KEY = "shop/production/r1/1"
LIST = "run list --workflow prod-rollback.yml --limit 50 --json databaseId,displayTitle --jq"
# Takes the next line of `runs` for each list, the last one for good: "-" no runs, "!" no answer.
GH = """#!/bin/sh
echo "$@" >>calls
case "$1 $2" in
  'run list')
    line=$(head -n 1 runs)
    [ "$(wc -l <runs)" = 1 ] || sed -i 1d runs
    case $line in '!') exit 1 ;; -) exit 0 ;; *) printf '%b\\n' "$line" ;; esac ;;
  'workflow run') exit "$DISPATCH" ;;
  'run watch') exit "$ENDED" ;;
esac
"""
# Joins its arguments for a shell on the other side, as sshd does (ssh(1)).
SSH = """#!/bin/sh
while [ "$1" = -o ] || [ "$1" = -i ]; do shift 2; done
host=$1; shift
[ "$FAILS" != ssh ] || exit 255
mkdir -p other/opt && cd other && exec sh -c "$(echo "$*" | sed s#/opt/meme-maker/scripts#..#)"
"""
PROMOTE = """#!/bin/sh
for word in "$@"; do echo "<$word>" >>../promoted; done
"""
# blue runs v1, green v2. The container has the file mounted: a hard link, which a new file of the name does not change.
DOCKER = """#!/bin/sh
echo "$@" >>calls
case "$*" in
  'compose ps --format {{.Image}} backend-blue') echo registry/app:v1 ;;
  'compose ps --format {{.Image}} backend-green') echo registry/app:v2 ;;
  *' nginx -s reload') [ "$FAILS" = reload ] || cp container/upstream.conf container/active ;;
  *'exec -T nginx curl'*)
    grep -q blue container/active && version=v1 || version=v2
    printf '{"status": "ok", "version": "%s"}' "$version" ;;
esac
"""
OTHER_TOOL = """#!/bin/sh
echo "$@" >>calls
for word in "$@"; do [ "$word" != "$FAILS" ] || exit 20; done
"""


class Desk:
    """A folder with a script of the document and the programs it calls."""

    def __init__(self, folder):
        self._folder = folder
        for name, text in {"gh": GH, "argocd": OTHER_TOOL, "kubectl": OTHER_TOOL, "ssh": SSH, "docker": DOCKER,
                           "promote_to_prod.sh": PROMOTE, "sleep": "#!/bin/sh\n"}.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)

    def run(self, script, version="v1", **environment):
        (self._folder / script).write_text(SCRIPTS[script])
        env = {"PATH": f"{self._folder}:{os.environ['PATH']}", "RELEASE_GUARD_IDEMPOTENCY_KEY": KEY, **environment}
        return subprocess.run(["/bin/sh", script, version], cwd=self._folder, env=env, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=30, check=False).returncode

    def workflow(self, *runs, dispatch=0, ended=0):
        (self._folder / "runs").write_text("\n".join(runs) + "\n")
        return self.run("rollback_by_workflow.sh", DISPATCH=str(dispatch), ENDED=str(ended))

    def calls(self, *words):
        made = (self._folder / "calls").read_text().splitlines()
        return [call for call in made if call.startswith(words)] if words else made


    def read(self, name):
        return (self._folder / name).read_text()

    def mount_upstream(self):
        """The file that says which colour is live, as nginx in its container has it."""
        for folder in ("nginx", "container"):
            (self._folder / folder).mkdir()
        (self._folder / "nginx" / "upstream.conf").write_text("upstream live { server backend-green:8000; }\n")
        os.link(self._folder / "nginx" / "upstream.conf", self._folder / "container" / "upstream.conf")
        (self._folder / "container" / "active").write_text("green")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


DISPATCHED = [f"workflow run prod-rollback.yml --ref main -f version=v1 -f key={KEY}"]
OTHER, OURS = "7 rollback shop/production/r1/11", f"8 rollback {KEY}"


def test_the_workflow_script_waits_for_its_own_run_and_no_other(desk):
    assert desk.workflow(OTHER, OTHER, rf"9 rollback of something\n{OTHER}\n{OURS}") == 0
    assert desk.calls("workflow") == DISPATCHED
    assert desk.calls()[-1] == "run watch 8 --exit-status"
    assert all(call.startswith(LIST) for call in desk.calls("run list"))


def test_the_name_it_looks_for_is_the_one_that_the_workflow_gives_its_run():
    assert WORKFLOW["run-name"].replace("${{ inputs.key }}", KEY) == OURS.partition(" ")[2]
    assert set(WORKFLOW[True]["workflow_dispatch"]["inputs"]) == set(re.findall(r"-f (\w+)=", DISPATCHED[0]))   # `on`


@pytest.mark.parametrize("version", ["v1", "1.0;touch x", "it's $HOME"])
def test_the_workflow_takes_the_version_to_the_other_side_as_one_word(desk, tmp_path, version):
    job, = WORKFLOW["jobs"].values()
    step, = job["steps"]
    assert step["env"]["VERSION"] == "${{ inputs.version }}" and "${{" not in step["run"]
    (tmp_path / "other" / "opt").mkdir(parents=True)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "VERSION": version, "KEY": "the key", "HOSTS": "production", "FAILS": ""}
    subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=tmp_path, env=env, check=True, timeout=30)
    assert desk.read("promoted").splitlines() == [f"<{version}>", "<rollback>"]
    assert not list(tmp_path.rglob("x"))
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_it_starts_no_second_run_for_one_key(desk):
    assert desk.workflow(rf"{OTHER}\n{OURS}") == 0
    assert desk.calls("workflow") == []
    assert desk.calls()[-1] == "run watch 8 --exit-status"


def test_a_run_that_fails_is_a_failure(desk):
    assert desk.workflow("-", OURS, ended=1) == 1


def test_github_that_cannot_be_reached_is_not_now(desk):
    assert desk.workflow("!") == 75
    assert desk.workflow("-", dispatch=1) == 75
    assert desk.calls("run watch") == []


def test_an_answer_that_is_missing_once_the_run_has_begun_is_waited_for(desk):
    assert desk.workflow("-", "!", "-", OURS) == 0


@pytest.mark.parametrize("script, wanted", [
    ("rollback_by_argocd.sh", ["app set meme-maker --revision v1", "app get meme-maker --refresh",
                               "app wait meme-maker --sync --health --timeout 300"]),
    ("rollback_on_kubernetes.sh", [
        "--context=production set image deployment/backend backend=registry.internal/meme-maker:v1",
        "--context=production rollout status deployment/backend --timeout=5m"]),
])
def test_a_script_ends_when_the_previous_version_serves(desk, script, wanted):
    assert desk.run(script, FAILS="") == 0
    assert desk.calls() == wanted
    assert desk.run(script, FAILS=wanted[-1].split()[1]) != 0, "waiting in vain is no success"


@pytest.mark.parametrize("version", ["v1", "1.0;touch x", "1.0'; touch x; '", "$(touch x)", "a b", "`touch x`"])
def test_over_ssh_a_version_is_one_argument_whatever_it_holds(desk, version):
    assert desk.run("rollback_over_ssh.sh", version, FAILS="") == 0
    assert desk.read("promoted") == f"<{version}>\n<rollback>\n"


def test_a_host_that_cannot_be_reached_is_not_now(desk):
    assert desk.run("rollback_over_ssh.sh", FAILS="ssh") == 75


def test_the_switch_of_colours_reaches_the_mounted_file_and_ends_when_the_version_serves(desk):
    desk.mount_upstream()
    assert desk.run("rollback_blue_green.sh", DEPLOYMENT=".", FAILS="") == 0
    assert "blue" in desk.read("container/active")


def test_a_switch_that_changed_nothing_is_a_failure(desk):
    desk.mount_upstream()
    assert desk.run("rollback_blue_green.sh", DEPLOYMENT=".", FAILS="reload") == 1


def test_the_variables_that_a_script_needs_are_let_through():
    hooks = [hook for block in re.findall(r"^```yaml\n# hooks\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
             for hook in yaml.safe_load(block)["hooks"]]
    needed = {"workflow": {"GH_TOKEN", "GH_REPO"}, "argocd": {"ARGOCD_SERVER", "ARGOCD_AUTH_TOKEN"},
              "kubernetes": {"KUBECONFIG"}, "rollback_over_ssh": {"SSH_AUTH_SOCK"}}
    given = {hook["name"]: set(hook.get("command", {}).get("environment", [])) for hook in hooks}
    for name, variables in needed.items():
        assert variables <= given[name], name


def test_a_hook_is_given_longer_than_its_script_waits():
    for name, text in SCRIPTS.items():
        waits = re.search(r"--timeout[= ](\d+)(m?)$", text, re.MULTILINE)
        if waits:
            given = re.search(rf"argv: \[\./scripts/{name},.*\n +timeout: (\d+)m", TEXT)
            assert int(given[1]) * 60 > int(waits[1]) * (60 if waits[2] else 1), name
