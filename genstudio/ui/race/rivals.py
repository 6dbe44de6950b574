"""What differs between the sides: a gallery of races worth seeing, or any one setting with two values."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.settings import setting_of
from genstudio.settings.duels import DUELS, TWIN, TWINS
from genstudio.ui.race.contest import Contest
from genstudio.ui.widgets.form import Choice, SettingsForm
from genstudio.ui.widgets.inspector import Section

OWN = "?own"
SIDES = ("Left", "Right")


class Rivals(QObject):
    """The section "What differs"; in a twin nothing does, and the gallery has games for both arenas."""

    gallery_chosen = Signal(str)  # a name of DUELS or TWINS
    contest_changed = Signal(object)  # another setting or other values

    def __init__(self, section: Section, parent: QObject) -> None:
        super().__init__(parent)
        self._section = section
        self._contest: Contest | None = None
        self._key: tuple[Any, ...] = ()
        self._forms: list[SettingsForm] = []
        self._rows: list[QWidget] = []
        self.gallery = Choice(label="Gallery", help="Races worth seeing; each sets all that it needs")
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setProperty("role", "second")
        self.setting = Choice(label="Setting", help="The one setting in which the two sides differ")
        section.add_widget(self.gallery)
        section.add_widget(self.says)
        self._setting_row = section.add_row(
            "Setting", self.setting, "The one setting in which the two sides differ", width=0
        )
        self.gallery.chosen.connect(self._gallery_chosen)
        self.setting.chosen.connect(self._setting_chosen)

    def show_contest(self, arena: str, contest: Contest, fields: tuple[str, ...]) -> None:
        """Show who races.

        Args:
            fields: The settings that may differ.
        """
        self._contest, is_twin = contest, arena == TWIN
        self._section.set_title("The game" if is_twin else "What differs")
        self._offer(arena, contest)
        self._setting_row.setVisible(not is_twin)
        key = (type(contest.settings), contest.fields, is_twin)
        if key != self._key:
            self._key = key
            self._build(contest, fields)
        for number, form in enumerate(self._forms):
            form.set_value(dataclasses.replace(contest.settings, **(contest.left, contest.right)[number]))

    def _offer(self, arena: str, contest: Contest) -> None:
        games = TWINS if arena == TWIN else {name: duel for name, duel in DUELS.items() if arena in duel.sides}
        self.gallery.clear()
        self.gallery.add_choice("A game of your own" if arena == TWIN else "A race of your own", OWN)
        for game in games.values():
            self.gallery.add_choice(game.title, game.name, game.says)
        begun = [name for name, game in games.items() if _is_of(contest, game, arena)]
        self.gallery.set_value(begun[0] if begun else OWN)
        self.says.setText(games[begun[0]].says if begun else "")
        self.says.setVisible(bool(begun))

    def _build(self, contest: Contest, fields: tuple[str, ...]) -> None:
        cls = type(contest.settings)
        self.setting.clear()
        for name in fields:
            note = setting_of(cls, name)
            self.setting.add_choice(note.label if note and note.label else name, name, note.help if note else "")
        if len(contest.fields) > 1:
            labels = [_label(cls, name) for name in contest.fields]
            self.setting.add_choice(" and ".join(labels), OWN, "Of the gallery")
        self.setting.set_value(contest.fields[0] if len(contest.fields) == 1 else OWN)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        for form in self._forms:
            form.deleteLater()
        self._rows, self._forms = [], []
        for number, side in enumerate(SIDES if contest.fields else ()):
            form = SettingsForm(cls, contest.fields)
            form.setProperty("side", number)
            for name, row in form.rows.items():
                row.label.setText(side if len(contest.fields) == 1 else f"{side} · {_label(cls, name)}")
                row.control.setAccessibleName(f"{_label(cls, name)}, {side.lower()}")
                self._rows.append(self._section.add_widget(row))
            form.hide()
            form.changed.connect(self._values_changed)
            self._forms.append(form)

    @Slot(object)
    def _gallery_chosen(self, name: str) -> None:
        if name != OWN:
            self.gallery_chosen.emit(name)

    @Slot(object)
    def _setting_chosen(self, name: str) -> None:
        if self._contest is not None and name != OWN:
            self.contest_changed.emit(self._contest.about(name))

    @Slot(object)
    def _values_changed(self, settings: Any) -> None:
        if self._contest is None:
            return
        side = ("left", "right")[int(self.sender().property("side"))]
        values = {name: getattr(settings, name) for name in self._contest.fields}
        self.contest_changed.emit(dataclasses.replace(self._contest, **{side: values}))


def _label(cls: type[Any], name: str) -> str:
    note = setting_of(cls, name)
    return note.label if note and note.label else name


def _is_of(contest: Contest, game: Any, arena: str) -> bool:
    """Whether a contest is such a game, whatever else of both sides was changed."""
    if arena == TWIN:
        return contest == contest.with_twin(game)
    fresh = contest.with_duel(game, arena)
    return (dict(contest.left), dict(contest.right)) == (dict(fresh.left), dict(fresh.right)) and all(
        getattr(contest.settings, name) == value for name, value in game.shared.items()
    )
