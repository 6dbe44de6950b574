"""The plane of a game: each layer is where it belongs, and silence looks like silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from genstudio.ui.theme import theme
from genstudio.ui.widgets.heat import FLAT, ends_of, legend, paint_legend
from genstudio.ui.widgets.plane import paint_dots, paint_lines
from genstudio.ui.widgets.points_canvas import PointsCanvas

NOTHING = np.zeros((0, 2), np.float32)


@pytest.fixture
def canvas(qtbot: Any) -> PointsCanvas:
    made = PointsCanvas()
    qtbot.addWidget(made)
    made.resize(420, 420)
    return made


def color_at(canvas: PointsCanvas, x: float, y: float) -> QColor:
    image: QImage = canvas.grab().toImage()
    spot = canvas.spot(x, y) * image.devicePixelRatio()
    return image.pixelColor(round(spot.x()), round(spot.y()))


def near(a: QColor, b: str, by: int = 40) -> bool:
    return all(abs(x - y) <= by for x, y in zip(a.getRgb()[:3], QColor(b).getRgb()[:3], strict=True))


def test_an_empty_plane_is_empty(canvas: PointsCanvas) -> None:
    canvas.clear()
    assert near(color_at(canvas, 0.3, 0.3), theme().colors.panel, 2)
    assert canvas.says_at(canvas.spot(0, 0)) == ""


def test_points_have_the_colours_of_their_kind_and_can_be_hidden(canvas: PointsCanvas) -> None:
    canvas.show_numbers({"real": np.float32([[1, 1]]), "fake": np.float32([[-1, -1.5]])})
    assert near(color_at(canvas, 1, 1), theme().colors.real)
    assert near(color_at(canvas, -1, -1.5), theme().colors.generated)
    canvas.set_layer("real", False)
    assert near(color_at(canvas, 1, 1), theme().colors.panel, 2)


def test_heat_leans_to_what_d_says_with_y_upwards(canvas: PointsCanvas) -> None:
    field = np.full((8, 8), 0.5, np.float32)
    field[:3] = 1.0  # the top
    field[5:] = 0.0
    canvas.show_numbers({"field": field})
    top, middle, bottom = (color_at(canvas, 0, y) for y in (1.7, 0.0, -1.7))
    assert top.green() > middle.green() + 30 and bottom.red() > middle.red() + 30
    assert near(middle, theme().colors.panel, 4)
    canvas.set_heat("")
    assert near(color_at(canvas, 0, 1.7), theme().colors.panel, 2)


def test_scores_without_bounds_are_stretched(canvas: PointsCanvas) -> None:
    field = np.linspace(100, -300, 8, dtype=np.float32)[:, None].repeat(8, 1)
    canvas.show_numbers({"field": field}, is_critic=True)
    assert color_at(canvas, 0, 1.9).green() > color_at(canvas, 0, 0).green()
    assert canvas.says_at(canvas.square().topLeft() + QPointF(1, 1)) == "The critic gives this place +100.00."


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("is_critic", [False, True])
def test_what_a_broken_d_says_is_the_ground_without_words(canvas: PointsCanvas, is_critic: bool) -> None:
    field = np.linspace(1, 0, 8, dtype=np.float32)[:, None].repeat(8, 1)
    field[:, 4:] = np.nan
    canvas.show_numbers({"field": field}, is_critic)
    assert near(color_at(canvas, 1.5, 1.7), theme().colors.panel, 2)
    assert color_at(canvas, -1.5, 1.7).green() > QColor(theme().colors.panel).green() + 30
    assert canvas.says_at(canvas.spot(1.5, 1.7)) == "" != canvas.says_at(canvas.spot(-1.5, 1.7))
    low, high = ends_of(field)
    assert 0 <= low < high <= 1 and ends_of(np.full((8, 8), np.nan, np.float32)) == (-FLAT / 2, FLAT / 2)


def test_arrows_are_as_long_as_the_slope_is_steep(canvas: PointsCanvas) -> None:
    def painted(slope: float) -> int:
        canvas.show_numbers({"fake": np.float32([[0, 0]]), "arrows": np.float32([[slope, 0]])})
        image = canvas.grab().toImage()
        spot = canvas.spot(0, 0)
        row = [image.pixelColor(x, round(spot.y())) for x in range(round(spot.x()) + 5, 400)]
        return sum(near(color, theme().colors.generator, 60) for color in row)

    assert painted(1e-4) == 0
    assert 0 < painted(2.0) < painted(3.5)
    assert painted(50.0) == painted(500.0), "there is a longest"


def test_the_bent_grid_is_drawn_on_demand(canvas: PointsCanvas) -> None:
    axis = np.linspace(-1, 1, 4, dtype=np.float32)
    warp = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1)
    canvas.show_numbers({"warp": warp})
    assert near(color_at(canvas, -1, 0.1), theme().colors.panel, 2)
    canvas.set_layer("warp", True)
    assert color_at(canvas, -1, 0.1).red() > QColor(theme().colors.panel).red() + 50, "a line between two pixels"


def test_it_tells_what_d_says_under_the_pointer(canvas: PointsCanvas) -> None:
    field = np.zeros((5, 5), np.float32)
    field[0, 4] = 0.75
    corner = canvas.square().topRight() + QPointF(-1, 1)
    canvas.show_numbers({"field": field})
    assert canvas.says_at(corner) == "D takes what is here for real with 0.75."
    canvas.show_numbers({"field": field, "best": np.full((5, 5), 0.5, np.float32)})
    assert canvas.says_at(corner) == "D takes what is here for real with 0.75; the best D would with 0.50."
    assert canvas.says_at(QPointF(0, 0)) == ""


def test_a_morph_goes_from_the_noise_to_the_points_without_arrows(canvas: PointsCanvas) -> None:
    numbers = {"fake": np.float32([[1, 1]]), "noise": np.float32([[-1, -1]]), "arrows": np.float32([[0, -8]])}
    canvas.show_numbers(numbers)
    assert near(color_at(canvas, 1, 0.7), theme().colors.generator)
    for share, at in ((0.0, -1.0), (0.75, 0.5)):
        canvas.set_morph(share)
        assert near(color_at(canvas, at, at), theme().colors.generated)
        assert near(color_at(canvas, 1, 1), theme().colors.panel, 2) and near(
            color_at(canvas, 1, 0.7), theme().colors.panel, 2
        )
    canvas.show_numbers({"fake": np.float32([[1, 1]])})
    assert near(color_at(canvas, 1, 1), theme().colors.generated), "of noise beyond the plane nothing is known"


def test_it_is_said_when_generated_points_have_left_the_plane(canvas: PointsCanvas) -> None:
    here, away = np.zeros((9, 2), np.float32), np.full((1, 2), 1e9, np.float32)
    canvas.show_numbers({"fake": np.concatenate([here, away])})
    assert canvas.plane().says_outside() == ""
    canvas.show_numbers({"fake": np.concatenate([here[:6], np.repeat(away, 3, 0), [[np.nan, 0]]]).astype(np.float32)})
    assert canvas.plane().says_outside() == "4 of 10 generated points lie outside"
    assert not canvas.grab().isNull()


def test_in_a_morph_it_is_known_how_many_points_are_between_the_islands(canvas: PointsCanvas) -> None:
    fake, noise = np.float32([[1, 1], [-1, -1], [1, 1.05], [0, 0]]), np.zeros((4, 2), np.float32)
    islands = np.float32([[1, 1, 0.1], [-1, -1, 0.1]])
    canvas.show_numbers({"fake": fake, "noise": noise, "islands": islands})
    assert canvas.plane().share_between() == 0.25
    canvas.set_morph(0.5)
    assert canvas.plane().share_between() == 1.0
    canvas.show_numbers({"fake": fake, "noise": noise})
    assert canvas.plane().share_between() is None


def test_the_legend_says_what_the_colours_mean(canvas: PointsCanvas) -> None:
    assert legend(None) == ("0 fake", "½", "1 real")
    assert legend(None, is_best=True) == ("0 fake", "the best D", "1 real")
    assert legend((-1.5, 0.25)) == ("−1.50", "score", "+0.25")
    canvas.show_numbers({"field": np.full((8, 8), 0.5, np.float32)})
    image, square = canvas.grab().toImage(), canvas.square()
    row = [QColor(image.pixel(x, y)) for y in range(366, 390) for x in range(250, round(square.right()))]
    assert any(c.green() > c.red() + 40 for c in row) and any(c.red() > c.green() + 40 for c in row)
    canvas.set_heat("")
    assert near(color_at(canvas, 1.5, -1.95), theme().colors.panel, 2)


@pytest.mark.parametrize(("side", "is_shown"), [(120, False), (285, True), (600, True)])
def test_the_legend_leaves_the_middle_to_the_points(qapp: Any, side: int, is_shown: bool) -> None:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    paint_legend(painter, QRectF(0, 0, side, side), None)
    painter.end()
    bottom = [image.pixelColor(x, side - 3) != QColor("magenta") for x in range(side)]
    assert any(bottom) == is_shown and not any(bottom[: round(0.55 * side)])


def test_a_flat_critic_has_pale_colours() -> None:
    field = np.float32([[0.50, 0.51], [0.50, 0.51]])
    low, high = ends_of(field)
    assert high - low == pytest.approx(FLAT) and low < 0.5 < 0.51 < high
    assert ends_of(50 * field)[1] - ends_of(50 * field)[0] == pytest.approx(0.5, rel=0.1)


def test_arrows_have_heads(canvas: PointsCanvas) -> None:
    canvas.set_heat("")
    canvas.set_layer("fake", False)
    canvas.show_numbers({"fake": np.float32([[0, 0]]), "arrows": np.float32([[4, 0]])})
    tip = canvas.spot(0.48, 0)
    image = canvas.grab().toImage()
    beside = [QColor(image.pixel(round(tip.x()) - 3, round(tip.y()) + dy)) for dy in (-2, 2)]
    assert all(not near(color, theme().colors.panel, 10) for color in beside)


def test_many_dots_and_lines_are_where_each_alone_would_be(qtbot: Any) -> None:
    def painted(ratio: float, paint: Callable[[QPainter], None]) -> Any:
        image = QImage(round(60 * ratio), round(60 * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("white"), 1.5))
        paint(painter)
        painter.end()
        return image

    def one_by_one(painter: QPainter) -> None:
        for spot in spots:
            paint_dots(painter, spot[None], "#009E73")
        for line in lines:
            painter.drawLine(QLineF(*line))

    def at_once(painter: QPainter) -> None:
        paint_dots(painter, spots, "#009E73")
        paint_lines(painter, np.array(lines))

    spots = np.array([(10.2, 10.7), (30, 30), (31.5, 30), (50.3, 20)])
    lines: list[tuple[float, ...]] = [(5, 50, 20, 40), (40, 55, 55.5, 42)]
    for ratio in (1.0, 1.5, 2.0):
        together = painted(ratio, at_once)
        assert together == painted(ratio, one_by_one)
        middles = (together.pixelColor(round(x * ratio), round(y * ratio)) for x, y in spots.tolist())
        assert all(near(color, "#009E73", 60) for color in middles)
    nothing = painted(1.0, lambda painter: paint_dots(painter, NOTHING.astype(float), "#009E73"))
    assert nothing == painted(1.0, lambda painter: None)
