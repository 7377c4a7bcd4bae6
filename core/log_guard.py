"""The log's last guard: every record passes through here before it is written."""

from __future__ import annotations

import logging

from core.scrub import scrub


class RedactingFilter(logging.Filter):
    """Lets every record through with its message, its arguments, its traceback and its stack scrubbed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub one record in place."""
        record.msg = scrub(_message(record))
        record.args = None
        if record.stack_info:
            record.stack_info = scrub(record.stack_info)
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub(record.exc_text)
        return True


def _message(record: logging.LogRecord) -> str:
    """Give the message filled in; a call whose arguments do not fit must not end the program that logs."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
