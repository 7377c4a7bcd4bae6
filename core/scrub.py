"""Taking secrets out of a text before anybody sees it.

This is the last line of defence: what is known to be secret is never put into a text in the first place.
"""

from __future__ import annotations

import re

GONE = "[secret removed]"

BY_SHAPE = re.compile(
    r"-----BEGIN [A-Z ]+-----(?:(?:(?!-----BEGIN).){0,20000}?-----END [A-Z ]+-----"
    r"|(?:(?:\s|\\n)*[A-Za-z0-9+/=]{16,})*(?:(?:\s|\\n)*[A-Za-z0-9+/=]+)?)"
    r"|[\w.~-]{3}[78]Q~[\w.~-]{30,40}"
    r"|[A-Za-z0-9/+]{40,44}\+ACR[A-Za-z0-9]{6}"
    r"|\b[01]\.A[\w.-]{50,}"
    r"|(?<![\w+=~-])(?![0-9a-fA-F]{64}(?![\w+=~-]))[\w+=~-]{80,}",
    re.DOTALL,
)
"""Private keys (also cut off), Entra client secrets, registry passwords, refresh tokens, long base64.

They are secrets wherever they stand.
"""

NAMES = (
    r"client[-_]?(?:secret|assertion)|passw(?:or)?d|pwd|secret[-_]?(?:text|key)|device_?code|code_verifier"
    r"|(?:access|refresh|(?<![a-z])id|identity|registry)[-_]?token|(?:account|shared_?access|api)[-_]?key"
)
"""What secrets are called in JSON, YAML, forms and variables of an environment, alone or behind another word."""

_TOKENS = re.compile(
    r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*|\b(?:Bearer|Basic)\s+(?!realm|authorization|error)[\w.~+/=-]{6,}"
)

_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    for pattern in (
        rf"""(?P<name>(?:{NAMES}|secret|sig|signature|assertion|claims)
        \\?["']?\s*[=:]\s*\\?["']?)(?P<value>[^\s"'&,;<>}}\\]{{3,}})""",
        r"""(?P<name>(?<![a-z-])--[a-z-]{0,40}(?:password|secret|token)(?:\s+|=)["']?)(?P<value>[^\s"'<-][^\s"']{2,})""",
        r"""(?P<name>\blogin\b[^\n]{0,300}?\s-p\s+["']?)(?P<value>[^\s"'<-][^\s"']{2,})""",
        r"""(?P<name>\\?["']name\\?["']\s*:\s*\\?["']password\d?\\?["']\s*,\s*\\?["']value\\?["']\s*:\s*\\?["'])
        (?P<value>[^\s"'\\]{3,})""",
        r"""(?P<name>["']auth\\?["']\s*:\s*\\?["'])(?P<value>[^\s"'\\]{3,})""",
        r"""(?P<name>://[^\s/@:"']{1,200}:)(?P<value>[^\s/@"']{3,500})(?=@)""",
    )
)
"""What stands behind a name: in JSON, forms and addresses, after the options of commands, in Docker's settings."""

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def scrub(text: str) -> str:
    """The text with everything that looks like a token, password, key or signature replaced by `GONE`."""
    text = _TOKENS.sub(GONE, BY_SHAPE.sub(GONE, text))
    for pattern in _NAMED:
        text = pattern.sub(lambda match: match["name"] + GONE, text)
    return text


def one_line(text: str, limit: int = 300) -> str:
    """The text scrubbed, on one line, without control characters, at most `limit` characters."""
    line = _BREAKS.sub(" ", scrub(text[: limit * 20])).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"
