# SPDX-License-Identifier: Apache-2.0
"""Which source files can be read as one translation unit: nearly all the time of a file goes into the headers that it
shares with its neighbours. Called with files, prints the number of its group before each."""
import pathlib
import re
import sys

# What a file defines at its left margin: a type, an alias, a macro; a function, a constant or a variable.
DEFINES = re.compile(r"^(?:(?:struct|class|enum class|#define) (\w+)|using (\w+) =|\w[\w:<>,*&\[\] ]*?[ *&](\w+)(?:\(| =|\{|;))",
                     re.MULTILINE)
# Of these the variables, and what any file declares within functions: one that hides the other is a warning.
VARIABLE = re.compile(r"^(?:constexpr|const|static|inline)\b[^()\n]*?[ &*](\w+)(?: =|\{)", re.MULTILINE)
DECLARED = re.compile(r"[\w>&*\]] [&*]?(\w+)(?=[,)={;]| =| :)")


def defined_in(file):
    return {name for match in DEFINES.finditer(file.read_text()) for name in match.groups() if name}


class Group:
    """Files that define no name twice, and, where that is asked for, hide none of each other's."""

    def __init__(self, hiding, most):
        self._hiding, self._most = hiding, most
        self.members, self._names, self._variables, self._declared = [], set(), set(), set()

    def take(self, file):
        """Whether it has room for this file."""
        text = file.read_text()
        names, variables, declared = defined_in(file), set(VARIABLE.findall(text)), set(DECLARED.findall(text))
        if len(self.members) >= self._most or names & self._names:
            return False
        if not self._hiding and (variables & self._declared or declared & self._variables):
            return False
        self.members.append(file)
        self._names |= names
        self._variables |= variables
        self._declared |= declared
        return True


def grouped(files, hiding=True, most=10):
    """Each file in the first group that takes it, of `most` files; without `hiding` for who warns of names that hide
    others."""
    groups = []
    for file in files:
        if not any(group.take(file) for group in groups):
            groups.append(Group(hiding, most))
            groups[-1].take(file)
    return [group.members for group in groups]


if __name__ == "__main__":
    for number, group in enumerate(grouped([pathlib.Path(name) for name in sys.argv[1:]])):
        for file in group:
            print(number, file)
