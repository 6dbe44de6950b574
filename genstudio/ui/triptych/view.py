"""What the triptych shows: three columns at one place, their numbers in words, and where the control stands."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QWidget

from genstudio import api
from genstudio.api.guidance import why_unguided
from genstudio.api.numbers import about_ms
from genstudio.api.triptych import FEW
from genstudio.errors import counted
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.compare_state import STUDENT
from genstudio.ui.tabs.columns_page import ColumnsPage
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.triptych import words
from genstudio.ui.triptych.asker import Asker
from genstudio.ui.triptych.columns import TriptychColumns
from genstudio.ui.triptych.controls import TriptychControls
from genstudio.ui.triptych.state import DIFFUSION, KINDS, PLACES, TriptychState
from genstudio.ui.triptych.times import Took, basis
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.name_picker import share_start

UNKNOWN = "…"  # in the stead of a number
SCRUB = "One control for all three: drag from the noise of seed A to that of seed B"


class TriptychView(ColumnsPage):
    """Owns the state shown and its five places; `TriptychPage` adds what hand and time do."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("triptych", words.TITLE, bridge, parent)
        self.state = TriptychState()
        self.alone = -1  # the picture that is shown large, alone; -1 all
        self.asker = Asker(bridge, self.slot, self)
        self.columns = TriptychColumns()
        self.stage_area.addWidget(self.columns, 1)
        self.controls = TriptychControls(self.inspector)
        self.tempo.scrubber.setAccessibleName("From seed A to seed B")
        self.tempo.scrubber.setToolTip(SCRUB)
        for button, help_ in zip((self.tempo.first, self.tempo.last), ("To seed A", "To seed B"), strict=True):
            button.setToolTip(help_)
        self.tempo.back.setToolTip("One percent back (,)")
        self.tempo.forward.setToolTip("One percent on (.)")
        self.asker.arrived.connect(self.refresh_column)
        self.show_state()

    def model_picker(self) -> Choice:
        """That of the column that has the keyboard, else of the first that has a model."""
        columns, focused = self.columns.columns, QApplication.focusWidget()
        at_hand = [column for column in columns if focused is not None and column.isAncestorOf(focused)]
        return next((column.picker for column in (*at_hand, *columns) if column.picker.value()), columns[0].picker)

    def show_state(self) -> None:
        """Bring controls, pickers and the control in line with the state."""
        state, has_models = self.state, any(self.state.models)
        info = self.infos.get(state.models[DIFFUSION])
        is_student = info is not None and info.family == STUDENT
        unguided = why_unguided(info, None) if info is not None else ""
        self.controls.show_state(state, state.classes(self.infos), is_student, unguided, has_models)
        for k, column in enumerate(self.columns.columns):
            column.show_models(self.infos, state.models[k])
        share_start([column.picker for column in self.columns.columns])
        self.tempo.set_range(PLACES + 1 if has_models else 0)
        self.tempo.play.setEnabled(has_models)
        for button in (self.tempo.back, self.tempo.forward):
            button.setEnabled(has_models)
        self.caption.reserve(words.longest(state, self.infos))
        self.refresh()

    def refresh(self) -> None:
        """Bring pictures, numbers and words in line with what has come."""
        for k in range(len(KINDS)):
            self._show_column(k)
        self.show_place()

    @Slot(int)
    def refresh_column(self, k: int) -> None:
        """The same of one column. While a hand moves the words follow the control, and need not follow each picture."""
        self._show_column(k)
        self.show_exportable()
        if k == DIFFUSION or self.asker.is_settled:
            self._say()

    def show_place(self) -> None:
        """Where the control stands."""
        has_models = any(self.state.models)
        self.tempo.set_position(round(self.state.position * PLACES))
        if has_models:
            self.tempo.set_label(words.place_label(self.state), *words.place_labels(self.state))
        else:
            self.tempo.set_label("")
        self._say()
        self.show_exportable()

    def _seen(self, k: int) -> api.Pictures | None:
        """The pictures of a column, or the one that is shown large, alone."""
        images = self.asker.pictures[k]
        return images[self.alone :][:1] if images is not None and 0 <= self.alone < len(images) else images

    def wipe_sides(self) -> list[tuple[str, api.Pictures]]:
        """The columns that have a model."""
        sides = []
        for k, (kind, model) in enumerate(zip(KINDS, self.state.models, strict=True)):
            if model:
                images = self._seen(k)
                sides.append((f"{kind.title} · {name_of(model)}", images if images is not None else api.NO_PICTURES))
        return sides

    def _show_column(self, k: int) -> None:
        column, asker, model = self.columns.columns[k], self.asker, self.state.models[k]
        column.show_pictures(self._seen(k), asker.errors[k], bool(model) or self.catalog is None)
        column.stage.set_faded(k == DIFFUSION and asker.is_old)
        notes = [self._shown() if k == DIFFUSION else "", words.class_note(self.state, self.infos.get(model))]
        column.show_note(" · ".join(filter(None, notes)))
        self._show_numbers(k)

    def _show_numbers(self, k: int) -> None:
        self.columns.columns[k].show_numbers(self._numbers(k) if self.state.models[k] else [])

    def took(self, k: int) -> Took | None:
        """What a picture of a column takes, of the diffusion model in all its steps; None if that is not known."""
        return self.asker.took(self.state.request(k, self.infos))

    def _numbers(self, k: int) -> list[tuple[str, str, str]]:
        """What stands under a column, below it what that is of, and how it was found."""
        count = self.state.count
        if k != DIFFUSION:
            quick = self.took(k)
            told = about_ms(quick.about) if quick is not None else UNKNOWN
            return [(told, words.in_one_pass(count), f"{basis(quick, count)} {words.TIMED_TOGETHER}".lstrip())]
        full, draft = self.state.request(k, self.infos), self.state.draft(self.infos)
        if full is None or draft is None:
            return []
        drafted, whole = (
            (about_ms(took.about) if took else UNKNOWN, words.in_steps(steps), basis(took, count if steps > FEW else 1))
            for took, steps in ((self.asker.took(one), one.panel.steps) for one in (draft, full))
        )
        return [whole] if draft == full else [drafted, whole]

    def _shown(self) -> str:
        """How far the diffusion model's pictures have come."""
        asker, full, draft = self.asker, self.state.request(DIFFUSION, self.infos), self.state.draft(self.infos)
        if asker.pictures[DIFFUSION] is None or full is None or draft is None:
            return ""
        if asker.is_old and asker.shown is not None:
            return words.old(asker.shown.panel.steps, asker.step, full.panel.steps)
        if asker.shows_draft:
            goes_on = f" · step {asker.step} of {full.panel.steps}" if asker.step else ""
            return f"after {counted(draft.panel.steps, 'step')}{goes_on}"
        if asker.is_whole:
            return f"after all {counted(full.panel.steps, 'step')}"
        return ""  # they are of the place before

    def _say(self) -> None:
        asker = self.asker
        took = [self.took(k) for k in range(len(KINDS))]
        self.caption.set_text(words.caption(self.state, self.infos, asker.pictures, took, asker.is_whole))

    def is_settled(self) -> bool:
        """All that was asked for is there, or why it cannot be."""
        return self.catalog is not None and self.asker.is_settled
