"""Importing packages while several threads run: one at a time.

Two threads that import parts of the same package at the same time can each wait for the other. Python breaks such a
deadlock by handing one of them a package that is only half there, and its import fails.
https://docs.python.org/3/reference/import.html
"""

from __future__ import annotations

import importlib
import threading

_ONE_AT_A_TIME = threading.RLock()


def import_now(*modules: str) -> None:
    """Import modules that are not there yet; waits while another thread imports.

    Raises ImportError.
    """
    for module in modules:
        with _ONE_AT_A_TIME:
            importlib.import_module(module)
