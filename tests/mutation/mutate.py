#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes the code that decides in small ways, one at a time, and tells which changes no unit test notices.

Works in a copy of the tree (build/mutate), so the checkout stays as it is. Each mutant is compiled with the unit tests of
its room, and where these hold with those of each room above it; a mutant that survives is a behaviour no test states.
Mutants that mean the same as the code are listed in equivalent.txt with the reason. Exit code 0: none survived; 1: some
did."""
import argparse
import concurrent.futures
import functools
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading

import mutants

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = ROOT / "build" / "mutate"
EQUIVALENT = pathlib.Path(__file__).with_name("equivalent.txt")
ROOMS = ["guard/promql", "guard/model", "guard/core", "guard/story", "guard/engine"]  # each knows only those before it
DEADLINE = 120  # seconds for one run of the tests: a mutant may loop for ever


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=ROOMS, help="files or folders to change (default: %(default)s)")
    parser.add_argument("--count", type=int, default=60, help="how many mutants, drawn at random (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


def copy_tree():
    """Only what differs is written, so that what was built before stays built."""
    source = COPY / "source"
    names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                           capture_output=True, text=True).stdout.splitlines()
    for name in names:
        here, there = ROOT / name, source / name
        if not here.is_file() or (there.is_file() and there.read_bytes() == here.read_bytes()):
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(here, there)
    return source


def run(command, deadline=None, **environment):
    """True if `command` succeeds in time."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=deadline, check=False, env={**os.environ, **environment})
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def rooms_that_look_at(path):
    """The room of the file and those above it; all, of a file elsewhere."""
    return next((ROOMS[number:] for number, room in enumerate(ROOMS) if path.startswith(room + "/")), ROOMS)


def all_hold(checks, jobs):
    """Whether each of `checks` is true, `jobs` at once; after the first that is not no more begin."""
    failed = threading.Event()

    def look(check):
        if not failed.is_set() and not check():
            failed.set()

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(look, checks))
    return not failed.is_set()


class Bench:
    """The copy, its build, and the tests that look at a mutant."""

    def __init__(self, jobs):
        self.source, self.build, self.jobs = copy_tree(), COPY / "build", jobs
        configured = run(["cmake", "-G", "Ninja", "-S", self.source, "-B", self.build, "-DCMAKE_BUILD_TYPE=Debug",
                          "-DCMAKE_CXX_FLAGS_DEBUG=-O0", "-DRELEASE_GUARD_WEB=OFF", "-DRELEASE_GUARD_TOGETHER=ON"])
        if not (configured and all(self.compiles(room) and self.passes(room) for room in ROOMS)):
            sys.exit("mutate: the code as it is does not build or does not pass; try ./dev test")

    def compiles(self, room):
        return run(["ninja", "-C", self.build, "-j", str(self.jobs), f"{pathlib.Path(room).name}_test"])

    def passes(self, room):
        """The room's tests are shared out to all jobs."""
        name = pathlib.Path(room).name
        return all_hold([functools.partial(self.passes_part, name, part) for part in range(self.jobs)], self.jobs)

    def passes_part(self, name, part):
        return run([self.build / "tests" / name / f"{name}_test", "--gtest_brief=1", "--gtest_fail_fast"], DEADLINE,
                   GTEST_TOTAL_SHARDS=str(self.jobs), GTEST_SHARD_INDEX=str(part))

    def fate(self, rooms):
        """What the tests of `rooms` make of the copy as it is; most mutants go no further than the first room."""
        for room in rooms:
            if not self.compiles(room):
                return "no code"
            if not self.passes(room):
                return "killed"
        return "survived"

    def judge(self, mutant):
        """"killed", "survived" or "no code" (it does not compile)."""
        file = self.source / mutant.path
        text = file.read_text()
        file.write_text(mutants.applied(text, mutant))
        try:
            return self.fate(rooms_that_look_at(mutant.path))
        finally:
            file.write_text(text)


def equivalents():
    """The keys of those that mean the same as the code."""
    return {line.split("  #")[0].strip() for line in EQUIVALENT.read_text().splitlines()
            if line.strip() and not line.startswith("#")}


def candidates(paths):
    files = []
    for path in paths:
        place = ROOT / path
        files += sorted(place.rglob("*.cpp")) if place.is_dir() else [place]
    known = equivalents()
    found = [m for file in files for m in mutants.of_text(str(file.relative_to(ROOT)), file.read_text())]
    return [m for m in found if m.key() not in known]


def main():
    wanted = options()
    drawn = candidates(wanted.paths)
    random.Random(wanted.seed).shuffle(drawn)
    bench = Bench(wanted.jobs)
    counts = {"killed": 0, "survived": 0, "no code": 0}
    for mutant in drawn:
        if counts["killed"] + counts["survived"] >= wanted.count:
            break
        fate = bench.judge(mutant)
        counts[fate] += 1
        if fate == "survived":
            print(f"survived  {mutant}", flush=True)
    print(f"{counts['killed']} killed, {counts['survived']} survived, {counts['no code']} did not compile; "
          f"{len(drawn)} possible, seed {wanted.seed}")
    return 1 if counts["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
