"""Asking Azure one thing: what its client raises becomes one of the ways of not knowing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from azure.core.exceptions import HttpResponseError

from core.azure.errors import AZURE_ERRORS, fact_of_error
from core.azure.stumbles import stumbles_are_bad_answers
from core.cancel import Cancelled
from core.facts.fact import Fact, Known, NotKnown, Unavailable

T = TypeVar("T")

DIRECTORY = "Microsoft Entra ID"
"""The scope of what Microsoft Graph refuses: the whole directory."""

_NOT_OFFERED = re.compile(
    r"Azure answered \d+ (NoRegisteredProviderFound|MissingSubscriptionRegistration|InvalidResourceType|"
    r"ResourceTypeNotSupported|FeatureNotSupportedInRegion)\b",
    re.IGNORECASE,
)


class NotRead(Exception):
    """One thing could not be read: `outcome` says in which way, `status` is the HTTP status where there was one."""

    def __init__(self, outcome: NotKnown, status: int | None = None) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome
        self.status = status


def ask(action: str, scope: str, call: Callable[[], T], resource: str | None = None) -> T:
    """Call Azure and take its answer apart.

    `action` is the permission that the call takes and `scope` where; `resource` is what it asks for, `scope` unless
    given. Raises NotRead for whatever Azure answers or fails to answer, and Cancelled.
    """
    try:
        with stumbles_are_bad_answers():
            return call()
    except Cancelled:
        raise
    except AZURE_ERRORS as error:
        status = error.status_code if isinstance(error, HttpResponseError) else None
        outcome = fact_of_error(error, action=action, scope=scope, resource=resource or scope)
        raise NotRead(outcome, status) from error


def outcome_of(read: Callable[[], T]) -> Fact[T]:
    """What `read` gives, or in which way it could not be read. Raises Cancelled."""
    try:
        return Known(read())
    except NotRead as refused:
        return refused.outcome


def not_offered(outcome: NotKnown) -> bool:
    """Say whether Azure answered that a subscription or region has no things of a kind at all."""
    return isinstance(outcome, Unavailable) and _NOT_OFFERED.match(outcome.detail) is not None
