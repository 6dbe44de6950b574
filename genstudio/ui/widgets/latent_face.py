"""How one latent slider is painted, and where its parts lie: lock, name, track, number."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from genstudio.ui.latent.axes import Face
from genstudio.ui.theme import mix, pixmap, px, theme

RANGE = 3.0  # sigma at both ends of the track
LOCK = 16  # design px of the lock at the left
BESIDE = 66  # design px right of the track
NAMES = {"raw": 32, "principal": 40, "measured": 80}  # design px of the names of a set
HIGH, HIGHER = 24, 36  # design px of a row with one line and with two


@dataclass(frozen=True)
class Look:
    """The state of a row that its painting depends on."""

    value: float
    is_held: bool
    is_hovered: bool
    has_focus: bool
    is_locked: bool
    ratio: float  # device pixels per pixel
    seen: float | None = None  # what the picture shows, where `value` is only what it was asked for


def row_height(face: Face | None = None) -> int:
    """Height of one slider's row."""
    return px(HIGHER if face is not None and face.note else HIGH)


def track_of(width: int, height: int, name_px: int = NAMES["raw"]) -> QRectF:
    """Where the track lies in a row: the line's ends are -3 sigma and +3 sigma."""
    left, right = px(LOCK + name_px), width - px(BESIDE)
    return QRectF(left, height / 2 - px(2), max(right - left, 1), px(4))


def value_box_of(width: int, height: int) -> QRectF:
    """Where the number stands."""
    return QRectF(width - px(52), (height - px(20)) / 2, px(52), px(20))


def lock_box_of(height: int) -> QRectF:
    """Where the lock is."""
    return QRectF(0, (height - px(13)) / 2, px(LOCK), px(13))


def x_of(track: QRectF, value: float) -> float:
    """Where a number lies on the track, in pixels."""
    return track.left() + (min(max(value, -RANGE), RANGE) / RANGE + 1) / 2 * track.width()


def paint_row(painter: QPainter, width: int, height: int, name_px: int, face: Face, look: Look) -> None:
    """Lock, name with its bar, track filled from 0 to the number, knob, number."""
    colors = theme().colors
    painter.fillRect(0, 0, width, height, QColor(colors.panel))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme().font(12))
    if look.is_locked or look.is_hovered or look.has_focus:
        box = lock_box_of(height)
        tint = colors.accent_text if look.is_locked else mix(colors.text2, colors.panel, 0.5)
        name = "lock" if look.is_locked else "unlock"
        painter.drawPixmap(box.topLeft(), pixmap(name, tint, round(box.height()), look.ratio))
    _paint_name(painter, height, name_px, face, look)
    track = track_of(width, height, name_px)
    _paint_track(painter, track, height / 2, face, look)
    _paint_value(painter, value_box_of(width, height), face, look)


def _paint_name(painter: QPainter, height: int, name_px: int, face: Face, look: Look) -> None:
    colors = theme().colors
    faint = mix(colors.text2, colors.panel, 0.35)
    painter.setPen(QColor(colors.accent_text if look.has_focus else faint if face.dead else colors.text2))
    left, wide = px(LOCK), px(name_px)
    line = px(HIGH)
    top = (height - line) / 2 - (px(7) if face.note else 0)
    centre_left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(QRectF(left, top, wide, line), centre_left, face.name)
    if face.note:
        painter.setFont(theme().font(11))
        painter.drawText(QRectF(left, top + px(14), wide, line), centre_left, face.note)
        painter.setFont(theme().font(12))
    if face.bar is not None:
        bar = QRectF(left, height - px(3), max(wide - px(8), 1), px(2))
        painter.fillRect(bar, QColor(colors.line))
        bar.setWidth(bar.width() * face.bar)
        painter.fillRect(bar, QColor(colors.neutral if face.dead else colors.latent))


def _paint_track(painter: QPainter, track: QRectF, middle: float, face: Face, look: Look) -> None:
    colors = theme().colors
    zero, knob = x_of(track, 0.0), x_of(track, look.value)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.line))
    painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
    painter.drawRect(QRectF(zero - 0.5, middle - px(5), 1, px(10)))
    painter.setBrush(QColor(colors.neutral if face.dead else colors.latent))
    painter.drawRect(QRectF(min(zero, knob), track.top(), abs(knob - zero), track.height()))
    if look.seen is not None and math.isfinite(look.seen):
        painter.drawRect(QRectF(x_of(track, look.seen) - px(1), middle - px(8), px(2), px(16)))
    if look.has_focus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.accent_text), px(2)))
        painter.drawEllipse(QPointF(knob, middle), px(9), px(9))
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(colors.text2, colors.panel, 0.35) if face.dead or face.stop else colors.text))
    radius = px(6) + (0.5 * theme().scale if look.is_held or look.is_hovered else 0)
    painter.drawEllipse(QPointF(knob, middle), radius, radius)


def _paint_value(painter: QPainter, box: QRectF, face: Face, look: Look) -> None:
    colors = theme().colors
    if look.is_hovered or look.has_focus:
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(QColor(colors.raised))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
    value = look.value if look.seen is None else look.seen
    beyond = abs(value) > RANGE
    faint = mix(colors.text2, colors.panel, 0.35)
    painter.setPen(QColor(faint if face.dead else colors.latent_text if beyond else colors.text))
    inner = box.adjusted(0, 0, -px(6), 0)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextDontClip
    painter.drawText(inner, flags, face.words(value) if look.seen is None else face.measured(value))
