"""One or two sentences in plain words, with the live numbers in the colours of their meaning."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextDocument,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from genstudio.ui.theme import px, theme

MOST = 5  # lines; longer words are in the tooltip
MEANINGS = ("accent", "real", "generated", "discriminator", "generator", "latent", "neutral", "error")
LINK = re.compile(r"<a href=(['\"])(.*?)\1>(.*?)</a>", re.DOTALL)


class Caption(QLabel):
    """Rich text of two lines, and where they do not hold it of up to MOST.

    `<real>0.82</real>` is bold and in the colour of that meaning.

    The words of MEANINGS are allowed as tags, beside Qt's own (`<b>`, `<i>`, `<sub>`); `<a href="kl">KL</a>`
    is a word that can be clicked and emits `word_clicked("kl")`. Tab goes from one such word to the next, and stays on
    its word while others come and go; Return means a click.
    """

    word_clicked = Signal(str)

    def __init__(self, text: str = "", lines: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markup, self._fewest, self._lines, self._reserved = text, lines, lines, ""
        self._high = 0  # that the words needed that had room, in px
        self._at, self._target = -1, ""  # the link that has the keyboard: its number, and what it leads to
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)  # Qt's keys forget with new words
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
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QColor(theme().colors.accent_text))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), px(4), px(4))

    # ---- links by keyboard --------------------------------------------------------------------------------

    def focused_link(self) -> str:
        """What the word leads to that has the keyboard; '' if none has it."""
        return self._target

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The next of the links; after the last one what stands behind the caption."""
        is_gone = self._at >= 0 and not self._target  # the next one has taken its number
        ahead = 0 if is_gone else 1
        return self._focus_link(self._at + (ahead if forward else -1)) or super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            is_forward = event.reason() == Qt.FocusReason.TabFocusReason
            self._focus_link(0 if is_forward else len(self._links()) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._at, self._target = -1, ""
            self.setText(self._rich())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._target and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.word_clicked.emit(self._target)
        else:
            super().keyPressEvent(event)

    def _links(self) -> list[str]:
        return [link.group(2) for link in LINK.finditer(self._markup)]

    def _focus_link(self, number: int) -> bool:
        """Mark one; False if there is none of that number."""
        links = self._links()
        if not 0 <= number < len(links):
            return False
        self._at, self._target = number, links[number]
        self.setText(self._rich())
        return True

    def _follow_link(self) -> None:
        """In other words the keyboard is on the same link; if that is gone, on none, and Tab goes on from its place."""
        if self._at >= 0:
            links = self._links()
            places = [number for number, link in enumerate(links) if link == self._target]
            self._at = min(places, key=lambda number: abs(number - self._at), default=self._at)
            self._target = self._target if places else ""

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
        if markup is None and self._target:
            number = iter(range(len(text)))
            text = LINK.sub(lambda link: self._marked(link) if next(number) == self._at else link.group(), text)
        return re.sub(r"<a href=", f'<a style="color:{colors.text};text-decoration:underline" href=', text)

    def _marked(self, link: re.Match[str]) -> str:
        """The link that has the keyboard, on the accent's ground."""
        colors, words = theme().colors, re.sub(r"</?span[^>]*>", "", link.group(3))
        style = f"color:{colors.on_accent};background-color:{colors.accent};text-decoration:underline"
        return f'<a style="{style}" href="{link.group(2)}">{words}</a>'

    @Slot()
    def _restyle(self) -> None:
        self._lines, self._high = self._fewest, 0
        self.setMinimumHeight(0)  # else it counts as the height that the words need
        self._write()

    def _write(self) -> None:
        self._follow_link()
        self.setText(self._rich())
        self._fit()
        self._align()
        links = "<a " in self._markup
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if links else Qt.FocusPolicy.NoFocus)
