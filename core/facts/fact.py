"""The four ways in which reading one thing can end."""

from __future__ import annotations

from dataclasses import dataclass
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
    """Azure refused: the signed-in user lacks `action` on `scope`. `role` is a built-in role that grants it."""

    action: str
    scope: str
    role: str = "Reader"


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


def is_outcome(annotation: Any) -> bool:
    """Say whether a parameter's type is a `Fact[...]`, that is: known or one of the ways of not knowing."""
    return get_origin(annotation) is not None and {Denied, Missing, Unavailable} <= set(get_args(annotation))
