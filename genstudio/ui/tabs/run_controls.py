"""The inspector of a page that trains: what a run can do, and the data. A page adds the settings."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.data_chooser import DataChooser
from genstudio.ui.tabs.run_words import rewind_help
from genstudio.ui.tabs.training_run import RunState
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import SettingsForm
from genstudio.ui.widgets.inspector import Inspector

RESTART_HELP = "Some of the changed settings take effect only when the run restarts; until then it has its old ones"
RUN_WORDS: dict[RunState, str] = {
    "none": "Train",
    "running": "Pause",
    "paused": "Go on",
    "failed": "Start again",
    "ended": "Start again",
}


class RunControls(QObject):
    """Sections Training and Data; it only asks, the page decides."""

    run_wanted = Signal()
    step_wanted = Signal()
    reset_wanted = Signal()
    restart_wanted = Signal()
    go_on_wanted = Signal()
    rewind_wanted = Signal()
    save_wanted = Signal()
    settings_changed = Signal()
    run_words: ClassVar[dict[RunState, str]] = RUN_WORDS
    step_help = "One iteration (.)"
    go_on_help = "Train this model further, from where its file ended"

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        super().__init__(inspector)
        training = inspector.add_section("Training")
        self.run = TextButton("", "Run or pause the training (Space)", primary=True)
        self.restart = TextButton("Restart with these settings", RESTART_HELP)
        policy = self.restart.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # no row moves under the mouse that changes a setting
        self.restart.setSizePolicy(policy)
        self.restart.setProperty("role", "primary")
        self.one_step = TextButton("One step", self.step_help)
        self.go_on = TextButton("Go on with this run", self.go_on_help)
        self.reset = TextButton("Reset", "Put this run away; undo (Ctrl+Z) brings it back", "reset")
        self.rewind = TextButton("Rewind to here", rewind_help(-1, True), "rewind")
        self.save = TextButton("Save model…", "Write the network to a file from which it can go on (Ctrl+S)", "export")
        training.add_widget(self.run)
        training.add_widget(self.go_on)
        training.add_buttons(self.one_step, self.reset)
        training.add_widget(self.rewind)
        training.add_widget(self.save)
        training.add_widget(self.restart)
        self.data: Any = self.make_data(inspector, bridge, name)
        self.training = training
        self.run.clicked.connect(self.run_wanted)
        self.one_step.clicked.connect(self.step_wanted)
        self.reset.clicked.connect(self.reset_wanted)
        self.restart.clicked.connect(self.restart_wanted)
        self.go_on.clicked.connect(self.go_on_wanted)
        self.rewind.clicked.connect(self.rewind_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.data.chosen.connect(self.settings_changed)

    def make_data(self, inspector: Inspector, bridge: Bridge, name: str) -> Any:
        """What chooses the data, with a section of its own: here of pictures."""
        section = inspector.add_section("Data")
        return DataChooser(bridge, (f"{name}.look", f"{name}.download"), section, inspector)

    @property
    def form(self) -> SettingsForm:
        """Of the family that is trained or would be."""
        raise NotImplementedError

    def show_state(self, state: RunState, *, is_changed: bool = False, can_go_on: bool = False) -> None:
        """Enable what makes sense in a state.

        Args:
            is_changed: The form differs from the run.
            can_go_on: There is a model whose training can go on.
        """
        self.go_on.setVisible(can_go_on)
        obstacle = self.data.obstacle()
        self.run.setText(self.run_words[state])
        self.run.setAccessibleName(self.run_words[state])
        can_start = state in ("running", "paused") or not obstacle
        self.run.setEnabled(can_start)
        self.run.setToolTip("Run or pause the training (Space)" if can_start else obstacle)
        self.one_step.setEnabled(can_start and state not in ("failed", "ended"))
        self.reset.setEnabled(state != "none")
        self.save.setEnabled(state in ("running", "paused", "ended"))
        lit = is_changed and state in ("running", "paused")
        self.restart.setVisible(lit)
        self.light(self.run, not lit and not can_go_on)
        self.light(self.go_on, can_go_on)
        self.restart.setEnabled(not obstacle)

    def show_rewind(self, iteration: int, is_live: bool, shown: int = -1) -> None:
        """Offer to go back to an iteration, from one that is looked at; -1 if one cannot."""
        self.rewind.setEnabled(iteration >= 0)
        self.rewind.setText(f"Rewind to {iteration:,}" if iteration >= 0 else "Rewind to here")
        self.rewind.setAccessibleName(self.rewind.text())
        self.rewind.setToolTip(rewind_help(iteration, is_live, shown))

    @staticmethod
    def light(button: TextButton, is_primary: bool) -> None:
        """Fill a button with the accent, or not."""
        role = "primary" if is_primary else ""
        if button.property("role") != role:
            button.setProperty("role", role)
            button.style().unpolish(button)
            button.style().polish(button)
