"""A pasted pull secret is taken by its name: its content is seen nowhere, and not kept either."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from wizard_worlds import PATIENCE, pod_text, signed_in

from core.practice.names import SCOPES
from gui.wizard.flow import Step
from gui.wizard.jobs import open_practice
from gui.wizard.symptom_page import SymptomPage
from gui.wizard.wizard import Wizard

PASSWORD = "kAnArY-pass-word-1"
AUTH = base64.b64encode(f"contosoreg:{PASSWORD}".encode()).decode()
CONTENT = json.dumps(
    {"auths": {"contosoreg.azurecr.io": {"username": "contosoreg", "password": PASSWORD, "auth": AUTH}}}
)
CODED = base64.b64encode(CONTENT.encode()).decode()
SECRET = f"""apiVersion: v1
data:
  .dockerconfigjson: {CODED}
kind: Secret
metadata:
  name: acr-cred
  namespace: default
type: kubernetes.io/dockerconfigjson
"""


@pytest.fixture
def page(wizard: Wizard) -> SymptomPage:
    return cast("SymptomPage", wizard.page("symptom"))


def mime(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


def shown(top: QWidget) -> str:
    """Everything that any widget of the window says, shown or not, spoken names and tips included."""
    said: list[str] = []
    for widget in (top, *top.findChildren(QWidget)):
        said += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton):
            said.append(widget.text())
        if isinstance(widget, QPlainTextEdit):
            said.append(widget.toPlainText())
    return "\n".join(said)


def leaks(text: str) -> list[str]:
    return [piece for piece in (PASSWORD, AUTH[12:28], CODED[60:80]) if piece in text]


def test_a_secret_is_taken_by_its_name_and_never_gets_into_the_box(page: SymptomPage, wizard: Wizard) -> None:
    assert not page.secret.isVisible()
    page.box.insertFromMimeData(mime(SECRET))
    assert page.box.toPlainText() == ""
    assert not page.box.document().isUndoAvailable()
    assert page.secret.isVisible()
    assert page.secret.name.text() == "Pull secret acr-cred in the namespace default"
    assert "not kept" in page.foot(wizard.guide.state).status
    given = wizard.guide.state.pull_secret
    assert given is not None
    assert leaks(repr(given) + repr(wizard.guide.state) + shown(wizard)) == []


def test_an_error_text_beside_it_stays(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    page.box.insertFromMimeData(mime(pod_text()))
    page.box.insertFromMimeData(mime(SECRET))
    assert page.box.toPlainText() == pod_text()
    assert wizard.guide.state.pull_secret is not None
    qtbot.waitUntil(lambda: not wizard.guide.state.classifying, timeout=PATIENCE)


def test_a_dropped_file_is_taken_too(page: SymptomPage, wizard: Wizard, tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text(SECRET, "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    page.box.insertFromMimeData(data)
    assert page.box.toPlainText() == ""
    assert wizard.guide.state.pull_secret is not None


@pytest.mark.parametrize("text", [f"oops\n{SECRET}\nName: api\n  kind of: [", f'{{".dockerconfigjson": "{CODED}"'])
def test_what_looks_like_one_and_cannot_be_read_is_not_shown(page: SymptomPage, wizard: Wizard, text: str) -> None:
    page.box.insertFromMimeData(mime(text))
    assert wizard.guide.state.pull_secret is None
    assert leaks(shown(wizard)) == []
    assert "cannot be read" in page.foot(wizard.guide.state).status


def test_a_text_that_only_speaks_of_secrets_is_a_text(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    text = 'Events:\n  kind: Secret "acr-cred" not found'
    page.box.insertFromMimeData(mime(text))
    assert page.box.toPlainText() == text
    assert wizard.guide.state.pull_secret is None
    qtbot.waitUntil(lambda: not wizard.guide.state.classifying, timeout=PATIENCE)


def test_it_can_be_forgotten_and_consent_goes_with_it(page: SymptomPage, wizard: Wizard) -> None:
    page.box.insertFromMimeData(mime(SECRET))
    page.secret.consent.click()
    assert wizard.guide.state.may_list_passwords
    page.box.insertFromMimeData(mime(SECRET.replace("acr-cred", "another")))
    assert page.secret.name.text().startswith("Pull secret another")
    assert not wizard.guide.state.may_list_passwords
    assert not page.secret.consent.isChecked()
    page.secret.drop_button.click()
    assert wizard.guide.state.pull_secret is None
    assert not page.secret.isVisible()
    assert page.box.hasFocus()


def test_the_keyboard_reaches_the_consent_and_the_way_to_forget(page: SymptomPage, wizard: Wizard) -> None:
    QGuiApplication.clipboard().setText(SECRET)
    QTest.keyClick(wizard.window().windowHandle(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    reached = set()
    for _ in range(30):
        reached.add(QApplication.focusWidget())
        QTest.keyClick(wizard.window().windowHandle(), Qt.Key.Key_Tab)
    assert {page.secret.consent, page.secret.drop_button} <= reached
    QGuiApplication.clipboard().clear()


def test_the_diagnosis_uses_it_and_shows_nothing_of_it(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    guide = wizard.guide
    page.box.insertFromMimeData(mime(SECRET))
    guide.type_text(pod_text("role-missing"))
    qtbot.waitUntil(lambda: guide.state.symptom is not None, timeout=PATIENCE)
    guide.go_on()
    guide.connecting.opened.emit(signed_in("role-missing"))
    qtbot.waitUntil(lambda: not guide.listing.running, timeout=PATIENCE)
    guide.pick_cluster(
        next(row.id for row in guide.listing.clusters if str(row.id).lower() == SCOPES["cluster"].lower())
    )
    guide.go_on()
    assert guide.state.step is Step.DIAGNOSE
    qtbot.waitUntil(lambda: guide.state.diagnosed is not None, timeout=PATIENCE)
    report = guide.running.report
    assert report is not None
    assert report.conclusion.causes == ("secret.exists", "identity.acrpull-role", "secret.admin-account")
    assert leaks(shown(wizard) + repr(report) + QGuiApplication.clipboard().text()) == []


def test_a_secret_stays_in_its_own_world(page: SymptomPage, wizard: Wizard) -> None:
    page.box.insertFromMimeData(mime(SECRET))
    wizard.guide.start_practice()
    assert wizard.guide.state.pull_secret is None


def test_a_scenario_brings_its_secret_along(wizard: Wizard, qtbot: QtBot) -> None:
    wizard.guide.start_practice()
    wizard.guide.connecting.opened.emit(open_practice("secret-admin-current"))
    qtbot.waitUntil(lambda: not wizard.guide.listing.running, timeout=PATIENCE)
    state = wizard.guide.state
    assert state.pull_secret is not None
    assert state.may_list_passwords
    wizard.guide.leave_practice()
    assert wizard.guide.state.pull_secret is None
