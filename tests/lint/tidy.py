#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over all our sources, several at a time.

Nearly all the time of a file goes into the headers that it shares with others, so those that are compiled with the same
options, neighbours first, are read as one translation unit. Files that define the same name are kept apart; where a group does not compile as one anyway, its
files are looked at one by one: grouping can cost time but hides nothing. Exit code 0: nothing found."""
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

MOST = 16  # files in a group
OURS = re.compile(re.escape(str(ROOT)) + r"/(guard|exporters|tests)/")
COUNTS = re.compile(r"^\d+ (warnings?|errors?)( and \d+ errors?)? (generated|treated)|^Suppressed |^Use -header-filter")


class Tidy:
    def __init__(self, build):
        entries = json.loads((build / "compile_commands.json").read_text())
        self.commands = {pathlib.Path(entry["file"]): entry for entry in entries if OURS.match(entry["file"])}
        self.units = build / "tidy"

    def options(self, file):
        """How it is compiled, without what names it; and the top folder, which may have settings of its own."""
        words = self.commands[file]["command"].split()
        named = {index + 1 for index, word in enumerate(words) if word in ("-o", "-c")}
        return file.relative_to(ROOT).parts[0], *(word for index, word in enumerate(words) if index not in named)

    def groups(self):
        alike = {}
        for file in sorted(self.commands):
            alike.setdefault(self.options(file), []).append(file)
        return sorted((group for files in alike.values() for group in grouped(files, hiding=False, most=MOST)),
                      key=len, reverse=True)

    def run(self, folder, entry, *options):
        """(found nothing, what it said) of the one file of `entry`, whose database is put into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "compile_commands.json").write_text(json.dumps([entry]))
        done = subprocess.run(["clang-tidy-19", "-quiet", "-p", folder, *options, entry["file"]], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        said = [line for line in (done.stdout + done.stderr).splitlines() if not COUNTS.match(line)]
        return done.returncode == 0, "\n".join(said)

    def alone(self, files):
        looks = [self.run(self.units / file.relative_to(ROOT), self.commands[file]) for file in files]
        return all(clean for clean, _ in looks), "\n".join(said for clean, said in looks if not clean)

    def look(self, files):
        if len(files) == 1:
            return self.alone(files)
        # The unit stands beside its members, where clang-tidy looks for the settings, in an overlay: it is never a file.
        first, folder = files[0], self.units / files[0].relative_to(ROOT)
        unit, text = first.with_name(f"{first.stem}_and_others.cpp"), folder / "unit.cpp"
        folder.mkdir(parents=True, exist_ok=True)
        text.write_text("".join(f'#include "{file}"\n' for file in files))
        (folder / "overlay.json").write_text(json.dumps({"version": 0, "roots": [
            {"type": "file", "name": str(unit), "external-contents": str(text)}]}))
        command = self.commands[first]["command"].replace(str(first), str(unit))
        clean, _ = self.run(folder, {**self.commands[first], "command": command, "file": str(unit)},
                            f"--vfsoverlay={folder / 'overlay.json'}")
        return (True, "") if clean else self.alone(files)


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
