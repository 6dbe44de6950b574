"""The window's style sheet, written from the theme's colours and scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genstudio.ui.theme import Colors


def style_sheet(c: Colors, px: Callable[[float], int], gap: Callable[[float], int]) -> str:
    """QSS for the application. Widgets ask for a look with the property `role`.

    Args:
        px: The scaled length of text and controls.
        gap: The scaled length of distances.
    """
    radius, small = px(6), px(11)
    focus = c.accent_text
    return f"""
QWidget {{ color: {c.text}; }}
QMainWindow, QDialog, *[role="window"] {{ background: {c.window}; }}
*[role="panel"] {{ background: {c.panel}; border-radius: {px(8)}px; }}
*[role="stage"] {{ background: {c.stage}; border-radius: {px(8)}px; }}
*[role="popover"] {{ background: {c.panel}; border: 1px solid {c.edge}; border-radius: {px(8)}px; }}
QLabel[role="drop"] {{
    background: #e0{c.window[1:]}; border: {px(2)}px dashed {c.accent}; border-radius: {px(8)}px; font-size: {px(20)}px;
}}
QLabel[role="toast"] {{
    background: {c.panel}; border: 1px solid {c.edge}; border-radius: {px(8)}px; padding: {px(8)}px {px(16)}px;
}}
QLabel[role="bubble"] {{
    background: {c.text}; color: {c.panel}; border-radius: {px(4)}px;
    padding: {px(4)}px {px(8)}px; font-size: {px(12)}px;
}}
*[role="line"] {{ background: {c.line}; border: none; }}
QLabel {{ background: transparent; }}
QLabel[role="small"] {{ color: {c.text2}; font-size: {small}px; }}
QLabel[role="second"] {{ color: {c.text2}; }}
QLabel[role="number"] {{ font-size: {px(20)}px; font-weight: 600; }}
QLabel[role="title"] {{ font-size: {px(15)}px; font-weight: 600; }}
QLabel[role="key"] {{
    background: {c.raised}; border: 1px solid {c.line}; border-bottom: {px(2)}px solid {c.line};
    border-radius: {px(4)}px; padding: 0 {px(6)}px; font-size: {small}px;
}}
QLabel[role="heading"] {{ color: {c.text2}; font-size: {small}px; font-weight: 600; }}
QLabel[role="error"] {{ color: {c.error_text}; }}

QPushButton, QToolButton[role="button"] {{
    background: {c.raised}; border: 1px solid {c.line}; border-radius: {radius}px;
    padding: 0 {px(12)}px; min-height: {px(26)}px;
}}
QPushButton:hover, QToolButton[role="button"]:hover {{ background: {c.hover}; border-color: {c.edge}; }}
QPushButton:pressed, QToolButton[role="button"]:pressed {{ background: {c.line}; }}
QPushButton:checked, QToolButton[role="button"]:checked {{
    background: {c.hover}; border-color: {c.accent}; color: {c.accent_text};
}}
QPushButton:focus, QToolButton[role="button"]:focus {{ border-color: {focus}; }}
QPushButton:checked:focus, QToolButton[role="button"]:checked:focus {{
    border: {px(2)}px solid {c.text}; padding: 0 {px(11)}px;
}}
QPushButton:disabled, QToolButton:disabled {{ color: {c.text2}; background: transparent; }}
QPushButton[role="primary"] {{
    background: {c.accent}; border-color: {c.accent}; color: {c.on_accent}; font-weight: 600;
}}
QPushButton[role="primary"]:hover {{ border-color: {c.text}; }}
QPushButton[role="primary"]:focus {{ border: {px(2)}px solid {c.text}; }}
QPushButton[role="primary"]:disabled {{ background: {c.raised}; border-color: {c.line}; color: {c.text2}; }}
QPushButton[role="mode"] {{ background: transparent; border-color: transparent; color: {c.text2}; }}
QPushButton[role="mode"]:hover {{ background: {c.hover}; color: {c.text}; }}
QPushButton[role="mode"]:checked {{ background: {c.raised}; border-color: {c.line}; color: {c.text}; }}
QPushButton[role="mode"]:checked:focus {{ border: {px(2)}px solid {focus}; padding: 0 {px(11)}px; }}
QPushButton[role="mode"][tight="true"] {{ padding: 0 {px(6)}px; }}
QPushButton[role="mode"][tight="true"]:checked:focus {{ padding: 0 {px(5)}px; }}
QPushButton[role="quiet"] {{
    background: transparent; border-color: transparent; color: {c.text2}; font-size: {small}px;
}}
QPushButton[role="quiet"]:hover {{ background: {c.hover}; color: {c.text}; }}
QPushButton[role="quiet"]:focus {{ border-color: {focus}; }}
QPushButton[role="link"] {{
    background: transparent; border: none; padding: 0; color: {c.accent_text}; text-decoration: underline;
    min-height: {px(20)}px;
}}
QPushButton[role="link"]:focus {{ border-bottom: 1px solid {focus}; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
Inspector QPushButton {{ padding: 0 {px(6)}px; }}

QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {radius}px; padding: 0; }}
QToolButton:hover {{ background: {c.hover}; }}
QToolButton:pressed {{ background: {c.line}; }}
QToolButton:checked {{ background: {c.hover}; border-color: {c.line}; }}
QToolButton:focus {{ border-color: {focus}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolButton[role="primary"] {{ background: {c.accent}; }}
QToolButton[role="primary"]:hover {{ border-color: {c.text}; }}
QToolButton[role="primary"]:focus {{ border: {px(2)}px solid {c.text}; }}
QToolButton[role="primary"]:disabled {{ background: {c.raised}; }}

QSpinBox, QDoubleSpinBox, QComboBox, QLineEdit {{
    background: {c.raised}; border: 1px solid {c.line}; border-radius: {radius}px;
    padding: 0 {px(8)}px; min-height: {px(26)}px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit {{
    background: transparent; border: none; border-radius: 0; padding: 0; margin: 0; min-height: 0;
}}
QLineEdit#latent_value {{ padding: 0 {px(2)}px; }}
QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover, QLineEdit:hover {{ border-color: {c.edge}; }}
QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QLineEdit:focus {{ border-color: {focus}; }}
QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled, QLineEdit:disabled {{
    color: {c.text2}; background: transparent;
}}
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {{
    subcontrol-origin: border; width: {px(20)}px; border: none; background: transparent;
}}
QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-position: top right; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-position: bottom right; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow,
QComboBox::down-arrow {{ image: none; width: 0; height: 0; }}
QComboBox::drop-down {{ border: none; width: {px(24)}px; }}
QComboBox[role="title"] {{
    background: transparent; border-color: transparent; color: {c.text2}; font-size: {small}px;
    padding: 0 {px(6)}px; min-height: {px(20)}px;
}}
QComboBox[role="title"]:hover {{ background: {c.hover}; border-color: {c.edge}; color: {c.text}; }}
QComboBox[role="title"]:focus {{ border-color: {focus}; }}
QComboBox[role="head"] {{
    background: transparent; border-color: transparent; font-size: {px(12)}px; font-weight: 600;
    padding: 0 0 0 {px(2)}px; min-height: {px(22)}px;
}}
QComboBox[role="head"]:hover {{ background: {c.hover}; border-color: {c.edge}; }}
QComboBox[role="head"]:focus {{ border-color: {focus}; }}
QComboBox QAbstractItemView {{
    background: {c.panel}; border: 1px solid {c.edge}; padding: {px(4)}px; outline: none;
    selection-background-color: {c.hover}; selection-color: {c.text};
}}
QComboBox QAbstractItemView::item {{ min-height: {px(26)}px; padding: 0 {px(8)}px; border-radius: {px(4)}px; }}

QListWidget {{ background: transparent; border: none; outline: none; }}
QListWidget::item {{ border-radius: {px(4)}px; padding: 0 {px(4)}px; }}
QListWidget::item:hover {{ background: {c.hover}; }}
QListWidget::item:selected {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; }}
QListWidget::item:selected:focus {{ border: {px(2)}px solid {focus}; }}

QTabBar {{ background: transparent; border: none; font-size: {px(14)}px; }}
QTabBar[fit="closer"] {{ font-size: {px(12)}px; }}
QTabBar::tab {{
    background: transparent; color: {c.text2}; border: none; border-bottom: {px(2)}px solid transparent;
    padding: {gap(6)}px {gap(16)}px {gap(8)}px {gap(16)}px;
}}
QTabBar[fit="close"]::tab {{ padding-left: {gap(6)}px; padding-right: {gap(6)}px; }}
QTabBar[fit="closer"]::tab {{ padding-left: {gap(4)}px; padding-right: {gap(4)}px; }}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus {{ color: {c.accent_text}; }}
QTabBar::tab:selected:focus {{ background: {focus}; color: {c.window}; border-radius: {px(4)}px; }}

QCheckBox {{ spacing: {px(8)}px; min-height: {px(24)}px; background: transparent; }}
QCheckBox::indicator {{
    width: {px(14)}px; height: {px(14)}px; border: 1px solid {c.text2}; border-radius: {px(4)}px;
    background: {c.raised};
}}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; }}
QCheckBox:focus {{ color: {focus}; text-decoration: underline; }}
QCheckBox:disabled {{ color: {c.text2}; }}
QCheckBox::indicator:disabled {{ background: transparent; border-color: {c.edge}; }}
QCheckBox::indicator:checked:disabled {{ background: {c.edge}; border-color: {c.edge}; }}
QCheckBox::indicator:focus {{ border: {px(2)}px solid {focus}; }}
QCheckBox::indicator:checked:focus {{ border-color: {c.text}; }}

QMenu {{
    background: {c.panel}; border: 1px solid {c.edge}; padding: {px(4)}px;
}}
QMenu::item {{ padding: {px(6)}px {px(16)}px {px(6)}px {px(8)}px; border-radius: {px(4)}px; }}
QMenu::item:selected {{ background: {c.hover}; }}
QMenu::item:disabled {{ color: {c.text2}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: {px(4)}px {px(8)}px; }}
QMenu::icon {{ padding-left: {px(8)}px; }}
QToolTip {{
    background: {c.raised}; color: {c.text}; border: 1px solid {c.edge}; padding: {px(6)}px; font-size: {px(12)}px;
}}

QScrollArea, QScrollArea > QWidget > QWidget[role="body"] {{ background: transparent; border: none; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {px(10)}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {px(10)}px; margin: 0; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: {px(3)}px; margin: {px(2)}px; }}
QScrollBar::handle:vertical {{ min-height: {px(32)}px; }}
QScrollBar::handle:horizontal {{ min-width: {px(32)}px; }}
QScrollBar::handle:hover {{ background: {c.text2}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {c.line}; }}
QProgressBar {{
    background: {c.line}; border: none; border-radius: {px(2)}px; max-height: {px(4)}px; min-height: {px(4)}px;
}}
QProgressBar::chunk {{ background: {c.accent}; border-radius: {px(2)}px; }}
QPlainTextEdit {{
    background: {c.stage}; border: 1px solid {c.line}; border-radius: {radius}px; padding: {px(8)}px;
    font-size: {small}px;
}}
"""
