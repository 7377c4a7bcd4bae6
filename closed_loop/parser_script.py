"""Runs inside the Azure CLI's own environment: parses command lines without executing them.

Reads a JSON list of word lists (without the leading `az`) on standard input, prints a JSON list with True for each
line that the CLI's own parser takes. What it has against the others it says on standard error.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any


class Parsed(BaseException):
    """The parser took the line; raised so that the CLI stops there. No `Exception`: the CLI would report it."""


def is_taken(words: list[str], cli: Any) -> bool:
    """Say whether the parser takes a line."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            cli.invoke(words)
    except Parsed:
        return True
    except SystemExit:
        return False
    return False


def main() -> None:
    """Parse everything that standard input holds."""
    from azure.cli.core import get_default_cli
    from knack.events import EVENT_INVOKER_POST_PARSE_ARGS

    def stop(*_: object, **__: object) -> None:
        raise Parsed

    cli = get_default_cli()
    cli.register_event(EVENT_INVOKER_POST_PARSE_ARGS, stop)
    print(json.dumps([is_taken(words, cli) for words in json.load(sys.stdin)]))


main()
