"""Masks what must never be shown, logged or saved: tokens, passwords, signatures.

It errs on the side of masking: a masked name is a nuisance, a leaked secret is not.
"""

from __future__ import annotations

import logging
import re

MASK = "***"

_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{12,}")
_NAMED = re.compile(
    r"""(?ix)
    (?P<name>["']?\b(?:client[-_]?secret|(?:access|refresh|id|identity)[-_]?token|password2?|passwd|pwd|secret
      |secretText|assertion|\.dockerconfigjson|\.dockercfg|auth|authorization|sig|code[-_]verifier|x-ms-authorization-auxiliary)
      \b["']?\s*[:=]\s*)
    (?P<value>"[^"\n]{3,}"|'[^'\n]{3,}'|[^\s"'&,;}<>]{3,})"""
)
_FLAG = re.compile(r"(?i)(--(?:client-secret|docker-password|password)[= ]+)(?!<)(\"[^\"]*\"|'[^']*'|\S+)")
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_ENTRA_SECRET = re.compile(r"(?<![A-Za-z0-9~._-])[A-Za-z0-9_-]{3}[78]Q~[A-Za-z0-9~._-]{31,37}")


def redact(text: str) -> str:
    """Give the text with everything that looks like a secret replaced by three asterisks."""
    text = _KEY_BLOCK.sub(MASK, text)
    text = _JWT.sub(MASK, text)
    text = _BEARER.sub(lambda found: f"{found[1]} {MASK}", text)
    text = _FLAG.sub(lambda found: f"{found[1]}{MASK}", text)
    text = _NAMED.sub(lambda found: f"{found['name']}{MASK}", text)
    return _ENTRA_SECRET.sub(MASK, text)


class RedactingFilter(logging.Filter):
    """Lets every record through with its message masked, its arguments and its traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask one record in place."""
        record.msg = redact(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True
