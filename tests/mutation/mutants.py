# SPDX-License-Identifier: Apache-2.0
"""Small changes of C++ code, each of which some test should notice. Works on lines of text: clang-format keeps one
statement to a line often enough, and a mutant that does not compile is only skipped."""
import re
from dataclasses import dataclass

SWAPS = [  # what stands in the code -> what takes its place; the blanks keep templates and arrows out
    (" <= ", " < "), (" < ", " <= "), (" >= ", " > "), (" > ", " >= "), (" == ", " != "), (" != ", " == "),
    (" && ", " || "), (" || ", " && "), (" + ", " - "), (" - ", " + "), (" * ", " / "),
    ("std::max(", "std::min("), ("std::min(", "std::max("), ("any_of(", "all_of("), ("none_of(", "any_of("),
    ("return true;", "return false;"), ("return false;", "return true;"), ("(!", "("), ("return !", "return "),
    (" += ", " -= "), ("++", "--"), ("return std::nullopt;", ""),
]
CONDITION = re.compile(r"\bif \((?!constexpr)(.+?)\)(?= |$|\{)")
STATEMENT = re.compile(r"^\s+[A-Za-z_][\w.>:\[\]()-]*(\(.*\)| [-+]?= .+);$")  # a call or an assignment on one line
DECLARATION = re.compile(r"^\s*(const |auto |return\b|using |static |constexpr |case |break|continue|std::\w+ \w+)")
NO_CODE = re.compile(r'^\s*(//|#|\}|$)|EnumName<|static_assert|^(namespace|using)\b')


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int      # from 1
    before: str    # the line as it is, stripped
    after: str     # the line as the mutant has it

    def __str__(self):
        return f"{self.path}:{self.line}: {self.before}  =>  {self.after.strip() or '(nothing)'}"

    def key(self):
        """What a list of equivalent mutants names it by: not the line number, which moves."""
        return f"{self.path}: {self.before} => {self.after.strip()}"


def outside_strings(line, start):
    """True where position `start` of `line` is code: in no string and behind no comment."""
    code = re.sub(r'"(\\.|[^"\\])*"', lambda text: "\0" * len(text.group()), line)
    return code[start] != "\0" and "//" not in code[:start]


def of_line(line):
    """The changes of one line of code, each a whole new line."""
    if NO_CODE.search(line):
        return []
    changed = []
    for old, new in SWAPS:
        at = line.find(old)
        while at >= 0:
            if outside_strings(line, at) and not (old == "++" and "operator" in line):
                changed.append(line[:at] + new + line[at + len(old):])
            at = line.find(old, at + len(old))
    condition = CONDITION.search(line)
    if condition and ";" not in condition.group(1):
        for value in ("true", "false"):
            changed.append(line[:condition.start(1)] + value + line[condition.end(1):])
    if STATEMENT.match(line) and not DECLARATION.match(line):
        changed.append("")
    return list(dict.fromkeys(changed))


def of_text(path, text):
    """All mutants of a source file, in the order of its lines."""
    return [Mutant(path, number, line.strip(), after)
            for number, line in enumerate(text.splitlines(), 1) for after in of_line(line)]


def applied(text, mutant):
    lines = text.split("\n")
    lines[mutant.line - 1] = mutant.after
    return "\n".join(lines)
