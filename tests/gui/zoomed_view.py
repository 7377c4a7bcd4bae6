"""Started by a test with a scale factor: shows a finished run and prints how many texts are cut off."""

from example_run import TREE, events, role_missing, texts
from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from test_diagnosis_view import cut_off

from gui.diagnosis_view import DiagnosisView
from gui.viewmodel.banner import Subject

SETTLED_MS = 150


def main() -> None:
    app = QApplication([])
    view = DiagnosisView(texts(), TREE)
    view.resize(QSize(1084, 684))
    view.show()
    view.begin(Subject("aks-app", "contosoreg"), "401, no usable credentials", "", practice=True)
    for event in events(role_missing()):
        view.handle(event)
    QTest.qWait(SETTLED_MS)
    problems = cut_off(view)
    print("ratio", app.devicePixelRatio(), "cut", len(problems), *problems)  # noqa: T201 - what the test reads


main()
