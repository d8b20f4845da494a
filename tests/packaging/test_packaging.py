# SPDX-License-Identifier: Apache-2.0
"""What packages are made of agrees with what else says the same: packages.list, CHANGELOG.md, the unit, the sources."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
BUILD = Path(os.environ.get("RELEASE_GUARD_BUILD", ROOT / "build" / "release"))
DEBIANS = ("bookworm", "trixie")


def listed(role, codename):
    lines = [line.split() for line in (ROOT / "packages.list").read_text().splitlines() if line and line[0] != "#"]
    return {line[1] for line in lines if line[0] == role and line[2:] in ([], [codename])}


def field(name):
    """The packages of a field of debian/control, each as its alternatives."""
    text = (PACKAGING / "debian" / "control").read_text()
    value = re.search(rf"^{name}:((?:.*\n)(?:^ .*\n)*)", text, re.MULTILINE)[1]
    entries = [entry.strip() for entry in value.split(",") if entry.strip()]
    return [[re.sub(r"[ :(].*", "", one.strip()) for one in entry.split("|")] for entry in entries]


@pytest.mark.parametrize("codename", DEBIANS)
def test_a_package_is_built_with_what_the_program_is_built_with(codename):
    """g++ is in build-essential; ccache only saves time; npm brings the page's modules before, and python3 parts sources."""
    wanted = listed("build", codename) - {"g++", "ccache", "npm"} | {"debhelper-compat", "python3"}
    needed = field("Build-Depends")
    assert {name for name in wanted if not any(name in entry for entry in needed)} == set()
    assert [entry for entry in needed if not wanted & set(entry)] == []


@pytest.mark.parametrize("codename", DEBIANS)
def test_what_no_library_brings_is_named(codename):
    """dpkg-shlibdeps finds the libraries; `./dev package` holds those against the list."""
    named = {name for entry in field("Depends") for name in entry if not name.startswith("$")}
    assert named == {name for name in listed("runtime", codename) if not re.match(r"lib|zlib", name)}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    root = tmp_path_factory.mktemp("installed")
    done = subprocess.run(["cmake", "--install", BUILD], env={**os.environ, "DESTDIR": str(root)},
                          stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def files(root):
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


PREFIX = "usr/local"   # of a build that nobody told another


def test_every_installed_file_is_in_the_list(installed):
    found = sorted(name.replace(f"{PREFIX}/", "usr/") for name in files(installed))
    assert found == (PACKAGING / "files.list").read_text().splitlines()


def test_the_sources_of_a_package_hold_what_is_installed():
    """Of what lies at the top; the folders are copied whole."""
    copied = re.search(r"^ *tar -c (.*?)\|", (PACKAGING / "package.sh").read_text(), re.MULTILINE | re.DOTALL)[1]
    taken = {path.name for word in copied.replace("\\\n", " ").split() for path in ROOT.glob(word)}
    installing = (PACKAGING / "CMakeLists.txt").read_text()
    installing = installing.replace("${PROJECT_SOURCE_DIR}/", "").replace("${schema}", "release-guard-web")
    wanted = {path.name for path in ROOT.iterdir() if re.search(rf"(?<![\w/-]){re.escape(path.name)}(?![\w-])", installing)}
    assert {"release-guard.service", "docs", "release-guard-web.schema.json"} <= wanted
    assert wanted <= taken


def test_nothing_is_installed_that_others_may_write(installed):
    modes = {path.stat().st_mode & 0o777 for path in installed.rglob("*") if path.is_file()}
    assert modes == {0o644, 0o755}
    assert [path.name for path in installed.rglob("*") if path.is_file() and os.access(path, os.X_OK)] == ["release-guard"]


def test_every_page_of_the_manual_and_every_document_is_there(installed):
    pages = {path.name for path in (installed / PREFIX / "share/man/man1").iterdir()}
    assert {"release-guard.1", "release-guard-serve.1", "release-guard-release-start.1"} < pages
    documents = {path.name for path in (installed / PREFIX / "share/doc").rglob("*.md")}
    assert documents == {"README.md", *(path.name for path in (ROOT / "docs").glob("*.md"))}


def test_what_is_installed_names_places_that_there_are(installed):
    """The unit, its arguments and the configuration, as far as they name what is installed with them."""
    there = files(installed)
    for path in [installed / PREFIX / "lib/systemd/system/release-guard.service", *(installed / "etc").rglob("*")]:
        if path.is_dir():
            continue
        text = path.read_text()
        for named in re.findall(r"/(?:usr|etc)/[\w./-]*release-guard[\w./-]*[\w-]", text):
            assert named.startswith(("/etc/", f"/{PREFIX}/")), f"{path.name} names {named}"
            if "/secrets/" in named:
                continue
            assert named[1:] in there or (installed / named[1:]).is_dir(), f"{path.name} names {named}"


def test_the_unit_runs_nothing_that_a_minimal_system_lacks(installed):
    unit = (installed / PREFIX / "lib/systemd/system/release-guard.service").read_text()
    run = set(re.findall(r"^Exec\w+=(\S+)", unit, re.MULTILINE))
    assert run == {f"/{PREFIX}/bin/release-guard", "/bin/sh"}


def test_user_and_folders_are_those_of_the_unit(installed):
    unit = (installed / PREFIX / "lib/systemd/system/release-guard.service").read_text()
    settings = dict(re.findall(r"^(\w+)=(.*)$", unit, re.MULTILINE))
    _, user, _, _, home = re.findall(r'"[^"]*"|\S+', (installed / PREFIX / "lib/sysusers.d/release-guard.conf").read_text())
    assert (user, home) == (settings["User"], f"/var/lib/{settings['StateDirectory']}")
    folders = {}
    for line in (installed / PREFIX / "lib/tmpfiles.d/release-guard.conf").read_text().splitlines():
        _, path, mode, *owner = line.split()
        folders[path] = (mode, owner[:2])
    assert folders[home] == (settings["StateDirectoryMode"], [user, settings["Group"]])
    assert folders[f"/etc/{settings['ConfigurationDirectory']}"] == (
        settings["ConfigurationDirectoryMode"], ["root", settings["Group"]])


def test_the_configuration_it_starts_with_is_right(installed):
    """Whatever is or is not on this machine: that no server answers and that its folder is not there yet are warnings."""
    done = subprocess.run([BUILD / "release-guard", "check", f"--config.file={installed}/etc/release-guard/release-guard.yml"],
                          stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 hooks" in done.stdout


def test_the_terms_of_everything_in_the_page_are_told():
    lock = json.loads((ROOT / "guard" / "web" / "package-lock.json").read_text())
    bundled = {name for name, about in lock["packages"].items() if name and not about.get("dev") and not about.get("optional")}
    told = re.findall(r"^ ?(?:Files: )?guard/web/(node_modules/\S+?)/\*$", (PACKAGING / "debian/copyright").read_text(),
                      re.MULTILINE)
    assert {name for name in bundled if not any(name == one or name.startswith(one + "/") for one in told)} == set()


# --- versions --------------------------------------------------------------------------------


def changelog(codename):
    done = subprocess.run([sys.executable, "-B", PACKAGING / "changelog.py", codename], text=True, capture_output=True, timeout=20,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("codename", DEBIANS)
def test_the_version_is_cmakes_and_has_a_date(codename):
    version = re.search(r"^project\(\S+ VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]
    assert re.match(rf"release-guard \({re.escape(version)}-1~deb1[23]\) {codename};", changelog(codename))
    assert f"\n## {version} (2" in (ROOT / "CHANGELOG.md").read_text()


def test_a_newer_debian_has_the_higher_version_of_the_same_release():
    older, newer = (re.search(r"\((.*?)\)", changelog(codename))[1] for codename in DEBIANS)
    ordered = [older, newer, newer.split("~")[0], older.replace("-1~", "+test1-1~")]
    for below, above in zip(ordered, ordered[1:]):
        assert subprocess.run(["dpkg", "--compare-versions", below, "lt", above], check=False).returncode == 0, (below, above)
