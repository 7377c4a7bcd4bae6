"""Where the SDK's clients stumble over an answer instead of saying that it is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from azure.core.exceptions import DeserializationError

from core.azure.errors import AZURE_ERRORS, UNREADABLE

_CLIENTS = ("azure.", "core.azure.graph")


@contextmanager
def stumbles_are_bad_answers() -> Iterator[None]:
    """Raise DeserializationError where a client trips over an answer.

    The clients look into an answer before they look at it: a null where a list should be trips them up, and so does
    a link that is no URL. The same exceptions out of the program's own code are faults and stay what they are.
    """
    try:
        yield
    except AZURE_ERRORS:
        raise
    except (AttributeError, TypeError, ValueError) as error:
        if not _raised_by_a_client(error.__traceback__):
            raise
        raise DeserializationError(UNREADABLE) from error


def _raised_by_a_client(trace: TracebackType | None) -> bool:
    """Whether a client was the last to have a say, itself or through a library that it called."""
    client = False
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith(("core.", *_CLIENTS)):
            client = module.startswith(_CLIENTS)
        trace = trace.tb_next
    return client
