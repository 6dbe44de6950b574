"""The popover that saves a picture or a film: how many, columns, gap, scale, format and where to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget

from genstudio import api
from genstudio.errors import counted
from genstudio.files import free_path
from genstudio.ui.theme import fix, px
from genstudio.ui.widgets import export_memory
from genstudio.ui.widgets import export_target as wanted
from genstudio.ui.widgets.export_fields import (
    CURVE_FORMATS,
    FILM_FORMATS,
    MAX_COLUMNS,
    SCALE,
    TABLE_FORMATS,
    ExportFields,
)
from genstudio.ui.widgets.export_target import source_of
from genstudio.ui.widgets.keyboard_place import KeyboardPlace

MAX_FRAMES, LARGE = 1000, 16  # of a film; and the scale of one picture alone in it
WIDE_PX = 1000  # that a sheet with headings is offered with at least, so that they can be read


class ExportDialog(ExportFields):
    """A panel inside the window, never modal: the pages go on while it is open. `requested` carries the request.

    It waits until it is told what became of that: `finish`, or `refuse`, which leaves all that was typed.
    """

    requested = Signal(object)
    cancelled = Signal()  # the user no longer wants what was requested
    reopened = Signal()  # long after it was closed, because the request failed
    closed = Signal(bool)  # whether the keyboard is back where it was

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self.setAccessibleName("Export")
        self._target: Any = None
        self._asked: Any = None  # the request of which nobody has said what became
        self._refused = ""  # why the file cannot be written as it stands
        self._film = self._redraws = self._stretches = self._is_alone = False
        self._scales: dict[bool | str, int] = {
            False: SCALE,
            True: LARGE,
        }  # and of sheets with headings that were written
        self._rate = 0.0  # frames a second that the user has chosen
        self._size, self._usual = (28, 28), 1  # px of a picture, columns that suit what is shown
        self._typed = ""  # the path
        self._proposed = ""  # the path that the user has not chosen
        self._files: QFileDialog | None = None
        self._is_built = False
        self._keyboard = KeyboardPlace(self)
        fix(self, 368)
        self.hide()

    def _build(self) -> None:
        self._is_built = True
        self.build_fields()
        self._connect()

    def open_for(self, target: Any, film: bool, size: tuple[int, int] = (28, 28)) -> None:
        """Show the panel for what a page offers; `size` is one picture's height and width."""
        if not self._is_built:
            self._build()
        self._target, self._film, self._size = target, film, size
        self._asked, self._refused = None, ""
        self._offer_formats(wanted.formats_of(target, film))
        self.title.setText(wanted.title_of(target, film))
        count, self._usual = wanted.count_of(target, film), wanted.columns_of(target, film)
        self._stretches = film and wanted.can_stretch(target)  # one picture a frame
        self._redraws = not film and wanted.can_redraw(target)
        self.pictures.setMinimum(2 if isinstance(source_of(target), api.InterpolateRequest) and not film else 1)
        self.pictures.setValue(count)
        self.frames.setRange(*((2, MAX_FRAMES) if self._stretches else (1, 2**31 - 1)))
        self.fps.setValue(self._rate or wanted.rate_of(target))
        self.frames.setValue(wanted.film_frames(target, self.fps.value()))
        self.columns.setMaximum(MAX_COLUMNS if self._redraws else max(count, 1))
        is_fixed = wanted.has_own_columns(target, film)
        self.columns.setValue((not is_fixed and export_memory.columns(self._kind(), MAX_COLUMNS)) or self._usual)
        self._is_alone = film and count == 1
        if isinstance(source_of(target), api.MapRequest):
            self.gap.setValue(0)
        self.scale.setValue(self._offered_scale())
        helps = {wanted.CurvesTarget: CURVE_FORMATS, wanted.TableTarget: TABLE_FORMATS}
        help_ = helps.get(type(target), FILM_FORMATS)
        for widget in (self.format, self._row_format.label):
            widget.setToolTip(help_)
        self.format.setAccessibleDescription(help_)
        self._row_format.setVisible(self.format.count() > 1)
        self._row_fps.setVisible(film)
        self._row_frames.setVisible(self._stretches)
        self._row_pictures.setVisible(self._redraws)
        has_pictures = not wanted.is_of_run(target)
        self._row_gap.setVisible(has_pictures and (count > 1 or self._redraws))
        self._row_scale.setVisible(has_pictures and not wanted.is_drawn(target))
        self._row_columns.setVisible((count > 1 or self._redraws) and not is_fixed)
        self.path.setEllipsesWidth(px(24))  # the room at both ends of the field, which superqt does not know
        self._suggest()
        self._update()
        self.adjustSize()
        self.show()
        self.raise_()
        self._keyboard.take(self.save if self.save.isEnabled() else self.path)

    def layout_chosen(self) -> api.GridLayout:
        """Columns, gap and scale as they stand."""
        return api.GridLayout(self.columns.value(), self.gap.value(), self.scale.value())

    def size_px(self) -> tuple[int, int]:
        """Width and height of the file."""
        rows, gap = self._rows(), self.gap.value()
        columns = min(self.columns.value(), self.pictures.value())
        (height, width), scale = self._size, self.scale.value()
        return (columns * width + (columns - 1) * gap) * scale, (rows * height + (rows - 1) * gap) * scale

    def _scale_kind(self) -> bool | str:
        """What has one scale from one export to the next."""
        return self._kind() if api.has_headings(source_of(self._target)) else self._is_alone

    def _offered_scale(self) -> int:
        if wanted.is_drawn(self._target):
            return 1
        kind = self._scale_kind()
        wide = self.columns.value() * (self._size[1] + self.gap.value()) - self.gap.value()
        return self._scales[kind] if kind in self._scales else max(SCALE, -(-WIDE_PX // wide))

    def _rows(self) -> int:
        return -(-self.pictures.value() // self.columns.value())

    def _connect(self) -> None:
        for number in (self.pictures, self.frames, self.columns, self.gap, self.scale, self.fps):
            number.valueChanged.connect(self._changed)
        self.format.chosen.connect(self._format_chosen)
        self.path.textChanged.connect(self._path_changed)
        self.path.returnPressed.connect(self._save)
        self.browse.clicked.connect(self._browse)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self._cancel)

    def _suffix(self) -> str:
        return str(wanted.formats_of(self._target, self._film)[str(self.format.value())])

    def _offer_formats(self, formats: dict[str, str]) -> None:
        """Those of what is exported; the one that was chosen last."""
        self.format.clear()
        for name in formats:
            self.format.add_choice(name, name)
        last = str(QSettings().value(self._format_key(), ""))
        self.format.set_value(last if last in formats else next(iter(formats)))

    def _format_key(self) -> str:
        return "export/curves" if wanted.is_of_run(self._target) else "export/format"

    def _suggest(self) -> None:
        self._proposed = str(free_path(export_memory.folder() / f"{wanted.name_of(self._target)}{self._suffix()}"))
        self.path.setText(self._proposed)

    @Slot()
    def _path_changed(self) -> None:
        if self.path.text() != self._typed:  # what is shown may be shorter than the path
            self._typed = self.path.text()
            self._changed()

    @Slot()
    def _changed(self) -> None:
        self._refused = ""
        self._update()

    def _update(self) -> None:
        if self._target is None:
            return
        (width, height), pictures, rows = self.size_px(), self.pictures.value(), self._rows()
        heads = rows if wanted.is_table(self._target) else 0
        seen, lines = wanted.seen_on(self._target) or (pictures - heads, rows)
        what = counted(seen, "picture") + (f" in {lines} rows" if lines > 1 else "")
        if self._film:
            frames = self.frames.value()
            what = f"{frames:,} frames · {frames / self.fps.value():.1f} s"
        path = Path(self.path.text().strip())
        side, ends = max(width, height), tuple(wanted.formats_of(self._target, self._film).values())
        if wanted.is_of_run(self._target):
            side, ending = 0, path.suffix.lower()
            self.facts.setText(wanted.facts_of(self._target, ending if ending in ends else self._suffix()))
        else:
            self.facts.setText(f"{width:,} × {height:,} px · {what} · {wanted.made_of(self._target)}")
        problem = wanted.problem_of(path, side, ends)
        self.problem.setText(problem or self._refused)
        self.problem.setVisible(bool(problem or self._refused))
        self._keyboard.enable(self.save, not problem and not self.is_waiting())
        way_on = "Try again" if self._refused else "Replace" if not problem and path.exists() else "Save"
        self.save.setText("Saving…" if self.is_waiting() else way_on)
        bottom = self.y() + self.height()
        self.adjustSize()
        self.move(self.x(), max(bottom - self.height(), 0))  # it grows upwards, away from the tempo

    @Slot(object)
    def _format_chosen(self, name: str) -> None:
        QSettings().setValue(self._format_key(), name)
        path = Path(self.path.text())
        if self.path.text() == self._proposed:
            self._suggest()
        elif path.suffix.lower() in wanted.formats_of(self._target, self._film).values():
            self.path.setText(str(path.with_suffix(self._suffix())))

    def _kind(self) -> str:
        return f"{'film' if self._film else 'grid'}/{type(source_of(self._target)).__name__}"

    @Slot()
    def _browse(self) -> None:
        suffix, formats = self._suffix(), wanted.formats_of(self._target, self._film)
        kinds = formats if isinstance(self._target, wanted.CurvesTarget) else {suffix[1:].upper(): suffix}
        choices = ";;".join(f"{name} (*{ending})" for name, ending in kinds.items())
        self._files = QFileDialog(self, self.title.text(), self.path.text(), choices)
        self._files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._files.setDefaultSuffix(suffix[1:])
        self._files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._files.fileSelected.connect(self.path.setText)
        self._files.open()

    @Slot()
    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        if not wanted.is_of_run(self._target) and not wanted.is_drawn(self._target):
            self._scales[self._scale_kind()] = self.scale.value()
        if self._film and self.fps.value() != wanted.rate_of(self._target):
            self._rate = self.fps.value()
        if self._row_columns.isVisible():
            export_memory.remember_columns(self._kind(), self.columns.value(), self._usual)
        count = self.pictures.value() if self._redraws else self.frames.value() if self._stretches else 0
        path = self.path.text().strip()
        request = wanted.filled(self._target, self._film, self.layout_chosen(), path, self.fps.value(), count)
        self._asked, self._refused = request, ""
        self._update()
        self.requested.emit(request)

    def is_waiting(self) -> bool:
        """Whether it is open only to hear what becomes of the request."""
        return self._asked is not None and self.isVisible()

    def finish(self, is_there: bool) -> None:
        """What was requested is being written or, with `is_there`, has been."""
        if self.is_waiting():
            self._close()
        if is_there and not self.isVisible():
            self._target = self._asked = None

    def refuse(self, sentence: str) -> bool:
        """What was requested could not be written: say why, with all fields as they were. False if they are gone."""
        if self._asked is None:
            return False
        was_waiting = self.is_waiting()
        self._asked, self._refused = None, sentence
        self.show()
        self._update()
        if was_waiting:
            self._keyboard.take(self.path)
        else:
            self.reopened.emit()
        return True

    @Slot()
    def dismiss(self) -> None:
        """Close; what was requested goes on."""
        self._target = self._asked = None
        self._close()

    @Slot()
    def _cancel(self) -> None:
        if self.is_waiting():
            self.cancelled.emit()
        self.dismiss()

    def _close(self) -> None:
        is_back = self._keyboard.give_back()
        self.hide()
        self.closed.emit(is_back)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            focused.click() if isinstance(focused, QAbstractButton) else self._save()
        else:
            event.accept()  # the keys of the pages behind it mean nothing here
