"""Faults in the calls themselves: what goes wrong between a right question and a right answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from core.practice.http import ConnectionReset, ReadTimeout, Request, Response, arm_error, json_response

HTML_PAGE = (
    b"<!DOCTYPE html><html><head><title>AzureResourceManager</title></head><body><div id='content'>"
    b"<h2>Our services aren't available right now</h2></div></body></html>"
)


class Trouble(StrEnum):
    """What happens to a call that a fault hits."""

    DENY = "deny"
    THROTTLE = "throttle"
    SERVER_ERROR = "server-error"
    NOT_FOUND = "not-found"
    HTML_PAGE = "html-page"
    EMPTY_BODY = "empty-body"
    TRUNCATED_BODY = "truncated-body"
    RESET = "reset"
    TIMEOUT = "timeout"
    DELAY = "delay"


@dataclass(frozen=True, slots=True)
class CallFault:
    """One fault: which calls it hits and what it does to them.

    `url` is a glob that is matched against the whole URL without regard to case, `method` a method or `*`.
    `times` is how many calls it hits before it is used up (None: every one). `retry_after` is the number of
    seconds that a throttled answer names in its header, None for the answers that name none. `seconds` is how long
    a delayed answer takes.
    """

    trouble: Trouble
    url: str
    method: str = "*"
    times: int | None = None
    retry_after: int | None = None
    seconds: float = 0.0

    def hits(self, request: Request) -> bool:
        """Whether the fault is about this request."""
        return self.method in ("*", request.method) and fnmatchcase(request.url.lower(), self.url.lower())


@dataclass(frozen=True, slots=True)
class Target:
    """What the caller of a faulty call was about, for the sentence of a refusal."""

    name: str
    object_id: str
    action: str
    scope: str


def authorization_failed(target: Target) -> Response:
    """The refusal of the resource manager, in its own words."""
    return arm_error(
        403,
        "AuthorizationFailed",
        f"The client '{target.name}' with object id '{target.object_id}' does not have authorization to perform "
        f"action '{target.action}' over scope '{target.scope}' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials.",
    )


def faulty_answer(fault: CallFault, refusal: Response, honest: Response) -> Response:
    """The answer that a fault makes of an honest one; raises NoResponse where there is none at all.

    `refusal` is what the service that was asked says to a caller who may not ask.
    """
    match fault.trouble:
        case Trouble.DENY:
            return refusal
        case Trouble.THROTTLE:
            wait: Mapping[str, str] = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
            return arm_error(429, "TooManyRequests", "Too many requests. Please try again after sometime.", wait)
        case Trouble.SERVER_ERROR:
            return arm_error(500, "InternalServerError", "Encountered internal server error.")
        case Trouble.NOT_FOUND:
            return json_response({"code": "404"}, 404)
        case Trouble.HTML_PAGE:
            return Response(503, {"content-type": "text/html"}, HTML_PAGE)
        case Trouble.EMPTY_BODY:
            return Response(honest.status, {"content-type": "application/json"}, b"")
        case Trouble.TRUNCATED_BODY:
            half = honest.body[: len(honest.body) // 2]
            return Response(honest.status, {**honest.headers, "content-length": str(len(honest.body))}, half)
        case Trouble.RESET:
            raise ConnectionReset("the connection was reset")
        case Trouble.TIMEOUT:
            raise ReadTimeout("the answer did not come in time")
        case Trouble.DELAY:
            return honest
