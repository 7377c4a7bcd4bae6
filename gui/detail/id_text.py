"""A resource id on one line: its middle is left out where it does not fit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QTextOption
from PySide6.QtWidgets import QWidget

from gui.detail.whole_text import WholeText
from gui.theme import Text, font
from gui.viewmodel.evidence import short_guids


class IdText(WholeText):
    """An id in the quiet colour. Copied and in the tool tip it is whole."""

    def __init__(self, identity: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(identity, identity, tone="secondary", name=name, parent=parent)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)

    def fitted(self) -> str:
        """Leave out as much as the width asks for."""
        metrics, room = QFontMetricsF(font(Text.SMALL)), self.viewport().width()
        shown = shortened(self.whole, lambda text: metrics.horizontalAdvance(text) <= room)
        return metrics.elidedText(shown, Qt.TextElideMode.ElideMiddle, room)


def shortened(identity: str, fits: Callable[[str], bool]) -> str:
    """Leave out what says least until it fits: segments in the middle, all before the type and the name, the type.

    A GUID at the end is shown by its ends before the type is left out.
    """
    segments = identity.split("/")
    for kept in range(len(segments), 2, -1):
        shown = identity if kept == len(segments) else "/".join([*segments[: kept - 2], "…", *segments[-2:]])
        if fits(shown):
            return shown
    leaf = [short_guids(segment) for segment in segments[-2:]]
    shown = "/".join(["…", *leaf])
    return shown if fits(shown) else "/".join(["…", leaf[-1]])
