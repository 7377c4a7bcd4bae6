"""The exit codes that scripts rely on."""

from __future__ import annotations

from enum import IntEnum

from core.model import Outcome


class Exit(IntEnum):
    """What a command's exit code means."""

    NOTHING_WRONG = 0
    CAUSE_FOUND = 1
    INCONCLUSIVE = 2
    SIGN_IN_FAILED = 3
    USAGE = 64
    FAULT = 70


OF_OUTCOME = {
    Outcome.NO_CAUSE_FOUND: Exit.NOTHING_WRONG,
    Outcome.CAUSE_FOUND: Exit.CAUSE_FOUND,
    Outcome.INCONCLUSIVE: Exit.INCONCLUSIVE,
}
"""The exit code of a finished diagnosis."""
