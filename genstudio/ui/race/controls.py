"""The inspector of a race: what it can do, what differs, the data, and the settings that both sides share."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from PySide6.QtCore import Signal, Slot

from genstudio.settings import SETTINGS, GameSettings, PointGANSettings
from genstudio.settings.duels import DUELS, PICTURES, POINTS, TWIN, TWINS
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.controls import GAME, LEARNING, NETWORKS
from genstudio.ui.game.words import KINDS
from genstudio.ui.race.contest import TWIN_FIELDS, Contest, contest_of
from genstudio.ui.race.data import RaceData
from genstudio.ui.race.rivals import Rivals
from genstudio.ui.tabs.run_controls import RUN_WORDS, RunControls
from genstudio.ui.tabs.training_run import RunState
from genstudio.ui.widgets.form import Choice, SettingsForm
from genstudio.ui.widgets.inspector import Inspector

FAMILY = "mlp-gan"  # of pictures at first: two of them are soon there
TITLES = ("Networks", "Rules of the game", "Learning")
ORDER = (NETWORKS, GAME, LEARNING)


class RaceControls(RunControls):
    """Sections Training, What differs, Points or Data, Networks, Rules, Learning; a contest for each arena."""

    run_words: ClassVar[dict[RunState, str]] = {**RUN_WORDS, "none": "Race"}
    step_help = "One iteration of either side (.)"
    arena_changed = Signal()

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        super().__init__(inspector, bridge, name)
        for button in (self.save, self.go_on, self.rewind):
            button.hide()
        self.run.setToolTip("Begin or pause the race (Space)")
        self.reset.setToolTip("Put this race away; undo (Ctrl+Z) brings it back")
        self.restart.setText("Race with these settings")
        self._sections = tuple(inspector.add_section(title) for title in TITLES)
        self._forms: dict[type[Any], SettingsForm] = {}
        self.family = FAMILY
        self.kind_picker = Choice(label="Kind", help="What kind of networks play on pictures")
        for family, (title, help_) in KINDS.items():
            self.kind_picker.add_choice(title, family, help_)
        self._kind_row = self._sections[0].add_row("Kind", self.kind_picker, "What kind of networks play", width=0)
        self.contests: dict[str, Contest] = {}
        self.kind_picker.chosen.connect(self._kind_chosen)
        self.data.arena_chosen.connect(self._arena_chosen)
        self.rivals.gallery_chosen.connect(self._gallery_chosen)
        self.rivals.contest_changed.connect(self._contest_changed)
        self.show_contest()
        self.show_state("none")

    def make_data(self, inspector: Inspector, bridge: Bridge, name: str) -> RaceData:
        """After what differs, which comes first."""
        self.rivals = Rivals(inspector.add_section("What differs"), inspector)
        return RaceData(inspector, bridge, name)

    @property
    def arena(self) -> str:
        """Where the race takes place."""
        return self.data.arena

    @property
    def contest(self) -> Contest:
        """Who races in this arena."""
        return self.contests.setdefault(self.arena, contest_of(self.arena, self.family))

    @property
    def form(self) -> SettingsForm:
        """What both sides share."""
        cls = self._class()
        if cls not in self._forms:
            self._forms[cls] = self._new_form(cls)
        return self._forms[cls]

    def _class(self) -> type[Any]:
        if self.arena == TWIN:
            return GameSettings
        return PointGANSettings if self.arena == POINTS else SETTINGS[self.family]

    def show_contest(self) -> None:
        """Bring all in line with the contest."""
        form, contest = self.form, self.contest
        known = tuple(name for name in form.rows if name != "seed")
        self.rivals.show_contest(self.arena, contest, known)
        form.set_value(contest.settings)
        for other in self._forms.values():
            for name, row in other.rows.items():
                row.setVisible(other is form and name not in contest.fields)
        self.kind_picker.set_value(self.family)
        self._kind_row.setVisible(self.arena != POINTS)

    def set_contest(self, contest: Contest) -> None:
        """Another race in this arena, by the user."""
        self.contests[self.arena] = contest
        self.show_contest()
        self.settings_changed.emit()

    def _new_form(self, cls: type[Any]) -> SettingsForm:
        known = TWIN_FIELDS if cls is GameSettings else tuple(field.name for field in dataclasses.fields(cls))
        sections = [[name for name in names if name in known] for names in ORDER]
        form = SettingsForm(cls, tuple(name for names in sections for name in names))
        for section, names in zip(self._sections, sections, strict=True):
            for name in names:
                section.add_widget(form.rows[name])
        form.setParent(self._sections[0])
        form.hide()
        form.changed.connect(self._form_changed)
        return form

    @Slot(object)
    def _form_changed(self, settings: Any) -> None:
        self.set_contest(dataclasses.replace(self.contest, settings=settings))

    @Slot(object)
    def _contest_changed(self, contest: Contest) -> None:
        self.set_contest(contest)

    @Slot(str)
    def _gallery_chosen(self, name: str) -> None:
        if self.arena == TWIN:
            self.set_contest(self.contest.with_twin(TWINS[name]))
        else:
            self.set_contest(self.contest.with_duel(DUELS[name], self.arena))

    @Slot(object)
    def _kind_chosen(self, family: str) -> None:
        """Networks of another kind play the same game, as far as they know its rules."""
        before, self.family = self.contests.pop(PICTURES, None), family
        fresh = SETTINGS[family]()
        if before is not None and all(hasattr(fresh, name) for name in before.fields):
            rules = {field.name: getattr(before.settings, field.name) for field in dataclasses.fields(GameSettings)}
            self.contests[PICTURES] = dataclasses.replace(before, settings=dataclasses.replace(fresh, **rules))
        self.show_contest()
        self.settings_changed.emit()

    @Slot(str)
    def _arena_chosen(self, arena: str) -> None:
        self.show_contest()
        self.arena_changed.emit()
        self.settings_changed.emit()
