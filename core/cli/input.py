"""Reading what the user names: a file, or `-` for standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from core.cli.errors import Usage

LARGEST_INPUT = 4_000_000
"""Bytes; more is no error text."""


def read_input(name: str) -> bytes:
    """Give the bytes of a file or of standard input.

    Raises Usage if it cannot be read or is larger than LARGEST_INPUT.
    """
    try:
        if name == "-":
            if sys.stdin is None:
                raise Usage("Standard input is closed; name a file instead of -.")
            data = sys.stdin.buffer.read(LARGEST_INPUT + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST_INPUT + 1)
    except OSError as error:
        raise Usage(f"{name} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST_INPUT:
        raise Usage(f"{name} is larger than {LARGEST_INPUT // 1_000_000} MB; give the lines around the error only.")
    return data
