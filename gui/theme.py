"""The look of the whole window: which colours are in use, the fonts, and the one stylesheet.

The scheme follows the system while the program runs. Widgets that paint themselves read `theme().colours` in
their paint event; a change of scheme repaints everything.
"""

from __future__ import annotations

from enum import Enum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyle

from gui.palette import DARK, LIGHT, Colours, Scheme, StatusStyle, high_contrast
from gui.stylesheet import stylesheet
from gui.viewmodel.state import State

GRID = 4
"""All distances are multiples of this, in px at 100 %."""
CARD_RADIUS = 10


class Text(Enum):
    """Kinds of text: size in px at 100 %, weight, and what sort of letters."""

    BODY = (13, QFont.Weight.Normal, "interface")
    STRONG = (13, QFont.Weight.DemiBold, "interface")
    SMALL = (12, QFont.Weight.Normal, "interface")
    SMALL_STRONG = (12, QFont.Weight.DemiBold, "interface")
    CARD_TITLE = (12, QFont.Weight.Medium, "interface")
    WORD = (11, QFont.Weight.DemiBold, "interface")
    CAPS = (11, QFont.Weight.Bold, "spaced capitals")
    TITLE = (15, QFont.Weight.DemiBold, "interface")
    HEADLINE = (18, QFont.Weight.DemiBold, "interface")
    PAGE = (20, QFont.Weight.DemiBold, "interface")
    CODE = (12, QFont.Weight.Normal, "monospace")


class Theme(QObject):
    """The colours in use, on the application. `changed` comes after fonts, palette and stylesheet have changed."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._wanted: Scheme | None = None
        self.colours: Colours = LIGHT
        app.setStyle("Fusion")
        app.setFont(font(Text.BODY))
        self._hints = app.styleHints()
        self._accessibility = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._apply)
        self._accessibility.contrastPreferenceChanged.connect(self._apply)
        self._apply()

    def use(self, scheme: Scheme | None) -> None:
        """Hold one scheme, or follow the system again with None."""
        self._wanted = scheme
        self._apply()

    @property
    def reduced_motion(self) -> bool:
        """Say whether the system asks programs not to move things.

        Qt takes the duration of animations from the platform, and has it 0 where they are turned off.
        https://doc.qt.io/qt-6/qstyle.html#StyleHint-enum
        """
        return self._app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0

    def _system_scheme(self) -> Scheme:
        if self._accessibility.contrastPreference() is Qt.ContrastPreference.HighContrast:
            return Scheme.HIGH_CONTRAST
        return Scheme.DARK if self._hints.colorScheme() is Qt.ColorScheme.Dark else Scheme.LIGHT

    def _apply(self) -> None:
        scheme = self._wanted or self._system_scheme()
        if scheme is Scheme.HIGH_CONTRAST:
            self._app.setPalette(QPalette())
            self.colours = _system_colours(self._app.palette())
        else:
            self.colours = DARK if scheme is Scheme.DARK else LIGHT
            self._app.setPalette(_palette(self.colours))
        self._app.setStyleSheet(stylesheet(self.colours))
        self.changed.emit()


@cache
def theme() -> Theme:
    """Give the theme of the running application, put in place at the first call."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("there is no QApplication yet")
    return Theme(app)


def status_style(state: State) -> StatusStyle:
    """Give ink, ground and shape of a state in the scheme in use."""
    return theme().colours.status[state]


def font(text: Text) -> QFont:
    """Make the font of a kind of text: the system's interface font, or its monospace font for code."""
    size, weight, letters = text.value
    system = QFontDatabase.SystemFont
    made = QFontDatabase.systemFont(system.FixedFont if letters == "monospace" else system.GeneralFont)
    made.setPixelSize(size)
    made.setWeight(weight)
    if letters == "spaced capitals":
        made.setCapitalization(QFont.Capitalization.AllUppercase)
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
    return made


def _system_colours(palette: QPalette) -> Colours:
    def name(role: QPalette.ColorRole) -> str:
        return palette.color(role).name()

    return high_contrast(
        text=name(QPalette.ColorRole.WindowText),
        ground=name(QPalette.ColorRole.Window),
        accent=name(QPalette.ColorRole.Highlight),
        on_accent=name(QPalette.ColorRole.HighlightedText),
    )


def _palette(colours: Colours) -> QPalette:
    """Make the palette for everything that the style draws by itself."""
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in {
        role.Window: colours.background,
        role.WindowText: colours.text,
        role.Base: colours.card,
        role.AlternateBase: colours.background,
        role.Text: colours.text,
        role.Button: colours.card,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.PlaceholderText: colours.secondary,
        role.ToolTipBase: colours.card,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.Accent: colours.accent,
        role.Light: colours.card,
        role.Midlight: colours.line,
        role.Mid: colours.line,
        role.Dark: colours.line,
        role.Shadow: colours.line,
    }.items():
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.secondary))
    return palette
