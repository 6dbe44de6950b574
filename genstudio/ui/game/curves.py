"""The plots of the game follow the moment that is looked at."""

from __future__ import annotations

from genstudio.ui.game.look import Look
from genstudio.ui.game.parts import Part


class Curves(Part):
    """Shows both plots of a page the run, and its moment."""

    def show(self) -> None:
        """What the run has told until then."""
        page, run = self.page, self.page.run
        look = Look(run.signs, run.shown(), run.history.is_live, page.is_critic(), page.plots.span())
        page.plots.show_look(look)
