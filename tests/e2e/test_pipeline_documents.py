# SPDX-License-Identifier: Apache-2.0
"""The jobs that docs/pipelines.md shows, run as their servers run them: GitLab's and Jenkins', and the workflows of GitHub
over the network (a guard with TLS and tokens) and by ssh.
"""

import json
import re

import pytest
import yaml

from pipeline import DOCUMENT, SSH, block, executable, furnish, run, step
from shop import E2E, ShopGuard, group
from stack import wait_until
from stack.front import Authority

TOKEN = "the-token-of-the-pipeline"
GITLAB = {"CI_PIPELINE_ID": "4711", "CI_PIPELINE_URL": "https://gitlab.example/acme/shop/-/pipelines/4711", "CI_COMMIT_TAG": "v2"}
JENKINS = {"BUILD_TAG": "jenkins-acme-shop-7", "BUILD_URL": "https://jenkins.example/job/shop/7/", "TAG_NAME": "v2"}
TESTED = "${{ steps.tests.outcome == 'success' && 'succeeded' || 'failed' }}"


class PublicGuard(ShopGuard):
    """Listens with TLS and asks for tokens; v1 is live."""

    def __init__(self, stack, monkeypatch):
        authority = Authority(stack.directory)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))   # as one that every machine knows
        certificate, key = map(str, authority.issue("guard", "IP:127.0.0.1"))
        super().__init__(stack, group(E2E, window="3s"), tokens=[{"name": "pipeline", "role": "deploy", "token_file": "token"}],
                         web={"tls_server_config": {"cert_file": certificate, "key_file": key}})
        self.token_file = self.write_token("token", TOKEN)

    @property
    def url(self):
        return super().url.replace("http://", "https://")

    def ready(self):
        return "msg=listening" in self.log.read_text()

    def told(self, release):
        """The release, by the command line: it knows the certificate."""
        return json.loads(self.run("release", "status", release, "--json", token_file=self.token_file).stdout)


@pytest.fixture
def public(stack, monkeypatch):
    guard = PublicGuard(stack, monkeypatch).start()
    begun = guard.run("release", "start", "--service", "shop", "--environment", "production", "--version", "v1",
                      "--previous-version", "v0", token_file=guard.token_file)
    assert begun.returncode == 0, begun.stderr
    return guard


@pytest.fixture
def folder(tmp_path):
    """A deployment whose end-to-end tests are its own, so that the release passes by itself."""
    furnish(tmp_path)
    executable(tmp_path / "deploy.sh", 'echo "$1" > deployed; release-guard release signal "$RELEASE_GUARD_RELEASE" e2e succeeded')
    return tmp_path


def passed(guard, folder, release, link):
    told = guard.told(release)
    assert (told["phase"], told["version"], told["previous_version"]) == ("passed", "v2", "v1")
    assert told["labels"] == {"run": link}
    assert (folder / "deployed").read_text() == "v2\n"
    return True


def filled(text, given):
    return re.sub(r"\$\{?(\w+)\}?", lambda found: given[found[1]], text)


def test_the_job_of_gitlab(public, folder):
    job = yaml.safe_load(block("# .gitlab-ci.yml"))["deploy"]
    given = {**GITLAB, "PIPELINE_TOKEN": str(public.token_file)}
    variables = {name: filled(value, given) for name, value in job["variables"].items()}
    assert variables["RELEASE_GUARD_SERVER"].startswith("https://")
    variables["RELEASE_GUARD_SERVER"] = public.url
    done = run(folder, public, ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])], **given, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed(public, folder, "4711", GITLAB["CI_PIPELINE_URL"])


def test_the_pipeline_of_jenkins(public, folder):
    text = block("pipeline {")
    said = {name: value for name, value in re.findall(r"^    (RELEASE_GUARD_\w+) = (.+)$", text, re.MULTILINE)}
    assert said["RELEASE_GUARD_SERVER"] == "'https://guard.example.org'"
    assert said["RELEASE_GUARD_TOKEN_FILE"] == "credentials('release-guard-pipeline')"   # a secret file: its path
    variables = {"RELEASE_GUARD_SERVER": public.url, "RELEASE_GUARD_TOKEN_FILE": str(public.token_file),
                 "RELEASE_GUARD_RUN_URL": filled(said["RELEASE_GUARD_RUN_URL"].strip('"'), JENKINS)}
    done = run(folder, public, ["sh", "-xec", re.search(r"^ *sh '(.+)'$", text, re.MULTILINE)[1]], **JENKINS, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed(public, folder, JENKINS["BUILD_TAG"], JENKINS["BUILD_URL"])


def inputs_of(step_of_job, given):
    """What the action is given, as the runner fills it in."""
    fill = lambda text: re.sub(r"\$\{\{.*?\}\}", lambda found: given[found[0]], text)
    return {name.replace("-", "_"): fill(value) for name, value in step_of_job["with"].items()}


def test_the_workflow_of_github_over_the_network(public, folder):
    (only,) = yaml.safe_load(block("      - uses: release-guard"))
    given = inputs_of(only, {"${{ secrets.RELEASE_GUARD_TOKEN }}": TOKEN, "${{ github.ref_name }}": "v2"})
    assert given["server"].startswith("https://")
    arguments = given["arguments"].replace("run ", "run --id r1 ", 1)
    done, _ = step(folder, public, **{**given, "server": public.url, "arguments": arguments})
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed(public, folder, "r1", "https://github.com/o/r/actions/runs/9")
    assert TOKEN not in done.stdout + done.stderr


def test_the_workflow_of_github_by_ssh_has_the_release_rolled_back_whose_tests_fail(stack, tmp_path):
    production = ("service=\"meme-maker\"", "environment=\"production\"")
    guard = ShopGuard(stack, group(E2E, match=production, window="60s"),
                      tokens=[{"name": "pipeline", "role": "deploy", "token_file": "token"}])
    guard.token = TOKEN
    token_file = guard.write_token("token", TOKEN)
    guard.start()
    assert guard.announce("before", service="meme-maker", version="v0.9.3", previous_version="v0.9.2").status == 201
    folder = furnish(tmp_path)
    (folder / "home").mkdir()
    (folder / "scripts").mkdir()
    (folder / "deploy.sh").rename(folder / "scripts" / "promote_to_prod.sh")
    executable(folder / "bin" / "ssh", SSH)
    jobs = yaml.safe_load(block("# .github/workflows/prod-release.yml"))["jobs"]
    given = {"${{ secrets.PRODUCTION_SSH_KEY }}": "a key", "${{ vars.PRODUCTION_KNOWN_HOSTS }}": "server ssh-ed25519 AAAA",
             "${{ github.run_id }}": "9", "${{ github.ref_name }}": "v1.0.0", TESTED: "failed"}
    here = {"server": guard.url, "token_file": str(token_file), "directory": str(folder)}

    deploy = inputs_of(jobs["deploy"]["steps"][0], given)
    done, _ = step(folder, guard, **{**deploy, **here, "arguments": deploy["arguments"].replace(" -- ", " --for 2s -- ")})
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "deployed").read_text() == "v1.0.0 9\n"
    assert guard.release("9")["previous_version"] == "v0.9.3"
    done, _ = step(folder, guard, **{**inputs_of(jobs["e2e"]["steps"][-1], given), **here})
    assert done.returncode == 0, done.stdout + done.stderr
    guard.wait_phase("9", "verifying", "rolled_back")
    wait_until(lambda: len(guard.keys()) == 1, "the hook is called")


def test_no_tag_that_starts_a_workflow_means_anything_to_the_shell_of_the_server():
    begins = re.findall(r"^on: .*$", DOCUMENT, re.MULTILINE)
    assert begins
    for text in begins:
        for tags in yaml.safe_load(text)[True]["push"]["tags"]:
            pattern = tags.replace(".", r"\.").replace("*", "[^/]*")
            assert re.fullmatch(pattern, "v1.0.0"), tags
            for tag in ("v1.0.0;reboot", "v1.0.0$(reboot)", "v1`reboot`.0.0"):
                assert not re.fullmatch(pattern, tag), tags
