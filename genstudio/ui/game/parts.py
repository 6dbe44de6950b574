"""What the pages of the adversarial game have in common: a run with a past, and parts that show something of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from genstudio.settings.adversarial import LOG_LOSSES
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.plots import GANPlots
from genstudio.ui.tabs.run_past import PastPage


class Part(QObject):
    """One thing that a page shows of its run beside the samples: a section of the inspector, a plot, a view.

    `verbs` are those of the page's slots whose events it is handed; no two parts of a page share one.
    """

    verbs: tuple[str, ...] = ()

    def __init__(self, page: GamePage) -> None:
        super().__init__(page)
        self.page = page

    def show(self) -> None:
        """Bring it in line with the run and the moment that is looked at; now and then while it runs."""

    def handle(self, verb: str, event: Any) -> None:
        """An event of one of its verbs."""

    def random(self) -> bool:
        """Key R: whether it has drawn something new where its things are seen; else the page does."""
        return False

    def parameters(self) -> dict[str, Any]:
        """What the user has set in it, as plain JSON values, among those of the page."""
        return {}

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters of the page; missing and foreign values are ignored."""


class GamePage(PastPage):
    """A page of the game: the curves, whether D is a critic, and its parts. Subclasses make `plots` and `parts`."""

    plots: GANPlots
    lowest, lowest_presenting = 480, 330  # the losses are half of what there is to see

    def __init__(
        self, name: str, title: str, bridge: Bridge, places: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, title, bridge, places, parent)
        self.parts: list[Part] = []

    def show_parts(self) -> None:
        """All of them, as the run is now."""
        for part in self.parts:
            part.show()

    def handle_part(self, verb: str, event: Any) -> bool:
        """Hand an event to the part that has asked; False if none has."""
        asked = [part for part in self.parts if verb in part.verbs]
        for part in asked:
            part.handle(verb, event)
        return bool(asked)

    def is_critic(self, iteration: int | None = None) -> bool:
        """Whether D of the run gives scores instead of probabilities, now or at an iteration of its past."""
        return self.run.request is not None and self.run.settings(iteration).loss not in LOG_LOSSES

    def iteration(self) -> int:
        """How far the run is that is shown, as every place says it: at the live end it is where the curves end."""
        scores = self.plots.scores() if self.run.history.is_live else None
        return scores[0] if scores else self.run.iteration
