"""Where a command's line is broken on the screen."""

from __future__ import annotations


def wrap_command(command: str, columns: int) -> list[str]:
    """Break a command into lines of at most `columns` characters: at blanks, inside a word only if it is longer.

    Such a word, a resource id say, is broken at a slash or else after a hyphen where that can be. The lines put
    together are the command again: a blank stays at the end of its line, and may stand beyond it.
    """
    lines = [""]
    for word in _words(command):
        room = columns - len(lines[-1])
        if len(word.rstrip(" ")) > room and lines[-1]:
            lines.append("")
            room = columns
        while len(word.rstrip(" ")) > room:
            cut = _cut(word, room)
            lines[-1] += word[:cut]
            word = word[cut:]
            lines.append("")
            room = columns
        lines[-1] += word
    return lines


def _words(command: str) -> list[str]:
    """Split after each run of blanks; the words put together are the command."""
    words: list[str] = []
    start = 0
    for place in range(1, len(command)):
        if command[place - 1] == " " and command[place] != " ":
            words.append(command[start:place])
            start = place
    return [*words, command[start:]]


def _cut(word: str, room: int) -> int:
    """Say after how many characters, at most `room`, a word that is longer is broken."""
    after_slash = word.rfind("/", 1, room) + 1
    if after_slash or word[room] == "/":
        return after_slash or room
    return word.rfind("-", 1, room) + 1 or room
