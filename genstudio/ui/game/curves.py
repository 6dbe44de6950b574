"""The plots of the game follow the moment that is looked at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot

from genstudio.ui.game.look import Look
from genstudio.ui.game.parts import GamePage, Part


class Curves(Part):
    """Shows both plots of a page the run, and its moment; knows what was chosen for them."""

    def __init__(self, page: GamePage) -> None:
        super().__init__(page)
        page.plots.chosen.connect(self._chosen)

    @Slot()
    def _chosen(self) -> None:
        self.page.remember()

    def parameters(self) -> dict[str, Any]:
        """What the two plots show."""
        return {"plots": list(self.page.plots.shown())}

    def set_parameters(self, values: dict[str, Any]) -> None:
        """As it was."""
        names = values.get("plots")
        if isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names):
            self.page.plots.show_kinds(names)

    def show(self) -> None:
        """What the run has told until then."""
        page, run = self.page, self.page.run
        moment = run.shown()
        is_critic = page.is_critic(moment.iteration if moment is not None else None)
        look = Look(run.signs, moment, run.history.is_live, is_critic, page.plots.span())
        page.plots.show_look(look)
