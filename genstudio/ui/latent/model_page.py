"""What modes share that show codes of one model: its picker, loading it, the way from mode to mode."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.settings import LATENT
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.asked import codes_of, model_of
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.hand_page import HandPage
from genstudio.ui.latent.missing_data import offers_data
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.vae_shelf import VaeShelf
from genstudio.ui.tabs.vae_words import NO_MODEL
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.stage import Stage

TITLE = "Latent space"
PICKER = 280  # design px of the longest name of a model
STUDIED = 10_000  # pictures that tell what the codes are like


class ModelPage(HandPage):
    """Owns the model shown; subclasses own its state and say what it looks like. Lives on the window thread."""

    learner = "latent-train"

    verbs: tuple[str, ...] = ()  # of the requests whose answers belong to the model shown

    def __init__(
        self, name: str, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, TITLE, bridge, parent)
        self.desk = desk or LatentDesk(self)
        self.picker = Choice(label="Model", help="The model whose codes are shown")
        self.add_picker("Model", self.picker, PICKER)
        self.models = VaeShelf(self.picker)
        self.models.share(self.desk.dropped)
        self.model = ""  # what requests call it; "" before any is shown
        self._saved: dict[str, Any] = {}
        self._wanted: dict[str, Any] = {}  # parameters that are shown once their model has come
        self._is_ready = self._is_active = self._is_led = False  # led: the model is loaded as it is on the desk
        self.picker.chosen.connect(self._model_chosen)
        self.desk.studied.connect(self._desk_studied)

    # ---- what subclasses say --------------------------------------------------------------------------

    def main_stage(self) -> Stage:
        """Where loading and failures are told."""
        raise NotImplementedError

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""

    def begin(self, info: api.ModelInfo, values: dict[str, Any]) -> None:
        """The model has come: show it as `values` say, or freshly where they do not fit."""

    def take_code(self, z: tuple[float, ...]) -> None:
        """Another mode has shown this code of the same model."""

    def take_sent(self, z: tuple[float, ...], origin: str) -> None:
        """Another mode has sent this code of the same model; `origin` says what it is of."""

    def take(self, verb: str, event: Any) -> None:
        """An answer that belongs to the model shown."""

    def values(self) -> dict[str, Any]:
        """The state, as plain JSON values; without the model."""
        return {}

    def study_is_new(self) -> None:
        """It has become known what the codes of the model are like."""

    # ---- models ---------------------------------------------------------------------------------------

    def info(self) -> api.ModelInfo | None:
        """What is known of the model shown."""
        return self.models.get(self.model)

    def study(self) -> api.StudyEvent | None:
        """What is known of its codes."""
        found = self.desk.studies.get(self.model)
        info = self.info()
        return found if found is not None and info is not None and len(found.kl) == info.latent_dim else None

    def is_ready(self) -> bool:
        """Whether there is a model that answers."""
        return self._is_ready

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker; go on with the model shown if it is still there."""
        super().set_catalog(catalog)
        is_same = self.models.set_catalog(catalog, self.model)
        if self._is_active and not is_same:
            self._go_on()

    def activate(self) -> None:
        """On top: go on with the model and the code of the mode before."""
        self._is_active = True
        self._is_led = True
        self.forget_hand()
        if self.catalog is None:
            return
        key, z = self.models.heir(self.desk.model), self.desk.z
        if self.models.has_lost(self.model) and self.desk.model in ("", self.model):
            self._go_on()
        elif key and key != self.model and key in self.models:
            self.open(key, {**(self.values() if self.model else self._saved), "z": list(z)})
        elif not self.model:
            self._open_first()
        elif self._is_ready and key == self.model and z and z != self.code() and self._fits(z):
            self.take_code(z)
        self.forget_hand()
        self._is_led = not self._is_ready
        self._collect()

    def _collect(self) -> None:
        """What was sent here, once the model is there."""
        sent = self.desk.sent
        if sent is not None and sent[0] == self.name and self._is_ready and self._fits(sent[1]):
            self.desk.sent = None
            self.take_sent(*sent[1:])

    def deactivate(self) -> None:
        """Another page is on top: hand it the model, and the code if a hand has made it."""
        self._is_active = False
        if self.model and self._is_ready:
            is_same = self.models.heir(self.desk.model) == self.model
            self.desk.put(self.model, self.by_hand() or (self.desk.z if is_same else ()))

    def _fits(self, z: tuple[float, ...]) -> bool:
        info = self.info()
        return info is not None and len(z) == info.latent_dim

    def _go_on(self) -> None:
        """The model shown has changed, or another one stands in its place."""
        old = self.model
        if heir := self.models.heir(old):
            made = self.by_hand()
            self.open(heir, self.values() if self._is_ready else self._wanted)
            self.forget_hand(made)
            self._is_led = True
        else:
            self._open_first()
        self.models.say_moved(self, old, self.model)

    def _open_first(self) -> None:
        self._is_led = True
        first = self.models.first(self._saved)
        if first is None:
            self.close_model()
            self.main_stage().set_message(*NO_MODEL)
            self.show_speed()
            return
        self.open(first.model, self._saved)

    def open(self, key: str, values: dict[str, Any]) -> None:
        """Load a model and show it as `values` say."""
        if self._is_ready:
            self.models.keep(self.model, self.values())
        self.close_model()
        self.model, self._wanted = key, values
        self.picker.set_value(key)
        self.main_stage().set_message(f"Loading {self.models.name(key)} …")
        self.ask("play", "load", api.LoadRequest(key))

    def close_model(self) -> None:
        """Nothing of the old model may come late, and nothing of it stays to be seen."""
        for verb in ("load", "open", *self.verbs):
            self.bridge.stop(self.slot(verb))
        self._is_ready, self.model = False, ""
        self.blank()
        self.forget_hand()

    @Slot(object)
    def _model_chosen(self, key: str) -> None:
        self._is_led = False
        if self.model and key != self.model:
            self.remember()
        self.open(key, self.values() if self.model else self._saved)

    @Slot()
    def try_again(self) -> None:
        """Back to the model before one that could not be loaded, else try that; or go where one can be trained."""
        if self.model:
            self.open(*(self.models.good() or (self.model, self._wanted)))
        else:
            self.mode_wanted.emit(self.learner)

    def offer_model(self, path: str) -> bool:
        """Look what a dropped checkpoint is, and open it."""
        self.ask("play", "open", api.LoadRequest(path))
        return True

    # ---- events ---------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Answers for the model shown, or what went wrong; anything of another model is dropped."""
        if isinstance(event, Failure):
            self._failed(verb, event)
        elif isinstance(event, api.ModelEvent):
            self._loaded(verb, event.info)
        elif isinstance(event, api.StudyEvent):
            self.desk.put_study(event)
        elif self._is_ready and model_of(getattr(event, "request", None)) == self.model:
            self.take(verb, event)

    def _loaded(self, verb: str, info: api.ModelInfo) -> None:
        if verb == "open":
            if info.family not in LATENT:
                self.tell(f"{info.name} is a {info.family} model; drop it on the page of its family.")
                return
            self.open(self.models.take(info), {})
        elif self.model:
            self._is_ready = True
            self.main_stage().set_message("")
            self.begin(info, self._wanted)
            if self._is_led:
                self.forget_hand(self.made)
                self._is_led = False
            self.remember()
            self._collect()

    def _failed(self, verb: str, failure: Failure) -> None:
        if verb == "load" and self.model:
            key, wanted = self.model, self._wanted
            self.close_model()
            self.model, self._wanted = key, wanted
            self.main_stage().set_message(*self.models.not_opened(key, failure.error))
            self.show_speed()

    def show_time(self, compute_ms: float, pictures: int) -> None:
        """How fast the model answers."""
        self.show_speed(f"{milliseconds(compute_ms / max(pictures, 1))} per picture")

    @Slot()
    def study_codes(self) -> None:
        """Encode pictures of the model's dataset, to learn what each number of its codes is worth."""
        if self._is_ready and not offers_data(self):
            self.stream("io", "study", api.StudyRequest(self.model, count=STUDIED))

    @Slot(str)
    def _desk_studied(self, model: str) -> None:
        if model == self.model and self._is_ready:
            self.study_is_new()

    # ---- undo, and what is remembered -----------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The state shown with its model, as plain JSON values."""
        return {"model": self.model, **self.values()} if self._is_ready else self._saved

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before a model is there it is kept for the start."""
        key = values.get("model")
        if not self.model:
            self._saved = values
        elif key == self.model and self._is_ready and (info := self.info()) is not None:
            self.begin(info, values)
        elif isinstance(key, str) and key in self.models:
            self.open(key, values)

    def remember(self) -> None:
        """Put the state on the undo history, once there is one."""
        if self._is_ready:
            super().remember()

    def key_of(self, event: api.RestoredEvent) -> str:
        """What requests call the model of a dropped file; "", after saying so, if it is not here."""
        key = str(getattr(event.source, "model", ""))
        if key not in self.models and event.model is not None and event.model.family in LATENT:
            self.models.add(key, event.model)
        if key not in self.models:
            self.tell(f"This file was made with {key or 'another family'}, which is not here.", error=True)
            return ""
        info = self.models.get(key)
        if info is not None and any(len(code) != info.latent_dim for code in codes_of(event.source)):
            self.tell(f"This file's codes do not fit {info.name}, which has {info.latent_dim} latents.", error=True)
            return ""
        return key

    def show_restored(self, key: str, values: dict[str, Any]) -> None:
        """Show what a dropped file was made from."""
        if key == self.model and self._is_ready and (info := self.info()) is not None:
            self.remember()
            self.begin(info, values)
            self.remember()
        else:
            self.open(key, values)
