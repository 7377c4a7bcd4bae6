"""What an authority answered last, told to a sign-in that failed: MSAL keeps little of it in its exceptions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from azure.core.pipeline import PipelineResponse

from core.azure.answers import read_error

_OF_A_SIGN_IN_SERVICE = frozenset({"access_token", "token_endpoint", "tenant_discovery_endpoint"})
"""One of these stands in everything that a sign-in service answers well."""


@dataclass(frozen=True, slots=True)
class AuthorityAnswer:
    """An answer of an authority, without its body, which may hold a token.

    `expected` is true for what a sign-in service would say. `error` is the word of an OAuth error, else empty, and
    `message` its text.
    """

    status: int
    expected: bool
    error: str = ""
    message: str = ""


class AuthorityAnswers:
    """Notes the last answer. `note` is a `raw_response_hook` of azure-core."""

    def __init__(self) -> None:
        self.last: AuthorityAnswer | None = None

    def note(self, response: PipelineResponse[Any, Any]) -> None:
        """Read an answer and keep what matters of it."""
        answer = response.http_response
        self.last = read_answer(answer.status_code, answer.content)


def read_answer(status: int, body: bytes) -> AuthorityAnswer:
    """What an answer of an authority amounts to."""
    if status >= 400:
        error = read_error(status, body.decode("utf-8", "replace"), {})
        if not error.entra:
            return AuthorityAnswer(status, expected=False)
        return AuthorityAnswer(status, expected=True, error=error.code, message=error.message)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return AuthorityAnswer(status, expected=False)
    return AuthorityAnswer(status, expected=isinstance(value, dict) and not _OF_A_SIGN_IN_SERVICE.isdisjoint(value))
