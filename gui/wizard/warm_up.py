"""What is done after the first picture is on the screen, so that nothing has to wait later.

The Azure packages take seconds to import. A thread imports them one by one with a breath between, so that the window
gets its turn; pages are made in idle moments.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from core.cancel import CancelToken
from gui.bridge import Bridge, Tell

if TYPE_CHECKING:
    from gui.wizard.window import WizardWindow

MODULES = (
    "core.symptoms",
    "core.practice.scenario",
    "azure.core.pipeline.transport",
    "core.azure.clients",
    "core.session",
    "azure.mgmt.resource.subscriptions",
    "azure.mgmt.resourcegraph",
    "azure.mgmt.authorization",
    "azure.mgmt.containerregistry",
    "azure.mgmt.containerservice",
    "azure.mgmt.msi",
    "azure.mgmt.compute",
    "azure.identity",
    "core.report",
)
"""In the order in which a person comes to need them."""
BREATH = 0.02
PAGES = ("sign-in", "practice", "choose", "diagnose")


def warm_up(bridge: Bridge, window: WizardWindow) -> None:
    """Begin; ends by itself, or with the bridge."""

    def imports(token: CancelToken, tell: Tell) -> None:
        for module in MODULES:
            if token.wait(BREATH):
                return
            importlib.import_module(module)

    bridge.start("warm-up", imports, on_result=lambda nothing: None, on_failure=lambda sentence: None)
    make_pages(window, list(PAGES))


def make_pages(window: WizardWindow, names: list[str]) -> None:
    """Make the pages, one in each turn of the event loop."""
    if names:
        window.page(names[0])
        QTimer.singleShot(0, window, lambda: make_pages(window, names[1:]))
