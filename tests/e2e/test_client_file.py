# SPDX-License-Identifier: Apache-2.0
"""The client file: which guard the commands ask and as whom, said once in the user's home."""

import re

import pytest

from shop import E2E, ShopGuard, group
from stack import run_cli
from stack.server import ROOT

SECRET = "the-secret-of-the-reader"


@pytest.fixture
def guard(stack):
    guard = ShopGuard(stack, group(E2E))
    guard.configuration["tokens"] = [{"name": "reader", "role": "read", "token_file": str(guard.write_token("t", SECRET))}]
    return guard.start()


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".config/release-guard").mkdir(parents=True)
    return tmp_path


def run(home, *arguments, **environment):
    return run_cli(*arguments, environment={"HOME": str(home), **environment})


def write(home, text):
    path = home / ".config/release-guard/config.yml"
    path.write_text(text)
    (path.parent / "guard.token").write_text(SECRET + "\n")
    return path


def test_a_command_asks_the_guard_of_the_file_as_the_file_says(guard, home):
    write(home, f"server: {guard.url}\ntoken_file: guard.token\n")
    done = run(home, "release", "list")
    assert (done.returncode, done.stderr) == (0, "")
    assert run(home, "healthcheck").stdout == "Release Guard is ready.\n"


def test_the_example_of_the_reference_is_right(guard, home):
    text = (ROOT / "docs/reference.md").read_text().partition("## The client file")[2]
    example = re.search(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]
    write(home, example.replace("https://guard.example.org", guard.url))
    assert run(home, "release", "list").returncode == 0


def test_xdg_config_home_is_where_it_stands_if_that_is_set(guard, home, tmp_path):
    write(home, f"server: {guard.url}\ntoken_file: guard.token\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(home, "release", "list", XDG_CONFIG_HOME=str(home / ".config")).returncode == 0
    assert "no guard answers at http://127.0.0.1:8929" in run(home, "release", "list", XDG_CONFIG_HOME=str(empty)).stderr
    assert run(home, "release", "list", XDG_CONFIG_HOME="not/absolute").returncode == 0


def test_an_option_comes_before_the_environment_and_that_before_the_file(guard, home):
    write(home, "server: http://127.0.0.1:1\ntoken_file: guard.token\n")
    assert "no guard answers at http://127.0.0.1:1:" in run(home, "release", "list").stderr
    token = home / ".config/release-guard/guard.token"
    assert run(home, "release", "list", RELEASE_GUARD_SERVER=guard.url,
               RELEASE_GUARD_TOKEN_FILE=str(token)).returncode == 0
    assert "at http://127.0.0.1:2:" in run(home, "release", "list", "--server=http://127.0.0.1:2",
                                           RELEASE_GUARD_SERVER=guard.url).stderr


def test_a_token_is_shown_to_no_other_guard_than_the_one_it_stands_with(guard, home):
    write(home, "server: http://127.0.0.1:1\ntoken_file: guard.token\n")
    refused = run(home, "release", "list", f"--server={guard.url}")
    assert refused.returncode != 0
    assert "give a token with --token-file" in refused.stderr


@pytest.mark.parametrize("text, said", [
    ("sever: http://127.0.0.1:1\n", r":1:1: .*`sever`; did you mean `server`"), ("server: 127.0.0.1:1\n", r":1:9: `server`"),
    (f"token: {SECRET}\n", r":1:1: .*`token_file`"), ("token_file: gone.token\n", r": `token_file`: \S+/gone.token: cannot open")])
def test_a_wrong_file_is_refused_where_it_is_wrong(home, text, said):
    path = write(home, text)
    done = run(home, "release", "list")
    assert done.returncode != 0
    assert re.search(re.escape(str(path)) + said, done.stderr), done.stderr
    assert SECRET not in done.stderr


def test_check_says_what_is_wrong_with_it_and_with_the_files_that_it_names(home):
    path = write(home, "server: http://127.0.0.1:1\ntoken_file: guard.token\n")
    done = run(home, "check", f"--client.file={path}")
    assert (done.returncode, done.stdout) == (0, "ok: the client file\n")
    (path.parent / "guard.token").unlink()
    done = run(home, "check", f"--client.file={path}")
    assert done.returncode == 1
    assert re.match(re.escape(str(path)) + r":2:13: `token_file`: \S+/guard.token: cannot open", done.stdout), done.stdout


def test_the_help_says_where_it_stands():
    assert "~/.config/release-guard/config.yml" in run_cli("--help").stdout
