"""What the numbers of a code mean: studies, sets of sliders, locks, truncation."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.own_pictures import path_of
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.axes import Code, CodeAxes, Kind, axes_of, by_kl, has_kl, pulled, raw_axes
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.locks import broken, held, holder, opened, under_locks
from genstudio.ui.tabs.vae_models import Sheet
from genstudio.ui.tabs.vae_page import VaePage
from genstudio.ui.tabs.vae_state import VaeState, as_code
from genstudio.ui.tabs.vae_study import COUNT

KINDS: tuple[Kind, ...] = ("raw", "principal", "measured")
Codes = tuple[tuple[float, ...], ...]


class VaeMeaning(VaePage):
    """Knows the study of the model shown, if there is one; it never starts one by itself."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.desk = desk or LatentDesk(self)
        self.models.share(self.desk.dropped)
        self._basis: Code = np.zeros((0, 0))  # of what locks hold
        self._drawn: tuple[Any, ...] = ()  # what the sliders were laid out for
        self._pull: tuple[Codes, Codes, float] | None = None  # what truncation made, of what, which had which psi
        controls = self.controls
        pairs = (
            (self.desk.studied, self._studied),
            (controls.study.wanted, self._study),
            (controls.study.cancel_wanted, self._cancel_study),
            (controls.axes_changed, self._axes_changed),
            (controls.psi_moved, self._psi_moved),
            (controls.psi_finished, self._psi_finished),
            (self.sliders.lock_wanted, self._lock),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- from mode to mode ----------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: go on with the model and the code that another mode has shown."""
        self._is_active = True
        shown = self._state.model if self._state else ""
        if (
            self.catalog is not None
            and self.desk.model
            and not (self.models.has_lost(shown) and shown == self.desk.model)
        ):
            self._take(self.models.heir(self.desk.model) or self.desk.model, self.desk.z)
        super().activate()
        if self._is_ready:
            self._seek()

    def _open(self, state: VaeState, sheet: Sheet | None = None) -> None:
        """Load a model; a lock of a slider that needs a study would hold nothing without one, so it goes."""
        if state.model not in self.desk.studies:
            raw = raw_axes(len(state.z))
            state = dataclasses.replace(state, locked=tuple(name for name in state.locked if raw.index(name) >= 0))
        super()._open(state, sheet)

    def begin(self) -> None:
        """The model has come."""
        super().begin()
        self._seek()

    def _seek(self) -> None:
        """Another mode has led here to move one latent."""
        latent, self.desk.latent = self.desk.latent, -1
        if self._state is None or not 0 <= latent < len(self._state.z):
            return
        self.stop_playing()
        if self._state.axes != "raw":
            self._set(dataclasses.replace(self._state, axes="raw"))
        self.controls.sliders.seek(f"z{latent + 1}")

    def _take(self, model: str, z: tuple[float, ...]) -> None:
        state, info = self._state, self.models.get(model)
        if state is not None and state.model == model:
            if len(z) == len(state.z) and z != state.z and self._is_ready:
                self.go_to(self.fitting(state.at(z)))
        elif info is not None:
            fresh = self.models.fresh(model)
            self.go_to(fresh.at(z) if len(z) == info.latent_dim else fresh)
        elif Path(model).exists():  # a file that was dropped on another mode
            self.ask("play", "open", api.LoadRequest(model))

    def deactivate(self) -> None:
        """Another page is on top; another mode may go on from here."""
        if self._state is not None and self._is_ready:
            self.desk.put(self._state.model, self._state.z)
        super().deactivate()

    def go_to(self, state: VaeState, sheet: Sheet | None = None) -> None:
        """Show a state of any model, as one step of undo."""
        raise NotImplementedError

    # ---- study ----------------------------------------------------------------------------------------

    def study(self) -> api.StudyEvent | None:
        """What is known of the codes of the model shown."""
        state = self._state
        found = self.desk.studies.get(state.model) if state else None
        return found if found is not None and state is not None and len(found.kl) == len(state.z) else None

    @Slot(str)
    def _study(self, dataset: str) -> None:
        if self._state is not None and self._is_ready:
            self.controls.study.set_busy(True)
            self.stream("io", "study", api.StudyRequest(self._state.model, dataset, COUNT))

    @Slot()
    def _cancel_study(self) -> None:
        self.stop("study")

    @Slot(str)
    def _studied(self, model: str) -> None:
        if self._state is not None and self._state.model == model:
            self._show_study()
            self.show_code(self._state)

    def handle(self, verb: str, event: Any) -> None:
        """A study is for all modes; all else is of the model shown."""
        if verb != "study":
            super().handle(verb, event)
            return
        if isinstance(event, api.StudyEvent):
            self.desk.put_study(event)
        if isinstance(event, (api.StudyEvent, Failure, Ended)) and self.controls.study.is_busy():
            self.controls.study.set_busy(False)
            self._show_study()

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Datasets have come or gone too."""
        super().set_catalog(catalog)
        self._show_study()

    def _show_study(self) -> None:
        info = self.models.get(self._state.model) if self._state else None
        self.controls.study.show_model(info, self.study(), self._others(info) if info else None)

    def _others(self, info: api.ModelInfo) -> list[api.DatasetInfo] | None:
        """What can be studied instead of the model's own pictures, None where these are here."""
        datasets = self.catalog.datasets if self.catalog else ()
        own = self.catalog.dataset(info.dataset) if self.catalog else None
        if own is not None and own.available:
            return None
        if own is None and Path(path_of(info.dataset)).exists():
            return None
        return [d for d in datasets if d.available and (d.channels, d.size) == (info.channels, info.size)]

    # ---- sets of sliders, locks -----------------------------------------------------------------------

    def show_model(self, info: api.ModelInfo) -> None:
        """Nothing of the old model's codes is left."""
        super().show_model(info)
        self._drawn, self._pull = (), None
        self._show_study()

    def show_code(self, state: VaeState) -> None:
        """Lay the sliders out anew only if they stand for something else."""
        study = self.study()
        wanted = (state.model, state.axes, state.order, state.locked, id(study))
        if wanted != self._drawn:
            self._drawn = wanted
            latents = len(state.z)
            axes = axes_of(state.axes, latents, study)
            if axes.kind != "raw":
                order = list(range(len(axes.faces)))
            else:
                order = by_kl(study, latents) if state.order == "kl" else list(range(latents))
            self._basis = holder(state.locked, self._sets())
            axes = under_locks(axes, state.locked, self._basis)
            self.controls.show_axes(axes, order, state, study is not None, study is not None and has_kl(study))
        super().show_code(state)

    def _set(self, state: VaeState) -> None:
        """A change that leaves the code and the clock alone, as one step of undo."""
        self.remember()
        self._state = state
        self.show_code(state)
        self._way_may_be_new()
        self.remember()

    @Slot(str, str)
    def _axes_changed(self, kind: Any, order: Any) -> None:
        if self._state is not None:
            self._set(dataclasses.replace(self._state, axes=kind, order=order))

    @Slot(str)
    def _lock(self, name: str) -> None:
        if (state := self._state) is not None:
            self._pull = None  # the way back to what truncation began with leads over what is locked now
            kept = tuple(one for one in state.locked if one != name)
            self._set(dataclasses.replace(state, locked=kept if len(kept) < len(state.locked) else (*kept, name)))

    def hold(self, code: npt.ArrayLike) -> tuple[float, ...]:
        """The nearest code at which locked sliders stand where they stand now."""
        if self._state is None or not self._state.locked:
            return as_code(code)
        return as_code(held(code, self._state.here(), self._basis))

    def fitting(self, state: VaeState) -> VaeState:
        """A state whose code was asked for as it is: locks that it breaks are open, which is told."""
        if self._state is None or state.model != self._state.model or not state.locked:
            return state
        names = broken(state.locked, self._sets(), self._state.z, state.z)
        if names:
            self.tell(opened(names))
        return dataclasses.replace(state, locked=tuple(name for name in state.locked if name not in names))

    def _sets(self) -> tuple[CodeAxes, ...]:
        """All the sliders there are over the code shown."""
        latents, study = len(self._state.z) if self._state else 0, self.study()
        return tuple(axes_of(kind, latents, study) for kind in (KINDS if study is not None else KINDS[:1]))

    # ---- truncation -----------------------------------------------------------------------------------

    def mean_code(self) -> Code:
        """Of the studied pictures; the prior's where nothing is known."""
        study = self.study()
        return np.zeros(len(self._state.z) if self._state else 0) if study is None else study.mean.astype(np.float64)

    def tame(self, code: npt.ArrayLike) -> tuple[float, ...]:
        """A random code, truncated, with locked sliders where they are."""
        if self._state is not None and self._state.psi != 1.0:
            code = pulled(code, self.mean_code(), self._state.psi)
        return self.hold(code)

    @Slot(float)
    def _psi_moved(self, psi: float) -> None:
        """The code shown, A and B go with it; back at the old value they are what they were."""
        state = self._state
        if state is None or not self._is_ready:
            return
        codes = _moving(state)
        if self._pull is None or self._pull[0] != codes:
            self._pull = (codes, codes, state.psi)
        _, sources, start = self._pull
        share, mean = psi / start if start > 0 else 0.0, self.mean_code()
        a, b, *rest = (self.hold(pulled(code, mean, share)) if psi != start else code for code in sources)
        after = dataclasses.replace(state, psi=psi, a=a, b=b)
        if state.position is None:
            after = dataclasses.replace(after, z=rest[0])
        else:
            after = self.along(after, state.position)
        self._pull = (_moving(after), sources, start)
        self._show(after)

    @Slot()
    def _psi_finished(self) -> None:
        self._way_is_new()
        self.remember()


def _moving(state: VaeState) -> Codes:
    """What truncation moves: the ends of the way, and the code shown where it is not on it."""
    return (state.a, state.b) if state.position is not None else (state.a, state.b, state.z)
