"""The ground on which the cards stand: it paints symptom, lanes and lines, and moves the focus among the cards."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from core.texts import Texts
from gui.chart.card import Card, title_line_height, title_lines, word_line_height
from gui.chart.chart_button import ChartButton
from gui.chart.fold_card import FoldButton, FoldCard
from gui.chart.geometry import Rect
from gui.chart.layout import PILL_INDENT, Layout, Metrics, PlacedLane, lay_out
from gui.chart.navigation import Direction, neighbour
from gui.chart.routes import Line, LineKind
from gui.icons import TURN_INTERVAL_MS, TURN_STEP
from gui.theme import CARD_RADIUS, Text, font, status_style, theme
from gui.viewmodel.chart import ChartView
from gui.viewmodel.state import State

FOLD_BUTTON = 20
HEADER_INDENT = 3
LINE_WIDTH = {LineKind.IDLE: 1.0, LineKind.TAKEN: 1.4, LineKind.PATH: 3.0}

Made = TypeVar("Made", bound=ChartButton)


class Canvas(QWidget):
    """The chart without its scroll bars.

    `picked(check)` when a card is pressed, `folded(lane, wish)` when a lane is to be folded or unfolded,
    `focus_moved(widget)` when the keyboard went to another card, so that it can be scrolled into view.
    """

    picked = Signal(str)
    folded = Signal(str, bool)
    focus_moved = Signal(QWidget)

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._view: ChartView | None = None
        self._layout: Layout | None = None
        self._cards: dict[str, Card] = {}
        self._folds: dict[str, FoldCard] = {}
        self._fold_buttons: dict[str, FoldButton] = {}
        self._turning = QTimer(self)
        self._turning.setInterval(TURN_INTERVAL_MS)
        self._turning.timeout.connect(self._turn)

    @property
    def cards(self) -> dict[str, Card]:
        """The cards that stand open, by check id."""
        return self._cards

    @property
    def folds(self) -> dict[str, FoldCard]:
        """The folded lanes, by key."""
        return self._folds

    def show_view(self, view: ChartView, width: int) -> None:
        """Show a view in this width; the height is what it takes."""
        focused = self._name_of(self.focusWidget())
        self._view = view
        layout = self._layout = lay_out(view, width, metrics())
        self._place_cards(view, layout)
        self._place_folds(view, layout)
        self.setFixedSize(max(layout.width, width), layout.height)
        self._set_tab_stop(focused)
        self._set_turning()
        self.update()

    def focus_first(self) -> None:
        """Give the focus to the card that Tab leads to."""
        for button in self.buttons().values():
            if button.focusPolicy() is Qt.FocusPolicy.StrongFocus:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of the chart."""
        return QSize(self._layout.width, self._layout.height) if self._layout else QSize(0, 0)

    def _place_cards(self, view: ChartView, layout: Layout) -> None:
        cards = {card.check: card for lane in view.lanes for card in lane.cards if card.check in layout.cards}
        _drop(self._cards, set(cards))
        for check, card_view in cards.items():
            if check not in self._cards:
                card = self._add(Card(card_view, self._texts, self))
                card.clicked.connect(lambda _checked, check=check: self.picked.emit(check))
                self._cards[check] = card
            self._cards[check].show_view(card_view)
            self._cards[check].place(layout.cards[check])

    def _place_folds(self, view: ChartView, layout: Layout) -> None:
        lanes = {lane.key: lane for lane in view.lanes}
        _drop(self._folds, set(layout.folds))
        for key, rect in layout.folds.items():
            if key not in self._folds:
                fold = self._add(FoldCard(lanes[key], self._texts, self))
                fold.clicked.connect(lambda _checked, key=key: self._wish(key, folded=False))
                self._folds[key] = fold
            self._folds[key].show_lane(lanes[key])
            self._folds[key].place(rect)
        headers = {lane.key: lane.header for lane in layout.lanes if lanes[lane.key].can_fold}
        _drop(self._fold_buttons, set(headers))
        for key, header in headers.items():
            if key not in self._fold_buttons:
                button = self._add(FoldButton(lanes[key], self._texts, self))
                button.clicked.connect(lambda _checked, key=key: self._wish(key, folded=True))
                self._fold_buttons[key] = button
            top = header.y + (header.height - FOLD_BUTTON) // 2
            self._fold_buttons[key].place(
                Rect(header.right - FOLD_BUTTON + HEADER_INDENT, top, FOLD_BUTTON, FOLD_BUTTON)
            )

    def _add(self, button: Made) -> Made:
        button.moved.connect(lambda direction, button=button: self._move(button, direction))
        button.show()
        return button

    def _wish(self, lane: str, *, folded: bool) -> None:
        """Hand the wish on, and let the keyboard stay where the lane is."""
        had_focus = self.focusWidget() is not None and self.focusWidget().hasFocus()
        self.folded.emit(lane, folded)
        if not had_focus or self._view is None:
            return
        target: ChartButton | None = self._folds.get(lane)
        if target is None:
            first = next(card.check for view in self._view.lanes if view.key == lane for card in view.cards)
            target = self._cards.get(first)
        if target is not None:
            self.focus_on(target)

    def buttons(self) -> dict[str, ChartButton]:
        """Give everything the keyboard can go to, by a name that is unique in the chart."""
        buttons: dict[str, ChartButton] = {f"check {check}": card for check, card in self._cards.items()}
        buttons |= {f"fold {key}": button for key, button in self._fold_buttons.items()}
        return buttons | {f"folded {key}": fold for key, fold in self._folds.items()}

    def _name_of(self, widget: QWidget | None) -> str | None:
        return next((name for name, button in self.buttons().items() if button is widget), None)

    def _move(self, button: ChartButton, direction: Direction) -> None:
        buttons = self.buttons()
        current = self._name_of(button)
        if current is None:
            return
        rects = {name: Rect(b.x(), b.y(), b.width(), b.height()) for name, b in buttons.items()}
        target = neighbour(rects, current, direction)
        if target is not None:
            self.focus_on(buttons[target])

    def focus_on(self, button: ChartButton) -> None:
        """Give the focus to a card, and make it the one that Tab leads to."""
        self._set_tab_stop(self._name_of(button))
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.focus_moved.emit(button)

    def _set_tab_stop(self, name: str | None) -> None:
        """Make one card the place where Tab enters the chart: where the focus was, what is selected, or the first."""
        buttons = self.buttons()
        if name not in buttons:
            selected = next((c for c, card in self._cards.items() if card.view.selected), None)
            name = f"check {selected}" if selected is not None else next(iter(buttons), None)
        for other, button in buttons.items():
            strong = other == name
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if strong else Qt.FocusPolicy.ClickFocus)

    def _set_turning(self) -> None:
        runs = any(card.view.state is State.RUNNING for card in self._cards.values())
        if runs and self.isVisible() and not theme().reduced_motion:
            if not self._turning.isActive():
                self._turning.start()
        else:
            self._turning.stop()

    def _turn(self) -> None:
        for card in self._cards.values():
            if card.view.state is State.RUNNING:
                card.turn = (card.turn + TURN_STEP) % 360
                card.update()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Let rings turn once they can be seen."""
        super().showEvent(event)
        self._set_turning()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop the timer: nobody sees it."""
        super().hideEvent(event)
        self._turning.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what lies under the cards."""
        if self._layout is None or self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lanes(painter, self._layout, self._view)
        for line in self._layout.lines:
            _paint_line(painter, line)
        self._paint_pill(painter, self._layout, self._view)
        painter.end()

    def _paint_lanes(self, painter: QPainter, layout: Layout, view: ChartView) -> None:
        titles = {lane.key: lane.title for lane in view.lanes}
        caps = self._header_font(layout, view)
        for lane in layout.lanes:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme().colours.lane))
            painter.drawRoundedRect(_qrect(lane.rect), CARD_RADIUS, CARD_RADIUS)
            painter.setFont(caps)
            painter.setPen(QColor(theme().colours.secondary))
            title = QFontMetrics(caps).elidedText(
                titles[lane.key],
                Qt.TextElideMode.ElideRight,
                self._header_room(lane, with_button=lane.key in self._fold_buttons),
            )
            rect = _qrect(lane.header).adjusted(HEADER_INDENT, 1, 0, 0)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)

    def _header_room(self, lane: PlacedLane, *, with_button: bool) -> int:
        return lane.header.width - HEADER_INDENT - (FOLD_BUTTON - 6 if with_button else 0)

    def _header_font(self, layout: Layout, view: ChartView) -> QFont:
        """Give capitals, or the narrower small letters where one lane's name would be cut in capitals.

        All lanes are measured, folded or not, each with a button to fold it: so that the letters stay as they are
        when lanes fold.
        """
        caps = font(Text.CAPS)
        measure = QFontMetrics(caps)
        room = min((self._header_room(lane, with_button=True) for lane in layout.lanes), default=0)
        fits = all(measure.horizontalAdvance(lane.title) <= room for lane in view.lanes)
        return caps if fits else font(Text.SMALL_STRONG)

    def _paint_pill(self, painter: QPainter, layout: Layout, view: ChartView) -> None:
        style, rect = status_style(State.RUNNING), _qrect(layout.pill).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(style.ink), 1))
        painter.setBrush(QColor(theme().colours.accent_ground))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        strong = font(Text.SMALL_STRONG)
        painter.setFont(strong)
        painter.setPen(QColor(theme().colours.text))
        width = layout.pill.width - 2 * PILL_INDENT + 2
        text = QFontMetrics(strong).elidedText(view.symptom, Qt.TextElideMode.ElideRight, width)
        painter.drawText(rect.adjusted(PILL_INDENT, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def metrics() -> Metrics:
    """Measure the letters that the layout asks about."""
    return Metrics(
        lines=title_lines,
        width=lambda text: QFontMetrics(font(Text.SMALL_STRONG)).horizontalAdvance(text) + 2,
        title_line=title_line_height(),
        word_line=word_line_height(),
        header_line=QFontMetrics(font(Text.CAPS)).height(),
    )


def _paint_line(painter: QPainter, line: Line) -> None:
    colours = theme().colours
    colour = {
        LineKind.IDLE: colours.edge,
        LineKind.TAKEN: colours.edge_taken,
        LineKind.PATH: status_style(State.FAIL).ink,
    }[line.kind]
    pen = QPen(QColor(colour), LINE_WIDTH[line.kind])
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPointF(point.x + 0.5, point.y + 0.5) for point in line.points])


def _qrect(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)


def _drop(buttons: dict[str, Made], kept: set[str]) -> None:
    for key in set(buttons) - kept:
        button = buttons.pop(key)
        button.hide()
        button.deleteLater()
