"""The comparison at work: which models stand side by side, what is asked of them, and how it is shown."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.compare import HELD_OUT
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.settings import LATENT
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.compare_state import MOST, SEEDS, CompareState, between, fits, has_points, is_fair
from genstudio.ui.latent.compare_view import ROWS, Columns
from genstudio.ui.latent.compare_words import CROWD, mean_error, reach, spread, without, words
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.model_page import TITLE
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.tabs.vae_words import NO_MODEL
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice

NONE = ""  # of a picker: no model
NONE_HERE = "There are no models to compare. Train one on Train, or drop its file here."


class CompareShow(TabPage):
    """Owns the state shown; every column has slots of its own, "compare.encode2".

    What one can do with it is in `ComparePage`. A late answer of another model is dropped.
    """

    learner = "latent-train"

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("compare", TITLE, bridge, parent)
        self.desk = desk or LatentDesk(self)
        self.columns = Columns()
        self.stage_area.addWidget(self.columns, 1)
        self.infos: dict[str, api.ModelInfo] = {}
        self._asked: dict[str, api.ModelInfo] = {}  # the models shown, as they were when all was asked of them
        self._state = CompareState(())
        self._saved: dict[str, Any] = {}
        self._is_active = False
        self._met = ""  # the model on the desk when the page was last on top
        self._chosen = 0
        self._has_more = False  # other kinds are here, and only not shown
        self._picked: api.PickedEvent | None = None
        self._errors: dict[int, float] = {}
        self._made: dict[str, dict[int, api.Pictures]] = {"given": {}, "random": {}}
        self._reaches: dict[tuple[str, str], float | None] = {}  # by model and hash of its file, of all seen so far
        self._waits: set[int] = set()  # columns of which it is still to be known where their codes lie
        self._lacks = ""  # the dataset of the models shown, if it is not on this computer
        self._through = 0  # the model that was asked for held-out pictures
        self._add_controls()
        self.columns.show_models([])
        self._fill()

    def _add_controls(self) -> None:
        section = self.inspector.add_section("Models")
        self.pickers = [Choice(label=f"Model {k + 1}") for k in range(MOST)]
        for k, picker in enumerate(self.pickers):
            section.add_row(f"Model {k + 1}", picker, "All of them know pictures of the same size.", width=0)
        self.kinds = TextButton("One of each kind", "Of the data that most kinds have learnt with as many latents")
        self.others = TextButton("Other pictures", "Other held-out pictures and other random codes (R)")
        section.add_buttons(self.kinds)
        section.add_buttons(self.others)
        self.explore_button = TextButton("Open in Explore", "Go on with the model whose name is bold: click its column")
        section.add_buttons(self.explore_button)

    # ---- models -------------------------------------------------------------------------------------

    def take_dropped(self, info: api.ModelInfo) -> None:
        """A dropped checkpoint has been read."""
        raise NotImplementedError

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the pickers; go on with the models shown as far as they are still there."""
        super().set_catalog(catalog)
        found = catalog.models_of(*LATENT)
        named = {info.name: dataclasses.replace(info, name=name_of(info.name)) for info in found}
        self.infos = named | self.desk.dropped
        if self._is_stale():
            self._blank()
        if self._is_active and not self._state.models:
            self.show_state(CompareState.from_dict(self._saved, self.infos))
        else:
            self._fill()

    def activate(self) -> None:
        """On top: its own models; and one that another mode has chosen since, if it can fairly stand beside them."""
        self._is_active = True
        if self.catalog is None:
            return
        self.infos |= self.desk.dropped
        if self._is_stale():
            self._blank()
        is_news, self._met = self.desk.model != self._met, self.desk.model
        state, lead = self._state, self.infos.get(self.desk.model)
        if not state.models:
            state = CompareState.from_dict(self._saved, self.infos, self.desk.model)
        is_one_more = is_news and self.desk.model not in state.models
        if is_one_more and lead is not None and all(is_fair(self.infos[m], lead) for m in state.models):
            state = dataclasses.replace(state, models=(*state.models[: MOST - 1], self.desk.model))
        if state != self._state or not state.models:
            self.show_state(state)
            self.remember()

    def deactivate(self) -> None:
        """Another page is on top, with a model of its own."""
        self._is_active = False

    def _is_stale(self) -> bool:
        """Whether a model shown or its file has gone or changed, or its data, since all was asked for."""
        return any(self.infos.get(m) != info for m, info in self._asked.items()) or (
            self._lacks != self._lacking(self._state)
        )

    def _blank(self) -> None:
        """Show nothing, and keep what was shown for the next time on top."""
        self._saved = self.parameters()
        self.show_state(CompareState(()))

    def _fill(self) -> None:
        models = self._state.models
        self._has_more = has_points(self.infos, models)
        lead = self.infos.get(models[0]) if models else None
        for k, picker in enumerate(self.pickers):
            picker.clear()
            picker.add_choice("none", NONE, enabled=k > 0)
            for key, info in self.infos.items():
                right = k == 0 or lead is None or fits(info, lead)
                help_ = f"{info.family}, {info.latent_dim} latents, {api.called(info.dataset)}"
                picker.add_choice(info.name, key, help_ if right else "Other pictures than the first model's", right)
            picker.set_value(models[k] if k < len(models) else NONE)
        for control in (*self.pickers, self.tempo.back, self.tempo.forward):
            control.setEnabled(bool(self.infos))
        for button in (self.kinds, self.others, self.explore_button):
            button.allow(bool(self.infos), NONE_HERE)

    def show_state(self, state: CompareState) -> None:
        """Ask everything of all models anew."""
        each = ("encode", "sample", "between", "reach")
        for verb in ("pick", "crowd", *(f"{verb}{k}" for verb in each for k in range(MOST))):
            self.bridge.stop(self.slot(verb))
        self._state, self._picked, self._errors, self._lacks = state, None, {}, self._lacking(state)
        self._made, self._waits = {"given": {}, "random": {}}, set()
        self._asked = {m: self.infos[m] for m in state.models}
        self._fill()
        if state.models:
            self._chosen = min(self._chosen, len(state.models) - 1)
        self.columns.show_models(self._shown())
        self.columns.choose(self._chosen)
        self.tempo.set_exportable(bool(state.models), False, NONE_HERE)
        self.tempo.set_range(SEEDS if state.models else 0)
        self.tempo.set_position(min(state.seed, SEEDS - 1))
        self.tempo.set_label(f"pictures of seed {state.seed}" if state.models else "")
        self._write()
        for k, model in enumerate(state.models):
            self.ask("play", f"sample{k}", state.sample(model))
        if not state.models:
            self.columns.show_message(*NO_MODEL)
        elif self._lacks:
            self.columns.show_message(f"{self._lacks} is not here.", f"Get {self._lacks}")
        else:
            self._pick(0)

    def _pick(self, through: int) -> None:
        """Held-out pictures of the data of a model, whose file is read first."""
        self._through, state = through, self._state
        self.stream("io", "pick", api.PickRequest(state.models[through], seed=state.seed, count=HELD_OUT))

    def _ask_reaches(self) -> None:
        """Where codes lie, of the models of which that is not known; of different data it would say nothing."""
        models, infos = self._state.models, self._shown()
        if len({info.dataset for info in infos}) > 1:
            return
        data = self.catalog.dataset(infos[0].dataset) if self.catalog is not None else None
        count = min(CROWD, (data.held_out or data.count) if data else HELD_OUT)
        self._waits = {k for k, info in enumerate(infos) if (models[k], info.sha256) not in self._reaches}
        if self._waits:
            self.stream("io", "crowd", api.PickRequest(models[self._through], count=count))

    def _shown(self) -> list[api.ModelInfo]:
        return [self.infos[m] for m in self._state.models]

    def _lacking(self, state: CompareState) -> str:
        """The title of the first model's dataset, if it would have to be downloaded."""
        info = self.infos.get(state.models[0]) if state.models else None
        known = self.catalog.datasets if self.catalog and info else ()
        return next((one.title for one in known if info and one.name == info.dataset and not one.available), "")

    # ---- events -------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Answers for the models shown, or what went wrong."""
        if isinstance(event, api.ModelEvent):
            self.take_dropped(event.info)
            return
        kind, column = verb.rstrip("0123456789"), verb.lstrip("abcdefghijklmnopqrstuvwxyz")
        rows = {"encode": (0, 2), "sample": (1,), "between": (2,)}  # where its pictures stand, and what needs them
        if kind in ("crowd", "reach"):
            self._take_crowd(kind, column, event)
        elif isinstance(event, Failure):
            for row in rows.get(kind, ()):
                self.columns.show_failure(int(column), row, whole(sentence(event.error)))
            if verb == "pick":
                self._pick_failed(whole(sentence(event.error)))
        elif isinstance(event, api.PickedEvent):
            self._picked = event
            self._write()
            for k, model in enumerate(self._state.models):
                self.ask("play", f"encode{k}", api.EncodeRequest(model, event.images, invert=False))
            self._ask_reaches()
        elif isinstance(event, (api.EncodedEvent, api.PicturesEvent)) and self._is_of(event, int(column)):
            self._take(int(column), rows[kind][0], event)

    def _take_crowd(self, kind: str, column: str, event: Any) -> None:
        """Codes of many pictures: where they lie. Without them nothing is said of it."""
        if isinstance(event, api.PickedEvent):
            for k in self._waits:
                self.ask("play", f"reach{k}", api.EncodeRequest(self._state.models[k], event.images, invert=False))
        elif isinstance(event, api.EncodedEvent) and self._is_of(event, int(column)):
            info = self._shown()[int(column)]
            self._reaches[event.request.model, info.sha256] = reach(event.mu, event.sigma)
            self._waits.discard(int(column))
            self._write()
        elif isinstance(event, Failure):
            self._waits -= {int(column)} if kind == "reach" else self._waits

    def _pick_failed(self, why: str) -> None:
        models = self._state.models
        nexts = range(self._through + 1, len(models))
        other = next((k for k in nexts if self.infos[models[k]].dataset == self.infos[models[0]].dataset), 0)
        if other:  # the model may be what cannot be read
            self._pick(other)
        else:
            self.columns.show_message("No held-out pictures.", "Try again", why)

    def _is_of(self, event: Any, column: int) -> bool:
        models = self._state.models
        return column < len(models) and bool(event.request.model == models[column])

    def _take(self, column: int, row: int, event: Any) -> None:
        if not isinstance(event, api.EncodedEvent):
            self.columns.show_pictures(column, row, event.images)
            if isinstance(event.request, api.SampleRequest):
                self._made["random"][column] = event.images
                self._write()
            return
        self.columns.show_given(column, event.inputs, event.reconstructions)
        self._errors[column] = mean_error(event.inputs, event.reconstructions)
        self._made["given"][column] = event.reconstructions
        labels = self._picked.labels if self._picked is not None else ("",)
        self.ask("play", f"between{column}", between(self._state.models[column], event.mu, labels))
        self._write()

    def _write(self) -> None:
        infos = self._shown()
        found = {k: self._reaches.get((self._state.models[k], info.sha256)) for k, info in enumerate(infos)}
        reaches = {k: value for k, value in found.items() if value is not None}
        real = spread(self._picked.images) if self._picked is not None else 0.0
        given, random = (
            {k: spread(images) / real for k, images in made.items()} if real else {} for made in self._made.values()
        )
        for k, info in enumerate(infos):
            self.columns.show_numbers(k, info, self._errors.get(k), random.get(k), reaches.get(k))
        text = words(infos, self._errors, given, random, reaches, has_more=self._has_more)
        self.caption.set_text(without(self._lacks) if self._lacks else text)

    def wipe_sides(self) -> list[tuple[str, api.Pictures]]:
        """What each model gives back, what random codes become, and the real pictures."""
        names, made = [info.name for info in self._shown()], self._made
        real = self._picked.images if self._picked is not None else api.NO_PICTURES
        return [
            *((f"{name} · given back", made["given"].get(k, api.NO_PICTURES)) for k, name in enumerate(names)),
            *((f"{name} · random codes", made["random"].get(k, api.NO_PICTURES)) for k, name in enumerate(names)),
            ("Real pictures", real),
        ]

    def is_settled(self) -> bool:
        """Whether all pictures of all models have come, or the words why they cannot."""
        shown, has_notice = range(len(self._state.models)), not self.columns.notice.isHidden()
        rows = (1,) if has_notice else range(len(ROWS))  # without real pictures there are random ones alone
        is_told = all(self.columns.is_told(k, row) for k in shown for row in rows)
        return is_told and not self._waits and (has_notice or bool(shown))
