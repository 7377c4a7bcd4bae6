"""Error answers of ARM, Entra and Microsoft Graph, in whatever envelope they come."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_BODY = 200_000
"""Characters of an error body that are looked at."""


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What an error answer says.

    `code` and `message` are empty where the body names none. `entra` is true for an answer of a token endpoint
    (`error` is a word and `error_description` a text). `json` is false for HTML, plain text and empty bodies.
    """

    status: int
    code: str = ""
    message: str = ""
    entra: bool = False
    json: bool = False
    challenge: str = ""

    @property
    def challenge_tenant(self) -> str | None:
        """The directory that a 401 points to in its `WWW-Authenticate` header, or None."""
        match = re.search(r'authorization_uri="?https://[^/"\s]+/([0-9a-f-]{36})', self.challenge, re.IGNORECASE)
        return match[1].lower() if match else None


def read_error(status: int, body: str, headers: Mapping[str, str]) -> ErrorAnswer:
    """Read an error answer.

    Envelopes: `{"error": {"code", "message"}}`, the same without the `error` around it, the same capitalised
    (`Code`, `Message`, `ErrorCode`), Entra's `{"error": "word", "error_description"}`, `{"odata.error"}`, and bodies
    that are HTML, plain text or empty.
    """
    challenge = next((value for name, value in headers.items() if name.lower() == "www-authenticate"), "")
    try:
        value = json.loads(body[:MAX_BODY])
    except (ValueError, RecursionError):
        return ErrorAnswer(status=status, challenge=challenge)
    if not isinstance(value, dict):
        return ErrorAnswer(status=status, json=True, challenge=challenge)
    if isinstance(value.get("error"), str):
        return ErrorAnswer(
            status=status,
            code=value["error"],
            message=_text(value.get("error_description")),
            entra=True,
            json=True,
            challenge=challenge,
        )
    inner = value.get("error") or value.get("odata.error") or value
    fields = {str(key).lower(): item for key, item in inner.items()} if isinstance(inner, dict) else {}
    message = fields.get("message")
    return ErrorAnswer(
        status=status,
        code=_text(fields.get("code") or fields.get("errorcode")),
        message=_text(message.get("value") if isinstance(message, dict) else message),
        json=True,
        challenge=challenge,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
