"""Started by a test with a scale factor: shows real runs and prints how many texts are cut off.

Each is shown in a page so low that the detail has a scroll bar, and in one so high that it has none.
"""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QScrollArea
from test_diagnosis_view import cut_off

from core.cancel import CancelToken
from core.session import practice_session, scenario_choice
from core.texts import load
from gui.diagnosis_view import DiagnosisView
from gui.viewmodel.banner import Subject

SCENARIOS = (
    "role-on-control-plane-identity",
    "invalid-image-name",
    "deny-assignment",
    "role-missing-operator-contributor",
)
LAYOUT_PASSES = 5
LOW, HIGH = QSize(1084, 540), QSize(1084, 1600)


def settle(app: QApplication, view: DiagnosisView) -> None:
    """Handle events until everything is shown and laid out."""
    while any(timer.isActive() for timer in (view._soon, view._detail_soon, view.detail._rest)):
        app.processEvents()
    for _ in range(LAYOUT_PASSES):
        app.processEvents()


def main() -> None:
    app = QApplication([])
    view = DiagnosisView(load("en"))
    view.resize(LOW)
    view.show()
    cut: list[str] = []
    bars: list[bool] = []
    for name in SCENARIOS:
        session, scenario = practice_session(name)
        view.begin(Subject("aks-app", "contosoreg"), "401", "https://portal.azure.com", practice=True)
        session.diagnose(scenario_choice(scenario), view.handle, CancelToken())
        session.close()
        for size in (LOW, HIGH, LOW):
            view.resize(size)
            settle(app, view)
            bars.append(view.detail.findChildren(QScrollArea)[0].verticalScrollBar().isVisible())
            cut += [f"{name} {size.height()}: {text}" for text in cut_off(view)]
    both = bars == [True, False, True] * len(SCENARIOS)
    print("ratio", app.devicePixelRatio(), "bars", both, "cut", len(cut), *cut)  # noqa: T201 - what the test reads


main()
