"""Opens D's eye where somebody looks through it, and closes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genstudio import api
from genstudio.ui.game.eye import has_eye
from genstudio.ui.game.parts import Part
from genstudio.ui.tabs.training_run import Moment, TrainingRun

if TYPE_CHECKING:
    from genstudio.ui.game.page import GANTab

PLACES = (0, 1)  # of the session, for the runs of the page
EYE = "eye"  # the name of the view
VERBS = ("watch", "watch2")  # of the page's two places, so that neither request takes the other's place


class EyeWatch(Part):
    """While the view is seen, the run that is shown is watched, and asked how it is now, for it may stand still."""

    verbs = VERBS

    def __init__(self, page: GANTab) -> None:
        super().__init__(page)
        self._tab = page
        self._open: set[int] = set()  # places that are watched
        self._asked: tuple[TrainingRun, int] | None = None  # which run was asked how it is, and when

    def is_wanted(self) -> bool:
        """Whether somebody looks."""
        page = self._tab
        return page.is_active and not page.is_walking and page.run.request is not None and page.views.seen() == EYE

    def show(self) -> None:
        """Open and close it as it is wanted."""
        run, is_wanted = self._tab.run, self.is_wanted()
        for place in {run.place, *self._open}:
            if (is_wanted and place == run.place) != (place in self._open):
                self._ask(place, place not in self._open)
        if is_wanted and self._lacks(run) and self._asked != (run, run.iteration):
            self._ask(run.place, True)

    def handle(self, verb: str, event: Any) -> None:
        """How the run is now, if it still is the one that was asked."""
        run, page = self._tab.run, self._tab
        is_of_run = self._asked is not None and self._asked[0] is run and run.left is None
        if not isinstance(event, api.WatchedEvent) or not is_of_run or not event.request.eye:
            return
        page.eye.set_trouble(event.reason)
        moment = Moment(event.iteration, event.samples, event.views, event.numbers)
        if len(event.samples) and run.see(moment) and self.is_wanted():
            page.show_samples()
            page.refresh()

    def _lacks(self, run: TrainingRun) -> bool:
        """Whether it stands still, and nobody knows what D makes of it as it is now."""
        if run.state == "running" or run.left is not None or not len(run.history) or not run.history.is_live:
            return False
        newest = run.history[-1]
        return not has_eye(newest) or newest.iteration < run.iteration

    def _ask(self, place: int, is_open: bool) -> None:
        run = self._tab.run
        (self._open.add if is_open else self._open.discard)(place)
        has_begun = is_open and place == run.place and run.left is None and len(run.history) > 0
        self._asked = (run, run.iteration) if has_begun else None
        verb = VERBS[PLACES.index(place)]
        self._tab.ask("train", verb, api.WatchRequest(place, is_open))
