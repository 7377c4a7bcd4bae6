"""The verdicts that the engine gives by itself, where a check need not or cannot be asked.

Their reasons are shared by all checks; the sentences stand in the table `words`, under `reasons`.
"""

from __future__ import annotations

from core.facts.fact import Trouble
from core.model import Evidence, Status, Verdict

CANCELLED = "cancelled"
"""The reason of a check that had no answer yet when the person cancelled."""


def fault(detail: str) -> Verdict:
    """Say that the program itself failed on this check."""
    return Verdict(
        Status.UNKNOWN,
        f"unavailable-{Trouble.FAULT.value}",
        values={"detail": detail},
        evidence=(Evidence("detail", detail),),
    )


def gated(by: str) -> Verdict:
    """Say that another check's failure made asking pointless."""
    return Verdict(Status.NOT_RUN, "gated", values={"by": by})


def not_on_path(by: str) -> Verdict:
    """Say that the tree took another branch at `by`, so that this question does not arise."""
    return Verdict(Status.NOT_APPLICABLE, "not-on-path", values={"by": by})


def cancelled() -> Verdict:
    """Say that the person cancelled before this check had its answer."""
    return Verdict(Status.NOT_RUN, CANCELLED)


def not_asked() -> Verdict:
    """Say that the pasted text is about something else than a pull, so that nothing was checked."""
    return Verdict(Status.NOT_RUN, "not-a-pull-failure")
