"""Curves of any length in constant memory, and plots that are quiet, complete and never say -0.0."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from genstudio.ui.numbers import nice_ticks, tick_text
from genstudio.ui.theme import DARK, LIGHT, theme
from genstudio.ui.widgets.curves import CurveBuffer
from genstudio.ui.widgets.panel import CurveStyle, Panel, spread
from genstudio.ui.widgets.plots import LossPlot, SchedulePlot

LOSSES = [CurveStyle("D loss", "discriminator"), CurveStyle("G loss", "generator", "dash")]


def buffered(rows: np.ndarray, buckets: int = 8, piece: int = 3) -> CurveBuffer:
    buffer = CurveBuffer(rows.shape[1], buckets)
    for start in range(0, len(rows), piece):
        buffer.extend(rows[start : start + piece])
    return buffer


@pytest.mark.parametrize("count", [1, 7, 8, 9, 100, 1025])
@pytest.mark.parametrize("piece", [1, 3, 5000])
def test_buckets_hold_minimum_maximum_and_mean_of_their_rows(count, piece):
    rows = np.random.default_rng(count).normal(size=(count, 2))
    buffer = buffered(rows, piece=piece)
    spans = [rows[i : i + buffer.span, 1] for i in range(0, count, buffer.span)]
    x, band = buffer.band(1)
    assert len(spans) <= 8
    assert np.allclose(buffer.mean(1), [span.mean() for span in spans])
    if buffer.span > 1:
        assert np.array_equal(band[0::2], [span.min() for span in spans])
        assert np.array_equal(band[1::2], [span.max() for span in spans])
    assert buffer.x_range() == (1, count)
    assert x.min() >= 1 and x.max() <= count
    assert np.array_equal(buffer.last(), rows[-1])


def test_a_spike_survives_any_folding():
    rows = np.zeros((100_000, 1))
    rows[31_415] = 9
    assert buffered(rows, 512, 5000).band(0)[1].max() == 9


def test_what_is_not_finite_leaves_a_gap_in_its_column_only():
    rows = np.array([[1.0, 2.0], [np.nan, 3.0], [np.inf, 4.0], [5.0, np.nan]])
    buffer = buffered(rows)
    assert np.array_equal(np.isnan(buffer.mean(0)), [False, True, True, False])
    assert np.array_equal(buffer.last(), [5.0, 4.0])
    assert np.isfinite(buffer.mean(0, window=1)).all()


def test_clear_starts_at_another_iteration():
    buffer = buffered(np.ones((30, 1)))
    buffer.clear(first=501)
    assert len(buffer) == 0 and np.isnan(buffer.last()).all()
    buffer.extend([[2.0], [4.0]])
    assert np.array_equal(buffer.x(), [501, 502])


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [
        (-1e-12, 0.1, "0.0"),
        (-0.04, 0.1, "0.0"),
        (0.3, 0.1, "0.3"),
        (5000, 1000, "5,000"),
        (0.25, 0.05, "0.25"),
        (-2000, 1000, "−2,000"),
    ],
)
def test_tick_text_is_short_and_zero_has_no_sign(value, spacing, text):
    assert tick_text(value, spacing) == text


@pytest.mark.parametrize("ends", [(0, 1), (-5, 4), (1, 5240), (0, 1.02), (0, 0.1)])
def test_ticks_are_round_inside_and_not_too_many(ends):
    ticks = nice_ticks(*ends, 5)
    assert 2 <= len(ticks) <= 9
    assert all(ends[0] - 1e-9 <= tick <= ends[1] + 1e-9 for tick in ticks)


def test_labels_that_would_touch_move_apart_and_stay_inside():
    tops = spread([0.0, 2.0, 95.0, 96.0], 12.0, 100.0)
    assert all(b - a >= 12 for a, b in itertools.pairwise(tops))
    assert tops[0] >= 0 and tops[-1] + 12 <= 100


def test_a_loss_plot_repaints_at_once_then_waits_and_loses_no_row(qtbot):
    plot = LossPlot("Loss, nats", LOSSES)
    qtbot.addWidget(plot)
    plot.show()
    before = plot.repaints
    for i in range(50):
        plot.add_rows([[i, 2 * i]])
    assert plot.repaints == before + 1
    qtbot.waitUntil(lambda: plot.repaints == before + 2)
    assert len(plot.buffer) == 50
    assert plot.panel.viewRange()[0] == [1, 50]
    assert plot.panel.viewRange()[1][1] >= 98


def test_a_curve_far_below_the_others_has_a_scale_of_its_own_at_the_foot(qtbot):
    styles = [CurveStyle("recon", "real"), CurveStyle("KL", "latent"), CurveStyle("−ELBO", "accent")]
    plot = LossPlot("Nats", styles, digits=1, aside=1)
    qtbot.addWidget(plot)
    plot.resize(400, 160)
    plot.show()
    recon = np.linspace(1900, 1850, 100)
    buffer = CurveBuffer(3)
    buffer.extend(np.stack([recon, np.full(100, 20.0), recon + 20], 1))
    plot.show_buffer(buffer)
    low, high = plot.panel.ranges()[1]
    assert 1750 < low < 1850 and high > 1920, "recon and −ELBO lie apart"
    for line in plot.panel.lines:
        heights = line.yData
        assert low <= heights.min() and heights.max() <= high, "all that is named is seen"
    foot = plot.panel.lines[1].yData
    assert foot.max() < plot.panel.lines[0].yData.min(), "below the others"
    axis = plot.panel.getPlotItem().getAxis("left")
    ticks = {text: height for height, text in axis._tickLevels[0]}
    assert ticks["0"] == pytest.approx(low) and ticks["0"] < foot[0] <= ticks["20"] + 1
    assert plot.ends()[1] == pytest.approx((1850.5, 20, 1870.5), abs=1), "its number is still there"
    assert "KL is far below" in plot.toolTip() and "KL has a scale of its own" in plot._title.text()
    near = CurveBuffer(3)
    near.extend(np.stack([recon / 20, np.full(100, 20.0), recon / 20 + 20], 1))
    plot.show_buffer(near)
    assert plot.panel.ranges()[1][0] == 0 and "far below" not in plot.toolTip()


def test_a_hidden_plot_is_not_repainted_and_catches_up(qtbot):
    plot = LossPlot("Loss, nats", LOSSES)
    qtbot.addWidget(plot)
    before = plot.repaints
    plot.add_rows(np.ones((5, 2)))
    assert plot.repaints == before
    plot.show()
    assert plot.repaints == before + 1


def test_plots_above_each_other_have_the_same_x_axis(qtbot):
    upper = LossPlot("Loss, nats", LOSSES, x_name="")
    lower = LossPlot("How sure D is", [CurveStyle("D(real)", "real"), CurveStyle("D(fake)", "generated")], (0, 1))
    edges = []
    for plot in (upper, lower):
        qtbot.addWidget(plot)
        plot.resize(500, 220)
        plot.add_rows(np.full((300, 2), 0.5))
        plot.show()
        box = plot.panel.getPlotItem().getViewBox().sceneBoundingRect()
        edges.append((box.left(), box.right()))
    assert edges[0] == edges[1]


def amplitudes(alpha_bar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of picture and noise, where the variance is preserved."""
    return np.sqrt(alpha_bar), np.sqrt(1 - alpha_bar)


def test_a_click_on_a_plot_says_which_x_was_meant(qtbot):
    plot = SchedulePlot()
    qtbot.addWidget(plot)
    plot.resize(800, 200)
    plot.set_schedule(*amplitudes(np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))))
    plot.show()
    panel = plot.panels[0]
    at = panel.mapFromScene(panel.getPlotItem().getViewBox().mapViewToScene(QPoint(430, 0)))
    with qtbot.waitSignal(plot.picked) as picked:
        qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at.x(), at.y() - 20))
    assert picked.args[0] == pytest.approx(430, abs=4)


def test_the_schedule_starts_with_the_picture_and_ends_with_noise(qtbot):
    plot = SchedulePlot()
    qtbot.addWidget(plot)
    plot.set_schedule(*amplitudes(np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))))
    amplitude, ratio = plot.panels
    x, signal = amplitude.lines[0].getOriginalDataset()
    assert (x[0], signal[0]) == (0, 1)
    assert (x[-1], signal[-1]) == (1000, pytest.approx(0.00635, abs=1e-5))
    _, log_snr = ratio.lines[0].getOriginalDataset()
    assert np.isfinite(log_snr).all() and (np.diff(log_snr) < 0).all()
    plot.set_cursor(430)
    assert [panel.cursor_x() for panel in plot.panels] == [430, 430]
    plot.set_cursor(None)
    assert amplitude.cursor_x() is None


def test_the_names_of_the_curves_follow_the_theme(qtbot):
    plot = SchedulePlot()
    qtbot.addWidget(plot)
    plot.show()
    plot.set_schedule(*amplitudes(np.linspace(1, 0, 50, dtype=np.float32)))
    names = [panel.getPlotItem().getAxis("right") for panel in plot.findChildren(Panel)]
    assert len(names) == 2
    for mode, colors in (("light", LIGHT), ("dark", DARK)):
        theme().set_mode(mode)
        labels = [label for axis in names for label in axis._labels]
        assert len(labels) >= 3
        for _, text, color in labels:
            meaning = "latent" if "noise" in text else "real" if "signal" in text else "accent"
            assert color.name().upper() == getattr(colors, f"{meaning}_text").upper(), (mode, text)


def test_a_change_is_a_line_with_a_word_and_words_never_touch(qtbot):
    plot = LossPlot("Loss", LOSSES)
    qtbot.addWidget(plot)
    plot.resize(600, 200)
    plot.show()
    plot.add_rows(np.ones((1000, 2)))
    plot._repaint()
    plot.set_marks(((300.0, "β 4"), (301.0, "β 4.5"), (700.0, "β 0.2"), (999.0, "β 1")))
    assert plot.panel.marks.shown() == ((300, ""), (301, "β 4.5"), (700, "β 0.2"), (999, "β 1"))
    plot.set_marks(((300.0, "D alone"), (301.0, "G alone"), (302.0, "D alone")))
    assert plot.panel.marks.shown() == ((300, ""), (301, ""), (302, "G alone, D alone")), "one for all, each once"
    plot.set_marks(((5.0, "β 8"),))
    assert plot.panel.marks.shown() == ((5, "β 8"),)
    plot.add_rows(np.ones((1_000_000, 2)))
    plot._repaint()
    assert plot.panel.marks.shown() == ((5, "β 8"),), "the line stays at its iteration"
    plot.set_marks(())
    assert plot.panel.marks.shown() == ()


def test_the_numbers_of_the_axes_are_those_of_a_plot_made_anew_in_this_size_and_room(qtbot):
    def made(widest_tick: str) -> Panel:
        panel = Panel(LOSSES, "iteration", widest_tick=widest_tick)
        qtbot.addWidget(panel)
        panel.resize(300, 120)
        panel.show()
        panel.set_ranges((0, 1000), (0, 2e6))
        return panel

    def written(panel: Panel) -> list[list[str]]:
        return [[text for _, text in panel.getPlotItem().getAxis(side)._tickLevels[0]] for side in ("left", "bottom")]

    panel = made("0.00")
    before = written(panel)
    theme().set_scale(2.0)
    assert written(panel) == written(made("0.00")) != before
    panel.set_room("G loss", "2,000,000")
    assert written(panel)[0] == written(made("2,000,000"))[0] != written(made("0.00"))[0]
