#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over all our sources, several at a time.

Nearly all the time of a file goes into the headers that it shares with others, so those of a top folder, neighbours
first, are read as one translation unit, with whatever any of them is compiled with. Files that define the same name are
kept apart; where a group does not compile as one anyway, or anything is found in it, each half of it is looked at:
grouping can cost time but hides nothing. Exit code 0: nothing found."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cmake"))
from groups import grouped  # noqa: E402

MOST = 32  # files in a group
ADDS = ("-D", "-I")  # what one file is compiled with and another is not
OURS = re.compile(re.escape(str(ROOT)) + r"/(guard|exporters|tests)/")
COUNTS = re.compile(r"^\d+ (warnings?|errors?)( and \d+ errors?)? (generated|treated)|^Suppressed |^Use -header-filter")


class Tidy:
    def __init__(self, build):
        entries = json.loads((build / "compile_commands.json").read_text())
        self.commands = {pathlib.Path(entry["file"]): entry for entry in entries if OURS.match(entry["file"])}
        self.units = build / "tidy"

    def groups(self):
        alike = {}  # by top folder, which may have settings of its own
        for file in sorted(self.commands):
            alike.setdefault(file.relative_to(ROOT).parts[0], []).append(file)
        return sorted((group for files in alike.values() for group in grouped(files, hiding=False, most=MOST)),
                      key=len, reverse=True)

    def command(self, files, unit):
        """How `unit` is compiled, which stands for all of them."""
        first, *others = (self.commands[file]["command"].split() for file in files)
        added = dict.fromkeys(word for words in others for word in words if word.startswith(ADDS) and word not in first)
        at = first.index("-c")
        return " ".join([*first[:at], *added, *first[at:]]).replace(str(files[0]), str(unit))

    def run(self, folder, entry, *options):
        """(found nothing, what it said) of the one file of `entry`, whose database is put into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "compile_commands.json").write_text(json.dumps([entry]))
        done = subprocess.run(["clang-tidy-19", "-quiet", "-p", folder, *options, entry["file"]], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        said = [line for line in (done.stdout + done.stderr).splitlines() if not COUNTS.match(line)]
        return done.returncode == 0, "\n".join(said)

    def look(self, files):
        """(found nothing, what it said) of these files, in the end of each by itself where it says anything."""
        first, folder = files[0], self.units / files[0].relative_to(ROOT)
        if len(files) == 1:
            return self.run(folder, self.commands[first])
        # The unit stands beside its members, where clang-tidy looks for settings, in an overlay: it is never a file.
        unit, text = first.with_name(f"{first.stem}_and_others.cpp"), folder / "unit.cpp"
        folder.mkdir(parents=True, exist_ok=True)
        text.write_text("".join(f'#include "{file}"\n' for file in files))
        (folder / "overlay.json").write_text(json.dumps({"version": 0, "roots": [
            {"type": "file", "name": str(unit), "external-contents": str(text)}]}))
        entry = {**self.commands[first], "command": self.command(files, unit), "file": str(unit)}
        clean, _ = self.run(folder, entry, f"--vfsoverlay={folder / 'overlay.json'}")
        if clean:
            return True, ""
        halves = [self.look(files[:len(files) // 2]), self.look(files[len(files) // 2:])]
        return all(clean for clean, _ in halves), "\n".join(said for clean, said in halves if not clean)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="a build folder with its compile_commands.json")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    wanted = parser.parse_args()
    tidy, clean = Tidy(wanted.build.resolve()), True
    with concurrent.futures.ThreadPoolExecutor(wanted.jobs) as pool:
        for fine, said in pool.map(tidy.look, tidy.groups()):
            clean = clean and fine
            if not fine:
                print(said, flush=True)
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
