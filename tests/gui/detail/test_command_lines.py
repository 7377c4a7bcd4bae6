"""Where commands are broken on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.detail.command_lines import wrap_command


@pytest.mark.parametrize(
    ("command", "columns", "lines"),
    [
        ("az group list", 80, ["az group list"]),
        ("az group list", 8, ["az group ", "list"]),
        ("az group list", 7, ["az ", "group ", "list"]),
        ("az --scope /a/b/c/d", 8, ["az ", "--scope ", "/a/b/c/d"]),
        ("az --scope /a/b/c/d/e", 8, ["az ", "--scope ", "/a/b/c/", "d/e"]),
        ("/abcdefgh/i", 8, ["/abcdefg", "h/i"]),
        ("abc-defg/h", 8, ["abc-defg", "/h"]),
        ("abc-defghi", 8, ["abc-", "defghi"]),
        ("abcdefghij", 8, ["abcdefgh", "ij"]),
        ("", 8, [""]),
    ],
)
def test_a_command_is_broken_at_blanks_and_in_a_word_only_if_it_must(
    command: str, columns: int, lines: list[str]
) -> None:
    assert wrap_command(command, columns) == lines


@given(st.text(alphabet="ab -/'\"", max_size=120), st.integers(1, 40))
def test_the_lines_are_the_command(command: str, columns: int) -> None:
    lines = wrap_command(command, columns)
    assert "".join(lines) == command
    assert all(len(line.rstrip(" ")) <= columns for line in lines)
