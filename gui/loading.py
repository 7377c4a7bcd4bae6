"""What a thread loads while the window is already there, in the order in which a person comes to need it.

The Azure packages take seconds to import. Between two packages the thread takes a breath, so that the window gets its
turn.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from core.cancel import CancelToken
from core.imports import import_now
from gui.bridge import Tell

if TYPE_CHECKING:
    from core.cancel import CancelToken
    from core.texts import Texts
    from gui.bridge import Tell

FIRST = ("gui.faults", "gui.log_file", "gui.wizard.wizard", "gui.wizard.symptom_page")
"""What the first page needs."""
LATER = (
    "gui.wizard.sign_in_page",
    "gui.wizard.practice_page",
    "gui.wizard.choose_page",
    "core.symptoms",
    "gui.wizard.diagnose_page",
    "core.practice.scenario",
    "azure.core.pipeline.transport",
    "core.azure.clients",
    "core.session",
    "azure.mgmt.resource.subscriptions",
    "azure.mgmt.resourcegraph",
    "azure.mgmt.authorization.v2022_04_01",
    "azure.mgmt.containerregistry",
    "azure.mgmt.containerservice",
    "azure.mgmt.msi.v2024_11_30",
    "azure.mgmt.compute",
    "azure.mgmt.privatedns",
    "azure.mgmt.network",
    "azure.identity",
    "core.report",
)
"""What later pages and the work behind them need."""
BREATH = 0.04


def load_first(token: CancelToken, tell: Tell) -> Texts:
    """Import what the first page needs, and read the texts."""
    from core.texts import load

    for module in FIRST:
        token.raise_if_cancelled()
        import_now(module)
    return load()


def load_later(token: CancelToken, tell: Tell) -> None:
    """Import everything else; tells the name of each module when it is there.

    What packages make while they are imported stays for good, and there is so much of it that looking through it for
    garbage stops the window for a tenth of a second. So that is left for later, and what is there then is set aside.
    """
    gc.disable()
    try:
        for module in LATER:
            if token.wait(BREATH):
                return
            import_now(module)
            tell(module)
    finally:
        gc.freeze()
        gc.enable()
