"""What the modes of the latent-space tab hand each other: the model, the code, what is known of its codes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from genstudio.api import ModelInfo, StudyEvent


class LatentDesk(QObject):
    """A mode puts the model and code it shows here when it is left, and takes those of the other when it is entered.

    Lives on the window thread.
    """

    studied = Signal(str)  # the model whose codes have just been studied

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = ""  # key of the catalog, or the path of an opened file; "" before any was shown
        self.z: tuple[float, ...] = ()
        self.latent = -1  # the latent that Explore shall show, counted from 0; -1 once it does
        self.wish: dict[str, Any] = {}  # parameters of Train that another mode proposes; {} once they are shown
        self.studies: dict[str, StudyEvent] = {}
        self.dropped: dict[str, ModelInfo] = {}  # opened files, by their paths; every mode's picker has them
        self.draw_for = ""  # what a picture is to be drawn for, in Picture; "" once that is told
        self.sent: tuple[str, tuple[float, ...], str] | None = None  # a mode, a code for it, and what it is of

    def put(self, model: str, z: tuple[float, ...] = ()) -> None:
        """This model and code are shown now; without a code, that of the model stays."""
        self.z = z if z or model != self.model else self.z
        self.model = model

    def put_study(self, study: StudyEvent) -> None:
        """What the codes of a model are like."""
        self.studies[study.request.model] = study
        self.studied.emit(study.request.model)
