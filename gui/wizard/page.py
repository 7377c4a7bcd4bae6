"""What a page is to the frame around it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.wizard.flow import WizardState

MARGIN = 14
"""px around what a page shows."""


@dataclass(frozen=True, slots=True)
class Foot:
    """What the footer shows for a page: words of buttons with their mnemonics, an empty one hides its button.

    `stop` stands in the place of all other buttons while something is under way that can be cancelled.
    """

    status: str = ""
    primary: str = ""
    primary_enabled: bool = True
    extra: str = ""
    back: bool = True
    stop: str = ""


class Page(QWidget):
    """One page. It shows what the state and its helpers say, and tells what the person did by its signals."""

    changed = Signal()
    """The footer has something else to show."""
    advance = Signal()
    """Enter was pressed where that means: do what the primary button does."""
    went_on = Signal()
    """The person wants the next step."""

    def show_state(self, state: WizardState) -> None:
        """Show the state; called for every change while the page is in front."""
        raise NotImplementedError

    def foot(self, state: WizardState) -> Foot:
        """Give what the footer shows."""
        raise NotImplementedError

    def press_primary(self, state: WizardState) -> None:
        """Do what the primary button says; where nothing else is said, that is the next step."""
        self.went_on.emit()

    def press_extra(self) -> None:
        """Do what the button beside it says."""

    def take_focus(self) -> None:
        """Put the keyboard where the page begins."""
        raise NotImplementedError
