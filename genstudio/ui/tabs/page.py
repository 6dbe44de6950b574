"""What every tab shares beside its places: requests, undo, remembered parameters, and the hooks the window calls."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from genstudio.api import (
    Catalog,
    EvaluationEvent,
    ExportFilmRequest,
    ExportGridRequest,
    ModelInfo,
    Pictures,
    RestoredEvent,
    Source,
    WritePicturesRequest,
)  # fmt: skip
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.places import Places
from genstudio.ui.tabs.undo import Undo
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.stage import Stage

KEYS = {"toggle_play": "Space plays", "random": "R new", "step": ". and , step"}
GridSource = Source | ExportGridRequest | WritePicturesRequest | None
FilmSource = Source | ExportFilmRequest | WritePicturesRequest | None


class TabPage(Places):
    """One family's page. Subclasses fill the five places and override the hooks; all on the window thread.

    Requests go out through `ask` and friends, whose slots become "name.verb".
    """

    message = Signal(str, str, bool)  # text, details, is it an error
    offered = Signal(str, str, object)  # text, the words of a button beside it, what it calls
    withdrawn = Signal(str)  # something that was told is no longer true
    catalog_stale = Signal()  # a model was saved or a dataset downloaded: the window asks for a new catalog
    mode_wanted = Signal(str)  # the name of the page to go to: what is on the desk is to be seen there
    file_wanted = Signal(str)  # a file that is to be opened as if it had been dropped
    own_data_wanted = Signal(str)  # a folder or zip is to be looked into
    drawing_wanted = Signal()  # pictures are to be drawn, to learn from
    writing_wanted = Signal(object)  # an export request with a path: the window writes it
    copies_wanted = Signal(str, str)  # a model file that is to be seen beside the pictures of a dataset
    card_wanted = Signal(str)  # a model whose card is to be opened
    state_changed = Signal()  # what can be exported, undone or played has changed

    learner = "gan"  # the page of this tab that learns from pictures
    shows_data = False  # whether this one shows the pictures of a folder that is dropped on it
    keeps_runs = True  # whether runs that nobody saved are written to the models folder
    drifts: frozenset[str] = frozenset()  # parameters that change by themselves while it plays
    standing = ""  # what it has told that stays true until it withdraws it
    takes_pictures = False  # whether offer_picture has a use for a dropped picture without a receipt

    def __init__(self, name: str, title: str, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.name, self.title, self.bridge = name, title, bridge
        self.setAccessibleName(title)
        self.catalog: Catalog | None = None
        self._undo = Undo()
        self._restoring = self._has_drifted = False
        self._speed_text = ""
        self.tempo.play_toggled.connect(self._play_toggled)
        self.tempo.stepped.connect(self._stepped)
        self.tempo.stopped.connect(self._settle)
        if not self._does("toggle_play"):
            self.tempo.play.hide()
            self.tempo.show_speed(False)
        self.show_speed()

    def hint(self) -> str:
        """The keys that do something here, for the message bar."""
        return " · ".join([*(words for hook, words in KEYS.items() if self._does(hook)), "? all keys"])

    def _does(self, hook: str) -> bool:
        return getattr(type(self), hook) is not getattr(TabPage, hook)

    def model_shown(self) -> str:
        """The name or file of the model that is seen here; "" if there is none, or it is of no file."""
        picker = self.model_picker()
        value = str(picker.value()) if picker is not None else ""
        known = self.catalog.models if self.catalog is not None else ()
        return value if value.endswith(".safetensors") or any(value == info.name for info in known) else ""

    def model_picker(self) -> Choice | None:
        """Of the models, if the page has one."""
        return getattr(self, "picker", None)

    def show_exportable(self) -> None:
        """Light Export as the page's sources are."""
        self.tempo.set_exportable(self.export_source() is not None, self.has_film())

    def has_film(self) -> bool:
        """Whether `export_film_source` has one; to be overridden where it takes long to make."""
        return self.export_film_source() is not None

    def show_speed(self, text: str = "") -> None:
        """Device and precision, and after them e.g. "0.4 ms per picture"."""
        self._speed_text = text
        parts = [self.catalog.device, self.catalog.precision] if self.catalog else ["starting"]
        line = " · ".join([*parts, text] if text else parts)
        if line != self.speed.text():
            self.speed.setText(line)

    # ---- asking the lanes ---------------------------------------------------------------------------

    def slot(self, verb: str) -> str:
        """This page's slot of a verb: "vae.decode"."""
        return f"{self.name}.{verb}"

    def ask(self, lane: str, verb: str, request: Any) -> None:
        """Submit a request; its answer comes to handle(verb, event)."""
        self.bridge.submit(lane, self.slot(verb), request)

    def stream(self, lane: str, verb: str, request: Any, paused: bool = False) -> None:
        """Start a stream; each of its events comes to handle(verb, event), an engine.Ended last."""
        self.bridge.start(lane, self.slot(verb), request, "pause" if paused else "run")

    def tell(self, text: str, details: str = "", error: bool = False) -> None:
        """One sentence in the message bar; '' takes away what this page has said of a failure."""
        self.message.emit(text, details, error)

    # ---- undo ---------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Put the present parameters on the undo history; call it after each finished change by the user."""
        if not self._restoring:
            self._settle()
            if self._undo.remember(self.parameters()):
                self.state_changed.emit()

    def drifted(self) -> None:
        """Time, and no hand, has changed `drifts`: that is no step of undo."""
        self._has_drifted = True

    def followed(self, *parameters: str) -> None:
        """No hand has changed these: what they were was replaced by something newer. That is no step of undo."""
        if not self._restoring:
            self._undo.follow(self.parameters(), self.drifts.union(parameters))

    @Slot()
    def _settle(self) -> None:
        if self._has_drifted and not self._restoring:
            self._has_drifted = False
            self._undo.follow(self.parameters(), self.drifts)

    def can_undo(self) -> bool:
        """Whether there is an older state."""
        self._settle()
        return self._undo.can_undo(self.parameters())

    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._undo.can_redo()

    def undo(self) -> bool:
        """Back to the parameters before the last change; False if there are none."""
        self._settle()
        return self._restore(self._undo.undo(self.parameters()))

    def redo(self) -> bool:
        """The change that was undone last, again; False if there is none."""
        self._settle()
        return self._restore(self._undo.redo())

    def _restore(self, state: dict[str, Any] | None) -> bool:
        if state is None:
            return False
        self._restoring = True
        try:
            self.set_parameters(state)
        finally:
            self._restoring = False
        self.state_changed.emit()
        return True

    # ---- hooks --------------------------------------------------------------------------------------

    def set_catalog(self, catalog: Catalog) -> None:
        """The pickers' contents are known, or have changed. Call super first."""
        self.catalog = catalog
        self.show_speed(self._speed_text)

    def handle(self, verb: str, event: Any) -> None:
        """An event of one of this page's slots. The window has already shown a Failure's sentence."""

    def note_evaluation(self, event: EvaluationEvent) -> None:
        """A model has been measured on its card."""

    def training(self) -> str:
        """That a run goes on here, e.g. "training"; "" if none does."""
        return ""

    def pace(self) -> str:
        """How fast it goes on, e.g. "20 it/s"; "" if that is not known."""
        return ""

    def stop(self, verb: str) -> None:
        """The user has pressed Cancel beside the progress of a slot."""
        self.bridge.stop(self.slot(verb))

    def activate(self) -> None:
        """The page is on top and the catalog is known: load the first model if there is none, play."""

    def deactivate(self) -> None:
        """Another page is on top: stop what only the eye needs."""

    def farewell(self) -> dict[str, tuple[Any, ...]]:
        """Requests per lane that are answered before the window is gone."""
        return {}

    def is_settled(self) -> bool:
        """Whether all that belongs to what is shown has come; a picture of the window waits for it."""
        return True

    def parameters(self) -> dict[str, Any]:
        """What the user has set, as plain JSON values."""
        return {}

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters; missing and foreign values are ignored (they may come from a file)."""

    def export_source(self) -> GridSource:
        """What the picture export writes: a request to compute again (or an ExportGridRequest that names a
        layer or frame; its layout and path are filled in), or a WritePicturesRequest of live pictures."""
        return None

    def export_film_source(self) -> FilmSource:
        """What the film export writes: an InterpolateRequest, DenoiseRequest or WalkFilmRequest, an ExportFilmRequest
        that names a layer or columns, or a WritePicturesRequest; None if there is no film."""
        return None

    def restores(self, source: Any) -> bool:
        """Whether the sources of files like this one are shown here, where its family alone would not tell."""
        return False

    def restore(self, event: RestoredEvent) -> None:
        """Show the source of a dropped file again."""

    def save(self) -> bool:
        """Ctrl+S: ask for a place and write the network that was trained here; False if there is none."""
        return False

    def random(self) -> None:
        """Key R: a new seed."""

    def step(self, direction: int) -> None:
        """Keys . and , : one step on or back."""

    def toggle_play(self) -> None:
        """Space."""

    def leave_detail(self) -> bool:
        """Escape: show all again where one thing is shown large; whether there was such a thing."""
        return False

    def can_learn(self) -> bool:
        """Whether a folder can be chosen here, too, although it is no page of one network that learns."""
        return False

    def use_of(self, path: str) -> str:
        """What it does with a folder or zip that is dropped on it, as in "Let go to … it"; "" if it is looked into."""
        return "take a picture of" if self.shows_data else ""

    def offer_dataset(self, path: str) -> bool:
        """A folder or zip was chosen for this page: take it as the dataset; False if it has no use for one."""
        return False

    def takes(self, info: ModelInfo) -> bool:
        """Whether a dropped model whose home is another tab is of use here, too."""
        return False

    def offer_model(self, path: str) -> bool:
        """A checkpoint was dropped: load it; False if this tab cannot."""
        return False

    def offer_picture(self, picture: Pictures) -> bool:
        """A picture (H, W, 3) was pasted or dropped; False if this tab has no use for one."""
        return False

    def wipe_sides(self) -> list[tuple[str, Pictures]] | None:
        """What the wipe lays over one another: names, and pictures (N, H, W, C) as they are seen now, none where they
        are still to come. None: the wipe takes the pictures of the stages."""
        return None

    def copy(self) -> bool:
        """Ctrl+C without a focused picture: copy what the page shows."""
        stages = sorted((stage for stage in self.findChildren(Stage) if stage.isVisible()), key=_area, reverse=True)
        return any(stage.copy() for stage in stages)

    @Slot(bool)
    def _play_toggled(self, playing: bool) -> None:
        self.toggle_play()

    @Slot(int)
    def _stepped(self, direction: int) -> None:
        self.step(direction)


def _area(widget: QWidget) -> int:
    return widget.width() * widget.height()


__all__ = ["FilmSource", "GridSource", "TabPage"]
