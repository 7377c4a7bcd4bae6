"""The console command: the wizard when called with no words, the command line otherwise."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Start the window or the command line, and give the exit code.

    The window takes one option, `--practice NAME`: start in the practice world of a scenario.
    """
    words = list(sys.argv[1:] if words is None else words)
    if not words or words[0].split("=")[0] == "--practice":
        from gui.app import main as open_window

        return open_window(words)
    from core.cli import main as run_command

    return run_command(words)


if __name__ == "__main__":
    sys.exit(main())
