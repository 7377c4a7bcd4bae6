"""Words on buttons: the letter after an ampersand is reached with Alt, and the tool tip says so."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton


def set_words(button: QPushButton, words: str) -> None:
    """Write words without their ampersand on a button, and give it the shortcut that the ampersand marks.

    On macOS, which has no such shortcuts, it is only the words.
    """
    plain = words.replace("&", "")
    if button.text() == plain:
        return
    button.setText(plain)
    keys = QKeySequence.mnemonic(words)
    button.setShortcut(keys)
    button.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))


def make_button(words: str) -> QPushButton:
    """Make a button with words and their shortcut."""
    button = QPushButton()
    set_words(button, words)
    return button
