"""The columns of a comparison in the inspector: a list to choose, add and remove, and the form of the chosen one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from genstudio import api
from genstudio.api.guidance import why_unguided
from genstudio.ui.diffusion.compare_state import FEWEST, most_steps
from genstudio.ui.diffusion.compare_words import short
from genstudio.ui.diffusion.spacings import SPACINGS
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.button import IconButton, TextButton
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import CONTROL, Section

HALVED = 2  # a new column has so many times fewer steps than the one it is copied from


class ColumnRow(QWidget):
    """One column of the list; pressed while it is the chosen one."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = TextButton("", "Show its settings below")
        self.name.setCheckable(True)
        self.name.setProperty("role", "mode")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words = ""
        self.remove = IconButton("close", f"Remove column {number + 1}", "Remove this column (Del)")
        for button in (self.name, self.remove):
            button.setProperty("column", number)
        box = pad(QHBoxLayout(self), 0, 4)
        box.addWidget(self.name, 1)
        box.addWidget(self.remove)

    def set_words(self, words: str) -> None:
        """What the column is; as much as there is room for, all of it in the tooltip."""
        self._words = words
        self.name.setAccessibleName(f"Column {words}")
        self.name.setToolTip(f"{words}: show its settings below")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.name.width() - 2 * px(8)
        self.name.setText(self.name.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))


class ColumnEditor(QObject):
    """Section Columns. It only asks: the page answers with `show`."""

    chosen = Signal(int)
    edited = Signal(object)  # the Way that the chosen column is to become
    add_wanted = Signal()
    remove_wanted = Signal(int)
    lead_wanted = Signal()  # the chosen column is to be the first

    def __init__(self, section: Section) -> None:
        super().__init__(section)
        self._way, self._label = api.Way(""), api.ALL_CLASSES
        self._titles: dict[str, str] = {}
        self._uses_eta: dict[str, bool] = {}
        self._infos: Mapping[str, api.ModelInfo] = {}
        self.list = [ColumnRow(k) for k in range(api.MOST_WAYS)]
        for row in self.list:
            section.add_widget(row)
            row.name.clicked.connect(self._row_clicked)
            row.remove.clicked.connect(self._remove_clicked)
        self.add = TextButton("Add a column", "One like the chosen one, with half the steps (+)")
        self.lead = TextButton("Make it first", "Compare all others with the chosen column")
        section.add_buttons(self.add, self.lead)
        self.add.clicked.connect(self.add_wanted)
        self.lead.clicked.connect(self.lead_wanted)

        self.model, self.sampler = Choice(label="Model of the column"), Choice(label="Sampler")
        self.steps = IntBox(1, 1000, 50, label="Steps")
        self.guidance = FloatBox(0, 20, 1.0, 0.5, label="Guidance", decimals=2)
        self.eta = FloatBox(0, 1, 0.0, 0.1, label="η", decimals=2)
        self.spacing = Choice(label="Spacing")
        for name, (title, help_) in SPACINGS.items():
            self.spacing.add_choice(title, name, help_)
        helps = {
            "model": ("Model", "Which network takes the noise away in this column", 0),
            "sampler": ("Sampler", "By which rule the noise is taken away", 0),
            "steps": ("Steps", "From noise to picture; fewer are rougher", CONTROL),
            "guidance": ("Guidance", "How far to go beyond what the class suggests: 1 is the class as learnt", CONTROL),
            "eta": ("η", "How much fresh noise each step of DDIM adds: 0 none, 1 as much as DDPM", CONTROL),
            "spacing": ("Spacing", "At which noise levels the steps are", CONTROL),
        }
        self.rows = {
            name: section.add_row(title, getattr(self, name), help_, width=width)
            for name, (title, help_, width) in helps.items()
        }
        for box in (self.steps, self.guidance, self.eta):
            box.valueChanged.connect(self._changed)
        for choice in (self.model, self.sampler, self.spacing):
            choice.chosen.connect(self._changed)

    def set_catalog(self, catalog: api.Catalog, infos: Mapping[str, api.ModelInfo]) -> None:
        """Models and samplers there are."""
        self._titles = {info.name: info.title for info in catalog.samplers}
        self._uses_eta = {info.name: info.uses_eta for info in catalog.samplers}
        self._infos = infos
        self.sampler.clear()
        for info in catalog.samplers:
            self.sampler.add_choice(info.title, info.name, info.help)
        self.model.clear()
        for key, model in infos.items():
            self.model.add_choice(name_of(model.name), key, card(model))
        self._fill()

    def show(self, ways: Sequence[api.Way], chosen: int, label: int) -> None:
        """These columns, and the settings of one of them; all are asked for pictures of class `label`."""
        for k, row in enumerate(self.list):
            row.setVisible(k < len(ways))
            if k < len(ways):
                row.set_words(f"{k + 1} · {short(ways, k, self._titles)}")
                row.name.setChecked(k == chosen)
                row.remove.setEnabled(len(ways) > FEWEST)
                row.remove.setToolTip(
                    "Remove this column (Del)"
                    if len(ways) > FEWEST
                    else "There is nothing to compare with fewer than two."
                )
        self.add.allow(0 < len(ways) < api.MOST_WAYS, f"There is room for {api.MOST_WAYS} columns.")
        self.lead.allow(chosen > 0, "The chosen column is the first one already.")
        self._way, self._label = ways[chosen] if chosen < len(ways) else api.Way(""), label
        self._fill()

    def _fill(self) -> None:
        way, info = self._way, self._infos.get(self._way.model)
        for name in ("model", "sampler", "spacing"):
            getattr(self, name).set_value(getattr(way, name))
        for name in ("steps", "guidance", "eta"):
            box = getattr(self, name)
            with QSignalBlocker(box):
                if name == "steps":
                    box.setMaximum(most_steps(info) if info is not None else 1000)
                box.setValue(getattr(way, name))
        useless = {
            "eta": "" if self._uses_eta.get(way.sampler, False) else "This sampler has no η.",
            "guidance": why_unguided(info, self._label) if info is not None else "",
        }
        for name, row in self.rows.items():
            why_not = useless.get(name, "")
            row.control.setEnabled(info is not None and not why_not)
            for widget in (row.control, row.label) if name in useless else ():
                widget.setToolTip(why_not or row.control.accessibleDescription())

    @Slot()
    def _changed(self) -> None:
        way = dataclasses.replace(
            self._way,
            model=self.model.value() or self._way.model,
            sampler=self.sampler.value() or self._way.sampler,
            steps=self.steps.value(),
            guidance=round(self.guidance.value(), 3),
            spacing=self.spacing.value(),
        )
        uses_eta = self._uses_eta.get(way.sampler, False)
        way = dataclasses.replace(way, eta=round(self.eta.value(), 3) if uses_eta else 0.0)
        if way != self._way:
            self.edited.emit(way)

    @Slot()
    def _row_clicked(self) -> None:
        self.chosen.emit(int(self.sender().property("column")))

    @Slot()
    def _remove_clicked(self) -> None:
        self.remove_wanted.emit(int(self.sender().property("column")))


def another(way: api.Way) -> api.Way:
    """What a new column begins as."""
    return dataclasses.replace(way, steps=max(way.steps // HALVED, 1))


KEY_REMOVE, KEY_ADD = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace), (Qt.Key.Key_Plus, Qt.Key.Key_Insert)
