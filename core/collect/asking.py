"""Asking Azure one thing: what its client raises becomes one of the ways of not knowing."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from azure.core.exceptions import HttpResponseError

from core.azure.errors import AZURE_ERRORS, UNREADABLE, fact_of_error
from core.cancel import Cancelled
from core.facts.fact import Fact, Known, NotKnown, Trouble, Unavailable

T = TypeVar("T")

DIRECTORY = "Microsoft Entra ID"
"""The scope of what Microsoft Graph refuses: the whole directory."""

_CLIENTS = ("azure.", "core.azure.graph")


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
        return call()
    except Cancelled:
        raise
    except AZURE_ERRORS as error:
        status = error.status_code if isinstance(error, HttpResponseError) else None
        outcome = fact_of_error(error, action=action, scope=scope, resource=resource or scope)
        raise NotRead(outcome, status) from error
    except (AttributeError, TypeError) as error:
        # The clients look into an answer before they look at it: a null where a list should be trips them up.
        if not _raised_by_a_client(error.__traceback__):
            raise
        raise NotRead(Unavailable(Trouble.BAD_ANSWER, UNREADABLE)) from error


def outcome_of(read: Callable[[], T]) -> Fact[T]:
    """What `read` gives, or in which way it could not be read. Raises Cancelled."""
    try:
        return Known(read())
    except NotRead as refused:
        return refused.outcome


def _raised_by_a_client(trace: TracebackType | None) -> bool:
    module = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    return module.startswith(_CLIENTS)
