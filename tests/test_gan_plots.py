"""The two plots of the game: what they can show, and that it belongs to the moment that is looked at."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from gan_desk import gan_desk, train
from page_desk import Desk
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.settings import GANSettings
from genstudio.ui.game.bars import ClassPlot, HistogramPlot, rounded
from genstudio.ui.game.kinds import ALL, FIRST, KINDS
from genstudio.ui.game.look import COMING, EARLY, NOTHING, OFF, UNTOLD, Look
from genstudio.ui.game.plots import GANPlots
from genstudio.ui.game.series import RULE, SeriesPlot
from genstudio.ui.numbers import log_ends, log_ticks, short
from genstudio.ui.signs import Signs
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import theme

REQUEST = api.TrainRequest("gan", "strokes", GANSettings())
PICTURES = np.zeros((1, 8, 8, 1), np.uint8)


def outputs(real: float, fake: float) -> dict[str, Any]:
    return {"real_outputs": np.full(10, real, np.float32), "fake_outputs": np.full(10, fake, np.float32)}


def found(iteration: int, frechet: float = 80.0, first: float = 0.2) -> api.Measured:
    shares = (api.Band(first, 0.01), *(api.Band((1 - first) / 9, 0.01),) * 9)
    thirds = (api.Band(0.5, 0.02), api.Band(0.25, 0.02), api.Band(0.75, 0.02))
    meters = api.Meters(api.Band(frechet, 4.0), *thirds, shares)
    floor = api.Meters(api.Band(0.8, 0.1), *(api.Band(0.9, 0.01),) * 3, (api.Band(0.1, 0.01),) * 10)
    return api.Measured(iteration, 500, meters, floor)


def signs_of(*iterations: int, measured: tuple[int, ...] = ()) -> Signs:
    signs = Signs()
    for iteration in iterations:
        numbers = {"gradient_norms": np.float32([2, 0.5]), "update_ratios": np.float32([1e-2, 1e-3])}
        signs.take(
            api.TrainEvent(REQUEST, iteration, (), np.zeros((1, 0), np.float32), ((iteration, PICTURES),), 1.0,
                           numbers=numbers, measured=tuple(found(at) for at in measured if at == iteration))
        )  # fmt: skip
    return signs


def look(signs: Signs, numbers: Any = None, at: int = 30, is_live: bool = True, is_critic: bool = False) -> Look:
    return Look(signs, Moment(at, PICTURES, {}, numbers or {}), is_live, is_critic, (1, 30))


def shown(plot: Any, qtbot: Any) -> Any:
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    plot.show()
    return plot


def test_a_histogram_counts_probabilities_of_the_batch(qtbot):
    plot = shown(HistogramPlot(), qtbot)
    plot.show_look(look(Signs(), outputs(4.0, -4.0)))
    assert plot.x_range == (0, 1) and plot.shares.sum(1).tolist() == [1, 1]
    assert plot.shares[0].argmax() == 23 and plot.shares[1].argmax() == 0
    assert [text for text, _ in plot.canvas.labels] == ["D(real) 0.98", "D(fake) 0.02"]


def test_a_critic_has_a_histogram_of_its_scores(qtbot):
    plot = shown(HistogramPlot(), qtbot)
    plot.show_look(look(Signs(), outputs(40.0, -13.0), is_critic=True))
    low, high = plot.x_range
    assert low <= -13 and high >= 40 and plot.shares.sum(1).tolist() == [1, 1]
    assert plot.canvas.labels[1][0] == "D(fake) −13.00"


def test_ends_of_a_score_axis_are_round_and_seldom_change():
    assert rounded(-13, 40) == rounded(-11.2, 36.5) == (-20, 40)
    assert all(low <= 0.2 and high > 0.2 and high > low for low, high in (rounded(0.2, 0.2), rounded(0.19, 0.21)))
    low, high = rounded(0.0, 0.0)
    assert low < 0 < high


def test_real_and_generated_are_told_apart_without_colours(qtbot):
    plot = shown(HistogramPlot(), qtbot)
    grey = []
    for numbers in (outputs(0, 9), outputs(9, 0)):
        plot.show_look(look(Signs(), numbers))
        picture = plot.canvas.grab().toImage().convertToFormat(plot.canvas.grab().toImage().Format.Format_Grayscale8)
        grey.append(np.frombuffer(picture.constBits(), np.uint8).copy())
    assert (grey[0] != grey[1]).mean() > 0.01


def test_outputs_that_are_no_numbers_are_left_out(qtbot):
    plot = shown(HistogramPlot(), qtbot)
    plot.show_look(look(Signs(), {"real_outputs": np.float32([np.nan, 1]), "fake_outputs": np.float32([np.inf])}))
    assert plot.note() == UNTOLD
    plot.show_look(look(Signs(), {"real_outputs": np.float32([np.nan, 1]), "fake_outputs": np.float32([0])}, at=31))
    assert plot.note() == "" and plot.shares.sum(1).tolist() == [1, 1]


def test_what_is_hidden_is_not_painted(qtbot):
    plot = HistogramPlot()
    qtbot.addWidget(plot)
    for at in range(5):
        plot.show_look(look(Signs(), outputs(at, 0), at=at))
    assert plot.repaints == 0
    plot.show()
    assert plot.repaints == 1 and plot.shares[0].argmax() == 23


def test_the_same_moment_is_painted_once(qtbot):
    plot, signs = shown(HistogramPlot(), qtbot), Signs()
    for _ in range(5):
        plot.show_look(look(signs, outputs(1, 0)))
    assert plot.repaints == 1


@pytest.mark.parametrize("kind", ["gradients", "ratios", "frechet", "shares"])
def test_each_series_says_so_before_there_is_one(qtbot, kind):
    plot, signs = shown(SeriesPlot(kind), qtbot), Signs()
    plot.show_look(look(signs))
    assert plot.note() == (NOTHING if kind in KINDS else OFF)
    signs.asked = 500
    plot.show_look(look(signs))
    qtbot.waitUntil(lambda: plot.note().startswith(NOTHING if kind in KINDS else COMING))


def test_gradients_and_updates_stand_over_powers_of_ten(qtbot):
    signs = signs_of(10, 20, 30)
    plot = shown(SeriesPlot("ratios"), qtbot)
    plot.show_look(look(signs))
    x, y = plot.panel.lines[0].getOriginalDataset()
    assert x.tolist() == [10, 20, 30] and np.allclose(y, -2)
    _, rule = plot.panel.lines[2].getOriginalDataset()
    assert np.allclose(rule, np.log10(RULE)) and "rule of thumb" in plot.toolTip()
    low, high = plot.panel.getPlotItem().getViewBox().viewRange()[1]
    assert low <= -3 and high >= -2


@pytest.mark.filterwarnings("error")
def test_a_player_that_has_not_learned_has_no_dots(qtbot):
    told = np.float32([0.5, np.nan])  # G alone has stood still from the beginning
    signs = Signs()
    for iteration in (10, 20):
        numbers = {"gradient_norms": told, "update_ratios": told}
        signs.take(
            api.TrainEvent(REQUEST, iteration, (), np.zeros((1, 0), np.float32), ((iteration, PICTURES),), 1.0,
                           numbers=numbers)
        )  # fmt: skip
    plot = shown(SeriesPlot("gradients"), qtbot)
    plot.show_look(look(signs))
    plot.grab()
    d, g = plot.panel.lines[:2]
    assert d.opts["symbol"] is not None and g.opts["symbol"] is None
    assert d.dataBounds(0) == (10, 20)


def test_the_distance_has_its_error_and_the_floor(qtbot):
    plot = shown(SeriesPlot("frechet"), qtbot)
    plot.show_look(look(signs_of(10, 20, measured=(10, 20))))
    _, value = plot.panel.lines[0].getOriginalDataset()
    _, bars = plot.panel.bands[0].getOriginalDataset()
    _, floor = plot.panel.lines[1].getOriginalDataset()
    assert np.allclose(10**value, 80) and np.allclose(10 ** bars[:2], [76, 84]) and np.allclose(10**floor, 0.8)


def test_shares_are_between_nothing_and_all(qtbot):
    plot = shown(SeriesPlot("shares"), qtbot)
    plot.show_look(look(signs_of(10, measured=(10,))))
    assert plot.panel.getPlotItem().getViewBox().viewRange()[1] == [0, 1]
    assert [line.getOriginalDataset()[1][0] for line in plot.panel.lines] == [0.5, 0.25, 0.75]


def test_classes_are_those_of_the_moment(qtbot):
    plot, signs = shown(ClassPlot(), qtbot), Signs()
    for at, first in ((10, 0.3), (20, 0.1)):
        signs.take(
            api.TrainEvent(REQUEST, at, (), np.zeros((1, 0), np.float32), (), 1.0, measured=(found(at, first=first),))
        )
    signs.classes = tuple("abcdefghij")
    plot.show_look(look(signs))
    assert plot.measured.iteration == 20 and [name for _, name in plot.canvas.names] == list("abcdefghij")
    plot.show_look(look(signs, at=19, is_live=False))
    assert plot.measured.iteration == 10 and plot.canvas.top == 0.5
    plot.show_look(look(signs, at=9, is_live=False))
    assert plot.note() == EARLY


def test_numbers_are_short_and_powers_plain():
    assert [short(v) for v in (1234.0, 12.3, 0.123, 0.00123, 3e-5, 0)] == [
        "1234", "12.3", "0.12", "0.0012", "3·10⁻⁵", "0",
    ]  # fmt: skip
    assert log_ticks(-4, 0) == [(-4.0, "10⁻⁴"), (-3.0, "0.001"), (-2.0, "0.01"), (-1.0, "0.1"), (0.0, "1")]
    assert [text for _, text in log_ticks(0.1, 0.9)] == ["2", "5"]
    assert log_ends(0.31, 0.5) == pytest.approx((np.log10(2), np.log10(5)))


# ---- choosing -----------------------------------------------------------------------------------------


@pytest.fixture
def plots(qtbot: Any) -> GANPlots:
    made = GANPlots(ALL)
    qtbot.addWidget(made)
    made.build()
    made.resize(600, 600)
    made.show()
    return made


def test_every_kind_can_be_shown_and_has_help(plots):
    assert plots.shown() == FIRST
    for name, kind in ALL.items():
        plots.choose(0, name)
        place = plots.places[0]
        assert place.title.currentText() == kind.title and place.plot.isVisible()
        assert kind.help in place.title.toolTip()
        assert len(set(plots.shown())) == 2, "one of them does not stand in both places"
    assert plots.scores() is None


def test_a_plot_that_the_other_place_shows_changes_places_with_it(plots):
    plots.choose(0, "scores")
    assert plots.shown() == ("scores", "losses")
    assert all(plot.isVisible() for plot in plots.plots)


def test_the_choice_is_made_by_keys(plots, qtbot):
    title = plots.places[1].title
    title.setFocus()
    with qtbot.waitSignal(plots.chosen):
        QTest.keyClick(title, Qt.Key.Key_Down)
    assert plots.shown() == ("losses", "histogram")


def test_plots_that_are_not_built_yet_will_show_what_was_asked(qtbot):
    plots = GANPlots(KINDS)
    qtbot.addWidget(plots)
    plots.show_kinds(("histogram", "losses"))
    plots.show_kinds(("classes", "losses"))  # not on offer
    plots.show_kinds(("ratios", "ratios"))
    plots.build()
    assert plots.shown() == ("histogram", "losses")


def test_only_the_lower_of_two_plots_over_iterations_has_numbers_along_them(plots):
    plots.set_stacked(True)

    def has_x(number: int) -> bool:
        return bool(plots.places[number].plot.panel.getPlotItem().getAxis("bottom").isVisible())

    assert not has_x(0) and has_x(1)
    plots.choose(1, "histogram")
    assert has_x(0)
    plots.choose(0, "histogram")
    assert has_x(1)
    plots.set_stacked(False)
    plots.choose(0, "gradients")
    assert has_x(0) and has_x(1)


@pytest.mark.parametrize("score", [-12.34, -123.4, 9_876.0, -98_765.0, 4e6])
def test_large_scores_of_a_critic_are_whole(plots, qtbot, score):
    plots.set_critic(True)
    rows = np.linspace(0, score, 40)[:, None] * np.ones((1, 4), np.float32)
    names = ("d_loss", "g_loss", "d_real", "d_fake")
    request = api.TrainRequest("gan", "strokes", GANSettings())
    plots.add(api.TrainEvent(request, 40, names, rows.astype(np.float32), (), 1.0))
    panel = plots.plots[1].panel
    qtbot.waitUntil(lambda: panel.lines[0].getData()[0] is not None and len(panel.lines[0].getData()[0]) == 40)
    item, metrics = panel.getPlotItem(), QFontMetricsF(theme().font(11))
    left, right = item.getAxis("left"), item.getAxis("right")
    ticks = [text for _, text in left._tickLevels[0]]
    assert len(set(ticks)) == len(ticks) > 1
    assert max(map(metrics.horizontalAdvance, ticks)) <= left.width() - 6
    assert all(text for _, text, _ in right._labels)
    assert max(metrics.horizontalAdvance(text) for _, text, _ in right._labels) <= right.width() - 8


def test_a_plot_made_later_has_the_cursor_and_the_marks(plots):
    plots.set_cursor(120)
    plots.set_marks(((50.0, "D rate"),))
    plots.choose(0, "gradients")
    panel = plots.places[0].plot.panel
    assert panel.cursor_x() == 120 and [x for x, _ in panel.marks.shown()] == [50]


# ---- with a run ---------------------------------------------------------------------------------------


class Telling(FakeSession):
    """Its runs tell of themselves as real ones do; what D says moves along with the iterations."""

    def _train(self, request: api.TrainRequest, first: int = 0) -> Iterator[api.TrainEvent | None]:
        for event in super()._train(request, first):
            if event is not None and event.samples:
                at = event.iteration
                numbers = {**outputs(at / 10, -at / 10), "gradient_norms": np.float32([at, 1]),
                           "update_ratios": np.float32([1e-3, 1e-3]),
                           "spreads": np.float32([1, 1])}  # fmt: skip
                event = dataclasses.replace(event, numbers=numbers)
            yield event


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Telling())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def told(page: Any) -> list[int]:
    """Positions of the moments of which there are numbers; of several that came together it is one."""
    return [k for k, moment in enumerate(page.run.history.values()) if moment.numbers]


def test_the_histogram_and_the_cursors_follow_the_hand(desk, qtbot):
    page = train(desk, qtbot, 5)
    qtbot.waitUntil(lambda: len(told(page)) >= 3)
    page.run_pressed()
    page.plots.choose(0, "histogram")
    page.plots.choose(1, "gradients")
    histogram, gradients = (place.plot for place in page.plots.places)
    for position in told(page):
        page._scrubbed(position)
        moment, is_live = page.run.shown(), page.run.history.is_live
        assert histogram.shares[0].argmax() == min(int(24 / (1 + np.exp(-moment.iteration / 10))), 23)
        assert gradients.panel.cursor_x() == (None if is_live else moment.iteration)
    gradients.picked.emit(float(page.run.history[1].iteration + 1))
    assert page.run.history.position == 1


def test_a_run_that_goes_back_and_the_one_it_left_show_their_own_gradients(desk, qtbot):
    page = train(desk, qtbot, 5)
    qtbot.waitUntil(lambda: len(told(page)) >= 3)
    page.run_pressed()
    page.plots.choose(0, "gradients")
    left, plot = page.run, page.plots.places[0].plot

    def seen() -> list[float]:
        return plot.panel.lines[0].getOriginalDataset()[0].tolist()

    page._scrubbed(told(page)[1])
    page.rewind()
    qtbot.waitUntil(lambda: page.run is not left and page.run.left is None)
    whole = left.signs.table("gradient_norms")[0].tolist()
    until = [x for x in whole if x <= page.run.iteration]
    assert 0 < len(until) < len(whole)
    qtbot.waitUntil(lambda: seen()[: len(until)] == until and seen() != whole)
    page.undo()
    assert page.run is left
    qtbot.waitUntil(lambda: seen() == whole)


def test_the_choice_is_among_the_parameters_of_the_page(desk, qtbot):
    page = train(desk, qtbot)
    page.plots.places[0].title.setFocus()
    QTest.keyClick(page.plots.places[0].title, Qt.Key.Key_End)
    assert page.parameters()["plots"] == ["classes", "scores"]
    page.undo()
    assert page.plots.shown() == FIRST
    page.set_parameters({**page.parameters(), "plots": ["ratios", "gradients"]})
    assert page.plots.shown() == ("ratios", "gradients")
    page.set_parameters({**page.parameters(), "plots": 7})
    assert page.plots.shown() == ("ratios", "gradients")


def test_the_full_screen_keeps_the_plots_at_every_size_of_the_text(desk, qtbot):
    page = train(desk, qtbot)
    page.present(True)
    for scale in (1.0, 1.5, 2.0):
        theme().set_scale(scale)
        page.resize(1440, 860)
        qtbot.waitUntil(lambda: page.plots.isVisible() and page.plots.height() >= 80)
        assert page.views.height() > page.plots.height() or page.plots.parent() is page.stage_frame
