"""A reverse process that begins with a picture: it is chosen, drawn, dropped or pasted, and then the process starts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.brush import Stroke
from genstudio.settings import DenoisingSettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import start_words as words
from genstudio.ui.diffusion.branches import Tree
from genstudio.ui.diffusion.branches_view import BranchingView
from genstudio.ui.diffusion.originals import Originals
from genstudio.ui.diffusion.picture_origin import own, paper
from genstudio.ui.diffusion.start_controls import StartControls
from genstudio.ui.diffusion.start_guess import Guess
from genstudio.ui.diffusion.start_state import StartState
from genstudio.ui.diffusion.words import is_idle


class StartingView(BranchingView):
    """Owns what the process begins with.

    A picture is in the state as soon as it has come. Of which class it is may be told later, and until then the
    process before is shown: so an answer never changes the picture that lies under the pen.
    """

    takes_pictures = True

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.begin = StartState()
        self._begun = self.begin  # with which the process that is shown begins
        self.starting = StartControls(self.inspector)
        self.originals, self.guess = Originals(self, self.starting.dataset), Guess(self)
        pairs = (
            (self.originals.came, self._picture_came),
            (self.originals.failed, self._no_picture_came),
            (self.guess.came, self._guessed),
            (self.starting.changed, self._start_changed),
            (self.starting.drawn, self._drawn),
            (self.starting.marked, self._marked),
            (self.starting.dataset_wanted, self._dataset_wanted),
            (self.starting.number_wanted, self._number_wanted),
            (self.starting.other_wanted, self._other_wanted),
            (self.starting.clear_wanted, self._clear),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    def set_catalog(self, catalog: api.Catalog) -> None:
        """The datasets that are here."""
        super().set_catalog(catalog)
        self.originals.fill(catalog, self.begin.dataset)

    def take_model(self, info: api.ModelInfo) -> None:
        """The form is that of a model; in codes there is no hole."""
        self.controls.set_model(info)
        timesteps = info.settings.timesteps if isinstance(info.settings, DenoisingSettings) else 1000
        self.starting.set_model(timesteps, self._has_places())
        self.controls.set_start(self.show_begin(self.begin))

    # ---- the state -------------------------------------------------------------------------------------

    def _go_to(self, state: StartState, is_final: bool = True) -> None:
        """Begin with something else, at once; but as soon as a picture has come, and it is known of which class."""
        self.begin = state
        self._show_start()
        if self.guess.is_busy:
            return
        if state.kind != "noise" and not state.picture:
            if not self.originals.is_busy:
                self._ask_first()
            return
        has_other_class, self._begun = self._follow_class(), state
        if state.start() != self.controls.start or has_other_class:
            self.controls.set_start(state.start())
            self._touched()
            self.tree = Tree.of(self.asked_from_noise())
            self._start()
        if is_final:
            self.remember()

    def start_tree(self, until: int = -1) -> None:
        """As before; where a hole of nothing would give the picture back, only its first step is made by itself."""
        super().start_tree(0 if until < 0 and is_idle(self.controls.start) else until)

    def _follow_class(self) -> bool:
        """Ask for the class of the picture, unless another one was chosen than that of the picture before; whether
        that is another."""
        classes = self._info.classes if self._info is not None else ()
        was, wanted = self._begun.class_in(classes), self.begin.class_in(classes)
        asked = self.controls.request("") if self.tree is None or not self.start else self.tree.trunk.process
        if wanted == was or asked.label != was:
            return False
        self.ask_from_noise(dataclasses.replace(self.asked_from_noise(), label=wanted))
        return True

    def show_begin(self, begin: StartState) -> api.Start | None:
        """Show one that was remembered or restored, as far as the model can do it; what a request says of it."""
        if begin.kind == "hole" and not self._has_places():
            begin = dataclasses.replace(begin, kind="picture")
        self.begin = self._begun = begin
        self.guess.forget()
        self.originals.forget()
        self._show_start()
        return begin.start()

    def _has_places(self) -> bool:
        """Whether the model makes pictures, not codes."""
        return self._info is None or not self._info.family.startswith("latent")

    @Slot()
    def _show_start(self) -> None:
        self.starting.show_state(self.begin, self.originals.totals.get(self.begin.dataset, 0))

    @Slot(str, object, bool)
    def _start_changed(self, field: str, value: Any, is_final: bool) -> None:
        self._go_to(dataclasses.replace(self.begin, **{field: value}), is_final)

    @Slot(object)
    def _drawn(self, picture: api.Pictures) -> None:
        self._look(picture)

    @Slot(object)
    def _marked(self, stroke: Stroke) -> None:
        self._go_to(self.begin.marked(stroke))

    # ---- pictures --------------------------------------------------------------------------------------

    @Slot(object)
    def _dataset_wanted(self, name: str) -> None:
        self.originals.ask(name, 0)

    @Slot(int)
    def _number_wanted(self, number: int) -> None:
        self.originals.ask(self.begin.dataset, number)

    @Slot()
    def _other_wanted(self) -> None:
        self.originals.another(self.begin.dataset or self._first_dataset())

    @Slot()
    def _clear(self) -> None:
        if (before := api.picture_of(self.begin.picture)) is not None:
            self.guess.forget()
            self._take(np.full_like(before, paper(before)))

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture is what the process begins with, as large as the model's."""
        if self._info is None:
            return False
        fields = {"kind": "picture"} if self.begin.kind == "noise" else {}
        self.originals.fit(picture, self._info.size, self._info.channels, **fields)
        return True

    def _first_dataset(self) -> str:
        """That of the model, if it is here."""
        return self.originals.first(self._info.dataset if self._info else "")

    def _ask_first(self) -> None:
        if name := self._first_dataset():
            self.originals.ask(name, 0)
        elif self._info is not None:
            self._take(np.zeros((self._info.size, self._info.size, self._info.channels), np.uint8))

    def _look(self, picture: api.Pictures, **fields: Any) -> None:
        """Begin with a picture; where a model draws classes, as soon as it is known of which one it is."""
        if self._info is not None and self._info.classes and not fields.get("label"):
            self.guess.ask(picture, self._info.dataset)
        else:
            self.guess.forget()
        self._take(picture, **fields)

    @Slot(str, float)
    def _guessed(self, seen: str, certainty: float) -> None:
        self._go_to(dataclasses.replace(self.begin, seen=seen, certainty=certainty))

    def _take(self, picture: api.Pictures, **fields: Any) -> None:
        """A picture is there; one that is on its way is older than this."""
        self.originals.forget()
        unseen = {"seen": "", "certainty": 0.0}
        self._go_to(dataclasses.replace(self.begin, **{**own(picture), **unseen, **fields}))

    def undo(self) -> bool:
        """As every page; a picture whose class has not been told yet is a step as well."""
        if self.guess.is_busy:
            self.guess.forget()
            self._go_to(self.begin)
        return super().undo()

    def picture_came(self, verb: str, event: Any) -> bool:
        """Whether an event is of a picture; one that is not wanted any more changes nothing."""
        if verb in ("original", "fit"):
            self.originals.handle(verb, event)
        elif verb == "guess":
            self.guess.handle(event)
        return verb in ("original", "fit", "guess")

    @Slot(object, object)
    def _picture_came(self, picture: api.Pictures, fields: dict[str, Any]) -> None:
        info = self._info
        if info is not None and picture.shape != (info.size, info.size, info.channels):
            self.originals.fit(picture, info.size, info.channels, **fields)
        elif info is not None:
            self._look(picture, **fields)

    @Slot()
    def _no_picture_came(self) -> None:
        if not self.begin.picture:
            self.begin = dataclasses.replace(self.begin, kind="noise")
        self._show_start()

    # ---- words -----------------------------------------------------------------------------------------

    def aside(self) -> str:
        """At both ends the class of the picture with which it began, at the last how far that is."""
        text, step = super().aside(), self.steps.shown()
        start = self.controls.start
        is_end = step is not None and self.player.is_complete and step.index == self.player.count
        if step is None or start is None or not (is_end or step.index == 0):
            return text
        far = words.aside(self.begin, step.layers["x_t"], api.picture_of(start.picture)) if is_end else ""
        return far + self._class_said() + text

    def _class_said(self) -> str:
        """Why this class is asked for, if it is that of the picture."""
        classes = self._info.classes if self._info is not None else ()
        number = self.begin.class_in(classes)
        is_asked = number >= 0 and self.tree is not None and self.tree.trunk.process.label == number
        return words.of_class(self.begin) if is_asked else ""

    # ---- as plain values -------------------------------------------------------------------------------

    def begin_of(self, values: Mapping[str, Any]) -> api.Start | None:
        """Show the start of such parameters; what a request says of it."""
        return self.show_begin(StartState.from_dict(values.get("begin")))

    def _start(self) -> None:
        raise NotImplementedError
