"""The inspector of a page that trains one of several families: a form for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot

from genstudio.settings import SETTINGS
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.run_controls import RunControls
from genstudio.ui.tabs.training_run import RunState
from genstudio.ui.theme import px
from genstudio.ui.widgets.form import Choice, SettingsForm
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.plain import plain

SETTINGS_TITLE, NEXT_RUN = "Settings", "Settings · grey: next run"
LOCKED = "This changes only while no run is at hand; Reset puts the run away, and undo brings it back."


class FamilyControls(RunControls):
    """Sections Training, Data and Settings; `form` is that of the family.

    Args:
        families: Those on offer, with what the picker calls them and what it says about each.
        starts: Settings that a family begins with, where they are not its own defaults.
        fields: Those that a family's form has, where it has not all.
    """

    family_chosen = Signal(str)

    def __init__(
        self,
        inspector: Inspector,
        bridge: Bridge,
        name: str,
        families: Mapping[str, tuple[str, str]],
        starts: Mapping[str, Any] | None = None,
        fields: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(inspector, bridge, name)
        self._families, self._starts, self._fields = families, starts or {}, fields or {}
        self.family_picker = Choice(label="Family", help="What is trained")
        for family, (title, help_) in families.items():
            self.family_picker.add_choice(title, family, help_)
        self._section = inspector.add_section(SETTINGS_TITLE)
        row = self._section.add_row("Family", self.family_picker, "What is trained", width=0)
        policy = row.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(False)  # a family has no default: its names need the room
        row.reset.setSizePolicy(policy)
        self._forms: dict[str, SettingsForm] = {}
        self._is_locked = False
        self.family = next(iter(families))
        self.set_family(self.family)
        self.family_picker.chosen.connect(self._family_chosen)
        self.show_state("none")

    @property
    def form(self) -> SettingsForm:
        """That of the family."""
        return self._form_of(self.family)

    def values(self) -> dict[str, Any]:
        """The settings of every family that was looked at."""
        return {family: form.value() for family, form in self._forms.items()}

    def set_value(self, family: str, settings: Any) -> None:
        """Show other settings of a family, without a signal."""
        self._form_of(family).set_value(settings)

    def set_family(self, family: str) -> None:
        """Show the form of a family, without a signal."""
        self.family = family
        self.family_picker.set_value(family)
        shown = self._form_of(family)
        for form in self._forms.values():
            form.setVisible(form is shown)
        self._explain()

    def show_state(self, state: RunState, *, is_changed: bool = False, can_go_on: bool = False) -> None:
        """As of every run; what a run is of does not change while one is at hand."""
        is_at_hand = state in ("running", "paused")
        is_offered = can_go_on or (is_at_hand and not self.go_on.isHidden())  # no row moves as a run begins
        super().show_state(state, is_changed=is_changed, can_go_on=is_offered)
        self.go_on.setEnabled(can_go_on)
        self.light(self.run, not (is_at_hand and is_changed))
        self.light(self.go_on, False)
        if is_at_hand != self._is_locked:
            self._lock(is_at_hand)

    def name_model(self, name: str) -> None:
        """Which model would go on."""
        text = f"Go on with {name}"
        self.go_on.setText(self.go_on.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, px(250)))
        self.go_on.setAccessibleName(text)
        self.go_on.setToolTip(plain(f"Train {name} further, from where its file ended"))

    def _lock(self, is_locked: bool) -> None:
        self._is_locked = is_locked
        self.family_picker.setEnabled(not is_locked)
        self.data.lock(LOCKED if is_locked else "")
        for form in self._forms.values():
            form.dim_fixed(is_locked)
        self._section.set_title(NEXT_RUN if is_locked else SETTINGS_TITLE)
        self._explain()

    def _explain(self) -> None:
        self.family_picker.setToolTip(LOCKED if self._is_locked else self._families[self.family][1])

    def _form_of(self, family: str) -> SettingsForm:
        if family not in self._forms:
            form = self._forms[family] = SettingsForm(SETTINGS[family], self._fields.get(family, ()), tunes=True)
            if family in self._starts:
                form.set_default(self._starts[family])
                form.set_value(self._starts[family])
            form.dim_fixed(self._is_locked)
            self._section.add_widget(form)
            form.setVisible(family == self.family)
            form.changed.connect(self._changed)
        return self._forms[family]

    @Slot(object)
    def _changed(self, settings: Any) -> None:
        self.settings_changed.emit()

    @Slot(object)
    def _family_chosen(self, family: str) -> None:
        self.set_family(family)
        self.family_chosen.emit(family)
