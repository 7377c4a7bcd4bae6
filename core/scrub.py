"""Taking secrets out of a text before anybody sees it.

This is the last line of defence: what is known to be secret is never put into a text in the first place.
"""

from __future__ import annotations

import re

GONE = "[secret removed]"

_WHOLE = re.compile(
    r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)"
    r"|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*"
    r"|\b(?:Bearer|Basic)\s+(?!realm|authorization|error)[\w.~+/=-]{6,}"
    r"|[\w.~-]{3}[78]Q~[\w.~-]{30,40}"
    r"|[A-Za-z0-9/+]{40,44}\+ACR[A-Za-z0-9]{6}"
    r"|\b[01]\.A[\w.-]{50,}"
    r"|(?<![\w+=~-])(?![0-9a-fA-F]{64}(?![\w+=~-]))[\w+=~-]{80,}",
    re.DOTALL,
)
"""PEM blocks, JWTs, authorization headers, Entra client secrets, registry passwords, refresh tokens, long base64."""

_NAMED = re.compile(
    r"""(?P<name>(?:client_?secret|client_?assertion|password|passwd|pwd|secret|secretText|sig|signature|assertion
    |(?:access|refresh|id)_?token|device_?code|code_verifier|account_?key|shared_?access_?key|claims)
    ["']?\s*[=:]\s*["']?)(?P<value>[^\s"'&,;<>}]{3,})""",
    re.IGNORECASE | re.VERBOSE,
)

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def scrub(text: str) -> str:
    """The text with everything that looks like a token, password, key or signature replaced by `GONE`."""
    return _NAMED.sub(lambda match: match["name"] + GONE, _WHOLE.sub(GONE, text))


def one_line(text: str, limit: int = 300) -> str:
    """The text scrubbed, on one line, without control characters, at most `limit` characters."""
    line = _BREAKS.sub(" ", scrub(text[: limit * 20])).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"
