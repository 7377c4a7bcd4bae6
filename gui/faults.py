"""Faults of the program itself: written to the log, shown as what they are, never passed over in silence.

They look different from findings: a dialog of their own, no colour of a status, and details to copy with
everything secret taken out.
"""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.scrub import scrub
from core.version import VERSION
from gui.icons import StateIcon
from gui.plain_label import PlainLabel
from gui.theme import Text, font
from gui.viewmodel.state import State
from gui.window_words import Words
from gui.wizard.buttons import make_button, set_words

COPIED_MS = 1_500
LIMIT = 20_000
"""Characters of details that are shown; the end of a trace says most."""

log = logging.getLogger(__name__)


def details_of(error: BaseException) -> str:
    """Write down a failure for whoever looks into it, without secrets."""
    trace = "".join(traceback.format_exception(error))
    about = f"Pull Doctor {VERSION}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    return f"{about}\n\n{scrub(trace)[-LIMIT:]}"


class FaultDialog(QDialog):
    """Says that the program failed, with the details to copy."""

    def __init__(self, words: Words, details: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(words("fault", "title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 380)
        self._words = words
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setFont(font(Text.CODE))
        self.details.setAccessibleName(words("fault", "details"))
        self.details.setTabChangesFocus(True)
        self.copy = make_button(words("fault", "copy"))
        self.close_button = make_button(words("fault", "close"))
        self.close_button.setProperty("kind", "primary")
        self.close_button.setDefault(True)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(StateIcon(State.FAULT, 28), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.addWidget(PlainLabel(words("fault", "title"), Text.TITLE))
        texts.addWidget(PlainLabel(words("fault", "text"), wrap=True))
        top.addLayout(texts, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addLayout(top)
        column.addWidget(self.details, 1)
        column.addLayout(buttons)
        self._reset = QTimer(self)
        self._reset.setSingleShot(True)
        self._reset.timeout.connect(lambda: set_words(self.copy, words("fault", "copy")))
        self.copy.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.close)
        self.close_button.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        set_words(self.copy, self._words("fault", "copied"))
        self._reset.start(COPIED_MS)


class Faults(QObject):
    """The one place that faults come to, from any thread; one dialog at a time."""

    _raised = Signal(object)

    def __init__(self, words: Words, window: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._window = window
        self._before = (sys.excepthook, threading.excepthook)
        self.dialog: FaultDialog | None = None
        self._raised.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Hear of every exception that nobody caught, in this thread and in all others."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def uninstall(self) -> None:
        """Leave exceptions again to whoever heard of them before."""
        sys.excepthook, threading.excepthook = self._before

    def report(self, error: BaseException) -> str:
        """Log and show a fault; gives the sentence that stands where a result was expected."""
        log.error("Pull Doctor itself failed", exc_info=error)
        self._raised.emit(error)
        return self._words("fault", "sentence")

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.report(error)

    def _on_thread_exception(self, raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None:
            self.report(raised.exc_value)

    def _show(self, error: BaseException) -> None:
        if self.dialog is not None:
            return
        self.dialog = FaultDialog(self._words, details_of(error), self._window)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _forget(self) -> None:
        self.dialog = None
