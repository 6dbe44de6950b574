"""What the three inversions show: the picture, what each model gives back of it at a moment, and the words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.originals import Originals
from genstudio.ui.diffusion.picture_origin import paper
from genstudio.ui.numbers import short
from genstudio.ui.one_picture import words
from genstudio.ui.one_picture.columns import OnePictureColumns
from genstudio.ui.one_picture.controls import OnePictureControls
from genstudio.ui.one_picture.state import DIFFUSION, GAN, OWN_KINDS, VAE, OnePictureState
from genstudio.ui.one_picture.track import Back, Found
from genstudio.ui.tabs.models_page import ModelsPage
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.triptych.words import TITLE
from genstudio.ui.widgets.form import Choice

MOMENTS = 201  # of the scrubber
NOTHING = "Without a model there is nothing to find the picture in."


class OnePictureView(ModelsPage):
    """Owns the state shown and its five places; `OnePictureWork` asks for what it needs."""

    takes_pictures = shows_data = True

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("one-picture", TITLE, bridge, parent)
        self._state = OnePictureState()
        self._asked: list[Any] = [None] * len(OWN_KINDS)
        self.errors = [""] * len(OWN_KINDS)
        self.found: Found | None = None
        self.share = 0.0  # where the scrubber stands
        self.columns = OnePictureColumns()
        self.stage_area.addWidget(self.columns, 1)
        self.controls = OnePictureControls(self.inspector)
        self.originals = Originals(self, self.columns.dataset)
        self.columns.canvas.set_message("Starting …")
        self.refresh()

    def model_picker(self) -> Choice:
        """That of the column that has the keyboard, else of the first that has a model."""
        focused, pickers = QApplication.focusWidget(), self.columns.pickers
        number = focused.property("column") if focused is not None and self.columns.isAncestorOf(focused) else None
        at_hand = [pickers[number]] if isinstance(number, int) else []
        return next((picker for picker in (*at_hand, *pickers) if picker.value()), pickers[0])

    @property
    def info(self) -> api.ModelInfo | None:
        """The first model there is: pictures are made what it knows."""
        return next((self.infos[model] for model in self._state.models if model in self.infos), None)

    def backs(self) -> list[Back | None]:
        """What each model gives back where the scrubber stands."""
        found = self.found
        if found is None:
            return [None] * len(OWN_KINDS)
        gan = self.infos.get(self._state.models[GAN])
        return [
            found.by_vae(),
            found.by_gan(self.share, gan.classes if gan is not None else ()),
            found.by_diffusion(self.share),
        ]

    @Slot()
    def refresh(self) -> None:
        """Bring pictures, numbers, words and scrubber in line with what was found."""
        state, found, backs = self._state, self.found, self.backs()
        real = found.picture if found is not None else None
        is_held, is_blank = self.columns.canvas.is_held(), found is not None and found.is_blank
        waits = words.HELD if is_held else words.BLANK if is_blank else words.STARTING
        if real is not None:
            self.columns.show_canvas(self.columns.canvas.picture())
        elif self.info is None and self.catalog is not None:
            self.columns.canvas.set_message(NOTHING)
        for k, back in enumerate(backs):
            model = state.models[k]
            self.columns.show_back(k, back, real, self.errors[k], waits if model or self.catalog is None else "")
            if back is not None:
                self.columns.numbers[k].show_number(short(back.error) if back.is_done else "…", *words.told(k, back))
        is_whole = found is not None and found.is_complete
        self.caption.reserve(words.longest(state, self.infos))
        self.caption.set_text(words.caption(state, self.infos, backs, self.share, is_whole, is_held or is_blank))
        moves = found is not None and bool(found.descends or found.goes)
        self.tempo.set_range(MOMENTS if moves else 0)
        self.tempo.set_position(round(self.share * (MOMENTS - 1)))
        self.tempo.set_label(words.place_label(self.share) if moves else "", words.place_label(1.0))
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(moves)
        self.show_exportable()

    def wipe_sides(self) -> list[tuple[str, api.Pictures]]:
        """The picture, and what each model gives back of it where the scrubber stands."""
        real = self.found.picture[None] if self.found is not None else api.NO_PICTURES
        sides = [("The picture", real)]
        for kind, model, back in zip(OWN_KINDS, self._state.models, self.backs(), strict=True):
            if model:
                given = back.picture[None] if back is not None else api.NO_PICTURES
                sides.append((f"{kind.title} · {name_of(model)}", given))
        return sides

    def show_controls(self) -> None:
        """Controls and pickers as the state has them."""
        state = self._state
        self.columns.show_models(self.infos, state.models)
        if state.end.picture:
            self.originals.show(state.end.dataset, state.end.number)
        total, info = self.originals.totals.get(state.end.dataset, 0), self.info
        self.controls.show_state(state, self.infos.get(state.models[DIFFUSION]), total, info is not None)
        self.controls.picture.set_dataset(info is not None and bool(self.originals.at_hand(state.end.dataset)))
        ground = paper(now) if (now := api.picture_of(state.end.picture)) is not None else 0
        ink = (255 - ground,) * 3
        self.columns.canvas.set_brush(state.brush, ink, ground, state.tool == "erase")

    def is_settled(self) -> bool:
        """All is found and was shown to its end."""
        found = self.found
        is_encoded = found is not None and (found.encoded is not None or not self._asked[VAE] or bool(self.errors[VAE]))
        done = found is not None and (found.is_blank or (found.is_complete and is_encoded and self.share >= 1))
        return self.catalog is not None and (self.info is None or done)
