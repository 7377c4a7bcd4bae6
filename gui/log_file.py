"""The program's log: one small file in the platform's own place, with everything secret taken out."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

import platformdirs

from core.log_guard import RedactingFilter

MAX_BYTES = 500_000
KEPT_FILES = 2
OURS = ("core", "gui")
"""Loggers of this program."""


def log_folder() -> Path:
    """Give the folder of the log files, for example ~/.local/state/pull-doctor/log."""
    return Path(platformdirs.user_log_dir("pull-doctor", appauthor=False))


def start_logging(folder: Path) -> logging.Handler | None:
    """Write warnings of libraries and everything of this program's own to a file; gives the handler.

    A folder that cannot be written to is no reason not to start: without a file, the program logs nothing.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "pull-doctor.log", maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
    except OSError:
        return None
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    for ours in OURS:
        logging.getLogger(ours).setLevel(logging.INFO)
    return handler


def stop_logging(handler: logging.Handler) -> None:
    """Write no more, and close the file."""
    for ours in OURS:
        logging.getLogger(ours).setLevel(logging.NOTSET)
    logging.getLogger().removeHandler(handler)
    handler.close()
