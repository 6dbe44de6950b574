"""The forward page with real engines and a deterministic session: slide, draw, compare, play, export."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession, sample, with_catalog
from page_desk import Desk, asked, settle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.api.forward import grey_levels, moments, noise_like, noised, unit
from genstudio.core.schedules import schedule_named
from genstudio.settings.schedules import PEN, bent, name_of_curve, straight_curve
from genstudio.ui.diffusion import forward_words as words
from genstudio.ui.diffusion.forward import ForwardPage
from genstudio.ui.diffusion.forward_state import ForwardState
from genstudio.ui.diffusion.picture_origin import OWN
from genstudio.ui.theme import theme
from genstudio.ui.widgets.export_target import name_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(ForwardPage, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot: Any) -> ForwardPage:
    page = desk.open()
    qtbot.waitUntil(page.is_settled)
    qtbot.waitUntil(lambda: page.strip.count() > 0)
    return page


def expected(page: ForwardPage, t: int) -> np.ndarray:
    """x_t by the closed form, from what the session said."""
    signal, sigma = (float(part[t - 1]) if t else end for part, end in zip(
        (page.schedule.signal, page.schedule.noise), (1.0, 0.0), strict=True))  # fmt: skip
    picture = page._picture
    return grey_levels(noised(unit(picture), noise_like(page._state.seed, picture), signal, sigma))


def shows(page: ForwardPage, t: int) -> bool:
    """Pictures, formula, strip, plots, scrubber and label all stand at t."""
    signal, sigma = page.level(t)
    numbers = re.findall(r"<b>([\d.]+)</b>", page.formula.text())
    return (
        np.array_equal(page.canvas.pictures()[2], expected(page, t))
        and numbers == [f"{signal:.3f}", f"{sigma:.3f}"]
        and page.strip.position() == t / page._state.timesteps
        and [panel.cursor_x() for panel in page.plots.panels] == [t, t, t]
        and page.tempo.position() == t
        and page.tempo.label.text() == f"t = {t}"
    )


def test_it_opens_on_a_picture_of_a_dataset_part_of_the_way_to_noise(desk: Desk, page: ForwardPage) -> None:
    assert asked(desk, api.OriginalRequest) == [api.OriginalRequest("mnist", 0)]
    assert page.picker.value() == "mnist" and np.array_equal(page._picture, sample(0, 0, 0))
    assert np.array_equal(page.canvas.pictures()[0], page._picture) and shows(page, 250)
    assert "Picture 0 of 500 held out of MNIST" in page.controls.origin.text()


def test_everything_follows_the_slider_at_once_and_asks_for_nothing(desk: Desk, page: ForwardPage) -> None:
    before = len(desk.session.requests)
    for t in (0, 999, 1000, 400):
        page.tempo.scrubber.set_value(t)
        page.tempo.scrubber.moved.emit(t)
        assert shows(page, t), t
    assert len(desk.session.requests) == before


def test_a_drag_ends_on_the_words_of_its_last_place(page: ForwardPage) -> None:
    bar = page.tempo.scrubber
    QTest.mousePress(bar, LEFT, pos=QPoint(bar.width() // 3, bar.height() // 2))
    for share in (0.5, 0.6, 0.7):
        QTest.mouseMove(bar, QPoint(round(bar.width() * share), bar.height() // 2))
    QTest.mouseRelease(bar, LEFT, pos=QPoint(round(bar.width() * 0.7), bar.height() // 2))
    assert page._state.t > 600 and f"<b>t = {page._state.t}</b>" in page.caption.markup()


def test_the_strip_shows_the_way_and_a_click_goes_there(page: ForwardPage) -> None:
    count = page.strip.count()
    assert 8 <= count <= 12
    ts = moments(1000, count)
    QTest.mouseClick(page.strip, LEFT, pos=page.strip.cell(2).center().toPoint())
    assert abs(page._state.t - ts[2]) <= 1 and shows(page, page._state.t)
    images = page.strip._images
    assert images[0].pixelColor(3, 9).red() == int(expected(page, 0)[9, 3, 0])
    assert images[-1].pixelColor(3, 9).red() == int(expected(page, 1000)[9, 3, 0])


def test_a_short_way_has_no_moment_twice(page: ForwardPage, qtbot: Any) -> None:
    page.controls.timesteps.setValue(10)
    qtbot.waitUntil(page.is_settled)
    assert page.strip.count() <= 11


def test_the_cursor_of_a_plot_can_be_dragged(page: ForwardPage) -> None:
    panel = page.plots.panels[1]
    middle = panel.mapFromScene(panel.getPlotItem().getViewBox().mapViewToScene(QPoint(500, 0)))
    QTest.mousePress(panel.viewport(), LEFT, pos=QPoint(middle.x(), 40))
    assert page._state.t == pytest.approx(500, abs=15)
    QTest.mouseMove(panel.viewport(), QPoint(middle.x() + 20, 40))
    QTest.mouseRelease(panel.viewport(), LEFT, pos=QPoint(middle.x() + 20, 40))
    page.plots.panels[2].picked.emit(123.4)
    assert shows(page, 123)


def test_the_histogram_becomes_the_gaussian(page: ForwardPage) -> None:
    gaussian_x, gaussian = page.plots.histogram.lines[1].getData()

    def off() -> float:
        edges, density = page.plots.histogram.lines[0].getData()
        return float(np.abs(np.interp((edges[1:] + edges[:-1]) / 2, gaussian_x, gaussian) - density).max())

    page.set_t(0)
    clean = off()
    page.set_t(1000)
    assert off() < 0.2 < 1 < clean


def test_plots_have_the_numbers_of_the_schedule(page: ForwardPage) -> None:
    page.set_t(400)
    signal, noise, beta = (float(part[399]) for part in (
        page.schedule.signal, page.schedule.noise, page.schedule.betas))  # fmt: skip
    texts = page.plots.texts(400)
    assert float(texts[0].split("= ")[1]) == pytest.approx(beta, abs=5e-5)
    assert float(texts[1].split("= ")[1]) == pytest.approx(signal**2, abs=5e-4)
    assert float(texts[2].split("= ")[1].replace("−", "-")) == pytest.approx(2 * np.log10(signal / noise), abs=5e-3)
    assert tuple(titled._title.text() for titled in page.plots._titled) == texts


def test_the_end_of_an_axis_stands_apart_from_its_name_in_a_small_window(page: ForwardPage) -> None:
    page.resize(1024, 698)
    page.grab()
    digits = QFontMetricsF(theme().font(11))
    for panel in page.plots.panels:
        name = panel._x_label.item
        left = name.mapRectToScene(name.boundingRect()).left() + name.document().documentMargin()
        view = panel.getPlotItem().getViewBox()
        right = view.mapRectToScene(view.boundingRect()).right() + digits.horizontalAdvance("1,000") / 2
        assert left - right >= digits.horizontalAdvance("  "), "two blanks at least"


def test_another_schedule_moves_everything(page: ForwardPage, qtbot: Any) -> None:
    before = page.plots.panels[1].lines[0].getData()[1]
    page.controls.schedule.chosen.emit("sigmoid")
    qtbot.waitUntil(lambda: page.schedule.request.schedule == "sigmoid")
    assert shows(page, 250) and not np.array_equal(page.plots.panels[1].lines[0].getData()[1], before)
    assert page.controls.rows["schedule"].reset.isVisible() and page.controls.pad.isHidden()
    page.controls.rows["schedule"].reset.click()
    qtbot.waitUntil(lambda: page.schedule.request.schedule == "cosine")


def test_another_t_keeps_the_share_of_the_way(page: ForwardPage, qtbot: Any) -> None:
    page.controls.timesteps.setValue(100)
    qtbot.waitUntil(lambda: page.is_complete(page._state))
    assert shows(page, 25) and page.tempo.scrubber.high == 100


def test_a_second_schedule_is_a_faint_curve_in_all_plots(page: ForwardPage, qtbot: Any) -> None:
    page.controls.beside.chosen.emit("sigmoid")
    qtbot.waitUntil(lambda: page.beside is not None)
    panels = page.plots.panels
    assert all(np.isfinite(panel.lines[1].getData()[1]).any() for panel in panels)
    page.controls.timesteps.setValue(60)
    qtbot.waitUntil(lambda: page.beside is not None and len(page.beside.signal) == len(page.schedule.signal) == 60)
    page.controls.beside.chosen.emit("")
    assert page.beside is None and not any(np.isfinite(panel.lines[1].getData()[1]).any() for panel in panels)


def test_a_schedule_is_drawn_with_the_mouse(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    page.controls.schedule.chosen.emit(PEN)
    qtbot.waitUntil(lambda: page.schedule.request.schedule == name_of_curve(straight_curve()))
    pad = page.controls.pad
    assert pad.isVisible()
    QTest.mousePress(pad, LEFT, pos=pad.spot(4, 0.9).toPoint())
    QTest.mouseMove(pad, pad.spot(8, 0.8).toPoint())
    QTest.mouseRelease(pad, LEFT, pos=pad.spot(8, 0.8).toPoint())
    assert [pad.curve()[k] ** 2 for k in (4, 6, 8)] == pytest.approx([0.9, 0.85, 0.8], abs=0.02), "ᾱ, as plotted"
    assert all(a > b for a, b in zip(pad.curve(), pad.curve()[1:], strict=False))
    wanted = name_of_curve(pad.curve())
    qtbot.waitUntil(lambda: page.schedule.request.schedule == wanted)
    assert page._state.schedule == page._state.curve == wanted
    page.undo()
    assert pad.curve() == straight_curve() and page.can_redo()
    settle(desk, qtbot, "play")
    qtbot.waitUntil(lambda: page.schedule.request.schedule == name_of_curve(straight_curve()))


def test_the_pad_shows_what_the_plot_beside_it_does(page: ForwardPage) -> None:
    pad, curve = page.controls.pad, bent(straight_curve(), 5, 0.9)
    pad.set_curve(curve)
    ground, top = pad.spot(0, 0.0).y(), pad.spot(0, 1.0).y()
    heights = [(ground - pad.spot(t / 10).y()) / (ground - top) for t in range(1, 161)]
    alpha_bar = schedule_named(name_of_curve(curve), 160).alphas_cumprod
    assert heights == pytest.approx(alpha_bar.tolist(), abs=0.002)


def test_the_pad_is_drawn_on_with_keys(page: ForwardPage, qtbot: Any) -> None:
    page.controls.schedule.chosen.emit(PEN)
    pad = page.controls.pad
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(pad, key)
    assert pad.curve() == bent(straight_curve(), 9, (straight_curve()[9] ** 2 + 0.05) ** 0.5)
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.curve() == straight_curve()


def test_the_keys_of_the_layers_show_one_alone_and_all_again(page: ForwardPage) -> None:
    for key, view, number in ((Qt.Key.Key_2, "eps", 1), (Qt.Key.Key_3, "x_t", 2)):
        three = page.canvas.pictures()
        QTest.keyClick(page, key)
        assert page.alone.isVisible() and np.array_equal(page.alone.pictures()[0], three[number])
        assert page.controls.views.value() == view
        QTest.keyClick(page, key)
        assert page.canvas.isVisible() and len(page.canvas.pictures()) == 3
    QTest.keyClick(page, Qt.Key.Key_1)
    assert len(page.canvas.pictures()) == 1 and page.canvas.isVisible()
    QTest.keyClick(page, Qt.Key.Key_L)
    assert page._state.view == "eps"


def test_drawing_changes_picture_sum_and_strip_and_is_taken_back(page: ForwardPage) -> None:
    before = page.canvas.pictures().copy()
    box = page.canvas.cell_rect(0)
    a, b = (QPoint(round(box.left() + x * box.width()), round(box.top() + 0.9 * box.height())) for x in (0.2, 0.8))
    QTest.mousePress(page.canvas, LEFT, pos=a)
    QTest.mouseMove(page.canvas, b)
    QTest.mouseRelease(page.canvas, LEFT, pos=b)
    after = page.canvas.pictures()
    assert (after[0] != before[0]).any() and np.array_equal(after[1], before[1])
    assert np.array_equal(after[2], expected(page, 250)) and page._state.number == OWN
    assert page.controls.origin.text() == "Your own picture."
    page.undo()
    assert np.array_equal(page.canvas.pictures(), before) and page._state.number == 0
    page.clear()
    assert not page.canvas.pictures()[0].any()


def test_a_dropped_picture_keeps_its_colours_and_the_page_says_what_was_done(
    desk: Desk, page: ForwardPage, qtbot: Any
) -> None:
    assert page.takes_pictures
    page.offer_picture(np.random.default_rng(0).integers(0, 256, (200, 90, 3), np.uint8))
    qtbot.waitUntil(lambda: page._picture.shape == (64, 64, 3))
    request = asked(desk, api.FitRequest)[-1]
    assert (request.size, request.channels) == (64, 3)
    assert page.controls.origin.text() == "Your own picture, resized from 5×5 px."
    page.offer_picture(np.repeat(np.arange(400, dtype=np.uint8).reshape(20, 20, 1), 3, 2))
    qtbot.waitUntil(lambda: page._picture.shape == (20, 20, 1))


def test_ink_on_paper_is_taken_as_it_is_and_can_be_inverted_and_back(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    ink = np.full((20, 20, 1), 255, np.uint8)
    ink[5:15, 9:11] = 10
    withdrawn: list[str] = []
    page.withdrawn.connect(withdrawn.append)
    page.offer_picture(ink)
    qtbot.waitUntil(lambda: len(desk.offers) == 1)
    said = "Pictures of MNIST are light on dark, and this one is dark on light."
    assert np.array_equal(page._picture, ink) and desk.messages[-1] == said == page.standing
    desk.offers[0]()
    assert np.array_equal(page._picture, 255 - ink) and withdrawn == [said] and page.standing == ""
    assert page.controls.origin.text().endswith("inverted.")
    desk.offers[0]()
    assert np.array_equal(page._picture, 255 - ink), "an offer that was taken does nothing more"
    assert page.undo() and np.array_equal(page._picture, ink)


def test_an_offer_ends_with_its_picture(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    page.offer_picture(np.pad(np.zeros((4, 4, 1), np.uint8), ((8, 8), (8, 8), (0, 0)), constant_values=255))
    qtbot.waitUntil(lambda: len(desk.offers) == 1)
    page.clear()
    empty = page._picture.copy()
    desk.offers[0]()
    assert np.array_equal(page._picture, empty) and page.standing == ""
    page.offer_picture(np.pad(np.full((4, 4, 1), 255, np.uint8), ((8, 8), (8, 8), (0, 0))))
    qtbot.waitUntil(lambda: bool(page._picture[10, 10]))
    assert len(desk.offers) == 1, "light on dark, as those of the dataset"


def test_pictures_come_by_number_at_random_and_from_other_datasets(
    desk: Desk, page: ForwardPage, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.controls.number.setValue(7)
    qtbot.waitUntil(lambda: page._state.number == 7)
    assert page._state.label == "7" and np.array_equal(page._picture, sample(0, 7, 7))
    monkeypatch.setattr("random.randrange", lambda count: count - 1)
    page.controls.other.click()
    qtbot.waitUntil(lambda: page._state.number == 499 == page.controls.number.value())
    page.picker.chosen.emit("strokes")
    qtbot.waitUntil(lambda: page._state.dataset == "strokes")
    assert asked(desk, api.OriginalRequest)[-1] == api.OriginalRequest("strokes", 0)


def test_a_dataset_that_cannot_be_read_leaves_everything_as_it_was(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    before = page.parameters()
    failures: list[str] = []
    desk.bridge.event.connect(lambda slot, event: failures.append(slot) if hasattr(event, "error") else None)
    page.offer_dataset("/nowhere/broken")
    qtbot.waitUntil(lambda: failures == ["forward.original"])
    assert page.parameters() == before and page.picker.value() == "mnist" and shows(page, 250)


def test_other_noise_changes_all_but_the_picture(page: ForwardPage) -> None:
    before = page.canvas.pictures().copy()
    page.random()
    after = page.canvas.pictures()
    assert np.array_equal(before[0], after[0]) and (before[1] != after[1]).any() and (before[2] != after[2]).any()
    page.undo()
    assert np.array_equal(before, page.canvas.pictures())


def test_play_goes_to_the_end_and_starts_over_from_there(page: ForwardPage) -> None:
    page.set_t(990)
    page.toggle_play()
    assert page.tempo.is_playing()
    page._tick(0.02)
    assert 990 < page._state.t < 1000
    page._tick(10)
    assert shows(page, 1000) and not page.tempo.is_playing()
    page.toggle_play()
    page._tick(0.05)
    assert 0 < page._state.t < 50
    page.step(1)
    assert not page.tempo.is_playing()


def test_keys_step_one_t_and_stop_at_the_ends(page: ForwardPage) -> None:
    page.set_t(0)
    page.step(-1)
    assert shows(page, 0) and not page.tempo.back.isEnabled()
    page.step(1)
    assert shows(page, 1)


def test_sliding_is_no_step_of_undo(page: ForwardPage) -> None:
    page.random()
    page.set_t(600)
    page.undo()
    assert page._state.seed == ForwardState.seed
    assert not page.can_undo()


def test_the_strip_and_the_way_are_exported_as_they_are_seen(page: ForwardPage) -> None:
    source, film = page.export_source(), page.export_film_source()
    picture, origin = api.pack(page._picture), api.PictureOrigin("mnist", 0, "0")
    assert source == api.ForwardRequest(picture, "cosine", 1000, 7, page.strip.count(), origin, told=True)
    assert film == dataclasses.replace(source, steps=101, told=False)
    assert name_of(source) == name_of(film) == "mnist-0-cosine-T1000-forward-seed7"
    page.clear()
    assert page.export_source().origin is None and name_of(page.export_source()).startswith("own-cosine")
    page.undo()
    assert page.tempo.grid_action.isEnabled() and page.tempo.film_action.isEnabled()


def test_a_dropped_strip_is_shown_again(page: ForwardPage, qtbot: Any) -> None:
    curve = name_of_curve(bent(straight_curve(), 3, 0.9))
    picture = sample(1, 5, 5)
    source = api.ForwardRequest(api.pack(picture), curve, 200, seed=3, steps=9)
    assert page.restores(source)
    page.restore(api.RestoredEvent("a.png", source, api.GridLayout(), True, "The same."))
    qtbot.waitUntil(lambda: page.schedule.request == api.ScheduleRequest(curve, 200))
    assert np.array_equal(page._picture, picture) and page.controls.pad.curve() == bent(straight_curve(), 3, 0.9)
    assert page._state.seed == 3 and shows(page, 50)


def restored(page: ForwardPage, source: api.ForwardRequest) -> None:
    page.restore(api.RestoredEvent("a.png", source, api.GridLayout(), True, "The same."))


def test_a_dropped_strip_has_its_number_and_class_again(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    page.controls.number.setValue(12)
    qtbot.waitUntil(lambda: page._state.number == 12)
    before, source = page.parameters(), page.export_source()
    page.controls.number.setValue(3)
    qtbot.waitUntil(lambda: page._state.number == 3)
    page.random()
    restored(page, source)
    assert page.parameters() == before and page.picker.value() == "mnist"
    assert page.controls.origin.text() == "Picture 12 of 500 held out of MNIST. It is of the class 2."
    assert page.controls.number.value() == 12 and page.controls.number.maximum() == 499


def test_of_a_dataset_that_is_not_read_yet_the_pictures_are_counted(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    picture = sample(1, 5, 5)
    restored(page, api.ForwardRequest(api.pack(picture), origin=api.PictureOrigin("strokes", 5, "5")))
    qtbot.waitUntil(lambda: page.controls.number.maximum() == 499)
    assert np.array_equal(page._picture, picture), "it stays that of the file"
    assert page._state.number == 5 and page.picker.value() == "strokes"


@pytest.mark.parametrize("origin", [None, api.PictureOrigin("gone.zip", 3, "3"), api.PictureOrigin("mnist", -4)])
def test_a_picture_of_nothing_that_is_here_is_ones_own(page: ForwardPage, origin: api.PictureOrigin | None) -> None:
    restored(page, api.ForwardRequest(api.pack(sample(1, 5, 5)), origin=origin))
    assert page._state.number == OWN and page.controls.origin.text() == "Your own picture."
    assert np.array_equal(page._picture, sample(1, 5, 5))


def test_of_how_many_the_remembered_picture_is_one_is_known_again(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    other = Desk(ForwardPage, FakeSession())
    qtbot.addWidget(other.page)
    other.page.set_parameters(json.loads(json.dumps(page.parameters())))
    again = other.open()
    qtbot.waitUntil(lambda: "Picture 0 of 500" in again.controls.origin.text())
    assert again.controls.number.maximum() == 499 and again.parameters() == page.parameters()
    other.close()


def test_what_was_shown_is_remembered(desk: Desk, page: ForwardPage, qtbot: Any) -> None:
    page.random()
    page.clear()
    kept = json.loads(json.dumps(page.parameters()))
    other = Desk(ForwardPage, FakeSession())
    qtbot.addWidget(other.page)
    other.page.set_parameters(kept)
    assert not other.session.requests, "a page that nobody sees asks for nothing"
    again = other.open()
    qtbot.waitUntil(again.is_settled)
    assert again.parameters() == page.parameters() and not asked(other, api.OriginalRequest)
    other.close()


@pytest.mark.parametrize(
    "change",
    [{"t": 2000}, {"timesteps": 5}, {"schedule": "steep"}, {"schedule": "drawn:1,2"}, {"picture": "28x28x1:no"},
     {"view": "all"}, {"seed": -1}, {"brush": 99}, {"more": 1}, {"number": 1.5}, {"beside": None}],
)  # fmt: skip
def test_foreign_parameters_are_ignored(page: ForwardPage, change: dict[str, Any]) -> None:
    before = page.parameters()
    page.set_parameters({**before, **change})
    assert page.parameters() == before


def test_without_datasets_there_is_a_canvas_to_draw_on(qtbot: Any) -> None:
    made = Desk(ForwardPage, FakeSession())
    qtbot.addWidget(made.page)
    none = tuple(dataclasses.replace(info, available=False) for info in CATALOG.datasets)
    page = made.open(with_catalog(datasets=none))
    qtbot.waitUntil(page.is_settled)
    assert not asked(made, api.OriginalRequest) and not page.canvas.pictures()[0].any()
    assert not page.controls.other.isEnabled() or page.picker.value() is not None
    made.close()


# ---- words --------------------------------------------------------------------------------------------


def test_the_words_at_both_ends_say_what_is_there() -> None:
    state = ForwardState(t=0)
    assert "the clean picture" in words.caption(state, 1.0, 0.0, (0.0, 1.0))
    end = dataclasses.replace(state, t=1000)
    assert "nothing of the picture can be told" in words.caption(end, 0.006, 1.0, (0.0, 1.0))
    assert "no pure noise" in words.caption(end, 0.3, 0.95, (0.0, 1.0))
    assert "keeps <real>nothing</real>" in words.caption(end, 0.0, 1.0, (0.0, 1.0))


@pytest.mark.parametrize(
    ("signal", "sigma", "text"),
    [(1.0, 0.0, "∞"), (0.0, 1.0, "0"), (0.6, 0.8, "0.562"), (1.0, 0.01, "10,000"), (0.006, 1.0, "3.6e−05")],
)
def test_a_ratio_has_as_many_digits_as_say_something(signal: float, sigma: float, text: str) -> None:
    assert words.ratio(signal, sigma) == text


def test_a_straight_schedule_has_its_own_formula() -> None:
    assert "ᾱ" not in words.formula(0.5, 0.5, True) and "ᾱ" in words.formula(0.6, 0.8, False)
