"""Where results and progress go: results to standard output or a file, everything else to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from core.cli.errors import Usage
from core.model import CheckFinished, Event, Report
from core.report import render
from core.report.masking import mask
from core.texts import Texts


def say(text: str) -> None:
    """Print a result."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def tell(text: str) -> None:
    """Print progress, a warning or an error."""
    print(text, file=sys.stderr, flush=True)


def progress(texts: Texts) -> Callable[[Event], None]:
    """Give a listener that prints each check as it ends, if somebody is there to watch."""
    watched = sys.stderr.isatty()

    def listen(event: Event) -> None:
        if watched and isinstance(event, CheckFinished):
            status = texts.get("words", "status", event.result.verdict.status.value)
            tell(f"  {status}: {texts.title(event.result.check)}")

    return listen


def write_report(report: Report, format_: str, texts: Texts, output: str | None, redact: bool) -> None:
    """Print a report, or write it to a file.

    Raises Usage if the file cannot be written.
    """
    text = render(mask(report) if redact else report, format_, texts)
    if output is None:
        say(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Usage(f"The report could not be written to {output}: {error.strerror}.") from error
    tell(f"The report is in {output}.")
