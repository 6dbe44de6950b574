"""The stages of an iteration below each other: number, what happens, its formula and its numbers."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.api.stages import Line, Player
from genstudio.ui.game import stage_words as words
from genstudio.ui.theme import pad, px, theme

State = Literal["now", "done", "next"]
ROLES: dict[Player, str] = {"d": "discriminator", "g": "generator"}
WIDEST = -0.0888  # as wide as a result becomes
STATES = {"now": "now", "done": "done", "next": "to come"}


class Steady(QLabel):
    """Wrapped words that never become lower again while what they are about is the same."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about, self._highest = "", (0, 0)  # at a width, a height
        self._longest = QLabel(self)  # never seen: it knows how high the longest words are
        self._longest.hide()
        for label in (self, self._longest):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            label.setProperty("role", role)

    def show_words(self, about: str, text: str, longest: str = "") -> None:
        """Words about something, with room for the longest that may follow."""
        if about != self._about:
            self._about, self._highest = about, (0, 0)
            self.updateGeometry()
        if longest != self._longest.text():
            self._longest.setText(longest)
            self.updateGeometry()
        if text != self.text():
            self.setText(text)

    def heightForWidth(self, width: int) -> int:
        before = self._highest[1] if self._highest[0] == width else 0
        high = max(before, super().heightForWidth(width), self._longest.heightForWidth(width))
        self._highest = (width, high)
        return high


class StageRow(QWidget):
    """One stage; a bar in the colour of the player who acts stands beside the one that was carried out last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: State = "next"
        self._player: Player = "d"
        self._number = 0
        self.title, self.formula, self.values = QLabel(), Steady("second"), Steady("small")
        box = self._box = pad(QVBoxLayout(self), (36, 4, 4, 4), 0)
        for label in (self.title, self.formula, self.values):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            box.addWidget(label)

    def show_line(self, number: int, line: Line, numbers: dict[str, float], state: State, is_critic: bool) -> None:
        """Show a stage, with its numbers once it has been carried out."""
        said = words.title(line, is_critic)
        if self.title.text() != (text := f"<b>{said}</b>" if state == "now" else said):
            self.title.setText(text)
        longest = words.formula(line, {line.result: WIDEST} if line.result else {})
        self.formula.show_words(line.formula, words.formula(line, numbers), longest)
        self.values.show_words(line.formula, words.values(line, numbers) or "\u00a0")
        role = "second" if state == "next" else ""
        if self.title.property("role") != role:
            self.title.setProperty("role", role)
            self.title.style().unpolish(self.title)
            self.title.style().polish(self.title)
        self.setToolTip(words.help_of(line, is_critic))
        result = f" = {words.value(numbers[line.result])}" if line.result in numbers else ""
        self.setAccessibleName(f"{number}, {said}: {STATES[state]}")
        self.setAccessibleDescription(f"{line.formula}{result}. {words.values(line, numbers)}")
        if (state, line.player, number) != (self.state, self._player, self._number):
            self.state, self._player, self._number = state, line.player, number
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = theme().colors, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        player = QColor(getattr(colors, ROLES[self._player]))
        if self.state == "now":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.raised))
            painter.drawRoundedRect(QRectF(self.rect()), px(6), px(6))
            painter.setBrush(player)
            painter.drawRoundedRect(QRectF(0, px(4), px(3), self.height() - px(8)), px(1.5), px(1.5))
        side = px(20)
        badge = QRectF(self._box.contentsMargins().left() - side - px(6), px(4), side, side)
        is_now = self.state == "now"
        painter.setPen(QPen(player if self.state != "next" else QColor(colors.edge), px(1.5)))
        painter.setBrush(player if is_now else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(badge.adjusted(1, 1, -1, -1))
        text = colors.text if self.state == "done" else colors.text2
        if is_now:
            text = "#FFFFFF" if self._player == "d" else "#0B0D10"
        painter.setPen(QColor(text))
        painter.setFont(theme().font(11, bold=is_now))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._number))


class StageList(QWidget):
    """The rows of an iteration; as many as its rules have stages, and always as high."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Stages of an iteration")
        self.rows: list[StageRow] = []
        self._box = pad(QVBoxLayout(self), 0, 0)

    def show_lines(self, lines: tuple[tuple[Line, dict[str, float], State], ...], is_critic: bool) -> None:
        """Each line with its numbers and whether it is done."""
        while len(self.rows) < len(lines):
            self.rows.append(StageRow())
            self._box.addWidget(self.rows[-1])
        for number, row in enumerate(self.rows):
            if number < len(lines):
                row.show_line(number + 1, *lines[number], is_critic)
            row.setVisible(number < len(lines))
