"""What the latent-space page looks like: its widgets, and how they show one state. Asks for nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from genstudio.api import NO_PICTURES, DecodeRequest, ModelInfo, Pictures, SampleRequest
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.axes import Code
from genstudio.ui.tabs.calm import HAND_S, Beat
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.tabs.play_clock import PlayClock
from genstudio.ui.tabs.vae_controls import VaeControls
from genstudio.ui.tabs.vae_state import VaeState
from genstudio.ui.tabs.vae_words import path_sentence, place_sentence, sheet_sentence
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.latent_map import LatentMap
from genstudio.ui.widgets.stage import Stage

PICKER = 280  # design px of the longest name of a model, a kept run's
MAP_ROOM = 320  # design px of a stage that shows picture and map
SCRUB = 20  # places of the scrubber between two pictures of the strip


def full_columns(count: int, width: int, height: int) -> int:
    """The number of columns that leaves none of `count` cells empty; 0 where that would make them too small."""
    sides = {c: min(width / c, height / (count // c)) for c in range(1, count + 1) if count % c == 0}
    best = max(sides, key=sides.__getitem__)
    return best if sides[best] > 0.75 * (width * height / count) ** 0.5 else 0


class VaeView(TabPage):
    """The picture, for two latents the map beside it, the strip below, sliders at the right."""

    learner = "latent-train"

    ticked = Signal(float)  # seconds since the last tick, while it plays

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("vae", "Latent space", bridge, parent)
        self.picker = Choice(label="Model", help="A model with a code to explore")
        self.add_picker("Model", self.picker, PICKER)
        self.stage, self.map, self.strip = Stage(label="Decoded picture"), LatentMap(), FilmStrip()
        pad(self.stage_area, 8, 0)  # the map's axes keep the pictures apart
        self.stage_area.addWidget(self.stage, 1)
        self.stage_area.addWidget(self.map, 1)
        self.plot_area.addWidget(self.strip)
        self.controls = VaeControls(self.inspector)
        self.sliders = self.controls.sliders
        self._has_map = False  # the model has two latents
        self.stage_frame.installEventFilter(self)
        self.clock = PlayClock(self)
        self.clock.ticked.connect(self.ticked)
        self._beat = Beat(HAND_S)
        self.blank()

    # ---- showing --------------------------------------------------------------------------------

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        self.stage.set_pictures(NO_PICTURES)
        self.stage.set_selected(-1)
        self.strip.set_pictures(NO_PICTURES)
        self.map.clear()
        self._has_map = False
        self._fit_map()
        self.show_plots(False)
        self.controls.show_model(None)
        self.caption.set_text("")
        self.tempo.set_range(0)
        self.tempo.set_position(0)
        self.tempo.set_label("")
        self.set_ready(False)

    def show_model(self, info: ModelInfo) -> None:
        """The sliders and facts of a model that is about to come."""
        self.controls.show_model(info)
        self._has_map = info.latent_dim == 2
        self._fit_map()

    def _fit_map(self) -> None:
        """The map stands beside the picture where there is room to read both; else the picture has the stage."""
        self.map.setVisible(self._has_map and self.stage_frame.width() >= px(MAP_ROOM))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The stage has another size."""
        if event.type() == QEvent.Type.Resize:
            self._fit_map()
        return super().eventFilter(watched, event)

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a model that answers."""
        self.show_plots(is_ready)
        self.controls.set_ready(is_ready)
        self.tempo.set_exportable(is_ready, is_ready)
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(is_ready)

    def show_code(self, state: VaeState) -> None:
        """Put sliders, ring and playheads where the code is."""
        self.sliders.set_code(state.z)
        self.controls.show_psi(state.psi)
        if len(state.z) == 2:
            self.map.set_code(*state.z)
        self.strip.set_position(state.position)
        if state.position is not None:
            self.tempo.set_position(round(state.position * (state.steps - 1) * SCRUB))
        else:
            for button in (self.tempo.first, self.tempo.last):  # from off the path both lead somewhere
                button.setEnabled(self.tempo.play.isEnabled())

    def show_pictures(self, images: Pictures) -> None:
        """One picture large, or a sheet of them."""
        self.stage.set_pictures(images, full_columns(len(images), self.stage.width(), self.stage.height()))

    def show_way(self, state: VaeState, points: Code | None) -> None:
        """The path from A to B has changed: its line on the map, its scrubber, its settings."""
        self.tempo.set_range((state.steps - 1) * SCRUB + 1)
        self.controls.show_way(state)
        if points is not None:
            self.map.set_path(points)

    def write(self, state: VaeState, sheet: SampleRequest | DecodeRequest | None = None) -> None:
        """The words under the picture."""
        self._beat.note()
        if sheet is not None and self.stage.selected() < 0:
            count = sheet.count if isinstance(sheet, SampleRequest) else len(sheet.z)
            self.caption.set_text(sheet_sentence(count, state.seed, state.psi))
        else:
            self.caption.set_text(place_sentence(state.here()) + path_sentence(state.position, state.path))
        here = "off the path" if state.position is None else f"{state.position:.2f} of A → B"
        self.tempo.set_label(f"{here} · {state.path}")

    def words_are_due(self) -> bool:
        """While something moves, words change only as often as they can be read."""
        moving = self.clock.runs() or self.sliders.is_held() or self.map.is_held() or self.strip.is_held()
        return self._beat.is_due(moving)

    # ---- the clock of playing -------------------------------------------------------------------

    def run_clock(self, is_running: bool) -> None:
        """Start or stop the ticks."""
        self.clock.run(is_running)

    def clock_runs(self) -> bool:
        """Whether ticks come."""
        return self.clock.runs()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: no ticks. `activate` starts them again."""
        self.clock.run(False)
        super().hideEvent(event)
