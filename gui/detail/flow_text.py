"""Plain text that wraps wherever it must, is as high as its lines, and can be selected.

A label breaks lines at blanks only, and would cut a long id.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from gui.theme import Text, font


class FlowText(QTextEdit):
    """A read-only text. `tone` is a tone of the stylesheet ("", "secondary")."""

    def __init__(
        self, text: str, kind: Text = Text.SMALL, *, tone: str = "", name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("surface", "text")
        self.setProperty("tone", tone)
        self.setFont(font(kind))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self._name = name
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.setAccessibleName(self._name or text)
        self.setPlainText(text)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Take the height that the text needs in the new width.

        Not in `resizeEvent`: that one comes for the viewport, while the scroll area ignores every further change of
        its own size, and the viewport would keep its old height.
        """
        done = super().event(event)
        if event.type() is QEvent.Type.Resize:
            self.fit()
        return done

    def fit(self) -> None:
        """Be as high as the text is in the present width."""
        self.document().setTextWidth(self.viewport().width())
        margins = self.contentsMargins()
        height = ceil(self.document().size().height()) + margins.top() + margins.bottom()
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for no width of its own and for the height of the text."""
        return QSize(0, ceil(self.document().size().height()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be as small as the text allows."""
        return self.sizeHint()
