"""What a page with runs adds to the export menu: the table of classes, the curves, the run itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from genstudio.ui.tabs.run_files import run_itself
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.theme import icon, theme
from genstudio.ui.widgets.export_target import CurvesTarget
from genstudio.ui.widgets.figure import Figure
from genstudio.ui.widgets.tempo import Tempo

CLASSES, FLOW, CURVES, RUN = "Class grid", "Flow (film)", "Curves", "Run (JSON)"
HELP = {
    CLASSES: "A row for each class, after its name; a column for each code",
    FLOW: "The particles on their way from noise to data, as the network moves them at the moment that is looked at",
    CURVES: "All numbers of the run over its iterations: a picture, a drawing, or a table",
    RUN: "All that repeats the run to the last pixel; drop the file on the window to see it learn again",
}
ICONS = {CLASSES: "table", FLOW: "film", CURVES: "curves", RUN: "braces"}
FILMS = (FLOW,)
Targets = Mapping[str, Callable[[], Any]]  # what each entry exports, made when it is chosen


def run_targets(run: TrainingRun, figure_of: Callable[[TrainingRun], Figure]) -> Targets:
    """The curves of a run, as the sheet `figure_of` makes of them, and the run itself, as soon as it has moments."""
    if (source := run.source) is None or run_itself(run) is None:
        return {}
    return {
        CURVES: lambda: CurvesTarget(source, run.iteration, figure_of(run)),
        RUN: lambda: run_itself(run),
    }


class RunExports(QObject):
    """Puts entries below "Film…"; only those of `offered` are seen. `take` says what the one just chosen exports."""

    opened = Signal()  # the menu is about to be seen

    def __init__(self, tempo: Tempo, offered: Callable[[], Targets]) -> None:
        super().__init__(tempo)
        self._tempo, self._offered, self._chosen = tempo, offered, ""
        self.actions: dict[str, QAction] = {}
        menu = tempo.export.menu()
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.show_offered)
        for name, words in HELP.items():
            action = QAction(f"{name}…", menu)
            action.setData(name)
            action.setToolTip(words)
            action.triggered.connect(self._choose)
            before = tempo.film_action if name == CLASSES else tempo.copy_action
            menu.insertAction(before, action)
            self.actions[name] = action
        self.separator = menu.insertSeparator(self.actions[CURVES])
        self.end = menu.insertSeparator(tempo.copy_action)
        theme().changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def show_offered(self) -> None:
        """Only what there is can be chosen."""
        offered = self._offered()
        for name, action in self.actions.items():
            action.setVisible(name in offered)
        has_run = CURVES in offered or RUN in offered
        self.separator.setVisible(has_run)

    def take(self) -> Any:
        """What the entry exports that was chosen since the last call; None if none was, or it has nothing."""
        chosen, self._chosen = self._chosen, ""
        make = self._offered().get(chosen)
        return make() if make is not None else None

    @Slot()
    def _choose(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self._chosen = str(action.data())
        tempo = self._tempo
        (tempo.export_film_requested if self._chosen in FILMS else tempo.export_grid_requested).emit()
        self._chosen = ""

    @Slot()
    def _restyle(self) -> None:
        colors = theme().colors
        for name, symbol in ICONS.items():
            self.actions[name].setIcon(icon(symbol, colors.text))
