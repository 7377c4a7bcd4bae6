"""The command line: the same core without a window, and the only place of the core that prints."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Sequence

from core.cancel import Cancelled
from core.cli import checks, classify, diagnose, practice
from core.cli.arguments import parser
from core.cli.errors import Usage
from core.cli.exit_codes import Exit
from core.cli.output import tell
from core.errors import SignInFailed, UserError
from core.scrub import scrub

_COMMANDS = {"diagnose": diagnose.run, "classify": classify.run, "practice": practice.run, "checks": checks.run}


def main(words: Sequence[str]) -> int:
    """Carry out one command line and give its exit code; every failure becomes one sentence on standard error."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    logging.disable(logging.WARNING)
    try:
        options = parser().parse_args(words)
        return _COMMANDS[options.command](options)
    except SystemExit as end:
        return int(end.code or 0)
    except (Usage, UserError) as problem:
        tell(scrub(str(problem)))
        return Exit.USAGE
    except SignInFailed as problem:
        tell(scrub(str(problem)))
        return Exit.SIGN_IN_FAILED
    except (Cancelled, KeyboardInterrupt):
        tell("Cancelled.")
        return Exit.INCONCLUSIVE
    except BrokenPipeError:
        return Exit.FAULT
    except Exception:  # noqa: BLE001 - the last guard: a fault of the program gets its own exit code and a trace for us
        tell("Pull Doctor itself failed. This is not a finding about Azure.\n" + scrub(traceback.format_exc()))
        return Exit.FAULT
