"""What one fills in before a file is written: its fields and where they stand."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from genstudio.ui.theme import pad
from genstudio.ui.widgets.button import IconButton, TextButton
from genstudio.ui.widgets.export_target import FORMATS
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import Row

MAX_PICTURES, MAX_COLUMNS = 4096, 256
FILM_FORMATS = "WebP is small; APNG and GIF open everywhere; MP4 for slides"
CURVE_FORMATS = "PNG is a picture, SVG a drawing that stays sharp at any size, CSV the numbers themselves"
TABLE_FORMATS = "PNG is a picture, CSV has every number with what it is of, Markdown is the table as text"
SCALE = 4  # of pictures in a grid


class ExportFields(QFrame):
    """The rows of the export panel, made when it is first opened."""

    def build_fields(self) -> None:
        """Make them, once."""
        from genstudio.ui.widgets.path_field import PathField  # superqt takes 0.2 s, which the start does not have

        self.title, self.facts, self.problem = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "title")
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.pictures = IntBox(1, MAX_PICTURES, 64, label="Pictures")
        self.frames = IntBox(1, 2**31 - 1, label="Frames")
        self.columns = IntBox(1, MAX_COLUMNS, 8, label="Columns")
        self.gap = IntBox(0, 64, 2, unit="px", label="Gap")
        self.scale = IntBox(1, 32, SCALE, unit="×", label="Scale")
        self.format = Choice(tuple(FORMATS), "Format")
        self.fps = FloatBox(1, 60, 20, 1, "fps", "Speed")
        self.path = PathField()
        self.path.setAccessibleName("File")
        self.path.setToolTip("Where the file will be written")
        self.browse = IconButton("folder", "Choose a file", "Choose the folder and the name")
        self.save = TextButton("Save", "Write the file; it carries what is needed to make it again", primary=True)
        self.cancel = TextButton("Cancel", "Close without writing (Esc)")
        self._lay_out()

    def _lay_out(self) -> None:
        close = IconButton("close", "Close", "Close without writing (Esc)")
        close.clicked.connect(self._cancel)
        head = pad(QHBoxLayout(), 0, 8)
        head.addWidget(self.title, 1)
        head.addWidget(close)
        box = pad(QVBoxLayout(self), 16, 8)
        box.addLayout(head)
        self._row_pictures = Row("Pictures", self.pictures, "How many pictures are drawn; all of them are in the file")
        self._row_columns = Row("Columns", self.columns, "How many pictures stand beside each other")
        self._row_gap = Row("Gap", self.gap, "Black with a hairline in it, between the pictures, before scaling")
        self._row_scale = Row("Scale", self.scale, "Each pixel becomes a square of so many pixels, never blurred")
        self._row_format = Row("Format", self.format, FILM_FORMATS)
        self._row_fps = Row("Speed", self.fps, "Steps per second of the film")
        self._row_frames = Row("Frames", self.frames, "Pictures of the film, both ends included; more make it longer")
        rows = (self._row_format, self._row_frames, self._row_fps, self._row_pictures, self._row_columns, self._row_gap)
        for row in (*rows, self._row_scale):
            box.addWidget(row)
        file = pad(QHBoxLayout(), 0, 4)
        file.addWidget(self.path, 1)
        file.addWidget(self.browse)
        box.addLayout(file)
        box.addWidget(self.facts)
        box.addWidget(self.problem)
        buttons = pad(QHBoxLayout(), (0, 4, 0, 0), 8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        box.addLayout(buttons)

    @Slot()
    def _cancel(self) -> None:
        """Close without writing."""
        raise NotImplementedError
