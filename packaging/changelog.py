# SPDX-License-Identifier: Apache-2.0
"""changelog.py CODENAME: prints debian/changelog for this Debian, made of CHANGELOG.md.

The version is CMake's, and its section in CHANGELOG.md says since when it is out. Packages for a newer Debian sort above
those of the same version for an older one (~deb12 < ~deb13), and below a later revision of any."""
import datetime
import email.utils
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
RELEASES = {"bookworm": 12, "trixie": 13}


def version():
    return re.search(r"^project\(\S+ VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]


def released():
    """The dated sections: [(version, date)]."""
    return re.findall(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def maintainer():
    return re.search(r"^Maintainer: (.*)$", (ROOT / "packaging/debian/control").read_text(), re.MULTILINE)[1]


def entry(release, date, codename):
    at = datetime.datetime.fromisoformat(date).replace(hour=12, tzinfo=datetime.timezone.utc)
    return (f"release-guard ({release}-1~deb{RELEASES[codename]}) {codename}; urgency=medium\n\n"
            f"  * Release {release}; changelog.gz tells what is new.\n\n"
            f" -- {maintainer()}  {email.utils.format_datetime(at)}\n")


if __name__ == "__main__":
    sections = released()
    if not sections or sections[0][0] != version():
        sys.exit(f"CHANGELOG.md has no dated section of {version()} at its head")
    print("\n".join(entry(*section, sys.argv[1]) for section in sections), end="")
