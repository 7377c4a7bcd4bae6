"""Starting the program: first the window, then what is in it."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from core.version import VERSION
from gui.frame import Frame
from gui.loading import load_first, load_later
from gui.settings import APPLICATION, ORGANISATION, Settings

if TYPE_CHECKING:
    from core.texts import Texts
    from gui.bridge import Bridge
    from gui.faults import Faults
    from gui.wizard.wizard import Wizard

SWITCH_SECONDS = 0.001
"""How long a worker thread may keep the interpreter while the window waits for it.

Python's own 5 ms add up while packages are imported, and the window would stutter.
"""
WRONG_USAGE = 64
FAULT_AT_START = 70
"""Exit codes, the same as the command line's."""

PAGES = {
    "gui.wizard.sign_in_page": "sign-in",
    "gui.wizard.practice_page": "practice",
    "gui.wizard.choose_page": "choose",
    "gui.wizard.diagnose_page": "diagnose",
}
"""The pages that are made as soon as their module is there, so that going on never waits."""

log = logging.getLogger(__name__)


class App(QObject):
    """Everything that lives as long as the window. `ready` comes when the first page can be used."""

    ready = Signal()

    def __init__(self, settings: Settings, practice: str | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._practice = practice
        self.wizard: Wizard | None = None
        self.faults: Faults | None = None
        self._log: logging.Handler | None = None
        self.frame = Frame(settings)
        self.frame.painted.connect(self._load)
        self.frame.closing.connect(self.close)

    @cached_property
    def bridge(self) -> Bridge:
        """The seam to the threads, made once the window is on the screen."""
        from gui.bridge import Bridge

        return Bridge(self._fault, self)

    def close(self) -> None:
        """End everything that goes on."""
        if self.wizard is not None:
            self.wizard.close_down()
        self.bridge.close()
        if self.faults is not None:
            self.faults.uninstall()
        if self._log is not None:
            from gui.log_file import stop_logging

            stop_logging(self._log)
            self._log = None

    def _load(self) -> None:
        self.bridge.start("load", load_first, on_result=self._fill, on_failure=lambda sentence: None)

    def _fill(self, texts: Texts) -> None:
        from gui.faults import Faults
        from gui.log_file import log_folder, start_logging
        from gui.theme import theme
        from gui.window_words import Words
        from gui.wizard.wizard import Wizard

        self._log = start_logging(log_folder())
        log.info("Pull Doctor %s starts", VERSION)
        words = Words(texts)
        self.faults = Faults(words, self.frame, self)
        self.faults.install()
        theme()
        self.wizard = Wizard(words, self.bridge, self._settings)
        self.wizard.named.connect(self.frame.setWindowTitle)
        if self._practice is not None:
            self.wizard.guide.begin_in_practice(self._practice)
        self.frame.setCentralWidget(self.wizard)
        self.wizard.begin()
        self.bridge.start(
            "load",
            load_later,
            on_result=lambda nothing: None,
            on_failure=lambda sentence: None,
            on_news=self._prepare,
        )
        self.ready.emit()

    def _prepare(self, module: str) -> None:
        if self.wizard is not None and module in PAGES:
            self.wizard.page(PAGES[module])

    def _fault(self, error: BaseException) -> str:
        """Show a fault; one that comes before there is anything to show it in ends the program with its trace."""
        if self.faults is not None:
            return self.faults.report(error)
        sys.excepthook(type(error), error, error.__traceback__)
        QApplication.exit(FAULT_AT_START)
        return ""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USAGE, f"{self.format_usage()}{self.prog}: {message}\n")


def main(words: Sequence[str]) -> int:
    """Show the wizard until it is closed, and give the exit code.

    `--practice NAME` starts in the practice world of a scenario.
    """
    parser = _Parser(prog="pull-doctor", description="Opens the window.")
    parser.add_argument("--practice", metavar="NAME", help="start in the practice world of this scenario")
    options = parser.parse_args(list(words))
    sys.setswitchinterval(SWITCH_SECONDS)
    application = QApplication(sys.argv[:1])
    application.setOrganizationName(ORGANISATION)
    application.setApplicationName(APPLICATION)
    application.setApplicationVersion(VERSION)
    app = App(Settings(), options.practice)
    app.frame.show()
    # Started from a terminal, or without a window manager, a window is not active by itself and hears no shortcuts.
    app.frame.activateWindow()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
