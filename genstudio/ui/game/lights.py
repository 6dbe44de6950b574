"""Five lights that say whether the game is well, why one thinks so, and a button that helps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from genstudio.api.health import Light, Moment, lights
from genstudio.ui.game.parts import GamePage, Part
from genstudio.ui.theme import fix, pad, px, theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.inspector import Section

LIGHTS = {  # as the alarms call them: in the window
    "balance": "Balance",
    "gradient": "Gradient",
    "oscillation": "Oscillation",
    "collapse": "Diversity",
    "divergence": "Divergence",
}
LEVELS = {"good": "well", "watch": "watch it", "bad": "fails"}
SIGNS = 48  # moments that the alarms look at
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


class Alarms(Part):
    """Rings the lights of a page, and carries their remedy out."""

    def __init__(self, page: GamePage, lights: Lights) -> None:
        super().__init__(page)
        self.lights = lights
        lights.remedy_wanted.connect(self._apply)

    def show(self) -> None:
        """The alarms, as they were at the moment that is looked at."""
        run, plots = self.page.run, self.page.plots
        moments = run.history.values()[: run.history.position + 1][-SIGNS:]
        if self.page.is_walking or run.request is None or not moments:
            self.lights.show_lights(())
            return
        losses = plots.losses_at([moment.iteration for moment in moments])
        signs = [Moment(moment.iteration, then, moment.numbers) for moment, then in zip(moments, losses, strict=True)]
        self.lights.show_lights(lights(signs, run.settings(moments[-1].iteration)))

    @Slot(object)
    def _apply(self, remedy: dict[str, Any]) -> None:
        """Go on with the settings that an alarm asks for; those that cannot change while it runs begin it again."""
        page, form = self.page, self.page.controls.form
        form.set_value(dataclasses.replace(form.value(), **remedy))
        page.controls.settings_changed.emit()
        if page.is_changed():
            page.start_run()
