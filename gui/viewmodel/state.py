"""The states a check can be shown in: the engine's outcomes, and what a window knows besides."""

from __future__ import annotations

from enum import StrEnum

from core.model import CheckResult, Status


class State(StrEnum):
    """How a card looks. The value is the key of its word in the texts (`window_chart`, table `states`)."""

    WAITING = "waiting"
    RUNNING = "running"
    PASS = "pass"
    WARNING = "warning"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    NOT_RUN = "not-run"
    FAULT = "fault"

    @property
    def is_quiet(self) -> bool:
        """Say whether there is nothing to look at here: the card is dimmed."""
        return self in {State.WAITING, State.NOT_APPLICABLE, State.NOT_RUN}


def state_of(result: CheckResult) -> State:
    """Give the state of a finished check. A fault of the program is never shown as a finding."""
    return State.FAULT if result.fault is not None else OF_STATUS[result.verdict.status]


OF_STATUS = {status: State(status.value) for status in Status}
