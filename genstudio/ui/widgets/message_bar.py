"""The strip at the bottom: what happened, what to do, how far something is; details on demand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.errors import whole
from genstudio.ui.theme import fix, pad, pixmap, px, theme
from genstudio.ui.widgets.button import IconButton, TextButton

SHORT_MS, LONG_MS = 10_000, 30_000  # how long a notice stays, without and with a button


class Details(QFrame):
    """The technical text of a message, above the bar; Escape or the cross closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Details")
        self.text.setFont(theme().font(11, mono=True))
        title = QLabel("Details")
        title.setProperty("role", "title")
        copy = TextButton("Copy", "Copy the details, to send them to somebody", "copy")
        close = IconButton("close", "Close", "Close (Esc)")
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.hide)
        head = pad(QHBoxLayout(), 0, 8)
        head.addWidget(title, 1)
        head.addWidget(copy)
        head.addWidget(close)
        box = pad(QVBoxLayout(self), 12, 8)
        box.addLayout(head)
        box.addWidget(self.text, 1)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


class MessageBar(QWidget):
    """One line that never covers anything and never takes the keyboard. A hint stands there when all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full, self._details_text, self._kind = "", "", "hint"
        self._on_action: Callable[[], None] | None = None
        self._on_cancel: Callable[[], None] | None = None
        self._owner: object = None  # of the progress
        self._hint, self._is_quiet = "", False
        self._names: frozenset[str] = frozenset()
        self._expiry = QTimer(self)
        self._expiry.setSingleShot(True)
        self._expiry.timeout.connect(self.clear)
        self.symbol, self.label = QLabel(), QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.label.setAccessibleName("Message")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        fix(self.progress, 160)
        self.action = TextButton("", "")
        self.details = TextButton("Details", "Show what happened inside, for a report")
        self.cancel = TextButton("Cancel", "Stop this; nothing is left behind")
        for button in (self.action, self.details, self.cancel):
            button.setProperty("role", "link")
        self.close_button = IconButton("close", "Dismiss", "Dismiss this message", side=22)
        self.panel = Details(self.window())
        self.action.clicked.connect(self._act)
        self.details.clicked.connect(self._show_details)
        self.cancel.clicked.connect(self._cancel)
        self.close_button.clicked.connect(self.clear)
        row = pad(QHBoxLayout(self), (16, 0, 16, 0), 8)
        row.addWidget(self.symbol)
        row.addWidget(self.label, 1)
        for widget in (self.progress, self.cancel, self.action, self.details, self.close_button):
            row.addWidget(widget)
        fix(self, height=28)
        theme().changed.connect(self._restyle)
        self.clear()

    def show_info(
        self,
        text: str,
        details: str = "",
        action_text: str = "",
        on_action: Callable[[], None] | None = None,
        stays: bool = False,
    ) -> None:
        """Something went well, or is worth knowing; unless it `stays` it goes by itself before it is no longer true."""
        self._show("info", text, details, action_text, on_action)
        if stays:
            self._expiry.stop()

    def show_error(
        self, text: str, details: str = "", action_text: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        """Something failed: one sentence; `details` only when asked for."""
        self._show("warning", text, details, action_text, on_action)

    def show_progress(
        self, text: str, done: int, total: int, on_cancel: Callable[[], None] | None = None, owner: object = None
    ) -> None:
        """How far something is; `total` 0 means unknown. Its owner is who takes it away."""
        self._show("progress", text, "", "", None)
        self._owner = owner
        self.progress.setRange(0, 1000 if total else 0)
        self.progress.setValue(round(1000 * done / total) if total else 0)
        self._on_cancel = on_cancel
        self.cancel.setVisible(on_cancel is not None)

    def end_progress(self, owner: object) -> None:
        """Take a progress away, unless another one's stands there."""
        if self._kind == "progress" and self._owner is owner:
            self.clear()

    def set_names(self, names: frozenset[str]) -> None:
        """The names of models and data: a message that begins with one keeps its first letter."""
        self._names = names

    def worded(self, text: str) -> str:
        """A message as it is read alone."""
        return whole(text, self._names)

    def set_hint(self, text: str) -> None:
        """What stands there when there is no message."""
        self._hint = text
        if self._kind == "hint":
            self.clear()

    def set_quiet(self, quiet: bool) -> None:
        """Be there only while there is a message, without a hint."""
        self._is_quiet = quiet
        self.setVisible(not (quiet and self._kind == "hint"))

    def text(self) -> str:
        """The message, whole; '' if only the hint is there."""
        return self._full if self._kind != "hint" else ""

    def details_text(self) -> str:
        """What Details shows."""
        return self._details_text

    def is_error(self) -> bool:
        """Whether the message is a failure."""
        return self._kind == "warning"

    def is_busy(self) -> bool:
        """Whether a progress is shown."""
        return self._kind == "progress"

    @Slot()
    def clear(self) -> None:
        """Back to the hint."""
        self._show("hint", self._hint, "", "", None)

    def _show(self, kind: str, text: str, details: str, action_text: str, on_action: Callable[[], None] | None) -> None:
        text = self.worded(text) if kind in ("info", "warning") else text
        self._kind, self._full, self._details_text, self._on_action = kind, text, details, on_action
        self._on_cancel = None
        if kind == "info":
            self._expiry.start(LONG_MS if action_text else SHORT_MS)
        else:
            self._expiry.stop()
        self.action.setText(action_text)
        self.action.setAccessibleName(action_text)
        self.action.setVisible(bool(action_text))
        self.details.setVisible(bool(details))
        self.cancel.hide()
        self.progress.setVisible(kind == "progress")
        self.close_button.setVisible(kind in ("info", "warning"))
        if not details:
            self.panel.hide()
        if self._is_quiet:
            self.setVisible(kind != "hint")
        self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()
        self._place()

    def _place(self) -> None:
        window = self.window()
        if self.panel.parent() is not window:
            self.panel.setParent(window)
        width = min(px(760), window.width() - px(32))
        height = min(px(320), window.height() - px(96))
        top = window.height() - self.height() - height - px(8)
        self.panel.setGeometry((window.width() - width) // 2, top, width, height)

    def _elide(self) -> None:
        shown = self.label.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.label.width(), 1))
        self.label.setText(shown)
        self.label.setToolTip(self._full if shown != self._full else "")

    @Slot()
    def _restyle(self) -> None:
        colors = theme().colors
        names = {"info": ("info", colors.accent_text), "warning": ("warning", colors.error_text)}
        name, tint = names.get(self._kind, ("info", ""))
        self.symbol.setVisible(bool(tint))
        if tint:
            self.symbol.setPixmap(pixmap(name, tint, px(18), self.devicePixelRatioF()))
        role = "small" if self._kind == "hint" else ""
        if self.label.property("role") != role:
            self.label.setProperty("role", role)
            self.label.style().polish(self.label)
        if (layout := self.layout()) is not None:
            layout.activate()
        self._elide()

    @Slot()
    def _act(self) -> None:
        if self._on_action is not None:
            self._on_action()

    @Slot()
    def _cancel(self) -> None:
        if self._on_cancel is not None:
            self._on_cancel()

    @Slot()
    def _show_details(self) -> None:
        self.panel.text.setPlainText(self._details_text)
        self._place()
        self.panel.setVisible(not self.panel.isVisible())
        self.panel.raise_()
        if self.panel.isVisible():
            self.panel.text.setFocus()
