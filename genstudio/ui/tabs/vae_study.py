"""The section "What the latents mean": asks for a study of the codes, and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.api import DatasetInfo, ModelInfo, StudyEvent, called
from genstudio.ui.latent.axes import DEAD, has_kl
from genstudio.ui.theme import pad
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice

COUNT = 10_000  # pictures of a study
STUDY_HELP = (
    f"Encode {COUNT:,} pictures and look at their codes: how many nats each latent tells, along which axes the codes "
    "vary, and which way slant, stroke width, size, height and ink go. It takes some seconds, on a thread of its own."
)


class StudyPanel(QWidget):
    """Words, a picker where the model's own pictures are not here, and a button.

    Signals:
        wanted: a study, of a dataset or ("") of the model's own.
        cancel_wanted: the study that runs is to end.
    """

    wanted = Signal(str)
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setProperty("role", "small")
        self.words.setWordWrap(True)
        self.picker = Choice(label="Pictures to study", help="Pictures of the model's size that are here")
        self.button = TextButton("Study the codes", STUDY_HELP)
        self._is_busy = self._is_ready = self._has_pictures = False
        column = pad(QVBoxLayout(self), 0, 8)
        for part in (self.words, self.picker, self.button):
            column.addWidget(part)
        self.button.clicked.connect(self._clicked)
        self.picker.hide()

    def show_model(
        self, info: ModelInfo | None, study: StudyEvent | None, others: Sequence[DatasetInfo] | None
    ) -> None:
        """What is known of a model; `others` are the datasets to choose from if its own is not here, else None."""
        self.picker.setVisible(bool(others))
        chosen = self.picker.value()
        self.picker.clear()
        for dataset in others or ():
            self.picker.add_choice(dataset.title, dataset.name, dataset.note)
        self.picker.set_value(chosen)
        self._has_pictures = info is not None and (others is None or bool(others))
        if info is None:
            self.words.setText("")
        elif study is not None:
            self.words.setText(found(study))
        elif others is None:
            self.words.setText(
                f"What each number tells is not known yet. {COUNT:,} pictures of {called(info.dataset)} show it."
            )
        elif others:
            self.words.setText(
                f"{called(info.dataset)}, from which it learned, is not here. Choose other pictures to study."
            )
        else:
            kind = "colour" if info.channels == 3 else "grey"
            self.words.setText(
                f"{called(info.dataset)}, from which it learned, is not here, "
                f"nor are other {kind} pictures of {info.size} px."
            )
        self._show()
        if not self._is_busy:
            self.button.setText("Study again" if study is not None else "Study the codes")

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a model that answers."""
        self._is_ready = is_ready
        self._show()

    def set_busy(self, is_busy: bool) -> None:
        """Whether a study runs; then the button ends it."""
        self._is_busy = is_busy
        self.button.setText("Cancel" if is_busy else "Study the codes")
        self._show()

    def is_busy(self) -> bool:
        """Whether a study runs."""
        return self._is_busy

    def begin(self) -> None:
        """As if the button was pressed, unless a study runs or cannot; where it stands, it has the keyboard."""
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._is_busy:
            self.button.click()

    def _show(self) -> None:
        self.button.setEnabled(self._is_busy or (self._is_ready and self._has_pictures))
        self.picker.setEnabled(self._is_ready and not self._is_busy)

    @Slot()
    def _clicked(self) -> None:
        if self._is_busy:
            self.cancel_wanted.emit()
        else:
            self.wanted.emit(str(self.picker.value()) if not self.picker.isHidden() else "")


def found(study: StudyEvent) -> str:
    """What a study has found, as rich text."""
    of = f"{study.count:,} pictures of {called(study.dataset)}"
    if not has_kl(study):
        return f"{of}. The codes of this model are points, not distributions, so no latent has a KL."
    used, all_ = int((study.kl >= DEAD).sum()), len(study.kl)
    tell = f"{of}: a code tells <b>{float(study.kl.sum()):.1f} nats</b> of its picture"
    if used == all_:
        return f"{tell}, and each of the {all_} latents has a share in it."
    return f"{tell}, through {used} of {all_} latents; the others have collapsed."
