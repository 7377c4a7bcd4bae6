"""Starting the window: application, theme, texts, log, exception hook, and the wizard itself."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from core.texts import load
from core.version import VERSION
from gui.bridge import Bridge
from gui.faults import Faults
from gui.log_file import log_folder, start_logging
from gui.settings import APPLICATION, ORGANISATION, Settings
from gui.theme import theme
from gui.window_words import Words
from gui.wizard.warm_up import warm_up
from gui.wizard.window import WizardWindow

SWITCH_SECONDS = 0.001
"""How long a worker thread may hold the interpreter while the window waits for it.

Python's own 5 ms add up while the Azure packages are imported, and the window would stutter.
"""

log = logging.getLogger(__name__)


class App:
    """Everything that lives as long as the window: made once, closed by closing the window."""

    def __init__(self, practice: str | None) -> None:
        theme()
        self.words = Words(load())
        self.faults = Faults(self.words, lambda: self.window)
        self.bridge = Bridge(self.faults.report)
        self.window = WizardWindow(self.words, self.bridge, Settings())
        self.window.shown_first.connect(lambda: warm_up(self.bridge, self.window))
        if practice is not None:
            self.window.guide.begin_in_practice(practice)


def main(words: Sequence[str]) -> int:
    """Show the wizard until it is closed, and give the exit code.

    `--practice NAME` starts in the practice world of a scenario.
    """
    parser = argparse.ArgumentParser(prog="pull-doctor", description="Opens the window.")
    parser.add_argument("--practice", metavar="NAME", help="start in the practice world of this scenario")
    options = parser.parse_args(list(words))
    sys.setswitchinterval(SWITCH_SECONDS)
    handler = start_logging(log_folder())
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError("there is an application without a window system")
    application.setOrganizationName(ORGANISATION)
    application.setApplicationName(APPLICATION)
    application.setApplicationVersion(VERSION)
    app = App(options.practice)
    app.faults.install()
    log.info("Pull Doctor %s starts", VERSION)
    app.window.show()
    try:
        return application.exec()
    finally:
        app.window.close()
        app.faults.uninstall()
        if handler is not None:
            logging.getLogger().removeHandler(handler)
            handler.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
