"""One line of PowerShell taken apart: its commands with their parameters, and the variables that it sets and reads.

Only what the fixes need of the language is understood; anything else is refused, so that nothing hides in a line.
https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKENS = {
    "string": r"'(?:[^']|'')*'",
    "variable": r"\$[A-Za-z]\w*",
    "parameter": r"-[A-Za-z]\w*:?",
    "sign": r"@\{|[()|,=+}]",
    "word": r"[\w/.][\w/.:?*+-]*",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in TOKENS.items()))
_CMDLET = re.compile(r"[A-Z][A-Za-z]*-[A-Z][A-Za-z]*")
_MEMBERS = re.compile(r"(\.[A-Za-z]\w*)+")
_OPERATORS = ("-split", "-eq", "-like", "+")
CONSTANTS = ("$true", "$false", "$null")


class NotUnderstood(Exception):
    """Something in a line is none of what fixes may use; the message says where."""


@dataclass(slots=True)
class Command:
    """One call of a cmdlet. `given` holds, by parameter, the variables in its value; None where it has no value."""

    name: str
    given: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    piped: str = ""
    """What is before it in the pipeline: a cmdlet or a variable, empty for the first."""


@dataclass(slots=True)
class Line:
    """One line. `changes` is the variable whose object it changes in place, by a property or a method."""

    commands: list[Command] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    sets: str = ""
    changes: str = ""


def take_apart(text: str) -> Line:
    """Read one line, its values filled in.

    Raises NotUnderstood.
    """
    return _Reader(text).line()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.found = Line()

    def line(self) -> Line:
        if self.kind == "variable" and (target := re.fullmatch(r"(\$\w+)((?:\.\w+)*) = .*", self.text)):
            self.next()
            while self.value.startswith("."):
                self.next()
            self.expect("=")
            if target[2]:
                self.found.changes = target[1]
                self.found.reads.append(target[1])
            self.pipeline()
            self.found.sets = "" if target[2] else target[1]
        else:
            self.pipeline()
        if self.at < len(self.tokens):
            raise NotUnderstood(f"{self.value!r} in {self.text!r}")
        return self.found

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else "end"

    @property
    def value(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def expect(self, sign: str) -> None:
        if self.value != sign:
            raise NotUnderstood(f"no {sign!r} before {self.value!r} in {self.text!r}")
        self.next()

    def pipeline(self) -> None:
        before = self.stage("")
        while self.value == "|":
            self.next()
            before = self.stage(before)

    def stage(self, before: str) -> str:
        if self.kind == "word" and _CMDLET.fullmatch(self.value):
            return self.command(before)
        if before:
            raise NotUnderstood(f"{self.value!r} is no cmdlet in {self.text!r}")
        start = len(self.found.reads)
        self.expression()
        return " ".join(self.found.reads[start:])

    def command(self, before: str) -> str:
        command = Command(self.next(), piped=before)
        self.found.commands.append(command)
        while self.kind == "parameter":
            name = self.next()
            if name.strip("-:") in command.given:
                raise NotUnderstood(f"{name} twice in {self.text!r}")
            start = len(self.found.reads)
            valued = self.kind in ("string", "variable", "word") or self.value in ("(", "@{")
            if valued:
                self.operand(bare=True)
                while self.value == ",":
                    self.next()
                    self.operand(bare=True)
            command.given[name.strip("-:")] = tuple(self.found.reads[start:]) if valued else None
        if self.kind in ("string", "variable", "word"):
            raise NotUnderstood(f"{self.value!r} is for no parameter in {self.text!r}")
        return command.name

    def expression(self) -> None:
        self.operand(bare=False)
        while self.value in _OPERATORS:
            self.next()
            self.operand(bare=False)

    def operand(self, *, bare: bool) -> None:
        """Read a value; a bare word is one only where an argument of a command stands, not in an expression."""
        if self.kind == "variable":
            name = self.next()
            if name not in CONSTANTS:
                self.found.reads.append(name)
            if self.members() and self.value == "(":
                self.found.changes = name
                self.parenthesis()
        elif self.value == "(":
            self.parenthesis()
            if self.members() and self.value == "(":
                self.parenthesis()
        elif self.value == "@{":
            self.table()
        elif self.kind == "string" or self.value.isdecimal() or (bare and self.kind == "word"):
            self.next()
        else:
            raise NotUnderstood(f"{self.value!r} is no value in {self.text!r}")

    def members(self) -> bool:
        start = self.at
        while self.kind == "word" and _MEMBERS.fullmatch(self.value):
            self.next()
        return self.at > start

    def parenthesis(self) -> None:
        """Read what is in parentheses; a comma at their beginning makes a list of one."""
        self.expect("(")
        if self.value == ",":
            self.next()
        self.pipeline()
        self.expect(")")

    def table(self) -> None:
        """Read a hash table of one entry: more take a semicolon, which no line has."""
        self.expect("@{")
        if self.kind != "word":
            raise NotUnderstood(f"{self.value!r} is no key in {self.text!r}")
        self.next()
        self.expect("=")
        self.expression()
        self.expect("}")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        if not (match := _TOKEN.match(text, at)):
            raise NotUnderstood(f"{text[at:]!r}")
        yield str(match.lastgroup), match[0]
        at = match.end()
