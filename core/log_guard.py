"""The log's last guard: every record passes through here before it is written."""

from __future__ import annotations

import logging

from core.scrub import scrub


class RedactingFilter(logging.Filter):
    """Lets every record through with its message scrubbed, its arguments and its traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub one record in place."""
        record.msg = scrub(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub(record.exc_text)
        return True
