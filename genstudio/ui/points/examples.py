"""The points that a game will be about, seen before it begins."""

from __future__ import annotations

from typing import Any

from genstudio.api import ExamplesEvent, ExamplesRequest, Floats
from genstudio.ui.game.parts import GamePage, Part


class Examples(Part):
    """Asks for points of the set that is chosen, while no game is on; `shown` are those, as soon as they are there."""

    verbs = ("examples",)

    def __init__(self, page: GamePage) -> None:
        super().__init__(page)
        self._wanted: ExamplesRequest | None = None
        self._points: Floats | None = None

    def shown(self) -> Floats | None:
        """(N, 2) points of the set that is chosen; None before they have come, and once a game has begun."""
        is_wanted = self._wanted is not None and self._wanted.points == self.page.data.name()
        return self._points if is_wanted and self.page.run.state == "none" else None

    def show(self) -> None:
        """Ask, if somebody looks at the page and nothing is played there; a drawing is seen as it was drawn."""
        if self.page.data.is_drawn:
            return
        wanted = ExamplesRequest(self.page.data.name(), self.page.controls.form.value().seed)
        if self.page.isVisible() and self.page.run.state == "none" and wanted != self._wanted:
            self._wanted, self._points = wanted, None
            self.page.ask("play", "examples", wanted)

    def handle(self, verb: str, event: Any) -> None:
        """The points; without them the invitation stands alone."""
        if isinstance(event, ExamplesEvent) and event.request == self._wanted:
            self._points = event.points
            self.page.show_run()
