"""Five lights that say whether the game is well, why one thinks so, and a button that helps."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.api import remedies
from genstudio.api.health import LEVELS, Light, Moment, lights, worst
from genstudio.settings import setting_of
from genstudio.ui.game.lamps import LIGHTS, Lamp, Room
from genstudio.ui.game.parts import GamePage, Part
from genstudio.ui.game.plots import COLUMNS
from genstudio.ui.theme import fix, pad, px
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.curves import CurveBuffer
from genstudio.ui.widgets.inspector import WIDTH, Section

SIGNS = 48  # moments that the alarms look at
EVERY_S = 0.5  # from alarm to alarm of a run that goes on
HOLD_S = 2.0  # another light must be worse for so long before its remedy takes the button
HINT = "Press a light to see what it says."
BORDER = 64  # design pixels of the inspector beside the words of a button
TALL = 48  # design pixels of a button with two lines


def said(kind: type, remedy: Mapping[str, Any]) -> str:
    """The settings of a remedy as the form calls them."""
    parts = []
    for name, value in remedy.items():
        note = setting_of(kind, name)
        parts.append(f"{(note and note.label) or name} {value if isinstance(value, str) else f'{value:g}'}")
    return ", ".join(parts).replace(", Penalty", " with penalty", 1 if "loss" in remedy else 0)


def in_two_lines(text: str, metrics: QFontMetrics, width: int) -> str:
    """A text broken where its first line is full; of what does not fit on the second the end is cut off."""
    words, first = text.split(" "), ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".lstrip()) <= width:
        first = f"{first} {words.pop(0)}".lstrip()
    rest = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width)
    return "\n".join(filter(None, (first, rest)))


class Lights(QObject):
    """A section with a lamp for every alarm; the reason of the worst, or of the one pressed, stands below.

    Its remedy is a button that stays what it is while the hand moves there, and does what it says.
    """

    remedy_wanted = Signal(object, bool)  # settings by name, and whether another run begins with them

    def __init__(self, section: Section, parent: QObject) -> None:
        super().__init__(parent)
        self.clock: Callable[[], float] = time.monotonic
        self.lamps = {name: Lamp(name) for name in LIGHTS}
        self.reason, self.remedy = Room(), TextButton("Help", "Change these settings")
        self._place = fix(QWidget(), height=TALL)  # which the remedy has, whether it needs one line, two, or none
        box = pad(QVBoxLayout(self._place), 0)
        box.addWidget(self.remedy)
        box.addStretch(1)
        self._section = section
        self._lights: tuple[Light, ...] = ()
        self._shown: Light | None = None
        self._picked = ""  # the lamp that was pressed
        self._key: tuple[Any, type] = ((), Light)
        self._since: float | None = None  # when another remedy was wanted first
        for lamp in self.lamps.values():
            section.add_widget(lamp)
            lamp.clicked.connect(self._lamp_clicked)
        section.add_widget(self.reason)
        section.add_widget(self._place)
        self.remedy.clicked.connect(self._clicked)
        self.show_lights(())

    def add_cure(self, cure: QWidget) -> None:
        """A button that heals the whole game, in the place of the remedies while `offer_cure` says so."""
        self._section.add_widget(cure)

    def offer_cure(self, is_offered: bool) -> None:
        """With a cure no remedy of one light is offered: there is one thing to do."""
        self._place.setVisible(not is_offered)

    def worst(self) -> Light | None:
        """The one that is worst, if something is to be mended: of several that whose reason stands there."""
        found, shown = worst(self._lights), self._shown
        return shown if found is not None and shown is not None and shown.level == found.level else found

    def show_lights(self, lights: Sequence[Light], kind: type = Light, key: Any = (), holds: bool = False) -> None:
        """Show them all; none before anything is known.

        Args:
            kind: Of the settings.
            key: What the remedies are for; with another one they are others.
            holds: The remedy that is offered stays as long as it helps and nothing else is worse.
        """
        self._lights = tuple(lights)
        if not lights:
            self._picked = ""
        known = {light.name: light for light in lights}
        for name, lamp in self.lamps.items():
            lamp.show_light(known.get(name))
        wish = known.get(self._picked) or worst(self._lights)
        if holds and key == self._key[0] and self._shown is not None:
            wish = self._held(wish, self._shown, known.get(self._shown.name))
        else:
            self._since = None
        self._key = key, kind
        self._show(wish)

    def _held(self, wish: Light | None, shown: Light, now: Light | None) -> Light | None:
        """What is shown in place of the wish: what stands there already, as long as it should."""
        if wish is not None and (wish.name, wish.remedy, wish.begins_anew) == _offer(shown):
            self._since = None
            return wish
        is_under_mouse = self.remedy.isVisible() and self.remedy.underMouse()
        if not shown.remedy or now is None or not (now.is_ill or is_under_mouse):
            self._since = None
            return wish
        kept = dataclasses.replace(now, remedy=shown.remedy, begins_anew=shown.begins_anew)
        if wish is None or (wish.name != now.name and LEVELS.index(wish.level) <= LEVELS.index(now.level)):
            self._since = None
            return kept
        self._since = self.clock() if self._since is None else self._since
        if is_under_mouse or self.clock() - self._since < HOLD_S:
            return kept
        self._since = None
        return wish

    def _show(self, light: Light | None) -> None:
        self._shown = light
        for name, lamp in self.lamps.items():
            lamp.set_shown(light is not None and light.name == name)
        self.reason.say(light.reason if light is not None else HINT if self._lights else "")
        remedy = light.remedy if light is not None else {}
        self.remedy.setVisible(bool(remedy))
        if light is not None and remedy:
            text = f"{'Restart with' if light.begins_anew else 'Set'} {said(self._key[1], remedy)}"
            metrics = QFontMetrics(self.remedy.font())
            short = in_two_lines(text, metrics, px(WIDTH - BORDER))
            if self.remedy.accessibleName() != text or self.remedy.text() != short:
                self.remedy.setText(short)
                self.remedy.setAccessibleName(text)
                more = "The run there is makes room; undo (Ctrl+Z) brings it back" if light.begins_anew else "Go on so"
                self.remedy.setToolTip(f"{text}. {more}.")

    @Slot()
    def _lamp_clicked(self) -> None:
        """Its reason, or again that of the worst."""
        name = str(self.sender().property("lamp"))
        self._picked = "" if name == self._picked else name
        self.show_lights(self._lights, self._key[1], self._key[0])

    @Slot()
    def _clicked(self) -> None:
        if self._shown is not None:
            self.remedy_wanted.emit(dict(self._shown.remedy), self._shown.begins_anew)


class Alarms(Part):
    """Rings the lights of a page, and carries their remedy out."""

    def __init__(self, page: GamePage, lights: Lights) -> None:
        super().__init__(page)
        self.lights = lights
        self._told: tuple[Any, float] = (None, 0.0)  # of which run, and when
        lights.remedy_wanted.connect(self._apply)

    def show(self) -> None:
        """The alarms, as they were at the moment that is looked at; those of a run that goes on twice a second."""
        run, plots = self.page.run, self.page.plots
        goes_on, now = run.state == "running" and run.history.is_live and not self.page.is_walking, self.lights.clock()
        if goes_on and self._told[0] is run and now - self._told[1] < EVERY_S:
            return
        self._told = (run if goes_on and len(run.history) else None), now
        moments = run.history.values()[: run.history.position + 1][-SIGNS:]
        if self.page.is_walking or run.request is None or not moments:
            self.lights.show_lights(())
            return
        iterations = [moment.iteration for moment in moments]
        since = max((change.iteration for change in run.changes if change.iteration <= iterations[-1]), default=0)
        losses, peaks = plots.losses_at(iterations), peaks_at(run.curves[0], iterations, since)
        signs = [
            Moment(moment.iteration, then, moment.numbers, peak)
            for moment, then, peak in zip(moments, losses, peaks, strict=True)
        ]
        settings = run.settings(iterations[-1])
        found = lights(signs, settings, run.broke_at if run.has_gone_back else 0)
        if not run.is_alive:  # nobody is there to be told
            found = tuple(dataclasses.replace(light, begins_anew=True) for light in found)
        self.lights.show_lights(found, type(settings), (id(run), settings), holds=goes_on)

    @Slot(object, bool)
    def _apply(self, remedy: dict[str, Any], begins_anew: bool) -> None:
        """Go on with the settings that an alarm asks for; those that cannot change while it runs begin it again."""
        page, run, controls = self.page, self.page.run, self.page.controls
        if run.request is None:
            return
        if begins_anew or not run.is_alive or remedies.needs_restart(run.settings(), remedy):
            page.data.select(run.request.dataset)
            page.take_settings(dataclasses.replace(run.request, settings=dataclasses.replace(run.settings(), **remedy)))
            page.start_run()
        else:
            controls.form.set_value(dataclasses.replace(controls.form.value(), **remedy))
            controls.settings_changed.emit()


def peaks_at(losses: CurveBuffer, iterations: Sequence[int], since: int) -> list[dict[str, float]]:
    """The largest size of each loss since the moment before, of every moment; of the first one since an iteration."""
    x = losses.x()
    if not len(x):
        return [{} for _ in iterations]
    last = np.maximum(np.searchsorted(x, np.array(iterations) + losses.span / 2, side="right"), 1)
    begin = np.searchsorted(x, since + losses.span / 2, side="right")
    first = np.minimum(np.concatenate([[begin], last[:-1]]), last - 1)
    found: list[dict[str, float]] = [{} for _ in iterations]
    for column, name in enumerate(COLUMNS[0]):
        sizes = np.nan_to_num(np.abs(np.stack(losses.ends(column))).max(0))
        for then, start, stop in zip(found, first, last, strict=True):
            then[name] = float(sizes[start:stop].max())
    return found


def _offer(light: Light) -> tuple[str, Mapping[str, Any], bool]:
    return light.name, light.remedy, light.begins_anew
