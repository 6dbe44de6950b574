"""What the latent-space page adds to the export menu: the strip, the map, random codes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from genstudio.ui.widgets.tempo import Tempo

SHEET = 60  # random codes on one sheet: ten by six or twelve by five fill a stage
MORE = ("Strip from A to B", f"{SHEET} random codes", "Map")


class VaeExports(QObject):
    """Puts entries below "Picture…"; `take` says which one asked for the export that is being opened."""

    opened = Signal()  # the menu is about to be seen

    def __init__(self, tempo: Tempo) -> None:
        super().__init__(tempo)
        self._tempo, self._chosen = tempo, ""
        self.actions: dict[str, QAction] = {}
        menu = tempo.export.menu()
        menu.aboutToShow.connect(self.opened)
        for name in MORE:
            action = QAction(f"{name}…", menu)
            action.setData(name)
            action.triggered.connect(self._choose)
            menu.insertAction(tempo.film_action, action)
            self.actions[name] = action

    def set_available(self, names: set[str]) -> None:
        """Only what the model has is offered."""
        for name, action in self.actions.items():
            action.setVisible(name in names)

    def take(self) -> str:
        """The entry chosen since the last call, '' for the plain picture."""
        chosen, self._chosen = self._chosen, ""
        return chosen

    @Slot()
    def _choose(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self._chosen = str(action.data())
        self._tempo.export_grid_requested.emit()
