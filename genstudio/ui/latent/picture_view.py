"""What the picture page looks like: its widgets, and how they show one state. Asks for nothing."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.api import EncodedEvent, NearestEvent, PickedEvent, Pictures, StudyEvent
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.picture_controls import PictureControls
from genstudio.ui.latent.picture_frame import Frame
from genstudio.ui.latent.picture_state import (
    INKS,
    PictureState,
    blank,
    corrupt,
    difference,
    has_posterior,
    looked_at,
    posterior,
)  # fmt: skip
from genstudio.ui.latent.picture_words import (
    EMPTY,
    EXPLORE,
    EXPORT_HELP,
    KEY,
    NEAREST_LATER,
    NO_NEAREST,
    NO_PICKS,
    NO_POSTERIOR,
    STAGE_HELP,
    TITLES,
    back_sentence,
    converted_words,
    corrupt_sentence,
    draw_sentence,
    frame_words,
    longest,
    posterior_words,
    sheet_sentence,
    study_words,
)  # fmt: skip
from genstudio.ui.tabs.calm import HAND_S, Beat
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.theme import fix, pad
from genstudio.ui.widgets.canvas import HELP, Canvas
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.stage import Stage

PICKER = 280  # design px of the longest name of a model
ROW = 9  # pictures in a row below the stage
ROW_HIGH = 92  # design px
HELD_OUT, NEAREST = "held-out", "nearest"
NOTHING = np.zeros((0, 28, 28, 1), np.uint8)


class PictureView(TabPage):
    """The canvas and what comes back, below it pictures to choose from, the rest at the right."""

    learner = "latent-train"
    takes_pictures = True

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("picture", "Latent space", bridge, parent)
        self.picker = Choice(label="Model", help="An autoencoder to find codes with")
        self.add_picker("Model", self.picker, PICKER)
        self.canvas, self.sheet = Canvas(), Stage(label="Codes drawn from the posterior")
        self.stage_area.addWidget(self.canvas, 1)
        self.stage_area.addWidget(self.sheet, 1)
        self.sheet.hide()
        self.picks, self.nearest = Stage(label="Held-out pictures"), Stage(label="Nearest training pictures")
        column = pad(QVBoxLayout(), 0, 4)
        for row in (self.picks, self.nearest):
            fix(row, height=ROW_HIGH)
            row.shared_titles = (HELD_OUT, NEAREST)
            column.addWidget(row)
        self.plot_area.addLayout(column, 1)
        self.controls = PictureControls(self.inspector)
        self.tempo.export.set_help(EXPORT_HELP)
        self.caption.reserve(longest())
        self.draws_for = ""  # what another mode wants a picture for, in words
        self._beat = Beat(HAND_S)
        self.blank()

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        for stage in (self.canvas, self.sheet, self.picks):
            stage.set_pictures(NOTHING)
        self.canvas.set_box(None)
        self.canvas.set_frame(None)
        self.show_nearest(None)
        self.show_plots(False)
        self.controls.set_ready(False)
        self.caption.set_text("")
        self.tempo.set_range(0)
        self.tempo.set_label("")
        self.tempo.set_exportable(False, False)
        self._fit_tempo(False)

    def set_ready(self) -> None:
        """There is a model that answers."""
        self.show_plots(True)
        self.controls.set_ready(True)

    def _fit_tempo(self, has_row: bool) -> None:
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(has_row)

    # ---- one state ---------------------------------------------------------------------------------

    def show_state(self, state: PictureState, ground: int) -> None:
        """Controls, brush and box as the state has them."""
        self.controls.show_state(state)
        is_colour = self.controls.rows["ink"].isVisibleTo(self.inspector)
        ink = INKS[state.ink] if is_colour else (255,) * 3 if ground < 128 else (0,) * 3
        self.canvas.set_brush(state.brush, ink, ground, state.tool == "erase")
        has_box = state.view == "corrupt" and state.missing == "box"
        self.canvas.set_box(state.box if has_box else None)
        self.sheet.setVisible(state.view == "sheet")
        self.canvas.setToolTip(f"<p>{STAGE_HELP[state.view]} {HELP}</p>")

    def show_pictures(
        self,
        state: PictureState,
        picture: Pictures,
        seen: Pictures,
        frame: Frame | None,
        ground: int,
        event: EncodedEvent | None,
    ) -> None:
        """The stage: what is drawn at once, what came back as soon as it is known; the frame is what of it is seen."""
        self.canvas.set_frame(frame.box() if frame is not None else None)
        none = blank(picture.shape, ground)
        if state.view == "sheet":
            images = [picture]
        elif state.view == "corrupt":
            back = event.reconstructions[1] if event is not None and len(event.mu) > 1 else none
            images = [picture, corrupt(seen, state, ground), back]
        elif event is None:
            images = [picture, none, blank(picture.shape, 128)]
        else:
            back = event.reconstructions[0]
            images = [picture, back, difference(event.inputs[0], back)]
        self.canvas.set_pictures(np.stack(images), len(images))
        self.canvas.set_titles(TITLES[state.view])

    def show_sheet(self, images: Pictures | None, seed: int = 0) -> None:
        """Pictures of codes drawn; None where none can be."""
        if images is None:
            self.sheet.set_pictures(NOTHING)
            self.sheet.set_message(NO_POSTERIOR)
        else:
            self.sheet.set_pictures(images, 4)
            self.sheet.set_titles(["", f"{len(images)} draws, seed {seed}"])

    def show_code(self, state: PictureState, event: EncodedEvent | None) -> None:
        """The posterior, and what can be done with a code."""
        plot = self.controls.posterior
        spread = None if event is None else has_posterior(event)
        at = 0 if event is None else looked_at(state, event)
        self.controls.set_posterior(spread)
        self.controls.set_code(event is not None)
        if event is None or self.words_are_due():
            self.controls.posterior_words.setText("" if event is None else posterior_words(event, at))
        none = np.zeros(0, np.float32)
        plot.set_code(*((none, none) if event is None else (event.mu[at], event.sigma[at])))
        drawn = event is not None and state.view == "sheet" and spread
        codes = posterior(event, state.drawn) if drawn and event is not None else event.mu[:1] if at and event else ()
        plot.set_codes(np.array(codes, np.float32).reshape(len(codes), event.mu.shape[1] if event else 0))
        self.tempo.set_exportable(event is not None, False)

    def show_study(self, state: PictureState, study: StudyEvent | None, event: EncodedEvent | None) -> None:
        """How unusual the picture is, with a study of the model."""
        self.controls.show_study(study is not None)
        if study is None:
            self.show_nearest(None)
            return
        self.controls.errors.set_errors(study.errors, study.unit)
        self.judge(state, study, event)

    def judge(self, state: PictureState, study: StudyEvent, event: EncodedEvent | None) -> None:
        """Another picture beside the same study."""
        at = 0 if event is None else looked_at(state, event)
        self.controls.errors.set_error(float(event.errors[at]) if event is not None else None)
        if event is None or self.words_are_due():
            self.controls.study_words.setText(study_words(study, event, at))

    def show_picks(self, event: PickedEvent | None, dataset: str) -> None:
        """The row of held-out pictures."""
        images = NOTHING if event is None else event.images
        self.picks.set_pictures(images, ROW)
        self.picks.set_selected(-1)
        self.picks.set_titles(list(event.labels) if event else [], [HELD_OUT])
        words = f"Pictures of {dataset} that the model did not learn from. Click one to encode it."
        self.picks.setToolTip(plain(words))
        if event is None:
            self.picks.set_message(NO_PICKS)
        self.tempo.set_range(len(images))
        self._fit_tempo(event is not None)

    def show_nearest(self, event: NearestEvent | None) -> None:
        """The row of training pictures; its place is kept while there is none, so that the canvas never moves."""
        self.nearest.set_selected(-1)
        if event is None:
            self.nearest.set_pictures(NOTHING)
            self.nearest.set_message(NO_NEAREST if self.controls.has_study() else NEAREST_LATER)
            self.nearest.setToolTip("")
            return
        self.nearest.set_pictures(event.images, ROW)
        self.nearest.set_titles(list(event.labels), [NEAREST])
        near, far = event.distances[0], event.distances[-1]
        self.nearest.setToolTip(
            f"The training pictures with the nearest codes, {near:.2f} to {far:.2f} away, the nearest first. "
            "Click one to go on from it."
        )

    # ---- words -------------------------------------------------------------------------------------

    def words_are_due(self) -> bool:
        """While the hand draws, words change only as often as they can be read."""
        return self._beat.is_due(self.canvas.is_held())

    def write(
        self, state: PictureState, event: EncodedEvent | None, study: StudyEvent | None, frame: Frame | None
    ) -> None:
        """The words under the pictures."""
        self._beat.note()
        if event is None:
            self.caption.set_text(draw_sentence(self.draws_for) if self.draws_for else EMPTY)
        elif state.view == "sheet":
            self.caption.set_text(sheet_sentence(event, state.drawn))
        elif state.view == "corrupt" and len(event.mu) > 1:
            clean, given, back = (x.astype(np.float32) for x in (*event.inputs[:2], event.reconstructions[1]))
            damage, left = (float(np.abs(x - clean).mean()) for x in (given, back))
            self.caption.set_text(corrupt_sentence(damage, left))
        else:
            fits = study if study is not None and study.unit == event.unit else None
            onward = KEY if self.draws_for else EXPLORE
            done = " ".join(words for words in (converted_words(state), frame_words(frame, state.centres)) if words)
            self.caption.set_text(back_sentence(event, fits, done, onward))
