"""Filling values into a command line so that the shell hands them over unchanged, whatever they hold.

https://www.gnu.org/software/bash/manual/html_node/Quoting.html
https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

Quote = Callable[[str], str]

LONGEST = 2048

_FIELD = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"[^\s()]+")
_FOR_THE_USER = re.compile(r"<[a-z][a-z0-9-]*>")
_NAME = re.compile(r"[\w/(.][\w./:@,+() -]*")
_SPECIAL = {
    "condition": re.compile(r"\([\w @!(){}\[\]'./:,*&|=?-]*", re.ASCII),
    "hosts": re.compile(r"[\w*][\w*.,-]*", re.ASCII),
    "body": re.compile(r'\{[\w {}\[\]"./:,*-]*\}', re.ASCII),
}
"""What the values may be that are no names."""
_BASH_SAFE = re.compile(r"[A-Za-z0-9_/.@%+=:,-]+")
_POWERSHELL_SAFE = re.compile(r"[A-Za-z/][A-Za-z0-9_./:-]*")
_POWERSHELL_QUOTES = re.compile(
    "['\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{SINGLE LOW-9 QUOTATION MARK}\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}]"
)


class UnsafeValue(Exception):
    """A value that no Azure resource can have was about to get into a command; the message names its placeholder."""


class MissingValue(Exception):
    """A check asked for a fix without a value that its text or command needs: a fault of the program."""


def quote_bash(word: str) -> str:
    """Quote one word for bash and zsh, if it needs it."""
    if _BASH_SAFE.fullmatch(word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def quote_powershell(word: str) -> str:
    """Quote one word for PowerShell, if it needs it; PowerShell takes typographic quotes for quotes as well."""
    return word if _POWERSHELL_SAFE.fullmatch(word) else _string_of_powershell(word)


def _string_of_powershell(word: str) -> str:
    return "'" + _POWERSHELL_QUOTES.sub(lambda mark: mark[0] * 2, word) + "'"


def quote_either(word: str) -> str:
    """Quote one word so that bash and PowerShell read the same.

    Raises UnsafeValue for a word with a quotation mark, which they read differently.
    """
    if _POWERSHELL_QUOTES.search(word):
        raise UnsafeValue("A quotation mark cannot stand in this command.")
    return word if _BASH_SAFE.fullmatch(word) and _POWERSHELL_SAFE.fullmatch(word) else f"'{word}'"


def fields_of(text: str) -> set[str]:
    """Give the names of the placeholders in a command or a sentence."""
    return set(_FIELD.findall(text))


def fill_line(template: str, values: Mapping[str, str], quote: Quote) -> str:
    """Fill a command line; only the words that hold a placeholder are quoted, each as a whole.

    After an opening parenthesis, which only lines for PowerShell have, a value begins an expression: PowerShell would
    run a bare word there as a command, so that it is always quoted.
    https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing

    Raises UnsafeValue for a value that no Azure resource can have, and MissingValue.
    """

    def fill_word(match: re.Match[str]) -> str:
        word = match[0]
        if not _FIELD.search(word) and not _FOR_THE_USER.search(word):
            return word
        filled = _FIELD.sub(lambda field: checked(field[1], values), word)
        return _string_of_powershell(filled) if template[: match.start()].endswith("(") else quote(filled)

    return _WORD.sub(fill_word, template)


def checked(name: str, values: Mapping[str, str]) -> str:
    """Give a value, after making sure that it can be a name in Azure or is left for the user to fill in.

    Three values are no names: `condition`, the condition of a role assignment, on one line, in parentheses; `hosts`,
    host names with commas between, where "*" may stand for a part; `body`, JSON that the program made, on one line.
    https://learn.microsoft.com/azure/role-based-access-control/conditions-format

    Raises UnsafeValue and MissingValue.
    """
    try:
        value = values[name]
    except KeyError:
        raise MissingValue(f"nobody gave {name!r}") from None
    if _FOR_THE_USER.fullmatch(value):
        return value
    possible = _SPECIAL.get(name, _NAME)
    if len(value) > LONGEST or value != value.strip() or not possible.fullmatch(value):
        raise UnsafeValue(f"The value for {name} holds something that no name in Azure can hold.")
    return value


def plain(value: str) -> str:
    """Give a value as it may stand in a sentence: on one line, without anything that does not print, bounded."""
    visible = "".join(" " if letter.isspace() else letter for letter in value[:LONGEST] if prints(letter))
    return " ".join(visible.split())


def prints(letter: str) -> bool:
    """Say whether a character shows: no control character, nothing that turns the direction of a line."""
    return letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
