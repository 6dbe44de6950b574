"""The popover that saves a picture or a film: rows, columns, gap, scale, format and where to."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from genstudio import api
from genstudio.ui.theme import fix, pad
from genstudio.ui.widgets.button import IconButton, TextButton
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import Row

FORMATS = {"WebP": ".webp", "APNG": ".png", "GIF": ".gif", "MP4": ".mp4"}
MAX_PICTURES = 4096
MAX_SIDE = 16384  # px of an exported picture


def source_of(target: Any) -> Any:
    """The request inside an export request, or the request itself."""
    return target if isinstance(target, api.WritePicturesRequest) else getattr(target, "source", target)


def count_of(target: Any) -> int:
    """How many pictures one grid of it has."""
    match source_of(target):
        case api.SampleRequest(count=count) | api.DenoiseRequest(count=count):
            return count
        case api.DecodeRequest(z=z):
            return len(z)
        case api.MapRequest(cells=cells):
            return cells * cells
        case api.InterpolateRequest(steps=steps):
            return steps
        case api.WritePicturesRequest(films=films):
            return int(films.shape[1])
    return 1


def frames_of(target: Any) -> int:
    """How many frames a film of it has."""
    match source_of(target):
        case api.InterpolateRequest(steps=steps):
            return steps
        case api.DenoiseRequest(steps=steps):
            return steps + 1
        case api.WritePicturesRequest(films=films):
            return len(films)
    return 1


def columns_of(target: Any, film: bool) -> int:
    """The columns that suit it: a map is square, an interpolation one strip, the rest near square and, if
    it can be, without empty cells."""
    match source_of(target):
        case api.MapRequest(cells=cells):
            return cells
        case api.InterpolateRequest(steps=steps):
            return 1 if film else steps
    count = count_of(target)
    side = max(round(count**0.5), 1)
    return next((c for c in range(side, 2 * side) if count % c == 0), side)


def name_of(target: Any) -> str:
    """A file name that says what is in it: mnist-ddpm-denoise-seed7."""
    source = source_of(target)
    if isinstance(source, api.WritePicturesRequest):
        dataset = Path(source.source.dataset).stem
        return _plain(f"{dataset}-{source.source.family}-iteration{source.iteration}")
    verb = type(source).__name__.removesuffix("Request").lower()
    seed = f"-seed{source.seed}" if hasattr(source, "seed") else ""
    return _plain(f"{Path(source.model).stem}-{verb}{seed}")


def filled(target: Any, film: bool, layout: api.GridLayout, path: str, fps: float, count: int = 0) -> Any:
    """The request that writes `target` with this layout to this path; `count` changes how many are drawn."""
    source = source_of(target)
    if count and isinstance(source, (api.SampleRequest, api.DenoiseRequest)):
        source = dataclasses.replace(source, count=count)
    if isinstance(target, api.WritePicturesRequest):
        return dataclasses.replace(target, layout=layout, path=path, fps=fps)
    if isinstance(target, api.ExportFilmRequest):
        return dataclasses.replace(target, source=source, layout=layout, path=path, fps=fps)
    if isinstance(target, api.ExportGridRequest):
        return dataclasses.replace(target, source=source, layout=layout, path=path)
    if film:
        return api.ExportFilmRequest(source, layout, path, fps)
    return api.ExportGridRequest(source, layout, path)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")[:120] or "genstudio"


class ExportDialog(QFrame):
    """A panel inside the window, never modal: the pages go on while it is open. `requested` carries the request."""

    requested = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self.setAccessibleName("Export")
        self._target: Any = None
        self._film = False
        self._size = (28, 28)
        self._files: QFileDialog | None = None
        self.title, self.facts, self.problem = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "title")
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.rows = IntBox(1, 256, 8, label="Rows")
        self.columns = IntBox(1, 256, 8, label="Columns")
        self.gap = IntBox(0, 64, 2, unit="px", label="Gap")
        self.scale = IntBox(1, 32, 4, unit="×", label="Scale")
        self.format = Choice(tuple(FORMATS), "Format")
        self.fps = FloatBox(1, 60, 20, 1, "fps", "Speed")
        self.path = QLineEdit()
        self.path.setAccessibleName("File")
        self.path.setToolTip("Where the file will be written")
        self.browse = IconButton("folder", "Choose a file", "Choose the folder and the name")
        self.save = TextButton("Save", "Write the file; it carries what is needed to make it again", primary=True)
        self.cancel = TextButton("Cancel", "Close without writing (Esc)")
        self._lay_out()
        self._connect()
        self.hide()

    def open_for(self, target: Any, film: bool, size: tuple[int, int] = (28, 28)) -> None:
        """Show the panel for what a page offers; `size` is one picture's height and width."""
        self._target, self._film, self._size = target, film, size
        self.title.setText("Export film" if film else "Export picture")
        count, columns = count_of(target), columns_of(target, film)
        if film and isinstance(source_of(target), api.InterpolateRequest):
            count = 1
        can_redraw = not film and isinstance(source_of(target), (api.SampleRequest, api.DenoiseRequest))
        self.columns.setMaximum(256 if can_redraw else max(count, 1))
        self.columns.setValue(columns)
        self.rows.setValue(-(-count // columns))
        self.rows.setEnabled(can_redraw)
        self._count = count
        if isinstance(source_of(target), api.MapRequest):
            self.gap.setValue(0)
        self._row_format.setVisible(film)
        self._row_fps.setVisible(film)
        self._row_columns.setVisible(count > 1 or can_redraw)
        self._row_rows.setVisible(count > 1 or can_redraw)
        self._row_gap.setVisible(count > 1 or can_redraw)
        self.format.set_value(str(QSettings().value("export/format", "WebP")))
        self._suggest()
        self._update()
        self.adjustSize()
        self.show()
        self.raise_()
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def layout_chosen(self) -> api.GridLayout:
        """Columns, gap and scale as they stand."""
        return api.GridLayout(self.columns.value(), self.gap.value(), self.scale.value())

    def size_px(self) -> tuple[int, int]:
        """Width and height of the file."""
        rows, columns, gap = self._rows(), self.columns.value(), self.gap.value()
        height, width = self._size
        scale = self.scale.value()
        return (columns * width + (columns - 1) * gap) * scale, (rows * height + (rows - 1) * gap) * scale

    def _rows(self) -> int:
        return self.rows.value() if self.rows.isEnabled() else -(-self._count // self.columns.value())

    def _lay_out(self) -> None:
        close = IconButton("close", "Close", "Close without writing (Esc)")
        close.clicked.connect(self.dismiss)
        head = pad(QHBoxLayout(), 0, 8)
        head.addWidget(self.title, 1)
        head.addWidget(close)
        box = pad(QVBoxLayout(self), 16, 8)
        box.addLayout(head)
        self._row_rows = Row("Rows", self.rows, "How many pictures stand above each other")
        self._row_columns = Row("Columns", self.columns, "How many pictures stand beside each other")
        self._row_gap = Row("Gap", self.gap, "Black between the pictures, before scaling")
        self._row_scale = Row("Scale", self.scale, "Each pixel becomes a square of so many pixels, never blurred")
        self._row_format = Row("Format", self.format, "WebP is small; APNG and GIF open everywhere; MP4 for slides")
        self._row_fps = Row("Speed", self.fps, "Steps per second of the film")
        for row in (self._row_format, self._row_fps, self._row_rows, self._row_columns, self._row_gap, self._row_scale):
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
        fix(self, 368)

    def _connect(self) -> None:
        for number in (self.rows, self.columns, self.gap, self.scale, self.fps):
            number.valueChanged.connect(self._update)
        self.format.chosen.connect(self._format_chosen)
        self.path.textChanged.connect(self._update)
        self.path.returnPressed.connect(self._save)
        self.browse.clicked.connect(self._browse)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.dismiss)

    def _suffix(self) -> str:
        return FORMATS[str(self.format.value())] if self._film else ".png"

    def _suggest(self) -> None:
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        folder = Path(str(QSettings().value("export/folder", ""))) if QSettings().value("export/folder") else None
        if folder is None or not folder.is_dir():
            folder = Path(pictures) if Path(pictures).is_dir() else Path.home()
        stem, number = name_of(self._target), 1
        path = folder / f"{stem}{self._suffix()}"
        while path.exists() and number < 1000:
            number += 1
            path = folder / f"{stem}-{number}{self._suffix()}"
        self.path.setText(str(path))

    @Slot()
    def _update(self) -> None:
        if self._target is None:
            return
        if not self.rows.isEnabled():
            self.rows.setValue(-(-self._count // self.columns.value()))
        width, height = self.size_px()
        pictures = self._rows() * self.columns.value() if self.rows.isEnabled() else self._count
        what = "1 picture" if pictures == 1 else f"{pictures:,} pictures"
        if self._film:
            frames = frames_of(self._target)
            what = f"{frames:,} frames · {frames / self.fps.value():.1f} s"
        self.facts.setText(f"{width:,} × {height:,} px · {what} · the file says how to make it again")
        path = Path(self.path.text().strip())
        problem = ""
        if max(width, height) > MAX_SIDE:
            problem = f"Larger than {MAX_SIDE:,} px; choose a smaller scale."
        elif pictures > MAX_PICTURES:
            problem = f"At most {MAX_PICTURES:,} pictures fit in one file."
        elif not path.name or path.is_dir():
            problem = "Give the file a name."
        elif not path.parent.is_dir():
            problem = f"There is no folder {path.parent}."
        elif path.suffix.lower() not in ((".png",) if not self._film else tuple(FORMATS.values())):
            problem = "The name must end in " + (" or ".join(FORMATS.values()) if self._film else ".png") + "."
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.save.setEnabled(not problem)
        self.save.setText("Replace" if not problem and path.exists() else "Save")
        self.adjustSize()

    @Slot(object)
    def _format_chosen(self, name: str) -> None:
        QSettings().setValue("export/format", name)
        path = Path(self.path.text())
        if path.suffix.lower() in FORMATS.values():
            self.path.setText(str(path.with_suffix(self._suffix())))

    @Slot()
    def _browse(self) -> None:
        suffix = self._suffix()
        self._files = QFileDialog(self, self.title.text(), self.path.text(), f"{suffix[1:].upper()} (*{suffix})")
        self._files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._files.setDefaultSuffix(suffix[1:])
        self._files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._files.fileSelected.connect(self.path.setText)
        self._files.open()

    @Slot()
    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        path = Path(self.path.text().strip())
        QSettings().setValue("export/folder", str(path.parent))
        count = self._rows() * self.columns.value() if self.rows.isEnabled() else 0
        request = filled(self._target, self._film, self.layout_chosen(), str(path), self.fps.value(), count)
        self.dismiss()
        self.requested.emit(request)

    @Slot()
    def dismiss(self) -> None:
        """Close without writing."""
        self._target = None
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            focused.click() if isinstance(focused, QAbstractButton) else self._save()
        else:
            event.accept()  # the keys of the pages behind it mean nothing here
