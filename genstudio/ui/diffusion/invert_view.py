"""What the inversion page looks like: both ways beside each other, or the film from A to B. Asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio import api
from genstudio.api.differences import difference
from genstudio.api.inversion import TIMES, level_of
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import invert_words as words
from genstudio.ui.diffusion.invert_controls import InvertControls
from genstudio.ui.diffusion.invert_state import InvertState
from genstudio.ui.diffusion.invert_track import Arc, Ways
from genstudio.ui.diffusion.picture_origin import paper
from genstudio.ui.tabs.calm import HAND_S, Beat
from genstudio.ui.tabs.models_page import ModelsPage
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.canvas import HELP, Canvas
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.nothing import blank
from genstudio.ui.widgets.stage import Stage

if TYPE_CHECKING:
    from genstudio.ui.diffusion.invert_plot import InvertPlot

FEWEST, MOST = 7, 14  # pictures of a strip
CELL = 58  # design px that one of them wants
STRIP, STAGE = 90, 130  # design px in height of a strip, and of what the pictures above are to have at least


class InvertView(ModelsPage):
    """The five places and what is in them."""

    takes_pictures = shows_data = True
    lowest_presenting = 700
    learner = "denoising-train"
    share_picked = Signal(float)  # in the plot

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("invert", "Denoising", bridge, parent)
        self.models = Choice(label="Model", help="The network that goes both ways")
        self.add_picker("Model", self.models, 220)
        self.picker = Choice(label="Dataset", help="Where the picture is from")
        self.add_picker("Dataset", self.picker, 150)
        self.canvas, self.stage = Canvas(), Stage(label="Pictures from A to B")
        self.canvas.setToolTip(f"<p>{HELP}</p>")
        self.up = FilmStrip(ends=("→", ""), label="The way up, from the picture to its noise")
        self.back = FilmStrip(ends=("←", ""), label="The way back, from the noise to the picture")
        self.film = FilmStrip()
        column = pad(QVBoxLayout(), 0, 2)
        for stage in (self.canvas, self.stage):
            column.addWidget(stage, 1)
        for strip in (self.up, self.back, self.film):
            column.addWidget(strip)
            strip.installEventFilter(self)
        self.stage_area.addLayout(column, 1)
        self.stage_frame.installEventFilter(self)
        self.controls = InvertControls(self.inspector)
        self.plot: InvertPlot | None = None
        self._beat = Beat(HAND_S)
        self._laid: tuple[object, ...] = ()  # what the strips show
        self._plotted: tuple[object, ...] = ()  # what the plot shows
        self.told, self.goal = "", "the picture"  # words about model and class
        self.canvas.set_message("Starting …")
        self.stage.hide()
        self.show_nothing()
        theme().changed.connect(self._recolor)

    # ---- showing ---------------------------------------------------------------------------------------

    def model_picker(self) -> Choice:
        """That of the network; the other is of data."""
        return self.models

    def show_nothing(self, text: str = "", button: str = "") -> None:
        """No picture, and why; '' leaves the message as it is."""
        if text:
            for stage in (self.canvas, self.stage):
                stage.set_message(text, button)
        for strip in (self.up, self.back, self.film):
            strip.hide()
        self._laid = ()
        self.show_plots(False)
        self.caption.set_text("")
        self.tempo.set_range(0)
        self.tempo.set_label("")
        self.tempo.set_exportable(False, False)
        for button_ in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button_.setEnabled(False)

    def show_waiting(self, state: InvertState) -> None:
        """A picture that is needed has not come yet."""
        (self.canvas if state.view == "ways" else self.stage).set_message(words.WAITING)

    def show_view(self, state: InvertState) -> None:
        """Which of the stages is there."""
        is_film = state.view == "between"
        if self.stage.isVisibleTo(self) != is_film:
            self._beat = Beat(HAND_S)  # the words are of the other one
        self.canvas.setVisible(not is_film)
        self.stage.setVisible(is_film)

    def show_ways(self, state: InvertState, track: Ways, before: Ways | None, is_moving: bool = False) -> None:
        """The moment of both ways."""
        moment = min(state.moment, max(track.newest, 0))
        level = level_of(moment, state.steps)
        there = track.there(level)
        if there is None:
            return
        back = track.returned(level)
        self._show_four(there.picture, back)
        self._lay_ways(track)
        for strip in (self.up, self.back):
            strip.setVisible(self._has_room(2))
            strip.set_position(level / state.steps)
        self.film.hide()
        self._show_plot(track, before, there.share)
        self._show_tempo(
            moment, 2 * state.steps + 1, words.place(moment, state.steps), words.place(state.steps, state.steps)
        )
        if self._beat.is_due(is_moving):
            self._beat.note()
            self.caption.set_text(words.ways(state, track, self.told, before, self.goal))

    def _show_four(self, there: api.Pictures, back: api.InvertStep | None) -> None:
        if self.canvas.is_held():
            return
        empty = blank(there)
        differ = empty if back is None else difference(back.picture[None], there[None], "signed", TIMES)[0]
        shown = (self.original(), there, empty if back is None else back.picture, differ)
        self.canvas.set_pictures(np.stack([np.broadcast_to(picture, empty.shape) for picture in shown]), 4)
        self.canvas.set_titles(words.TITLES)

    def original(self) -> api.Pictures:
        """The picture under the brush."""
        return self.canvas.picture()

    def _lay_ways(self, track: Ways) -> None:
        steps = track.request.steps
        levels = np.unique(np.linspace(0, steps, self._room(self.up, steps + 1)).round().astype(int))
        known = sum(level < len(track.up) for level in levels), sum(steps - level < len(track.back) for level in levels)
        if self._laid == (laid := (track, *known, len(levels), theme().colors.stage)):
            return
        self._laid = laid
        empty = blank(track.up[0].picture)
        for strip, state_at in ((self.up, track.there), (self.back, track.returned)):
            steps_ = [state_at(int(level)) for level in levels]
            pictures = (empty if step is None else step.picture for step in steps_)
            strip.set_pictures(np.stack([np.broadcast_to(picture, empty.shape) for picture in pictures]))

    def _has_room(self, strips: int) -> bool:
        """Whether the pictures above still lead with so many strips below them."""
        return self.stage_frame.height() >= px(STAGE + STRIP * strips)

    def _room(self, strip: FilmStrip, most: int) -> int:
        """Pictures that a strip has room for."""
        return min(max((strip.width() - px(72)) // px(CELL), FEWEST), MOST, most)

    def _show_plot(self, track: Ways, before: Ways | None, share: float) -> None:
        if self.plot is None:
            from genstudio.ui.diffusion.invert_plot import InvertPlot

            self.plot = InvertPlot()
            self.plot.picked.connect(self.share_picked)
            self.plot_area.addWidget(self.plot)
            self._restyle()
        self.show_plots(True)
        if self._plotted != (plotted := (track, len(track.back), before)):
            self._plotted = plotted
            self.plot.show_ways(track, before)
        self.plot.set_cursor(share)

    def show_arc(self, state: InvertState, track: Arc, is_moving: bool = False) -> None:
        """A picture of the film, between A and B."""
        self.show_plots(False)
        self.up.hide()
        self.back.hide()
        if (images := track.images) is None:
            self.film.hide()
            self.stage.set_message("Inverting the pictures …")
            self._show_tempo(0, 0, "")
            self.caption.set_text(words.arc(state, track, self.told))
            return
        last = len(images) - 1
        frame = min(state.frame, last)
        self.stage.set_pictures(images[[0, frame, last]], 3)
        self.stage.set_selected(0 if state.side == "a" else 2)
        self.stage.set_titles(["A", f"{100 * frame / last:.0f} % of the way", "B"])
        self.film.setVisible(self._has_room(1))
        count = self._room(self.film, len(images))
        if self._laid != (laid := (track, track.step, count)):
            self._laid = laid
            self.film.set_pictures(images[np.unique(np.linspace(0, last, count).round().astype(int))])
        self.film.set_position(frame / last)
        self._show_tempo(frame, len(images), words.frame_place(frame, len(images)))
        if self._beat.is_due(is_moving):
            self._beat.note()
            self.caption.set_text(words.arc(state, track, self.told))

    def _show_tempo(self, position: int, count: int, text: str, *others: str) -> None:
        self.tempo.set_range(count)
        self.tempo.set_position(position)
        self.tempo.set_label(text, *others)
        self.tempo.play.setEnabled(True)
        self.tempo.back.setEnabled(position > 0)
        self.tempo.forward.setEnabled(position < count - 1)

    def show_brush(self, state: InvertState) -> None:
        """What the brush leaves: light on a dark picture, dark on a light one."""
        ground = self.ground()
        self.canvas.set_brush(state.brush, (255 - ground,) * 3, ground, state.tool == "erase")

    def ground(self) -> int:
        """The grey level of the paper: black or white, whichever the picture's rim is nearer to."""
        return paper(self.original()) if self.canvas.has_canvas() else 0

    # ---- Qt --------------------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        if self.plot is not None:
            self.plot.setFixedHeight(px(150) if self.height() >= px(760) else px(104))

    @Slot()
    def _recolor(self) -> None:
        self._restyle()
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As many pictures as a strip has room for."""
        if event.type() == QEvent.Type.Resize:
            self.refresh()
        return super().eventFilter(watched, event)

    @Slot()
    def refresh(self) -> None:
        """Bring everything in line with what is there."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restyle()
