"""Five lights that say whether the game is well, why one thinks so, and a button that helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from genstudio.api.health import Light
from genstudio.ui.points.words import LEVELS, LIGHTS
from genstudio.ui.theme import fix, pad, px, theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.inspector import Section

ROLES = {"good": "real", "watch": "generator", "bad": "error"}


class Lamp(QWidget):
    """One light: a dot, full where something is wrong, its name, and how it is."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = "good"
        self._dot = fix(_Dot(), width=14, height=14)
        self._name, self._state = QLabel(LIGHTS[name]), QLabel()
        self._state.setProperty("role", "second")
        box = pad(QHBoxLayout(self), 0, 8)
        box.addWidget(self._dot)
        box.addWidget(self._name, 1)
        box.addWidget(self._state)

    def show_light(self, light: Light | None) -> None:
        """Show a light; None before anything is known."""
        self.level = light.level if light else "good"
        self._dot.show_role(ROLES[self.level] if light else "line")
        self._state.setText(LEVELS[self.level] if light else "")
        self.setToolTip(light.reason if light else "Nothing is known yet.")
        self.setAccessibleName(f"{self._name.text()}: {self._state.text()}")


class _Dot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._role = "line"

    def show_role(self, role: str) -> None:
        if role != self._role:
            self._role = role
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme().colors, self._role)))
        side = px(10)
        painter.drawEllipse(QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side))


class Lights(QObject):
    """A section with a lamp for every alarm; the worst one's reason stands below, with its remedy as a button."""

    remedy_wanted = Signal(object)  # settings by name

    def __init__(self, section: Section, parent: QObject) -> None:
        super().__init__(parent)
        self.lamps = {name: Lamp(name) for name in LIGHTS}
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setProperty("role", "second")
        self.remedy = TextButton("Help", "Change these settings")
        self._settings: Mapping[str, Any] = {}
        for lamp in self.lamps.values():
            section.add_widget(lamp)
        section.add_widget(self.reason)
        section.add_widget(self.remedy)
        self.remedy.clicked.connect(self._clicked)
        self.show_lights(())

    def show_lights(self, lights: Sequence[Light]) -> None:
        """Show them all; none before anything is known."""
        known = {light.name: light for light in lights}
        for name, lamp in self.lamps.items():
            lamp.show_light(known.get(name))
        worst = max(lights, key=lambda light: ("good", "watch", "bad").index(light.level), default=None)
        is_ill = worst is not None and worst.level != "good"
        self.reason.setText(worst.reason if worst is not None and is_ill else "")
        self.reason.setVisible(is_ill)
        self._settings = worst.remedy if worst is not None and is_ill else {}
        self.remedy.setVisible(bool(self._settings))
        said = ", ".join(f"{name} {value:g}" if not isinstance(value, str) else f"{name} {value}"
                         for name, value in self._settings.items())  # fmt: skip
        self.remedy.setText("Apply the remedy")
        self.remedy.setToolTip(f"Go on with {said}" if said else "")

    @Slot()
    def _clicked(self) -> None:
        self.remedy_wanted.emit(dict(self._settings))
