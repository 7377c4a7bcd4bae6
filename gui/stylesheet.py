"""The application's stylesheet, made from the colours in use.

Widgets say what they are by dynamic properties, and this file says how that looks:
`surface` = card | bar | side | code | lane (frames) | reading (scroll areas), `kind` = primary | link (push buttons),
`tone` = secondary | accent (labels). Fonts are set on the widgets, by `gui.theme.font`.
"""

from __future__ import annotations

from gui.palette import Colours, Scheme


def stylesheet(colours: Colours) -> str:
    """Write the stylesheet for one set of colours."""
    c = colours
    disabled = c.secondary
    contrasting = c.scheme is Scheme.HIGH_CONTRAST
    bar = c.text if contrasting else c.line
    selected = f"background: {c.accent}; color: {c.on_accent};" if contrasting else ""
    return f"""
QMainWindow, QDialog, QWizard {{ background: {c.background}; }}
QToolTip {{ background: {c.card}; color: {c.text}; border: 1px solid {c.line}; padding: 4px; }}

QFrame[surface="card"] {{ background: {c.card}; border: 1px solid {c.line}; border-radius: 10px; }}
QFrame[surface="bar"] {{ background: {c.card}; border: none; }}
QFrame[surface="side"] {{ background: {c.card}; border: none; }}
QFrame[surface="code"] {{ background: {c.code}; border: 2px solid {c.code}; border-radius: 6px; }}

QFrame[surface="code"][focused="true"] {{ border: 2px solid {c.accent}; }}
QFrame[surface="rule"] {{ background: {c.line}; border: none; }}

QLabel {{ background: transparent; color: {c.text}; border: none; }}
QLabel[tone="secondary"] {{ color: {c.secondary}; }}
QLabel[tone="accent"] {{ color: {c.accent}; }}
QLabel:disabled {{ color: {disabled}; }}

QPushButton {{
    background: {c.card}; color: {c.text}; border: 1px solid {c.line}; border-radius: 6px;
    padding: 6px 14px; min-height: 16px;
}}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:pressed {{ background: {c.line}; }}
QPushButton:disabled {{ color: {disabled}; background: {c.background}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 13px; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent}; }}
QPushButton[kind="primary"]:hover {{ background: {c.accent_hover}; border-color: {c.accent_hover}; }}
QPushButton[kind="primary"]:pressed {{ background: {c.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {c.text}; padding: 5px 13px; }}
QPushButton[kind="primary"]:disabled {{ background: {c.line}; color: {disabled}; border: 1px solid {c.line}; }}
QPushButton[kind="link"] {{
    background: transparent; color: {c.accent}; border: 1px solid transparent; padding: 2px 2px;
    text-align: left; text-decoration: underline; min-height: 18px;
}}
QPushButton[kind="link"]:hover {{ color: {c.accent_hover}; }}
QPushButton[kind="link"]:focus {{ border: 2px solid {c.accent}; padding: 1px 1px; }}

QPushButton[kind="switch"] {{
    background: transparent; color: {c.secondary}; border: 1px solid transparent; padding: 2px 8px; min-height: 18px;
}}
QPushButton[kind="switch"]:hover {{ color: {c.text}; background: {c.hover}; }}
QPushButton[kind="switch"]:checked {{ color: {c.text}; background: {c.accent_ground}; border-color: {c.accent}; }}
QPushButton[kind="switch"]:focus {{ border: 2px solid {c.accent}; padding: 1px 7px; }}

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox {{
    background: {c.card}; color: {c.text}; border: 1px solid {c.line}; border-radius: 6px; padding: 7px 9px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus {{
    border: 2px solid {c.accent}; padding: 6px 8px;
}}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ background: {c.background}; color: {disabled}; }}
QTextEdit[surface="text"] {{ background: transparent; border: none; border-radius: 0; padding: 0; }}
QTextEdit[surface="text"]:focus {{ border: none; padding: 0; }}
QTextEdit[tone="secondary"] {{ color: {c.secondary}; }}
ChoiceBox::drop-down {{ border: none; width: 24px; }}
QComboBox QAbstractItemView {{ background: {c.card}; color: {c.text}; border: 1px solid {c.line}; }}

QListView, QTreeView, QTableView {{
    background: {c.card}; color: {c.text}; border: 1px solid {c.line}; border-radius: 10px; outline: none;
}}
QListView::item, QTreeView::item {{ padding: 6px 8px; border: 2px solid transparent; }}
QListView::item:hover, QTreeView::item:hover {{ background: {c.hover}; color: {c.text}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {c.accent_ground}; color: {c.text}; }}
QListView:focus, QTreeView:focus {{ border: 2px solid {c.accent}; }}
QListView::item:focus, QTreeView::item:focus {{ border: 2px solid {c.accent}; }}
QTreeView[surface="inside"], QTreeView[surface="inside"]:focus {{ border: none; margin: 8px 8px 6px 8px; }}
QTreeView[surface="inside"]::item {{ border: 2px solid transparent; border-left: none; border-right: none; }}
QTreeView[surface="inside"]::item:selected {{ {selected} }}
QTreeView[surface="inside"]::item:focus {{ border-color: {c.accent}; }}
QTreeView[surface="inside"] QHeaderView::section {{ padding-left: 11px; }}
QHeaderView::section {{
    background: {c.card}; color: {c.secondary}; border: none; border-bottom: 1px solid {c.line}; padding: 6px 8px;
}}

QTabBar {{ background: transparent; border: none; }}
QTabBar::tab {{
    background: transparent; color: {c.secondary}; border: none; border-bottom: 2px solid transparent;
    padding: 6px 0px; margin-right: 14px;
}}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent}; }}
QTabBar::tab:focus {{ color: {c.accent}; }}

QCheckBox, QRadioButton {{ color: {c.text}; spacing: 8px; padding: 2px; border: 2px solid transparent; }}
QCheckBox:focus, QRadioButton:focus {{ border: 2px solid {c.accent}; border-radius: 4px; }}

QProgressBar {{
    background: {c.line}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; color: {c.text};
}}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}

QScrollArea, QScrollArea > QWidget > QWidget[surface="content"] {{ background: transparent; border: none; }}
QScrollArea[surface="reading"] {{ border: 2px solid transparent; border-radius: 9px; }}
QScrollArea[surface="reading"]:focus {{ border-color: {c.accent}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; border: none; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; border: none; }}
QScrollBar::handle {{ background: {bar}; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {c.secondary}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenu {{ background: {c.card}; color: {c.text}; border: 1px solid {c.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 18px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.accent_ground}; color: {c.text}; }}
QSplitter::handle {{ background: transparent; }}
"""
