"""The console command: the wizard when called with no words or with its one option, the command line otherwise."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

USAGE = 64
"""The exit code for what the user can mend; the same as the command line's."""


def main(words: Sequence[str] | None = None) -> int:
    """Start the window or the command line, and give the exit code.

    `--practice NAME` alone opens the window in the practice world of a scenario.
    """
    words = list(sys.argv[1:] if words is None else words)
    to_window = not words or words[0].partition("=")[0] == "--practice"
    return _window(words) if to_window else _command(words)


def _command(words: Sequence[str]) -> int:
    from core.cli import main as run

    return run(words)


def _window(words: Sequence[str]) -> int:
    if _without_display():
        print("There is no display for the window. In the terminal: pull-doctor diagnose --help", file=sys.stderr)
        return USAGE
    try:
        from gui.app import main as open_window
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "PySide6":
            raise
        print(
            "The window needs PySide6, which is not installed. In the terminal: pull-doctor diagnose --help",
            file=sys.stderr,
        )
        return USAGE
    return open_window(words)


def _without_display() -> bool:
    """Whether Qt would end the program at once because there is nothing to draw on."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named)


if __name__ == "__main__":
    sys.exit(main())
