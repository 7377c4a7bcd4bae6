"""When a request is tried again, and how long the program waits before that."""

from __future__ import annotations

import json
import re
import time
from collections.abc import MutableMapping
from typing import Any

from azure.core.exceptions import (
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
    ResourceNotFoundError,
    map_error,
)
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import RetryPolicy

TRIES = 4
"""How often one request is sent at most."""
BUDGET = 20.0
"""Seconds that one request may take with all its retries and waits, counted until its last try begins."""

_WAIT_IN_TEXT = re.compile(
    r"(?:try again after|retried in|retry after)\s+'?(\d{1,6})'?\s*(seconds?|minutes?)", re.IGNORECASE
)
_STARTED = "pull_doctor_started"
ERRORS: MutableMapping[int, type[HttpResponseError]] = {401: ClientAuthenticationError, 404: ResourceNotFoundError}
"""The exceptions that stand for a status; every other one is an `HttpResponseError`."""


def wait_in_text(text: str) -> float | None:
    """The seconds that a throttled answer asks to wait in its message.

    ARM's `ResourceRequestsThrottled` and most `RetryableError` answers have no `Retry-After` header; the wait
    stands only in the sentence, in seconds or minutes. None where the text names no wait.
    """
    match = _WAIT_IN_TEXT.search(text)
    if match is None:
        return None
    return float(match[1]) * (60 if match[2].lower().startswith("minute") else 1)


class BoundedRetryPolicy(RetryPolicy[Any, Any]):
    """azure-core's retry policy with a total budget, and with waits read from the message where Azure puts them.

    A wait that does not fit into the budget is not begun: the throttled answer is handed on as it is, so that the
    run can say "throttled" instead of standing still.
    """

    def __init__(self) -> None:
        super().__init__(
            retry_total=TRIES - 1,
            retry_connect=2,
            retry_read=1,
            retry_status=TRIES - 1,
            retry_backoff_factor=0.5,
            retry_backoff_max=4,
            timeout=BUDGET,
        )

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send a request, and again where that may help.

        Raises HttpResponseError for an error answer that is no JSON: the generated clients would stumble over its
        body and lose the status. Raises DecodeError for a 200 without a body, which some of them would take for None.
        A good answer that is read as a stream is handed on unread.
        """
        request.context[_STARTED] = time.monotonic()
        response = super().send(request)
        answer = response.http_response
        if _is_streamed(answer):
            if answer.status_code < 400:
                return response
            answer.read()
        if answer.status_code >= 400 and request.http_request.method != "HEAD" and not _is_json(answer.text()):
            map_error(answer.status_code, answer, ERRORS)
            raise HttpResponseError(response=answer)
        if answer.status_code == 200 and request.http_request.method != "HEAD" and not _body(answer):
            raise DecodeError("The answer is empty.", response=answer)
        return response

    def configure_retries(self, options: dict[str, Any]) -> dict[str, Any]:
        """azure-core's settings, with POST among them: the transport lets only those through that read."""
        settings = super().configure_retries(options)
        return {**settings, "methods": frozenset({*settings["methods"], "POST"})}

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """Whether the answer is worth another try within the budget."""
        if not super().is_retry(settings, response):
            return False
        left: float = BUDGET - (time.monotonic() - response.context[_STARTED])
        return (self.get_retry_after(response) or 0.0) < left

    def get_retry_after(self, response: PipelineResponse[Any, Any]) -> float | None:
        """Seconds to wait: from the headers; for a throttled answer else from its message, else 1, 2, 4; or None."""
        after = super().get_retry_after(response)
        if after is not None or response.http_response.status_code != 429:
            return after
        named = wait_in_text(response.http_response.text())
        return named if named is not None else 2.0 ** response.context.get("retry_count", 0)


def _is_streamed(answer: Any) -> bool:
    """Whether the body of an answer is still on the wire; azure-core's older kind never is."""
    return hasattr(answer, "is_stream_consumed") and not answer.is_stream_consumed and not answer.is_closed


def _body(answer: Any) -> bytes:
    """The body of an answer of either azure-core kind."""
    body: bytes = answer.content if hasattr(answer, "content") else answer.body()
    return body


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
