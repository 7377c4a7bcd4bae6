from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QAccessible, QTextOption
from pytestqt.qtbot import QtBot
from wizard_worlds import PATIENCE, pod_text

from core.texts import load
from core.tree import TREE
from gui.window_words import Words
from gui.wizard.flow import MAX_TEXT, Step
from gui.wizard.paste_box import LONG_WORD
from gui.wizard.symptom_card import looks_first
from gui.wizard.symptom_page import SymptomPage
from gui.wizard.wizard import Wizard


@pytest.fixture
def page(wizard: Wizard) -> SymptomPage:
    return cast("SymptomPage", wizard.page("symptom"))


def mime(text: str = "", html: str = "", file: Path | None = None) -> QMimeData:
    data = QMimeData()
    if text:
        data.setText(text)
    if html:
        data.setHtml(html)
    if file is not None:
        data.setUrls([QUrl.fromLocalFile(str(file))])
    return data


def understood(wizard: Wizard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not wizard.guide.state.classifying, timeout=PATIENCE)


def test_the_card_says_what_the_text_says(
    page: SymptomPage, wizard: Wizard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    assert not page.card.isVisible()
    page.box.insertFromMimeData(mime(pod_text()))
    understood(wizard, qtbot)
    assert page.card.isVisible()
    assert page.card.title.text() == "401: no usable credentials reached the registry"
    assert page.card.accessibleName().startswith("What the text says: 401")
    assert said == [page.card.accessibleName()]
    assert not page.none_button.isVisible()


def test_clearing_can_be_undone(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    page.box.insertFromMimeData(mime(pod_text()))
    understood(wizard, qtbot)
    page.clear_button.click()
    assert wizard.guide.state.text == ""
    assert not page.card.isVisible()
    page.box.undo()
    assert wizard.guide.state.text == pod_text()
    understood(wizard, qtbot)


def test_markup_stays_text(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    page.box.insertFromMimeData(mime("plain", html="<b>plain</b>"))
    assert page.box.toPlainText() == "plain"
    page.box.insertFromMimeData(mime("<img src='file:///etc/passwd'>"))
    assert "<img" in page.box.toPlainText()
    understood(wizard, qtbot)


def test_a_huge_paste_is_cut_and_says_so(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    page.box.insertFromMimeData(mime((99 * "x" + "\n") * (MAX_TEXT // 100 + 1)))
    assert len(page.box.toPlainText()) == MAX_TEXT
    assert wizard.footer.status.text().startswith("Only the first 1,000,000 characters")
    page.box.insertFromMimeData(mime("y"))
    assert len(page.box.toPlainText()) == MAX_TEXT
    understood(wizard, qtbot)


def test_a_word_that_takes_seconds_to_wrap_is_not_wrapped(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    wrapped = page.box.wordWrapMode()
    page.box.insertFromMimeData(mime("x" * (LONG_WORD + 1)))
    assert page.box.wordWrapMode() is QTextOption.WrapMode.NoWrap
    page.box.insertFromMimeData(mime(" and more"))
    assert page.box.wordWrapMode() is QTextOption.WrapMode.NoWrap
    page.box.selectAll()
    page.box.insertFromMimeData(mime("short"))
    assert page.box.wordWrapMode() is wrapped
    page.box.undo()
    assert len(page.box.toPlainText()) < LONG_WORD
    understood(wizard, qtbot)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_dropped_file_is_read(
    page: SymptomPage, wizard: Wizard, qtbot: QtBot, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "pod.txt"
    file.write_text("Fehler: 401 über alles", encoding)
    page.box.insertFromMimeData(mime(file=file))
    assert page.box.toPlainText() == "Fehler: 401 über alles"
    understood(wizard, qtbot)


def test_a_file_that_is_none_is_refused_with_a_sentence(page: SymptomPage, wizard: Wizard, tmp_path: Path) -> None:
    page.box.insertFromMimeData(mime(file=tmp_path))
    assert wizard.footer.status.text().startswith("This file could not be read: ")
    empty = tmp_path / "empty.txt"
    empty.touch()
    page.box.insertFromMimeData(mime(file=empty))
    assert wizard.footer.status.text() == "This file holds no text."
    assert page.box.toPlainText() == ""


def test_without_a_text_one_goes_on(page: SymptomPage, wizard: Wizard) -> None:
    page.none_button.click()
    assert wizard.guide.state.step is Step.CONNECT


def test_only_parts_of_the_tree_that_exist_are_promised(page: SymptomPage, wizard: Wizard, qtbot: QtBot) -> None:
    wizard.guide.type_text(pod_text())
    understood(wizard, qtbot)
    symptom = wizard.guide.state.symptom
    assert symptom is not None
    promised = "Node identity, then permission, then pull secret, then image name, then image in the registry"
    assert looks_first(symptom, Words(load())) == promised


def test_every_branch_of_the_tree_has_its_words() -> None:
    words = Words(load())
    assert all(words("lanes", lane.key) for lane in TREE.lanes)
