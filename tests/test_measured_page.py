"""The page of measurements with real engines and a deterministic session."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from comparison_facts import DDPM, GAN, NAMES, VAE, evaluation
from fakes import MODELS, with_catalog
from measured_desk import ALL, FOUND, asked, line_of, measured, measured_desk, opened, values
from page_desk import Desk
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionComboBox

from genstudio import api
from genstudio.api.comparison import ONE_TRAINING
from genstudio.api.radar import SCALING
from genstudio.ui.measured import picture, words
from genstudio.ui.measured.cell_panel import BUSY
from genstudio.ui.measured.controls import ALL_THERE
from genstudio.ui.measured.head import ColumnHead
from genstudio.ui.measured.page import MeasuredPage
from genstudio.ui.measured.queue import Queue
from genstudio.ui.measured.radar import Radar
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.figure import SHARPNESS
from genstudio.ui.widgets.picture_grid import from_qimage


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    yield from measured_desk(qtbot)


@pytest.fixture(name="measured")
def opened_with_numbers(desk: Desk, qtbot: Any) -> MeasuredPage:
    return measured(desk, qtbot)


def spot(page: MeasuredPage, name: str, column: int) -> QPoint:
    table = page.stage.table
    row = [line.name for line in table.table.lines].index(name)
    return table.cell_rect(row, column).center()


# ---- what is there ----------------------------------------------------------------------------------


def test_it_opens_with_a_vae_a_gan_and_a_diffusion_model_and_nothing_measured(desk, qtbot):
    page = opened(desk, qtbot)
    assert page.state.models == ("mnist-vae-2", GAN.name, DDPM.name)
    assert values(page, "frechet") == [None, None, None] and values(page, "parameters") == [400_000] * 3
    assert page.caption.markup().startswith("Nothing has been measured yet")
    assert page.controls.measure.isEnabled() and not page.controls.busy.isVisible()
    assert "0 of 3" in page.controls.facts.text()
    assert not asked(desk, api.EvaluateRequest), "nothing is measured unasked"


def test_what_is_on_the_cards_is_there_at_once(desk, qtbot):
    page = measured(desk, qtbot, *NAMES)
    assert values(page, "frechet") == [30.0, 2.9, 3.3]
    assert line_of(page, "frechet").best == {1, 2}, "their bands overlap"
    assert not page.controls.measure.isEnabled() and page.controls.measure.toolTip() == ALL_THERE
    assert "Together in front: <b>mnist-cgan</b> and <b>mnist-ddpm</b> in Fréchet" in page.caption.markup()


def test_a_model_without_a_number_says_why_in_its_tooltip(measured):
    table = measured.stage.table
    assert words.cell_help(line_of(measured, "path"), 2).endswith(FOUND[DDPM.name].missing["path"])
    assert table.help_at(QPointF(spot(measured, "path", 2))).endswith(FOUND[DDPM.name].missing["path"])
    assert ONE_TRAINING in table.help_at(QPointF(spot(measured, "spread", 0)))
    assert "GAN 4 of 5 stars" in table.help_at(QPointF(spot(measured, "frechet", -1)))
    assert "1.30 ± 0.10" in table.help_at(QPointF(spot(measured, "frechet", 3)))


def test_until_the_cards_are_read_it_says_so_and_counts_nothing(desk, qtbot):
    desk.session.known = {model: (one,) for model, one in FOUND.items()}
    desk.session.cards.clear()
    page = desk.open(ALL)
    qtbot.waitUntil(lambda: page.stage.message._label.text() == words.READING)
    assert page.stage.seen() == (False, False) and page.tempo.label.text() == "reading what was measured …"
    assert page.controls.facts.text() == "Reading what was measured." and page.caption.markup() == ""
    desk.session.cards.set()
    qtbot.waitUntil(page.is_settled)
    assert page.stage.seen()[0] and "measured" in page.tempo.label.text()


def test_what_is_measured_with_other_pictures_than_chosen_is_counted_apart(measured, qtbot):
    page = measured
    page.set_parameters({"models": list(NAMES)})
    qtbot.waitUntil(page.is_settled)
    assert page.tempo.label.text() == "3 of 3 models measured"
    page.controls.count.chosen.emit("10000")
    assert page.tempo.label.text() == "0 of 3 models measured as chosen, 3 otherwise"
    assert "Chosen are 10,000 pictures" in page.controls.facts.text()


# ---- measuring --------------------------------------------------------------------------------------


def test_all_are_measured_one_after_the_other_and_numbers_come_as_they_are_found(desk, qtbot):
    desk.session.gate.clear()
    page = opened(desk, qtbot)
    page.controls.measure.click()
    qtbot.waitUntil(lambda: page.queue.what == "Comparing")
    assert page.queue.current == "mnist-vae-2" and page.queue.waiting == [GAN.name, DDPM.name]
    assert page.controls.busy.isVisible() and not page.controls.measure.isEnabled()
    assert page.controls.measure.toolTip() == BUSY
    heads = page.stage.table.heads
    assert heads[0].progress.isVisible() and heads[0].progress.value() == 500
    assert heads[1].words() == "waits" and not heads[1].progress.isVisible()
    seen: list[list[float | None]] = []
    table = page.stage.table
    real = table.show_table
    table.show_table = lambda *args: (real(*args), seen.append(values(page, "frechet")))
    desk.session.gate.set()
    qtbot.waitUntil(page.is_settled)
    assert [12.0, None, None] in seen and [12.0, 2.9, None] in seen and seen[-1] == [12.0, 2.9, 3.3]
    requests = asked(desk, api.EvaluateRequest)
    assert [request.sample.model for request in requests] == ["mnist-vae-2", GAN.name, DDPM.name]
    assert all(request.notes and request.sample.count == 1000 for request in requests)
    assert requests[2].sample.sampler == "ddpm" and requests[2].sample.steps == 50
    assert desk.messages[-1] == "Measured: mnist-vae-2, mnist-cgan, mnist-ddpm."
    assert not page.controls.busy.isVisible()


def test_stop_keeps_what_was_measured_and_asks_for_no_more(desk, qtbot):
    page = opened(desk, qtbot)
    desk.session.known = {"mnist-vae-2": (evaluation(12.0),)}
    page.ask_facts()
    qtbot.waitUntil(lambda: values(page, "frechet")[0] == 12.0)
    desk.session.gate.clear()
    page.controls.measure.click()
    qtbot.waitUntil(lambda: page.queue.what == "Comparing")
    page.controls.stop.click()
    assert not page.queue.is_busy and desk.messages[-1] == words.STOPPED
    qtbot.waitUntil(lambda: desk.session.closed == [GAN.name])
    assert values(page, "frechet") == [12.0, None, None] and page.controls.measure.isEnabled()
    assert len(asked(desk, api.EvaluateRequest)) == 1


def test_cancel_in_the_message_bar_stops_it_too(desk, qtbot):
    desk.session.gate.clear()
    page = opened(desk, qtbot)
    page.controls.measure.click()
    qtbot.waitUntil(lambda: page.queue.what == "Comparing")
    page.stop("measure")
    assert not page.queue.is_busy and page.queue.waiting == []


def test_a_model_that_cannot_be_measured_says_why_and_the_others_are(desk, qtbot):
    desk.session.broken = {GAN.name: "mnist has 1 held-out picture; a comparison needs at least 2"}
    page = opened(desk, qtbot)
    page.controls.measure.click()
    qtbot.waitUntil(lambda: page.is_settled() and values(page, "frechet")[2] == 3.3)
    assert values(page, "frechet") == [12.0, None, 3.3]
    assert page.stage.table.heads[1].words() == "not measured"
    assert "measured. mnist has 1 held-out picture; a comparison needs at least 2" in page.controls.facts.text()
    assert "mnist-cgan could not be measured" in desk.messages[-1]
    page.stage.table.cell_chosen.emit("frechet", 0)
    page.controls.panel.again.click()
    alone = f"Measured: {page.state.models[0]}."  # nothing of what was told before
    qtbot.waitUntil(lambda: desk.messages[-1] == alone)
    desk.session.broken = {}
    page.controls.measure.click()
    qtbot.waitUntil(lambda: values(page, "frechet") == [12.0, 2.9, 3.3])
    assert "could not" not in page.controls.facts.text()


def test_it_goes_on_while_another_page_is_on_top(desk, qtbot):
    desk.session.gate.clear()
    page = opened(desk, qtbot)
    page.controls.measure.click()
    qtbot.waitUntil(lambda: page.queue.what == "Comparing")
    page.deactivate()
    desk.session.gate.set()
    qtbot.waitUntil(lambda: not page.queue.is_busy)
    assert len(asked(desk, api.EvaluateRequest)) == 3


def test_ten_thousand_are_another_measurement_and_not_compared_with_a_thousand(measured, desk, qtbot):
    page = measured
    page.set_parameters({"models": list(NAMES)})
    qtbot.waitUntil(page.is_settled)
    page.controls.count.chosen.emit("10000")
    assert page.state.count == 10_000 and page.controls.measure.isEnabled()
    desk.session.gate.clear()
    page.controls.measure.click()
    qtbot.waitUntil(lambda: page.queue.what == "Comparing")
    desk.session.broken = dict.fromkeys((GAN.name, DDPM.name), "No.")
    desk.session.gate.set()
    qtbot.waitUntil(page.is_settled)
    line = line_of(page, "frechet")
    assert line.left_out == {0} and line.compared() == (1, 2) and line.floor() is not None
    assert words.under(line) == "1 not compared: counts differ"
    assert "this is of 10,000 pictures, they are of 1,000 pictures." in words.cell_help(line, 0)
    told = page.caption.markup()
    assert f"<b>{NAMES[0]}</b> is left out in" in told and "(counts differ)" in told
    assert f"In nothing: <b>{NAMES[0]}</b>" not in told


# ---- one number -------------------------------------------------------------------------------------


def test_a_click_on_a_number_says_what_is_behind_it(measured, qtbot):
    page = measured
    page.set_parameters({"models": list(NAMES)})
    qtbot.waitUntil(page.is_settled)
    QTest.mouseClick(page.stage.table, Qt.MouseButton.LeftButton, pos=spot(page, "frechet", 1))
    panel = page.controls.panel
    assert panel.title.text() == "Fréchet distance of mnist-cgan" and panel.number.text() == "2.90 ± 0.20"
    qtbot.waitUntil(lambda: "When" in panel.texts())
    text = "\n".join(panel.texts())
    for word in (
        "Among the best: 1 other may be as good.", "Lower is better.", "1.30 ± 0.10 (2.2×)", "1,000 of seed 7",
        "held-out MNIST", "MNIST classifier", "22 November 2026, 14:05", "float32",
    ):  # fmt: skip
        assert word in text, word
    assert panel.card.isVisible() and panel.again.isEnabled()
    QTest.mouseClick(page.stage.table, Qt.MouseButton.LeftButton, pos=spot(page, "frechet", 1))
    assert panel.title.text() == words.NO_CELL and not page.controls.buttons.isVisible()


def test_the_keyboard_goes_from_number_to_number_and_return_leads_to_its_buttons(measured, qtbot):
    page, table = measured, measured.stage.table
    page.set_parameters({"models": list(NAMES)})
    page.activateWindow()
    table.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(table, key)
    assert page.cell == ("precision", 2), "the first key shows where one is; there is no column after the last"
    assert "mnist-ddpm" in table.accessibleDescription()
    QTest.keyClick(table, Qt.Key.Key_Up)
    assert page.cell == ("frechet", 2)
    page.show_inspector(False)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert page.side.isVisible()
    qtbot.waitUntil(lambda: page.controls.panel.card.hasFocus() or not page.isActiveWindow())
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert page.cell == ("", -1)


def test_from_a_number_one_comes_to_the_card_and_measures_again(measured, desk, qtbot):
    page = measured
    page.set_parameters({"models": list(NAMES)})
    wanted: list[str] = []
    page.card_wanted.connect(wanted.append)
    page.stage.table.cell_chosen.emit("time", 2)
    assert words.CLOCK in page.controls.panel.meaning.text()
    page.controls.panel.card.click()
    assert wanted == [DDPM.name]
    page.controls.panel.again.click()
    qtbot.waitUntil(page.is_settled)
    assert [request.sample.model for request in asked(desk, api.EvaluateRequest)] == [DDPM.name]


def test_what_its_card_measures_is_here_at_once(measured):
    page = measured
    request = api.EvaluateRequest(api.SampleRequest(GAN.path, 7, 1000), notes=True)
    page.note_evaluation(api.EvaluationEvent(request, evaluation(1.5, 0.1)))
    assert values(page, "frechet")[page.state.models.index(GAN.name)] == 1.5


# ---- models -----------------------------------------------------------------------------------------


def test_columns_are_added_changed_and_taken_away_and_undo_brings_them_back(measured, qtbot):
    page = measured
    first = page.state.models
    page.controls.add.chosen.emit("mnist-vae-16")
    assert page.state.models == (*first, "mnist-vae-16")
    qtbot.waitUntil(lambda: values(page, "frechet")[3] == 30.0)
    heads = page.stage.table.heads
    heads[0].picker.chosen.emit("")
    assert page.state.models == (GAN.name, DDPM.name, "mnist-vae-16")
    heads[0].picker.chosen.emit("mnist-dcgan")
    heads[0].picker.chosen.emit(DDPM.name)
    assert page.state.models == (DDPM.name, "mnist-dcgan", "mnist-vae-16"), "they change places"
    for _ in range(4):
        assert page.undo()
    assert page.state.models == first
    heads[0].picker.chosen.emit("")
    assert page.stage.table.heads[0].picker.itemText(page.stage.table.heads[0].picker.count() - 1) == "none"
    assert len(page.state.models) == 2
    picker = heads[0].picker
    assert not picker.model().item(picker.count() - 1).isEnabled(), "two are left"


def test_a_model_file_that_vanished_is_a_reason_in_its_column(measured, desk, qtbot):
    page = measured
    desk.session.lost = {GAN.name}
    page.deactivate()
    page.activate()
    column = page.state.models.index(GAN.name)
    qtbot.waitUntil(lambda: GAN.name in page.gone)
    assert all(line.cells[column].why == "There is no model 'mnist-cgan'." for line in page.table().lines)
    page.stage.table.cell_chosen.emit("frechet", column)
    assert page.controls.panel.number.text() == "no number"
    page.set_catalog(with_catalog(models=tuple(info for info in ALL.models if info != GAN)))
    assert GAN.name not in page.state.models and len(page.state.models) == 2


def test_a_dropped_file_gets_a_column(measured, desk, qtbot):
    mine = dataclasses.replace(VAE, name="mine", path="/somewhere/mine.safetensors")
    measured.take_model(mine)
    assert measured.state.models[-1] == mine.path
    qtbot.waitUntil(lambda: mine.path in measured.gone or mine.path in measured.facts)


def test_without_two_models_it_says_what_to_do(desk, qtbot):
    page = opened(desk, qtbot, with_catalog(models=()))
    assert page.stage.message._label.text() == words.NO_MODELS[0] and page.stage.seen() == (False, False)
    modes: list[str] = []
    page.mode_wanted.connect(modes.append)
    page.stage.message.button_clicked.emit()
    page.set_catalog(with_catalog(models=MODELS[:1]))
    assert page.stage.message._label.text() == words.ONE_MODEL[0]
    page.stage.message.button_clicked.emit()
    assert modes == ["latent-train", "gan"] and not page.copy()
    page.set_catalog(ALL)
    qtbot.waitUntil(lambda: page.stage.seen()[0])


def test_what_was_set_is_remembered(qtbot):
    for desk in measured_desk(qtbot):
        desk.page.set_parameters({"models": [DDPM.name, "gone", VAE.name, VAE.name], "count": 10_000, "view": "radar"})
        page = opened(desk, qtbot)
        assert (page.state.models, page.state.count, page.state.view) == ((DDPM.name, VAE.name), 10_000, "radar")
        assert page.stage.seen() == (False, True)
        assert page.parameters() == {"models": [DDPM.name, VAE.name], "count": 10_000, "view": "radar"}


# ---- radar, room, copies ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(594, 425), (624, 460), (500, 420), (800, 500)])
def test_no_name_of_the_radar_lies_over_another(measured, qtbot, size):
    theme().set_scale(1.25)
    radar = Radar()
    qtbot.addWidget(radar)
    radar.show_legend(True)
    radar.show_table(measured.stage.radar.table)
    radar.resize(*size)
    boxes = radar.name_boxes()
    assert len(boxes) == 6
    assert [pair for pair in combinations(boxes, 2) if pair[0].intersects(pair[1])] == []
    assert all(box.left() >= 0 and box.right() <= radar.width() for box in boxes)


def test_a_dot_of_the_radar_has_the_numbers_and_leads_to_its_cell(measured):
    page, radar = measured, measured.stage.radar
    quality = next(k for k, axis in enumerate(radar.axes) if axis.aspect == "quality")
    place = radar.axes[quality].places[1]
    spot_ = radar.spot(quality, place)
    assert "Fréchet distance of mnist-cgan: 2.90 ± 0.20" in radar.help_at(spot_)
    QTest.mouseClick(radar, Qt.MouseButton.LeftButton, pos=spot_.toPoint())
    assert page.cell == ("frechet", 1)
    assert radar.help_at(QPointF(1, 1)) == SCALING and radar.dot_at(QPointF(1, 1)) == (-1, -1)


def test_where_both_have_no_room_the_table_stays(measured, qtbot):
    page = measured
    page.resize(1400, 800)
    qtbot.waitUntil(lambda: page.stage.seen() == (True, True))
    page.resize(1024, 700)
    qtbot.waitUntil(lambda: page.stage.seen() == (True, False))
    assert not page.controls.view.button("both").isEnabled()
    page.controls.view.chosen.emit("radar")
    assert page.stage.seen() == (False, True)


def test_on_a_beamer_the_whole_table_stands_beside_what_was_measured(measured, qtbot):
    page = measured
    page.resize(1024, 698)
    page.show_inspector(True)
    page.stage.table.cell_chosen.emit("frechet", 1)
    bars = page.stage.area.horizontalScrollBar(), page.stage.area.verticalScrollBar()
    qtbot.waitUntil(lambda: page.stage.area.width() < 700 and [bar.maximum() for bar in bars] == [0, 0])
    assert page.controls.panel.number.isVisible() and page.stage.note.isHidden()
    assert page.controls.no_room.isVisibleTo(page.side) and "fold the controls away" in page.controls.no_room.text()


def test_without_the_controls_what_was_measured_stands_in_place_of_the_radar(measured, qtbot):
    page, note = measured, measured.stage.note
    page.resize(1024, 698)
    page.show_inspector(False)
    qtbot.waitUntil(lambda: page.stage.seen() == (True, True))
    page.set_parameters({"models": list(NAMES)})
    qtbot.waitUntil(page.is_settled)
    page.stage.table.cell_chosen.emit("frechet", 1)
    qtbot.waitUntil(lambda: page.stage.seen() == (True, False) and note.isVisible())
    assert note.panel.title.text() == "Fréchet distance of mnist-cgan" and note.panel.number.text() == "2.90 ± 0.20"
    wanted: list[str] = []
    page.card_wanted.connect(wanted.append)
    note.panel.card.click()
    assert wanted == [GAN.name]
    page.resize(1440, 860)
    qtbot.waitUntil(lambda: page.stage.seen() == (True, True) and note.isVisible())  # here is room for all
    page.leave_detail()
    assert note.isHidden() and page.stage.seen() == (True, True)


def test_a_picture_of_table_and_radar_has_both_and_no_words_of_a_number(measured, qtbot):
    page = measured
    page.resize(1024, 698)
    page.show_inspector(False)
    page.stage.table.cell_chosen.emit("frechet", 1)
    qtbot.waitUntil(page.stage.note.isVisible)
    told = page._picture()
    assert page.stage.note.isVisible()
    page.stage.stand_alone(False)
    qtbot.waitUntil(lambda: page.stage.radar.isVisible() and page.stage.note.isHidden())
    assert page._picture() == told


def test_a_picture_of_table_and_radar_is_the_same_in_every_window(measured, qtbot):
    """And no higher than the table; there both stay as they were."""
    page = measured
    shown = []
    for high in (700, 1300):
        page.resize(1440, high)
        qtbot.waitUntil(lambda high=high: page.stage.radar.height() > high - 300)
        before = page.stage.radar.geometry(), page.stage.table.geometry(), page.stage.table.cell_rect(3, 1)
        shown.append(page._picture())
        assert before == (page.stage.radar.geometry(), page.stage.table.geometry(), page.stage.table.cell_rect(3, 1))
    assert shown[0] == shown[1]
    page.resize(1440, 500)
    qtbot.waitUntil(lambda: page.stage.table.cell_rect(0, 0).height() == px(33))
    assert shown[0].height() == (picture.table_size(page.stage.table).height() + 2 * px(picture.EDGE)) * SHARPNESS


def test_between_table_and_radar_no_bar_comes_where_there_is_just_room(measured, qtbot):
    page, area = measured, measured.stage.area
    page.show_inspector(False)
    page.stage.show_view("table")
    for spare in range(-2, 12):
        page.stage.resize(page.stage.table.minimumSizeHint().width() + spare, 700)
        page.stage.layout().activate()
        assert area.horizontalScrollBar().maximum() == 0 or area.verticalScrollBar().maximum() == 0, spare


def test_the_words_about_the_radar_stand_below_it(measured, qtbot):
    """Also where it is much higher than wide."""
    radar, page = measured.stage.radar, measured
    page.resize(1440, 1300)
    qtbot.waitUntil(lambda: radar.height() > 1000)
    lowest = max(box.bottom() for box in radar.name_boxes())
    assert lowest < radar.foot() < lowest + px(40)
    shown = radar.grab().toImage()
    ink = [y for y in range(shown.height()) if len({shown.pixel(x, y) for x in range(shown.width())}) > 1]
    assert ink[0] == pytest.approx(radar.height() - ink[-1], abs=px(40)), "in the middle"


def test_the_lines_share_the_room_of_a_high_window(measured, qtbot):
    """And no bar comes for it."""
    page = measured
    table, bar = page.stage.table, page.stage.area.verticalScrollBar()

    def high() -> int:
        return table.cell_rect(0, 0).height()

    page.resize(1440, 760)
    qtbot.waitUntil(lambda: px(33) < high() < px(44) and bar.maximum() == 0)
    assert page.stage.height() - table.height() < len(table.table.lines) + 2 * px(4), "all of it is shared"
    page.resize(1440, 1300)
    qtbot.waitUntil(lambda: high() == px(44) and bar.maximum() == 0)
    page.resize(1440, 500)
    qtbot.waitUntil(lambda: high() == px(33))


def test_where_words_have_no_room_beside_the_table_the_caption_has_them(measured, qtbot):
    page = measured
    page.set_parameters({"models": list(NAMES)})
    qtbot.waitUntil(page.is_settled)
    page.resize(760, 698)
    page.show_inspector(False)
    qtbot.waitUntil(lambda: not page.stage.has_room())
    page.stage.table.cell_chosen.emit("frechet", 1)
    assert page.caption.markup().startswith("Fréchet distance of mnist-cgan: 2.90 ± 0.20")
    page.leave_detail()
    assert page.caption.markup().startswith("Together in front")


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_every_number_has_room_for_its_digits(measured, qtbot, scale):
    theme().set_scale(scale)
    page = measured
    page.resize(1024, 700)
    table = page.stage.table
    qtbot.waitUntil(lambda: table.width() >= table.minimumSizeHint().width())
    metrics = table.fontMetrics()
    wide = table.cell_rect(0, 0).width()
    assert metrics.horizontalAdvance("2,000.46 M") < wide
    assert table.height() >= table.cell_rect(len(table.table.lines) - 1, 0).bottom()


def test_the_table_is_copied_as_text_and_as_a_picture(measured, desk):
    clipboard = QGuiApplication.clipboard()
    measured.controls.markdown.click()
    assert clipboard.text().startswith("|  | measured | mnist-vae-2 | mnist-cgan | mnist-ddpm | real pictures |")
    measured.controls.csv.click()
    assert clipboard.text().startswith("aspect,measure,unit") and "CSV" in desk.messages[-1]
    measured.controls.picture.click()
    assert clipboard.pixmap().width() == measured._picture().width()


@pytest.mark.parametrize("view", ["table", "both"])
def test_the_picture_has_all_of_the_table_and_neither_arrows_nor_empty_room(measured, qtbot, view):
    stage = measured.stage
    measured.resize(1440, 900)
    measured.controls.view.chosen.emit(view)
    picture = from_qimage(measured._picture()).astype(int)
    ground = picture[0, 0]
    inked = (abs(picture - ground).sum(-1) > 60).any(0)
    assert len(inked) - 1 - int(np.flatnonzero(inked)[-1]) <= 2 * px(48), "no empty strip on the right"
    table, head = stage.table, stage.table.heads[0]
    with stage.without_words():
        high = table.sizeHint().height()
    assert picture.shape[0] >= 2 * high
    arrow = head.geometry().right() - px(4)
    top, left = (2 * (px(16) + at) for at in (head.y() + head.picker.y(), arrow - px(18)))
    corner = picture[top : top + 2 * head.picker.height(), left : 2 * (px(16) + arrow)]
    assert (corner == ground).all(), "nothing opens on paper"
    assert not head.picker.is_printed, "but here it does"
    measured.resize(700, 420)
    small = from_qimage(measured._picture())
    assert small.shape[0] >= 2 * table.sizeHint().height(), "what is scrolled away is there, too"


def test_where_fewer_are_held_out_than_asked_for_that_is_enough(desk, qtbot):
    page = opened(desk, qtbot)
    for model in page.state.models:
        request = api.EvaluateRequest(api.SampleRequest(model, 7, 1000), notes=True)
        one = dataclasses.replace(FOUND.get(model, evaluation(12.0)), count=60)
        page.note_evaluation(api.EvaluationEvent(request, one))
    assert page.lacking() == () and page.controls.measure.toolTip() == ALL_THERE


def test_a_card_that_cannot_be_written_is_said_and_the_number_is_there(desk, qtbot):
    page = opened(desk, qtbot)
    request = api.EvaluateRequest(api.SampleRequest(GAN.name, 7, 1000), notes=True)
    page.note_evaluation(api.EvaluationEvent(request, evaluation(2.5), "", "The card could not be written: no room."))
    assert desk.messages[-1] == "The card could not be written: no room."
    assert words.done([GAN.name], {}, "The card.") == "Measured: mnist-cgan. The card."
    assert values(page, "frechet")[page.state.models.index(GAN.name)] == 2.5


def test_the_heads_show_what_tells_the_names_apart(measured):
    picker, option = measured.stage.table.heads[0].picker, QStyleOptionComboBox()
    picker.initStyleOption(option)
    assert option.currentText == "vae-2" and picker.currentText() == "mnist-vae-2"


def test_of_the_way_a_model_is_asked_a_narrow_head_shows_the_steps(qtbot) -> None:
    head = ColumnHead(0)
    qtbot.addWidget(head)
    head.resize(300, 80)
    head.show()
    head.show_state("ddpm, 50 steps", Queue(), "mnist-ddpm")
    assert head.note.text() == head.words() == "ddpm, 50 steps"
    head.resize(head.fontMetrics().horizontalAdvance("50 steps") + px(44), 80)
    qtbot.waitUntil(lambda: head.note.text() == "50 steps")
    assert head.words() == head.note.toolTip() == "ddpm, 50 steps"


def test_a_page_that_nobody_has_set_begins_with_as_many_pictures_as_were_measured(desk, qtbot):
    desk.session.known = {model: (dataclasses.replace(one, count=10_000),) for model, one in FOUND.items()}
    page = opened(desk, qtbot)
    assert page.state.count == 10_000 and page.controls.count.value() == "10000"
    assert page.lacking() == ("mnist-vae-2",)
    page.controls.count.chosen.emit("1000")
    qtbot.waitUntil(page.is_settled)
    assert page.stage.table.heads[1].words() == "of 10,000", "it is said that these are of another count"
    page.deactivate()
    page.activate()
    qtbot.waitUntil(page.is_settled)
    assert page.state.count == 1000, "what was chosen stays"


def test_the_table_scrolls_to_a_cell_when_it_is_chosen_and_not_whenever_a_number_comes(measured, qtbot):
    page, bar = measured, measured.stage.area.verticalScrollBar()
    page.resize(1400, 420)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    page.stage.table.cell_chosen.emit("parameters", 0)
    assert bar.value() > 0
    bar.setValue(0)
    page.refresh()
    assert bar.value() == 0


def test_the_export_menu_says_what_the_table_can_become(desk: Desk, qtbot: Any) -> None:
    desk.open(ALL)
    tempo = desk.page.tempo
    seen = [action for action in tempo.export.menu().actions() if action.isVisible() and action.text()]
    assert [action.text() for action in seen] == ["Table: picture, CSV, Markdown…", "Copy to the clipboard"]
    assert seen[0].shortcut().toString() == "Ctrl+E" and "spreadsheet" in seen[0].toolTip()
