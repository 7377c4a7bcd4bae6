"""The command line: the same core without a window, and the only place of the core that prints."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence

from core.azure.discovery import CloudBusy, CloudNotTrusted, CloudUnreachable, NotACloud, NotAnEndpoint
from core.azure.inventory import InventoryError
from core.azure.resolve import AmbiguousResource, UnknownResource
from core.azure.sign_in_errors import SignInError
from core.azure.trust import BadCertificateFile
from core.cancel import Cancelled
from core.cli import checks, classify, diagnose, practice
from core.cli.arguments import parser
from core.cli.errors import Usage
from core.cli.exit_codes import Exit
from core.cli.output import open_streams, tell
from core.practice.scenario import UnknownScenario
from core.scrub import scrub

_COMMANDS = {"diagnose": diagnose.run, "classify": classify.run, "practice": practice.run, "checks": checks.run}


USAGE = (Usage, UnknownScenario, UnknownResource, AmbiguousResource, NotAnEndpoint, NotACloud, BadCertificateFile)
"""What the user can mend by other words."""
NOT_SIGNED_IN = (SignInError, CloudUnreachable, CloudNotTrusted, CloudBusy)
"""What keeps the user from getting in at all."""


def main(words: Sequence[str]) -> int:
    """Carry out one command line and give its exit code; every failure becomes one sentence on standard error."""
    open_streams()
    logging.disable(logging.WARNING)
    try:
        options = parser().parse_args(words)
        return _COMMANDS[options.command](options)
    except SystemExit as end:
        return int(end.code or 0)
    except USAGE as problem:
        tell(scrub(str(problem)))
        return Exit.USAGE
    except InventoryError as problem:
        tell(scrub(str(problem)))
        return Exit.INCONCLUSIVE
    except NOT_SIGNED_IN as problem:
        tell(scrub(str(problem)))
        return Exit.SIGN_IN_FAILED
    except (Cancelled, KeyboardInterrupt):
        tell("Cancelled.")
        return Exit.INCONCLUSIVE
    except Exception:  # noqa: BLE001 - the last guard: a fault of the program gets its own exit code and a trace for us
        tell("Pull Doctor itself failed. This is not a finding about Azure.\n" + scrub(traceback.format_exc()))
        return Exit.FAULT
