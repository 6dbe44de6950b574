"""The capacity mode at work: which models make a ladder, their pictures computed ahead, how they are shown."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.capacity_plot import RatePlot
from genstudio.ui.latent.capacity_state import (
    FAMILIES,
    PICKED,
    WITHOUT,
    CapacityState,
    Ladder,
    Rung,
    in_use,
    ladders,
    random_request,
)
from genstudio.ui.latent.capacity_view import CapacityView
from genstudio.ui.latent.capacity_words import EMPTY, TABLE_HELP, UNMEASURED, caption, stranger, table
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.model_page import TITLE
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.segments import Segments

VIEWS = (
    ("one", "One model", "The pictures of the chosen model, large"),
    ("every", "All models", "A row of given-back pictures for each model"),
)
HIGH = 760  # design px of a page that has room for all models and the curve
MEASURED = 2000  # held-out pictures that tell the rate of a model whose file does not


class CapacityShow(TabPage):
    """Owns the state shown and the slots "capacity.*"; what one can do with it is in `CapacityPage`.

    All models are asked for their pictures at once, each in slots of its own: moving along computes nothing.
    """

    learner = "latent-train"

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("capacity", TITLE, bridge, parent)
        self.desk = desk or LatentDesk(self)
        self.picker = Choice(label="Pictures", help="The pictures that the models of the ladder learned from")
        self.add_picker("Pictures", self.picker, 220)
        self.view, self.plot = CapacityView(), RatePlot()
        self.stage_area.addWidget(self.view, 1)
        self.plot_area.addWidget(self.plot, 1)
        self._add_controls()
        self.infos: dict[str, api.ModelInfo] = {}
        self.ladders: dict[str, Ladder] = {}
        self.measured: dict[str, tuple[float, float]] = {}  # by SHA-256
        self._state = CapacityState()
        self._saved: dict[str, Any] = {}
        self._is_active = False
        self._met = ""  # the model on the desk when the page was last on top
        self._is_stale = True  # no pictures have been asked for of the models there are
        self._data = ""  # whose pictures are shown
        self._picked: api.PickedEvent | None = None
        self._through: list[str] = []  # models that were asked for pictures; one that cannot be opened has none
        self._given: dict[str, api.EncodedEvent] = {}  # by the models' keys
        self._used: dict[str, int] = {}
        self._random: dict[str, api.PicturesEvent] = {}
        self._failures: dict[str, str] = {}
        self.tempo.show_speed(True)
        self.view.show_message("Starting …")
        self._light()

    def _add_controls(self) -> None:
        section = self.inspector.add_section("Show")
        self.views = Segments("Show", VIEWS)
        section.add_widget(self.views)
        self.others = TextButton("Other pictures", "Other held-out pictures and other random codes (R)")
        self.explore_button = TextButton("Open in Explore", "Go on with this model in Explore and the other modes")
        section.add_buttons(self.others)
        section.add_buttons(self.explore_button)
        section = self.inspector.add_section("Models by size")
        self.numbers = QLabel()
        self.numbers.setProperty("role", "small")
        self.numbers.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.numbers.setToolTip(f"<p>{TABLE_HELP}</p>")
        self.numbers.setAccessibleName("Numbers of the models")
        self.measure_button = TextButton("Measure", "Find rate and distortion of models whose files do not say them")
        section.add_widget(self.numbers)
        section.add_buttons(self.measure_button)

    # ---- models -------------------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Find the ladders; go on with the one shown as far as it is still there."""
        super().set_catalog(catalog)
        before = self.ladders
        self.infos = {info.name: info for info in catalog.models_of(*FAMILIES)} | self.desk.dropped
        self.find_ladders()
        if self._is_active and (not self._state.model or self.ladders != before):
            self.show_state(CapacityState.from_dict(self.parameters(), self.ladders))

    def find_ladders(self) -> None:
        """Sort the models into ladders anew."""
        before, self.ladders = self.ladders, ladders(self.infos, self.measured)
        self._is_stale |= self.ladders != before
        self.picker.clear()
        for key, ladder in self.ladders.items():
            count = len(ladder.rungs) + len(ladder.unmeasured)
            self.picker.add_choice(ladder.title, key, f"{count} models" if count > 1 else "1 model")

    def activate(self) -> None:
        """On top: its own rung; or that of a model that another mode has chosen since."""
        self._is_active = True
        if self.catalog is None:
            return
        if not self.desk.dropped.keys() <= self.infos.keys():  # another mode has opened files
            self.infos |= self.desk.dropped
            self.find_ladders()
        is_news, self._met = self.desk.model != self._met, self.desk.model
        values = self._state.to_dict() if self._state.ladder else self._saved
        state = CapacityState.from_dict(values, self.ladders, self.desk.model if is_news else "")
        if state != self._state or not state.model or self._is_stale:
            self.show_state(state)
            self.remember()

    def deactivate(self) -> None:
        """Another page is on top, with a model of its own."""
        self._is_active = False

    def ladder(self) -> Ladder | None:
        """The ladder shown."""
        return self.ladders.get(self._state.ladder)

    def rung(self) -> Rung | None:
        """The rung shown."""
        ladder = self.ladder()
        place = ladder.place(self._state.model) if ladder else -1
        return ladder.rungs[place] if ladder and place >= 0 else None

    # ---- showing and asking -------------------------------------------------------------------------

    def show_state(self, state: CapacityState) -> None:
        """Show a state; what is not known of its models is asked for, the chosen one's first."""
        old, self._state = self._state, state
        ladder = self.ladder()
        self.picker.set_value(state.ladder)
        self.views.set_value("every" if state.every else "one")
        if ladder is None or len(ladder.rungs) < 2:
            self._show_too_few(ladder)
            return
        if (old.ladder, old.seed) != (state.ladder, state.seed) or self._is_stale:
            self.forget()
            self._is_stale = False
            self._pick(ladder.source(self.catalog.datasets if self.catalog else ()))
        self._ask_missing(ladder)
        self._draw()

    def forget(self) -> None:
        """Ask for all pictures anew when a state is shown next."""
        for verb in ("pick", *(f"{verb}{k}" for verb in ("encode", "random") for k in range(len(self.infos)))):
            self.bridge.stop(self.slot(verb))
        self._picked, self._is_stale, self._through = None, True, []
        self._given, self._used, self._random, self._failures = {}, {}, {}, {}

    def _pick(self, dataset: str) -> None:
        self._data = dataset
        if (ladder := self.ladder()) is not None:
            keys = [ladder.rungs[place].key for place in ladder.nearest(self._state.model)]
            fresh = (key for key in keys if key not in self._through and key not in self._failures)
            self._through.append(next(fresh, keys[0]))
            self.stream("io", "pick", api.PickRequest(self._through[-1], dataset, self._state.seed, PICKED))

    def _ask_missing(self, ladder: Ladder) -> None:
        for place in ladder.nearest(self._state.model):
            rung = ladder.rungs[place]
            if rung.key not in self._random and rung.key not in self._failures:
                self.ask("play", f"random{place}", random_request(rung, self._state.seed))
            if self._picked is not None and rung.key not in self._given and rung.key not in self._failures:
                self.ask("play", f"encode{place}", api.EncodeRequest(rung.key, self._picked.images, invert=False))

    def _show_too_few(self, ladder: Ladder | None) -> None:
        self.forget()
        waiting = len(ladder.unmeasured) if ladder else 0
        if ladder is not None and len(ladder.rungs) + waiting > 1:
            count = len(ladder.rungs) + waiting
            self.view.show_message(UNMEASURED.format(waiting, f"{count} models"), "Measure them")
        else:
            self.view.show_message(EMPTY, "Train a model")
        self.plot.set_rungs(())
        self.show_plots(False)
        self.caption.set_text("")
        self._light()

    def _draw(self) -> None:
        ladder, rung = self.ladder(), self.rung()
        if ladder is None or rung is None:
            return
        place = ladder.place(rung.key)
        if rung.key in self._failures and not self._state.every:
            self.view.show_message(f"{rung.info.name} could not be opened. {self._failures[rung.key]}", "Try again")
        elif self._picked is not None:
            given = {key: event.reconstructions for key, event in self._given.items()}
            real = next((event.inputs for event in self._given.values()), self._picked.images)
            name = "Held-out" if self._data == ladder.dataset else self._data.capitalize()
            if self._state.every:
                self.view.show_every(name, real, ladder, place, given)
            else:
                random = self._random.get(rung.key)
                self.view.show_one(name, real, given.get(rung.key), random.images if random else None)
        self.plot.set_rungs(ladder.rungs)
        self.plot.set_place(place)
        self.lowest = HIGH if self._state.every else CapacityShow.lowest
        self.show_plots(True)
        self.numbers.setText(table(ladder, place, self._used))
        self.caption.set_text(caption(ladder, place, self._used, stranger(ladder.dataset, self._data)))
        self._light()

    def _light(self) -> None:
        """The slider, the tempo and the buttons follow the state."""
        ladder, rung = self.ladder(), self.rung()
        has_some = ladder is not None and rung is not None and len(ladder.rungs) > 1
        place, count = (ladder.place(rung.key), len(ladder.rungs)) if has_some and ladder and rung else (0, 0)
        self.view.show_slider(count > 0)
        self.view.slider.set_stops(tuple(one.label for one in ladder.rungs) if has_some and ladder else ())
        self.view.slider.set_value(place)
        self.tempo.set_range(count)
        self.tempo.set_position(place)
        self.tempo.set_label(f"model {place + 1} of {count}" if count else "")
        self.tempo.back.setEnabled(place > 0)
        self.tempo.forward.setEnabled(place < count - 1)
        self.tempo.play.setEnabled(count > 1)
        self.tempo.set_exportable(rung is not None and rung.key in self._given, False)
        waiting = len(ladder.unmeasured) if ladder else 0
        self.measure_button.setVisible(waiting > 0)
        self.measure_button.setText(f"Measure {waiting} more" if waiting else "Measure")
        self.numbers.setVisible(has_some)
        for control in (self.views, self.others, self.explore_button):
            control.setEnabled(has_some)

    # ---- events -------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Answers for the models of the ladder; those of a ladder before are dropped."""
        if isinstance(event, Failure):
            self._failed(verb, event)
        elif isinstance(event, api.PickedEvent):
            self._picked = event
            if (ladder := self.ladder()) is not None:
                self._ask_missing(ladder)
            self._draw()
        elif isinstance(event, api.EncodedEvent) and self._picked and event.request.images is self._picked.images:
            self._given[event.request.model] = event
            self._used[event.request.model] = in_use(event)
            self._draw()
        elif isinstance(event, api.PicturesEvent) and self._is_wanted(event.request):
            self._random[event.request.model] = event
            self.show_speed(f"{milliseconds(event.compute_ms / max(len(event.images), 1))} per picture")
            self._draw()

    def _is_wanted(self, request: Any) -> bool:
        ladder = self.ladder()
        place = ladder.place(request.model) if ladder else -1
        return ladder is not None and place >= 0 and request == random_request(ladder.rungs[place], self._state.seed)

    def _failed(self, verb: str, failure: Failure) -> None:
        ladder = self.ladder()
        if verb == "pick" and ladder is not None:
            can_give_way = self._data != WITHOUT and ladder.fits_strokes()
            known = self.catalog.datasets if self.catalog else ()
            is_here = any(one.name == self._data and one.available for one in known)
            is_model = is_here and self._data == ladder.dataset and len(self._through) == 1
            if is_model or can_give_way:
                self.tell("")
                self._pick(self._data if is_model else WITHOUT)
            else:
                self.view.show_message(f"There are no pictures. {whole(sentence(failure.error))}", "Try again")
        elif verb.startswith(("encode", "random")) and ladder is not None:
            place = int(verb.removeprefix("encode").removeprefix("random"))
            if place < len(ladder.rungs):
                self._failures[ladder.rungs[place].key] = whole(sentence(failure.error))
                self._draw()

    def is_settled(self) -> bool:
        """Whether all pictures of all models have come."""
        ladder = self.ladder()
        if ladder is None or len(ladder.rungs) < 2:
            return self.catalog is not None
        return all(
            one.key in self._failures or (one.key in self._given and one.key in self._random) for one in ladder.rungs
        )
