# SPDX-License-Identifier: Apache-2.0
"""The program's completion, asked in real shells, and its manual pages, set by groff."""

import subprocess

import pytest

from stack.guard import BINARY

BASH = """source <(%(binary)s completion bash)
compopt() { :; }
COMP_WORDS=(%(words)s)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_release_guard
printf '%%s\\n' "${COMPREPLY[@]}"
"""
# zsh completes only within its line editor, so what the function would offer is printed instead.
ZSH = """compdef() { :; }
compset() { :; }
_message() { :; }
compadd() { shift; print -l -- "$@"; }
_files() { print -l -- *; }
_describe() { print -l -- ${${(P)2}%%%%:*}; }
source <(%(binary)s completion zsh)
words=(%(words)s)
CURRENT=${#words}
_release-guard
"""
FISH = """%(binary)s completion fish | source
complete -C "%(line)s"
"""


def offered(shell, line, folder):
    """The words that this shell offers for what was typed last in `line`."""
    quoted = " ".join(f"'{word}'" for word in line.split(" ")).replace("=", "' '=' '").replace("''", '""')
    words = quoted if shell == "bash" else " ".join(f'"{word}"' for word in line.split(" "))
    script = {"bash": BASH, "zsh": ZSH, "fish": FISH}[shell] % {"binary": BINARY, "words": words, "line": line}
    flags = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run([shell, *flags, "-c", script], cwd=folder, text=True, capture_output=True, timeout=60,
                          check=False, env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "TERM": "dumb"})
    assert done.stderr == "", done.stderr
    return {line.split("\t")[0] for line in done.stdout.splitlines()}


@pytest.fixture(params=["bash", "zsh", "fish"])
def ask(request, tmp_path):
    (tmp_path / "rules.yml").touch()
    return lambda line: offered(request.param, line, tmp_path)


def test_commands_are_offered_and_hidden_ones_are_not(ask):
    words = ask("release-guard ")
    assert {"serve", "check", "release", "completion"} <= words
    assert not words & {"supervise-hook", "man-pages", "start"}


def test_what_belongs_to_a_command_is_offered_there(ask):
    assert {"start", "signal", "rollback"} <= ask("release-guard release ")
    assert {"--config.file", "--log.level"} <= ask("release-guard serve --")
    assert "--previous-version" in ask("release-guard release start --")


def test_the_words_that_an_option_takes_are_offered(ask):
    assert {"debug", "info", "warn", "error"} <= ask("release-guard serve --log.level ")


def test_files_are_offered_where_a_file_is_wanted(ask):
    assert "rules.yml" in ask("release-guard serve --config.file ")


def test_bash_also_parts_a_word_at_an_equals_sign(tmp_path):
    assert "logfmt" in offered("bash", "release-guard serve --log.format=", tmp_path)


def test_manual_pages_are_set_without_a_warning(tmp_path):
    subprocess.run([BINARY, "man-pages", tmp_path], check=True, timeout=60)
    pages = sorted(tmp_path.glob("*.1"))
    assert len(pages) > 20
    for page in pages:
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", page], text=True, capture_output=True, timeout=60,
                              check=False)
        assert (done.returncode, done.stderr) == (0, ""), page.name
    text = subprocess.run(["groff", "-man", "-Tascii", "-P-c", tmp_path / "release-guard-serve.1"], text=True,
                          capture_output=True, timeout=60, check=True).stdout
    assert "--storage.path" in text and "Exit codes: 0 ended in order" in text
