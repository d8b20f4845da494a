# SPDX-License-Identifier: Apache-2.0
"""What the parsers take is valid by the schemas that ship; what a schema can see of the rest, it refuses."""

import copy
import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml

from schema_faults import only_the_parser

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TESTDATA = ROOT / "tests" / "testdata" / "config"
SCHEMAS = {"rules": ROOT / "rules" / "release-guard-rules.schema.json",
           "tests": ROOT / "rules" / "release-guard-tests.schema.json", "config": ROOT / "release-guard.schema.json",
           "web": ROOT / "release-guard-web.schema.json", "client": ROOT / "release-guard-client.schema.json"}
BAD = {"rules": sorted((TESTDATA / "rules").glob("*.yml")), "tests": sorted((TESTDATA / "tests").glob("*.yml")),
       "config": sorted((TESTDATA / "settings").glob("*.yml")), "web": sorted((TESTDATA / "web").glob("*.yml")),
       "client": sorted((TESTDATA / "client").glob("*.yml"))}
TESTS = sorted((ROOT / "rules").glob("*.test.yml"))
RULES = [file for file in sorted((ROOT / "rules").glob("*.yml")) if file not in TESTS]
FULL = {"rules": TESTDATA / "full/rules/full.yml", "tests": TESTDATA / "full/rules/full.test.yml",
        "config": TESTDATA / "full/guard.yml", "web": TESTDATA / "full/web.yml", "client": TESTDATA / "full/client.yml"}
GOOD = {"rules": [*RULES, FULL["rules"], *sorted((TESTDATA / "settings/rules").glob("*.yml"))],
        "tests": [*TESTS, FULL["tests"]],
        "config": [ROOT / "release-guard.yml", FULL["config"]], "web": [FULL["web"]], "client": [FULL["client"]]}
HEADS = {"rules": r"# (rules:|\S+\.rules\.yml)", "tests": "# tests", "web": "# web\\.yml", "client": r"# ~/\.config/release-guard/"}
# What YAML can put in a value's place.
VALUES = [[], {}, ["hold"], "", "text", "5m", "true", "50", 0, 5, 0.95, True]


def answers(command, question):
    done = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def parser(kind, files):
    """What it says is wrong with each of [(path, text or None)]; empty: it takes it."""
    return answers([os.environ["CONFIG_PARSERS"]], [[kind, str(path), text] for path, text in files])


def schema(kind, texts):
    """What is wrong with each text, and with the schema's own defaults and examples."""
    return answers(["node", HERE / "schema.mjs"], {"schema": json.loads(SCHEMAS[kind].read_text()), "documents": texts})


def valid(kind, texts):
    return [said == [] for said in schema(kind, texts)["documents"]]


@cache
def bad_files(kind):
    """{name: (the parser takes it, it is valid)}"""
    taken = [said == "" for said in parser(kind, [(file, None) for file in BAD[kind]])]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in BAD[kind]]
    return {file.name: both for file, *both in zip(BAD[kind], taken, valid(kind, texts), strict=True)}


def examples(kind):
    """The examples of the documentation; parts of a configuration are made whole."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    blocks = [text for file in documents for text in re.findall(r"^```yaml\n(# .*?)^```$", file.read_text(), re.M | re.S)]
    if kind in HEADS:
        return [text for text in blocks if re.match(HEADS[kind], text)]
    parts = [text for text in blocks if re.match(r"# (hooks|web|part of release-guard\.yml)\n", text)]
    return [text for text in blocks if text.startswith("# release-guard.yml")] + [f"rule_files: [a.yml]\n{text}" for text in parts]


def paths(value, path=()):
    """The path of every value inside this one."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*path, key)
        yield from paths(part, (*path, key))


def places(document):
    """The path of one value for each key, wherever in a list it stands."""
    named = {tuple(key for key in path if isinstance(key, str)): path for path in paths(document)}
    return named.values()


def with_value(document, path, value):
    changed = copy.deepcopy(document)
    around = changed
    for key in path[:-1]:
        around = around[key]
    around[path[-1]] = value
    return json.dumps(changed, indent=1)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_what_is_good_is_valid(kind):
    texts = [file.read_text() for file in GOOD[kind]] + examples(kind)
    assert len(texts) > len(GOOD[kind])
    assert schema(kind, texts)["documents"] == [[]] * len(texts)


@pytest.mark.parametrize("kind", ["rules", "tests", "web", "client"])
def test_the_parser_takes_the_good_files(kind):
    assert parser(kind, [(file, None) for file in GOOD[kind]]) == [""] * len(GOOD[kind])


@pytest.mark.parametrize("kind", SCHEMAS)
def test_what_the_parser_takes_is_valid(kind):
    assert [name for name, (taken, valid) in bad_files(kind).items() if taken and not valid] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_what_the_parser_refuses_is_not_valid_unless_only_the_parser_can_tell(kind):
    unseen = {name for name, (taken, valid) in bad_files(kind).items() if valid and not taken}
    assert unseen == set(only_the_parser(kind))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_whatever_stands_in_place_of_a_value_is_valid_if_the_parser_takes_it(kind):
    file = FULL[kind]
    whole = yaml.load(file.read_text(), yaml.BaseLoader)
    texts = [with_value(whole, path, value) for path in places(whole) for value in VALUES]
    taken = [text for text, said in zip(texts, parser(kind, [(file, text) for text in texts]), strict=True) if said == ""]
    assert len(taken) > len(whole)
    assert [text for text, said in zip(taken, schema(kind, taken)["documents"], strict=True) if said] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_default_and_example_of_a_schema_is_valid_where_it_stands(kind):
    assert schema(kind, [])["values"] == []


def in_editor(files):
    """What an editor says of [(path, text, (line, column) of the cursor)]."""
    return answers(["node", HERE / "editor.mjs"],
                   [{"path": str(path), "text": text, "complete": cursor} for path, text, cursor in files])


def test_an_editor_finds_nothing_wrong_with_what_ships():
    files = [*RULES, *TESTS, ROOT / "release-guard.yml"]
    said = in_editor([(file, file.read_text(), (0, 0)) for file in files])
    assert [(file.name, answer["problems"]) for file, answer in zip(files, said, strict=True)] == [
        (file.name, []) for file in files]


def test_an_editor_completes_and_checks_by_the_schema_that_a_file_names():
    file = ROOT / "rules" / "web-service.yml"
    wrong = file.read_text().replace(" settle: 1m", " setle: 1m").replace("verify: 30m", "verify: half an hour")
    lines = (wrong + "        action: ").splitlines()
    [said] = in_editor([(file, "\n".join(lines), (len(lines) - 1, len(lines[-1])))])
    assert {"Property setle is not allowed.", "this is no duration; write for example 30s"} <= set(said["problems"])
    assert said["offered"] == ["rollback", "ask", "call", "warn"]
