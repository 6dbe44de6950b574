"""The page of factors at work: what is measured of each model, and how that is shown."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent import factors_words as words
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.factors_state import COUNT, FactorsState, columns_of
from genstudio.ui.latent.factors_view import FactorControls, FactorView
from genstudio.ui.latent.model_page import ModelPage
from genstudio.ui.widgets.stage import Stage


class FactorsShow(ModelPage):
    """Owns what was measured of each model and the slots "factors.*"; what one can do with it is in `FactorsPage`."""

    verbs = ("measure", "rows")

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("factors", bridge, desk, parent)
        self.view = FactorView()
        self.stage, self.matrix = self.view.stage, self.view.matrix
        self.stage_area.addWidget(self.view, 1)
        self.controls = FactorControls(self.inspector)
        self._state: FactorsState | None = None
        self._known: dict[tuple[str, str], api.FactorsEvent] = {}  # by model and hash of its file
        self._is_measuring = False
        self._met = ""  # the model on the desk when the page was last on top
        self._asked: api.TraverseRequest | None = None
        self._dims: tuple[int, ...] = ()  # the latents of the rows of a file, until it is known which are the best
        self.blank()
        self.stage.set_message("Starting …")

    # ---- the model ------------------------------------------------------------------------------------

    def main_stage(self) -> Stage:
        return self.stage

    def activate(self) -> None:
        """On top: its own model; or one that another mode has chosen since, if anything can be measured of it."""
        is_news, self._met = self.desk.model not in ("", self._met), self.desk.model
        wanted, own = self.models.get(self.models.heir(self.desk.model)), self.info()
        can_measure = self.is_known(wanted) or not self._measurable()
        if self.catalog is None or self.desk.model == self.model or (is_news and can_measure):
            super().activate()
            return
        self._is_active = True
        if self.models.has_lost(self.model):
            self._go_on()
        elif not self.model or (is_news and not self.is_known(own)):
            self._open_first()

    def deactivate(self) -> None:
        """Another page is on top, with a model of its own."""
        self._is_active = False

    def is_known(self, info: api.ModelInfo | None) -> bool:
        """Whether the factors of what a model learned from are known."""
        return info is not None and self.catalog is not None and info.dataset in self.catalog.factored()

    def _measurable(self) -> str:
        infos = self.catalog.models if self.catalog else ()
        known = [info.name for info in infos if info.name in self.models and self.is_known(info)]
        saved = self._saved.get("model")
        return saved if saved in known else next(iter(known), "")

    def _open_first(self) -> None:
        if self._measurable():
            self.open(self._measurable(), self._saved)
        else:
            super()._open_first()

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        self._state = self._asked = None
        self._is_measuring = False
        self.view.clear()
        self.controls.show_found(None, FactorsState(()))
        self.caption.set_text("")
        self.tempo.set_range(0)
        self.tempo.set_position(0)
        self.tempo.set_label("")
        self.tempo.set_exportable(False, False)
        for button in (self.tempo.back, self.tempo.forward):
            button.setEnabled(False)

    def begin(self, info: api.ModelInfo, values: dict[str, Any]) -> None:
        """The model has come: show what is known of it, or measure it."""
        self._state = FactorsState.from_dict(values, info.latent_dim)
        self._dims = tuple(values.get("dims", ()))
        if not self.is_known(info):
            self.stage.set_message(words.unknown(info, self.catalog.factored() if self.catalog else ()), words.TRAIN)
        elif self.found() is None:
            self.measure()
        else:
            self._show(self._state)

    def found(self) -> api.FactorsEvent | None:
        """What was measured of the model shown."""
        info = self.info()
        return self._known.get((self.model, info.sha256)) if info is not None else None

    def code(self) -> tuple[float, ...]:
        return self._state.z if self._state is not None else ()

    def take_code(self, z: tuple[float, ...]) -> None:
        if self._state is not None:
            self._change(self._state.at(z))

    def values(self) -> dict[str, Any]:
        return self._state.to_dict() if self._state is not None else {}

    # ---- measuring ------------------------------------------------------------------------------------

    @Slot()
    def measure(self) -> None:
        """Encode held-out pictures, and see which latent tells which factor."""
        info = self.info()
        if info is None or not self._is_ready or not self.is_known(info):
            return
        self.view.clear()
        self.controls.show_found(None, self._state or FactorsState(()))
        self.tempo.set_exportable(False, False)
        self.caption.set_text("")
        self._is_measuring, self._asked = True, None
        self.stage.set_message(
            f"Measuring which latent of {info.name} tells which factor of {api.called(info.dataset)} …"
        )
        self.stream("io", "measure", api.FactorsRequest(self.model, info.dataset, COUNT))

    def handle(self, verb: str, event: Any) -> None:
        """Also the end of a measurement that was cancelled or failed."""
        if verb == "measure" and self._is_measuring and isinstance(event, (Ended, Failure)):
            self._is_measuring = False
            if self._state is not None and self.found() is not None:  # from before
                self._show(self._state)
                return
            stopped = "Nothing is measured yet: it was stopped."
            text = whole(sentence(event.error)) if isinstance(event, Failure) else stopped
            self.stage.set_message(text, "Measure")
            self.controls.show_found(None, self._state or FactorsState(()), can_measure=True)
        elif verb == "rows" and isinstance(event, Failure) and self._asked is not None:
            self._asked = None
            self.stage.set_message(whole(sentence(event.error)), "Draw again")
        else:
            super().handle(verb, event)

    def take(self, verb: str, event: Any) -> None:
        """What was measured, or the pictures of its rows."""
        state, info = self._state, self.info()
        if state is None or info is None:
            return
        if isinstance(event, api.FactorsEvent):
            self._is_measuring = False
            self._known[self.model, info.sha256] = event
            self._show(state)
        elif isinstance(event, api.PicturesEvent) and event.request == self._asked and (found := self.found()):
            self.show_time(event.compute_ms, len(event.images))
            self.view.show_pictures(event.images, found, state)

    # ---- showing --------------------------------------------------------------------------------------

    def _show(self, state: FactorsState) -> None:
        self._state, found = state, self.found()
        if found is None or self._is_measuring:
            return
        if self._dims:
            state, self._dims = state.restored(found, self._dims), ()
        self._state = state = state.within(len(found.factors))
        self.view.show_found(found, state)
        self.controls.show_found(found, state, can_measure=True)
        self.caption.set_text(words.sentence(found, state))
        self.tempo.set_exportable(True, False)
        order, chosen = columns_of(found), state.chosen(found)
        place = order.index(chosen[1])
        self.tempo.set_range(len(order))
        self.tempo.set_position(place)
        self.tempo.set_label(f"{found.names()[chosen[0]]} · z{chosen[1] + 1}, {len(order)} latents")
        self.tempo.back.setEnabled(place > 0)
        self.tempo.forward.setEnabled(place < len(order) - 1)
        request = state.traverse(self.model, found)
        if request != self._asked:
            self._asked = request
            self.ask("play", "rows", request)

    def _change(self, state: FactorsState) -> None:
        """A finished change that can be undone."""
        if self._is_ready:
            self.remember()
            self._show(state)
            self.remember()

    def is_settled(self) -> bool:
        """The matrix and its pictures are there, or the words why they are not."""
        if self._is_ready and not self.is_known(self.info()):
            return True
        return self.found() is not None and self.stage.pictures() is not None
