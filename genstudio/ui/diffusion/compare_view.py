"""What the comparison shows: the columns at one moment, their numbers in words, and where they are."""

from __future__ import annotations

import dataclasses
from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import compare_words as words
from genstudio.ui.diffusion.compare_columns import KEY_ADD, KEY_REMOVE
from genstudio.ui.diffusion.compare_controls import DIFFERENCE_BUTTONS, CompareControls
from genstudio.ui.diffusion.compare_player import ComparePlayer
from genstudio.ui.diffusion.compare_stage import CompareColumns
from genstudio.ui.diffusion.compare_state import PRESETS, SHOWN, CompareState, preset, preset_of
from genstudio.ui.diffusion.compare_tracks import Moment, apart
from genstudio.ui.diffusion.controls import next_layer
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.models_page import ModelsPage
from genstudio.ui.widgets.form import Choice


class CompareView(ModelsPage):
    """Owns the state shown and its five places; `SamplersPage` adds what user and lanes do."""

    learner = "denoising-train"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("samplers", "Denoising", bridge, parent)
        self.state: CompareState | None = None
        self.chosen = 0  # the column whose settings the inspector shows
        self.titles: dict[str, str] = {}  # of samplers
        self._announced: tuple[object, ...] = ()
        self.picker = Choice(label="Model", help="The network of all columns; one of its own is chosen below Columns")
        self.add_picker("Model", self.picker, 280)
        self.player = ComparePlayer(bridge, self.slot("compare"), self)
        self.columns = CompareColumns()
        self.stage_area.addWidget(self.columns, 1)
        self.controls = CompareControls(self.inspector)
        self.columns.show_message("Starting …")
        self.player.moved.connect(self.refresh)
        self.show_state()

    # ---- the state shown ------------------------------------------------------------------------------

    def show_state(self) -> None:
        """Bring the controls and the headings in line with the state."""
        state = self.state
        ways = state.ways if state else ()
        self.chosen = min(self.chosen, max(len(ways) - 1, 0))
        info = self.infos.get(ways[0].model) if ways else None
        samplers = list(self.titles)
        offered = {name for name in PRESETS if ways and preset(name, ways[0].model, self.infos, samplers)}
        self.controls.show_presets(preset_of(ways, self.infos, samplers), offered)
        self.controls.show_state(state, self.chosen, info.classes if info else ())
        if state is None:
            self.refresh()
            return
        self.picker.set_value(ways[0].model)
        headings = [words.heading(ways, k, self.titles, k == self.chosen) for k in range(len(ways))]
        not_lost = [words.not_lost(ways, k) for k in range(len(ways))]
        self.columns.show_columns(headings, bool(state.difference), not_lost)
        self.columns.name_pictures([words.classes_of(self.infos.get(way.model), state, way.guidance) for way in ways])
        self.player.set_by(state.by)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Bring pictures, numbers, words and scrubber in line with the moment that is shown."""
        player, state, tempo = self.player, self.state, self.tempo
        has_steps = state is not None and any(len(track.kept) for track in player.tracks.shown)
        tempo.set_range(len(player.moments) if has_steps else 0)
        tempo.set_playing(player.is_playing)
        tempo.play.setEnabled(player.request is not None)
        tempo.back.setEnabled(player.position > 0)
        tempo.forward.setEnabled(player.request is not None and not player.is_at_end)
        if state is not None and player.request == state.request() and not self._is_void():
            moments = player.shown()
            self.columns.show_moment(player.tracks.shown, moments, state.layer, state.difference)
            if has_steps:
                tempo.set_position(player.position)
                tempo.set_label(
                    words.place_label(player.place, state.by), *(words.place_label(end, state.by) for end in (0, 1))
                )
            if has_steps or self._has_stuck():
                self._say(state, moments)
        self.show_exportable()
        announced = (player.request, state, has_steps)
        if announced != self._announced:
            self._announced = announced
            self.state_changed.emit()

    def _is_void(self) -> bool:
        """Whether the process as a whole has failed before anything was there."""
        return self.player.has_failed and not any(len(track.kept) for track in self.player.tracks.shown)

    def _has_stuck(self) -> bool:
        return any(track.error for track in self.player.tracks.shown)

    def show_exportable(self) -> None:
        """Light Export, or say why there is none."""
        why_not = "A column cannot go; remove it, and the others can be exported." if self._has_stuck() else ""
        self.tempo.set_exportable(self.export_source() is not None, self.has_film(), why_not)

    def _say(self, state: CompareState, moments: list[Moment | None]) -> None:
        there = [(k, moment) for k, moment in enumerate(moments) if moment is not None]
        times_apart = apart(self.player.tracks.shown)
        together = [m for k, m in there if not times_apart[k]]
        total_ms, total_calls = sum(m.ms for m in together), sum(m.step.calls for m in together)
        self.show_speed(
            f"{milliseconds(total_ms / total_calls)} per call · {total_calls:,} calls" if total_calls else ""
        )
        if self.player.has_failed:
            self.caption.set_text(words.STOPPED)
            return
        text = ""
        if len(there) > 1 and there[0][0] == 0:
            ways = [state.ways[k] for k, _ in there]
            errors = [self.columns.errors[k] for k, _ in there]
            place = self.player.place if self.player.position else 0.0
            calls, ms = [m.step.calls for _, m in there], [0.0 if times_apart[k] else m.ms for k, m in there]
            text = words.caption(ways, self.titles, place, state.by, state.layer, calls, ms, errors, state.count)
            text = f"{text} {words.APART}" if any(times_apart) else text
        why = [words.stuck(k, track.error) for k, track in enumerate(self.player.tracks.shown) if track.error]
        self.caption.set_text(" ".join([*why[:1], text]).strip())

    def wipe_sides(self) -> list[tuple[str, api.Pictures]]:
        """The columns at the moment that is shown, of the layer that is shown."""
        state, player = self.state, self.player
        if state is None or player.request != state.request():
            return []
        return [
            (f"{k + 1} · {words.short(state.ways, k, self.titles)}",
             moment.step.layers[state.layer] if moment is not None else api.NO_PICTURES)
            for k, moment in enumerate(player.shown())
        ]  # fmt: skip

    def is_settled(self) -> bool:
        """All columns are at their end, or say why not."""
        return self.player.is_at_end or not self.columns.notice.isHidden()

    # ---- what is shown of it ----------------------------------------------------------------------------

    def change(self, state: CompareState) -> None:
        """The user wants another state."""
        raise NotImplementedError

    def add_column(self) -> None:
        """One more."""
        raise NotImplementedError

    def remove_column(self, column: int) -> None:
        """One fewer."""
        raise NotImplementedError

    @Slot(str)
    def show_layer(self, layer: str) -> None:
        """x_t, the predicted picture or the predicted noise."""
        if self.state is not None and layer in SHOWN:
            self.change(dataclasses.replace(self.state, layer=layer))

    @Slot(str)
    def show_difference(self, kind: str) -> None:
        """Signed, absolute or not at all."""
        if self.state is not None and kind in api.DIFFERENCES:
            self.change(dataclasses.replace(self.state, difference=kind))

    @Slot(str)
    def lock_by(self, by: str) -> None:
        """By the share of the way, or by the level of noise."""
        if self.state is not None and by in ("share", "level"):
            self.change(dataclasses.replace(self.state, by=cast(api.By, by)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, state = event.text().lower(), self.state
        if state is None:
            super().keyPressEvent(event)
        elif key == "l":
            self.show_layer(next_layer(state.layer, SHOWN))
        elif key in ("1", "2", "3"):
            self.show_layer(SHOWN[int(key) - 1])
        elif key == "d":
            kinds = list(DIFFERENCE_BUTTONS)
            self.show_difference(kinds[(kinds.index(state.difference) + 1) % len(kinds)])
        elif event.key() in KEY_REMOVE:
            self.remove_column(self.chosen)
        elif event.key() in KEY_ADD:
            self.add_column()
        else:
            super().keyPressEvent(event)
