"""The four ways in which reading one thing can end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar, get_args, get_origin

T_co = TypeVar("T_co", covariant=True)


class Trouble(StrEnum):
    """Why a fact is unavailable, in the words that the texts are keyed by."""

    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    SERVER = "server"
    BAD_ANSWER = "bad-answer"
    WRONG_TENANT = "wrong-tenant"
    OUTSIDE = "outside"
    WORKSTATION = "workstation"
    LOCKED = "locked"
    SIGN_IN = "sign-in"
    CANCELLED = "cancelled"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Known(Generic[T_co]):
    """The value that was read."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Denied:
    """Azure refused: the signed-in user lacks `action` on `scope`. `role` is a built-in role that grants it.

    `also` are further scopes where the same is refused, for a thing that is looked for in several places.
    """

    action: str
    scope: str
    role: str = "Reader"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Azure says that there is no such thing (404)."""

    resource: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The truth could not be had: throttled, unreachable, garbled, or the program itself failed.

    `detail` is one redacted line for people; with `OUTSIDE` it names what decides and is not Azure's to tell.
    `tenant_id` is set where Azure named the directory that the resource belongs to. `trace` is a redacted trace, set
    only for `Trouble.FAULT`.
    """

    trouble: Trouble
    detail: str = ""
    tenant_id: str | None = None
    trace: str | None = None


Fact = Known[T_co] | Denied | Missing | Unavailable
NotKnown = Denied | Missing | Unavailable


def together(outcomes: Iterable[NotKnown]) -> NotKnown | None:
    """Give one outcome for several places that could not be looked through: a refusal first, with all its scopes."""
    found = sorted(outcomes, key=lambda outcome: not isinstance(outcome, Denied))
    if not found or not isinstance(found[0], Denied):
        return found[0] if found else None
    first = found[0]
    alike = (one for one in found[1:] if isinstance(one, Denied))
    scopes = (one.scope for one in alike if (one.action, one.role) == (first.action, first.role))
    return replace(first, also=tuple(dict.fromkeys(scope for scope in scopes if scope != first.scope)))


def is_outcome(annotation: Any) -> bool:
    """Say whether a parameter's type is a `Fact[...]`, that is: known or one of the ways of not knowing."""
    return get_origin(annotation) is not None and {Denied, Missing, Unavailable} <= set(get_args(annotation))
