"""What of the code that is explored is asked of the generator, and shown: picture and strip."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.game.explore_controls import ExploreControls
from genstudio.ui.game.explore_seen import Seen
from genstudio.ui.game.explore_state import Explored
from genstudio.ui.game.explore_view import HELP, ExploreView
from genstudio.ui.game.parts import Part
from genstudio.ui.tabs.training_run import TrainingRun

if TYPE_CHECKING:
    from genstudio.ui.game.view import GANView

NAME, TITLE = "explore", "Explore"
WAY_EVERY_S = 1.0  # the strip is drawn so often while the run goes on


class PeekPart(Part):
    """Asks for the pictures of `state` while they are seen, by the generator of the moment that is looked at."""

    verbs = ("peek", "way")
    page: GANView

    def __init__(self, page: GANView) -> None:
        super().__init__(page)
        self.state = Explored()
        self.view, self.controls = ExploreView(), ExploreControls(page.inspector)
        page.views.add(NAME, TITLE, HELP, self.view)
        self.classes: tuple[str, ...] = ()
        self._run: TrainingRun | None = None  # whose classes they are
        self._asked: dict[str, api.PeekRequest | None] = dict.fromkeys(self.verbs)  # not yet answered
        self._drawn: dict[str, Any] = dict.fromkeys(self.verbs)  # of which run at which iteration, and what
        self._seen = Seen()
        self._way_at = 0.0
        self._failed: tuple[TrainingRun, int] | None = None  # the moment that could not be drawn

    @Slot()
    def stay(self) -> None:
        """The code no longer changes by itself."""

    def is_seen(self) -> bool:
        """Whether the pictures of the code are on the stage, somebody looks, and there is a generator."""
        page = self.page
        return page.is_active and page.views.seen() == NAME and not page.is_walking and len(page.run.history) > 0

    def show(self) -> None:
        """The same code through the generator as it is at the moment that is looked at."""
        is_seen = self.is_seen()
        self.controls.section.setVisible(is_seen)
        if not is_seen:
            self.stay()
            return
        self._fit()
        if self._failed == (self.page.run, self.iteration()):  # until the user asks for something else
            return
        if self._drawn["peek"] != self._key("peek"):
            self._ask("peek")
        elif self._asked["peek"] is None:
            self._ask_way()

    def is_drawn(self) -> bool:
        """Whether the picture is that of the code as it is, at the moment that is looked at."""
        return self._asked["peek"] is None and self._drawn["peek"] == self._key("peek")

    def _ask_way(self) -> None:
        """For the strip, if it is another one now: the picture comes first."""
        is_due = self.page.run.state != "running" or time.monotonic() - self._way_at >= WAY_EVERY_S
        if is_due and self._drawn["way"] != self._key("way"):
            self._ask("way")

    def _fit(self) -> None:
        """As many numbers as the generator takes, those of the run's first samples at first; the classes it knows."""
        run = self.page.run
        settings = run.settings()
        if run is not self._run:
            self._run, self.classes = run, run.classes
            self._seen.clear()
            self.controls.show_classes(run.classes)
        if len(self.state.z) != settings.latent_dim:
            self.stay()
            self.state = Explored.first(settings.seed, settings.latent_dim)
            self.page.drifted()  # no hand has changed it, so it is no step of undo
            self.page.can_undo()
        self.controls.show_state(self.state)

    def iteration(self) -> int:
        """Of which the generator is asked for; of a run that broke the last good one answers."""
        run, moment = self.page.run, self.page.run.history.shown()
        if moment is None or (run.history.is_live and run.state != "failed"):
            return api.NOW
        return moment.iteration

    def _request(self, verb: str) -> api.PeekRequest:
        make = self.state.request if verb == "peek" else self.state.way
        return make(self.page.run.place, self.iteration(), len(self.classes))

    def _key(self, verb: str) -> Any:
        """What decides about picture or strip: of a run that goes on now is another moment each time."""
        run, state, iteration = self.page.run, self.state, self.iteration()
        codes = (state.z, state.has_all) if verb == "peek" else (state.a, state.b)
        return run, iteration, iteration == api.NOW and run.iteration, self.classes, state.label, state.psi, codes

    def _ask(self, verb: str) -> None:
        """For the picture or the strip; one that is still on its way is not waited for."""
        if not self.is_seen() or self.page.run.left is not None:  # it is about to go back
            return
        if len(self.state.z) != self.page.run.settings().latent_dim:  # undo has the code of another run
            return
        request = self._request(verb)
        self._drawn[verb] = self._key(verb)
        if verb == "way":
            self._way_at = time.monotonic()
        if (known := self._seen.find(request, self.page.run.iteration)) is not None:
            self._asked[verb] = None
            self._show(verb, known)
        else:
            self._asked[verb] = request
            self.page.ask("train", verb, request)

    def handle(self, verb: str, event: Any) -> None:
        """A picture, or why there is none."""
        asked = self._asked[verb]
        if isinstance(event, Failure):
            self._asked[verb], self._failed = None, (self.page.run, self.iteration())
            self.stay()
            self.view.clear(whole(sentence(event.error)))
        elif isinstance(event, api.PeekedEvent) and asked is not None and event.request.place == self.page.run.place:
            if event.request.iteration != api.NOW or self.page.run.state != "running":
                self._seen.note(event)
            if event.request == asked:
                self._asked[verb] = None
            if self._is_of_this(event.request):
                self._learn(event.classes)
                self._show(verb, event)

    def _show(self, verb: str, event: api.PeekedEvent) -> None:
        if verb == "way":
            self.view.show_way(event.images)
        else:
            self.view.show_picture(event)
            self._ask_way()

    def _is_of_this(self, request: api.PeekRequest) -> bool:
        """Whether it is of this moment; a code that the hand has left meanwhile is still to be seen."""
        return request.iteration == self.iteration() and self.is_seen()

    def _learn(self, classes: tuple[str, ...]) -> None:
        if classes != self.classes:
            self.classes = classes
            self.controls.show_classes(classes)
            self.show()
