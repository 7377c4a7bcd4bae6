"""Where results and progress go: results to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from core.cli.errors import Usage
from core.model import CheckFinished, Event, Report
from core.report import render
from core.report.masking import mask
from core.texts import Texts


def open_streams() -> None:
    """Have all standard streams there, whatever the caller closed, and able to print any character."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it lives as long as the program
        stream = getattr(sys, name)
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a result; a reader that went away has seen enough.

    Raises Usage where it cannot be printed for another reason, a full disk say.
    """
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Usage(f"The result could not be printed: {error.strerror}.") from error


def tell(text: str) -> None:
    """Print progress, a warning or an error; where nobody listens any more it is lost."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def progress(texts: Texts) -> Callable[[Event], None]:
    """Give a listener that prints each check as it ends, if somebody is there to watch."""
    watched = sys.stderr.isatty()

    def listen(event: Event) -> None:
        if watched and isinstance(event, CheckFinished):
            status = texts.get("words", "status", event.result.verdict.status.value)
            tell(f"  {status}: {texts.title(event.result.check)}")

    return listen


class Destination:
    """Where a report goes: standard output, or a file that is replaced only once the report is whole.

    Raises Usage at once where the file cannot be written, before anybody waits for a diagnosis.
    """

    def __init__(self, path: str | None) -> None:
        self._path = None if path is None else Path(path)
        if self._path is not None:
            self._try(self._path)

    def write(self, report: Report, format_: str, texts: Texts, redact: bool) -> None:
        """Print a report or write it to the file; where that fails after all, it is printed, so that it is not lost.

        Raises Usage.
        """
        text = render(mask(report) if redact else report, format_, texts)
        if self._path is None:
            say(text)
            return
        try:
            self._replace(self._path, text)
        except OSError as error:
            say(text)
            raise Usage(f"The report could not be written to {self._path}: {error.strerror}.") from error
        tell(f"The report is in {self._path}.")

    @staticmethod
    def _try(path: Path) -> None:
        if not path.name or path.is_dir():
            raise Usage(f"{str(path)!r} is no file that a report could be written to.")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            reason = "there is no such folder" if not path.parent.is_dir() else "it may not be written"
            raise Usage(f"The report cannot be written to {path}: {reason}.")

    @staticmethod
    def _replace(path: Path, text: str) -> None:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
