"""A line of text that ends in an ellipsis where it does not fit, and shows itself whole in its tool tip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.tool_tip import set_tool_tip


class ElidedLabel(PlainLabel):
    """A label on one line that may become as narrow as it must."""

    def __init__(self, text: str = "", kind: Text = Text.BODY, *, tone: str = "") -> None:
        super().__init__(text, kind, tone=tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show a text; its line breaks become blanks."""
        super().setText(" ".join(text.split()))
        self._tip()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Need no width of its own."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Offer the tool tip only where something is hidden."""
        super().resizeEvent(event)
        self._tip()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw as much as fits."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.style().drawItemText(
            painter, self.rect(), int(self.alignment().value), self.palette(), True, shown, self.foregroundRole()
        )

    def _tip(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.width()
        set_tool_tip(self, "" if fits else self.text())
