"""The tokens: every text pair is readable, states differ without colour, Qt takes the whole stylesheet."""

import itertools

import pytest
from contrast import contrast, luminance
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from gui.palette import DARK, LIGHT, SHAPES, Colours, Scheme, Shape
from gui.theme import Text, font, status_style, theme
from gui.viewmodel.state import State

AA = 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=lambda c: c.scheme)
def test_every_text_has_enough_contrast_on_every_ground_it_stands_on(colours: Colours) -> None:
    pairs = [
        *itertools.product((colours.text, colours.secondary), (colours.background, colours.card, colours.lane)),
        *itertools.product((colours.text,), (colours.code, colours.hover, colours.accent_ground)),
        (colours.secondary, colours.code),
        (colours.accent, colours.card),
        (colours.accent, colours.accent_ground),
        (colours.on_accent, colours.accent),
        (colours.on_accent, colours.accent_hover),
        *((style.ink, style.ground) for style in colours.status.values()),
        *((style.ink, colours.card) for style in colours.status.values()),
        *((colours.text, style.ground) for style in colours.status.values()),
        *((colours.on_ink, style.ink) for style in colours.status.values()),
    ]
    assert [(pair, contrast(*pair)) for pair in pairs if contrast(*pair) < AA] == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert luminance("#ffffff") == pytest.approx(1)


def test_states_that_mean_different_things_have_different_shapes() -> None:
    same = {State.NOT_APPLICABLE, State.NOT_RUN}
    shapes = [SHAPES[state] for state in State if state not in same]
    assert len(set(shapes)) == len(shapes)
    assert {SHAPES[state] for state in same} == {Shape.DASHED_CIRCLE}


def test_the_scheme_changes_while_running(qapp: QApplication, scheme: Scheme) -> None:
    expected = LIGHT if scheme is Scheme.LIGHT else DARK
    assert theme().colours is expected
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(expected.background)
    assert status_style(State.FAIL) == expected.status[State.FAIL]


def test_in_high_contrast_the_systems_palette_wins(qapp: QApplication) -> None:
    theme().use(Scheme.HIGH_CONTRAST)
    try:
        system = qapp.style().standardPalette()
        assert theme().colours.scheme is Scheme.HIGH_CONTRAST
        assert theme().colours.text == system.color(QPalette.ColorRole.WindowText).name()
        assert theme().colours.background == system.color(QPalette.ColorRole.Window).name()
        inks = {style.ink for style in theme().colours.status.values()}
        assert inks == {theme().colours.text}
    finally:
        theme().use(Scheme.LIGHT)


def test_qt_takes_the_stylesheet_without_a_warning(qtbot, scheme: Scheme) -> None:  # type: ignore[no-untyped-def]
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    for widget in (QPushButton("x"), QLineEdit(), QListView(), QComboBox(), QTabBar()):
        layout.addWidget(widget)
    window.show()
    assert not window.grab().isNull()


def test_each_kind_of_text_is_its_own_kind(qapp: QApplication) -> None:
    assert len(Text) == len(Text.__members__)
    assert [font(kind).pixelSize() for kind in (Text.BODY, Text.HEADLINE, Text.CAPS)] == [13, 18, 11]
