"""One or two sentences in plain words, with the live numbers in the colours of their meaning."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from genstudio.ui.theme import px, theme

MOST = 5  # lines; longer words are in the tooltip
MEANINGS = ("accent", "real", "generated", "discriminator", "generator", "latent", "neutral", "error")


class Caption(QLabel):
    """Rich text of two lines, and where they do not hold it of up to MOST.

    `<real>0.82</real>` is bold and in the colour of that meaning.

    The words of MEANINGS are allowed as tags, beside Qt's own (`<b>`, `<i>`, `<sub>`); `<a href="kl">KL</a>`
    is a word that can be clicked and emits `word_clicked("kl")`.
    """

    word_clicked = Signal(str)

    def __init__(self, text: str = "", lines: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markup, self._fewest, self._lines, self._reserved = text, lines, lines, ""
        self._high = 0  # that the words needed that had room, in px
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What is to be seen")
        self.linkActivated.connect(self.word_clicked)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_text(self, markup: str) -> None:
        """Show other words; nothing happens if they are the same."""
        if markup != self._markup:
            self._markup = markup
            self._write()

    def reserve(self, markup: str) -> None:
        """Keep the room of words that may come, so that nothing moves when they do."""
        if markup != self._reserved:
            self._reserved = markup
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():  # Qt's own frame of a link goes with the next words
            painter = QPainter(self)
            painter.setPen(QColor(theme().colors.accent_text))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), px(4), px(4))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._restyle()
        self._align()

    def _fit(self) -> None:
        """The lines that the words need; they stay while words come and go, so that nothing jumps."""
        line, width = QFontMetrics(theme().font(13)).lineSpacing(), max(self.width(), 1)
        high = self.heightForWidth(width) - self.contentsMargins().bottom()
        needed = math.ceil(high / line - 0.75) if self._markup else 0  # an index makes a line a little higher
        needed = max(needed, self._lines_of(self._rich(self._reserved), width)) if self._reserved else needed
        most = max(MOST, self._fewest)
        self._lines = min(max(self._lines, needed), most)
        if self._markup and needed <= most:
            self._high = max(self._high, high)  # lines with an index are higher
        self.setFixedHeight(max(line * self._lines + px(4), self._high))

    def _lines_of(self, text: str, width: int) -> int:
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(theme().font(13))
        document.setHtml(text)
        document.setTextWidth(width)
        return math.ceil(document.size().height() / QFontMetrics(theme().font(13)).lineSpacing() - 0.75)

    def _align(self) -> None:
        """Words that need more than the lines there are begin at the top; the tooltip has them all."""
        overflows = self.heightForWidth(max(self.width(), 1)) > self.height()
        vertical = Qt.AlignmentFlag.AlignTop if overflows else Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | vertical)
        self.setContentsMargins(0, 0, 0, px(4) if overflows else 0)  # no sliver of a line that has no room
        self.setToolTip(self._rich() if overflows else "")

    def markup(self) -> str:
        """What `set_text` was given."""
        return self._markup

    def _rich(self, markup: str | None = None) -> str:
        colors = theme().colors
        text = self._markup if markup is None else markup
        for name in MEANINGS:
            opening = f'<span style="color:{getattr(colors, name + "_text")};font-weight:600">'
            text = text.replace(f"<{name}>", opening).replace(f"</{name}>", "</span>")
        return re.sub(r"<a href=", f'<a style="color:{colors.text};text-decoration:underline" href=', text)

    @Slot()
    def _restyle(self) -> None:
        self._lines, self._high = self._fewest, 0
        self.setMinimumHeight(0)  # else it counts as the height that the words need
        self._write()

    def _write(self) -> None:
        self.setText(self._rich())
        self._fit()
        self._align()
        links = "<a " in self._markup
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if links else Qt.FocusPolicy.NoFocus)
