# SPDX-License-Identifier: Apache-2.0
"""Which source files can be read as one translation unit: nearly all the time of a file goes into the headers that it
shares with its neighbours. Called with files, prints the number of its group before each."""
import pathlib
import re
import sys

MOST = 10  # files in a group
# What a file defines at its left margin: a type, an alias, a macro; a function, a constant or a variable.
DEFINES = re.compile(r"^(?:(?:struct|class|enum class|#define) (\w+)|using (\w+) =|\w[\w:<>,*&\[\] ]*?[ *&](\w+)(?:\(| =|\{|;))",
                     re.MULTILINE)


def defined_in(file):
    return {name for match in DEFINES.finditer(file.read_text()) for name in match.groups() if name}


def grouped(files):
    """Each file in the first group that has room and defines none of its names."""
    groups = []
    for file in files:
        names = defined_in(file)
        for members, taken in groups:
            if len(members) < MOST and not names & taken:
                members.append(file)
                taken |= names
                break
        else:
            groups.append(([file], names))
    return [members for members, _ in groups]


if __name__ == "__main__":
    for number, group in enumerate(grouped([pathlib.Path(name) for name in sys.argv[1:]])):
        for file in group:
            print(number, file)
