"""Theme, widgets and bridge: what they promise to the pages."""

from __future__ import annotations

import dataclasses
import re
import threading
from functools import partial
from itertools import product

import numpy as np
import pytest
from fakes import FakeSession, makers
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from genstudio import api
from genstudio.api import GridLayout
from genstudio.engine import Engine
from genstudio.export import grid
from genstudio.files import assets_dir
from genstudio.settings import GANSettings, VAESettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.numbers import milliseconds
from genstudio.ui.theme import DARK, LIGHT, contrast, fix, pad, pixmap, theme
from genstudio.ui.widgets.caption import MEANINGS, Caption
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox, SettingsForm
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.message_bar import MessageBar
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.stage import Stage, fit, from_qimage, to_qimage
from genstudio.ui.widgets.tempo import Tempo

ICONS = sorted((assets_dir() / "icons").glob("*.svg"))


def pictures(count: int, size: int = 28, channels: int = 1) -> np.ndarray:
    """Pictures of random pixels."""
    return np.random.default_rng(0).integers(0, 256, (count, size, size, channels), np.uint8)


# ---- theme ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=["dark", "light"])
def test_all_text_can_be_read_on_every_ground(colors) -> None:
    texts = ["text", "text2", *(f"{name}_text" for name in MEANINGS if name != "neutral")]
    for name, ground in product(texts, ("window", "panel", "raised", "stage")):
        ratio = contrast(getattr(colors, name), getattr(colors, ground))
        assert ratio >= 4.5, f"{name} on {ground}: {ratio:.2f}"
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_is_drawn_in_the_colour_asked_for(path, qapp) -> None:
    text = path.read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in text and 'stroke-width="1.5"' in text
    assert not re.search(r"#[0-9a-fA-F]{3}", text), "icons have no colours of their own"
    image = pixmap(path.stem, "#ff0000", 24).toImage()
    seen = [image.pixelColor(x, y) for x, y in product(range(24), range(24))]
    drawn = [color for color in seen if color.alpha() > 128]
    assert drawn and all(color.red() > 200 and color.green() < 60 for color in drawn)


def test_lengths_and_fonts_follow_the_scale(qtbot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = pad(QVBoxLayout(widget), 8, 4)
    label = fix(QLabel("x"), 100)
    layout.addWidget(label)
    theme().set_scale(2.0)
    assert label.width() == 200
    assert (layout.contentsMargins().left(), layout.spacing()) == (12, 6), "distances grow half as fast"
    assert QApplication.font().pixelSize() == 26
    theme().zoom(1)
    assert theme().scale == 2.25
    theme().set_scale(99)
    assert theme().scale == 2.5
    theme().zoom(0)
    assert layout.spacing() == 4


def test_a_mode_changes_the_palette_at_once(qtbot) -> None:
    with qtbot.waitSignal(theme().changed):
        theme().set_mode("light")
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
    theme().set_mode("dark")
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)


# ---- stage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "space"), [(64, (1000, 600)), (64, (600, 600)), (1, (500, 300)), (13, (900, 60)), (7, (90, 90))]
)
def test_no_other_number_of_columns_would_give_larger_cells(count: int, space: tuple[int, int]) -> None:
    layout = fit(count, 28, 28, space)
    assert layout.size[0] <= space[0] and layout.size[1] <= space[1]
    assert layout.columns * layout.rows >= count > layout.columns * (layout.rows - 1)
    others = [fit(count, 28, 28, space, columns).zoom for columns in range(1, count + 1)]
    assert layout.zoom == max(others) and (layout.zoom < 1 or layout.zoom == int(layout.zoom))


def test_the_room_that_integer_zoom_leaves_goes_to_the_gaps() -> None:
    layout = fit(64, 28, 28, (560, 560))
    assert layout.zoom == 2 and layout.size[0] > 500
    assert fit(16, 28, 28, (4 * 56 + 3, 4 * 56 + 3)).gap == 1


@pytest.mark.parametrize("channels", [1, 3])
def test_the_stage_paints_exactly_the_pixels_it_was_given(qtbot, channels: int) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    given = pictures(6, 20, channels)
    stage.set_pictures(given)
    shown = from_qimage(stage.grab().toImage())
    zoom = int(stage.zoom())
    for index, picture in enumerate(given):
        box = stage.cell_rect(index)
        cell = shown[box.top() : box.top() + box.height(), box.left() : box.left() + box.width()]
        assert (cell == picture.repeat(zoom, 0).repeat(zoom, 1)).all()


def test_empty_cells_of_the_last_row_are_the_ground_of_the_stage(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(3 * 56 + 20, 3 * 56 + 20)
    stage.set_pictures(pictures(7), columns=3)
    assert stage.zoom() == 2 and stage.cell_rect(1).left() - stage.cell_rect(0).right() <= 4, "hairlines between cells"
    shown, last = stage.grab().toImage(), stage.cell_rect(6)
    assert shown.pixelColor(last.right() + 40, last.center().y()) == QColor(theme().colors.stage)


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("value", [0, 255])
@pytest.mark.parametrize("size", [(330, 330), (400, 330)])  # narrow and wide gaps
def test_cells_of_one_colour_are_told_apart_by_a_line(qtbot, mode: str, value: int, size: tuple[int, int]) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    theme().set_mode(mode)
    stage.resize(*size)
    stage.set_pictures(np.full((9, 28, 28, 1), value, np.uint8), columns=3)
    shown = stage.grab().toImage()
    ground = f"#{value:02x}{value:02x}{value:02x}"
    for a, b in ((0, 1), (0, 3)):
        first, second = stage.cell_rect(a).center(), stage.cell_rect(b).center()
        steps = max(second.x() - first.x(), second.y() - first.y())
        way = [shown.pixelColor(first + (second - first) * k / steps).name() for k in range(steps)]
        assert max(contrast(ground, color) for color in way) >= 3


def test_a_picture_larger_than_the_stage_is_shown_whole(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(200, 150)
    stage.set_pictures(pictures(1, 600, 3))
    assert 0 < stage.zoom() < 1 and stage.rect().contains(stage.cell_rect(0))
    assert stage.grab().toImage().pixelColor(stage.cell_rect(0).center()) != QColor(theme().colors.stage)


def test_arrows_move_the_selection_and_stop_at_the_ends(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    stage.set_pictures(pictures(6), columns=3)
    stage.set_selected(1)
    seen: list[int] = []
    stage.cell_clicked.connect(seen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(stage, key)
    assert seen == [2, 5, 4]
    with qtbot.waitSignal(stage.cell_double_clicked) as double:
        QTest.keyClick(stage, Qt.Key.Key_Return)
    assert double.args == [4]


def test_a_click_names_the_cell_and_none_between_them(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    stage.set_pictures(pictures(6), columns=3)
    with qtbot.waitSignal(stage.cell_clicked) as click:
        QTest.mouseClick(stage, Qt.MouseButton.LeftButton, pos=stage.cell_rect(4).center())
    assert click.args == [4]
    assert stage.index_at(QPoint(0, 0)) == -1


def test_an_empty_stage_says_what_to_do(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.show()
    stage.set_message("There is no model yet.", "Train one")
    with qtbot.waitSignal(stage.button_clicked):
        QTest.mouseClick(stage._button, Qt.MouseButton.LeftButton)
    stage.set_pictures(pictures(1))
    assert not stage._button.isVisible() and stage.index_at(stage.cell_rect(0).center()) == 0


def test_copying_gives_the_picture_enlarged_by_a_whole_number(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    assert not stage.copy()
    given = pictures(4, 28, 3)
    stage.set_pictures(given)
    stage.set_selected(2)
    assert stage.copy()
    copied = from_qimage(QGuiApplication.clipboard().image())
    assert copied.shape == (280, 280, 3) and (copied[::10, ::10] == given[2]).all()
    stage.set_selected(-1)
    assert stage.copy()
    copied = from_qimage(QGuiApplication.clipboard().image())
    assert (copied == grid(given, GridLayout(stage.columns(), scale=len(copied) // 58))).all(), "as an export has them"


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_survives_the_way_to_qt_and_back(qapp, channels: int) -> None:
    given = pictures(1, 27, channels)[0]
    assert (from_qimage(to_qimage(given), channels) == given).all()


# ---- numbers --------------------------------------------------------------------------------------


def test_a_learning_rate_doubles_and_reads_short(qtbot) -> None:
    box = FloatBox(1e-6, 1e-1, 2e-4, 2, log=True)
    qtbot.addWidget(box)
    assert box.text() == "2e-4"
    box.stepBy(1)
    assert box.value() == pytest.approx(4e-4) and box.text() == "4e-4"
    box.selectAll()
    QTest.keyClicks(box, "1,5e-3")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == pytest.approx(1.5e-3)


def test_keys_that_mean_nothing_to_a_number_are_left_to_the_window(qtbot) -> None:
    box = IntBox(0, 100, 7)
    qtbot.addWidget(box)
    for text, key in ((" ", Qt.Key.Key_Space), ("r", Qt.Key.Key_R), ("?", Qt.Key.Key_Question)):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(box, event)
        assert not event.isAccepted(), text
    assert box.value() == 7


@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_boxes_and_pickers_are_of_one_height(qtbot, scale: float) -> None:
    boxes = [IntBox(0, 9, 1), FloatBox(0, 1, 0.5), fix(Choice(("a", "b")), 80)]
    for box in boxes:
        qtbot.addWidget(box)
        box.show()
    theme().set_scale(scale)
    assert {box.height() for box in boxes} == {theme().px(28)} and boxes[2].width() == theme().px(80)


def test_a_choice_tells_only_what_the_user_chose(qtbot) -> None:
    choice = Choice(("a", "b"))
    qtbot.addWidget(choice)
    told: list[object] = []
    choice.chosen.connect(told.append)
    assert choice.set_value("b") and not choice.set_value("c")
    assert told == [] and choice.value() == "b"
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert told == ["a"]


def test_a_slider_obeys_keys_and_goes_back_to_rest(qtbot) -> None:
    slider = Slider(-3, 3, 0.01)
    qtbot.addWidget(slider)
    slider.rest = slider.origin = 0.0
    slider.set_value(1.0)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == pytest.approx(1.01)
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert slider.value() == 3
    QTest.mouseDClick(slider, Qt.MouseButton.LeftButton)
    assert slider.value() == 0.0
    slider.resize(214, 22)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(207, 11))
    assert slider.value() == pytest.approx(3.0)


def test_a_form_is_the_dataclass_and_lights_what_was_changed(qtbot) -> None:
    form = SettingsForm(GANSettings)
    qtbot.addWidget(form)
    form.show()
    assert form.value() == GANSettings() and set(form.controls) == {f.name for f in dataclasses.fields(GANSettings)}
    with qtbot.waitSignal(form.changed) as change:
        form.controls["width"].setValue(32)
    assert change.args == [GANSettings(width=32)]
    assert form.rows["width"].reset.isVisible() and not form.rows["seed"].reset.isVisible()
    with qtbot.waitSignal(form.changed) as change:
        QTest.mouseClick(form.rows["width"].reset, Qt.MouseButton.LeftButton)
    assert change.args == [GANSettings()] and not form.rows["width"].reset.isVisible()


def test_every_field_says_what_it_does_in_which_range_and_when_it_counts(qtbot) -> None:
    form = SettingsForm(GANSettings)
    qtbot.addWidget(form)
    for control in form.controls.values():
        help_ = control.toolTip()
        assert len(help_.split()) > 12 and "Range: " in help_ and "takes effect when a run starts" in help_
        assert control.accessibleDescription() == help_


@pytest.mark.parametrize(
    ("ms", "text"),
    [(2e-3, "0.01 ms"), (0.043, "0.04 ms"), (0.43, "0.4 ms"), (9.94, "9.9 ms"), (43.2, "43 ms"), (212, "212 ms"),
     (999.6, "1.0 s"), (12_340, "12.3 s")],
)  # fmt: skip
def test_a_speed_reads_in_plain_digits(ms: float, text: str) -> None:
    assert milliseconds(ms) == text


def test_a_form_keeps_numbers_it_does_not_show(qtbot) -> None:
    form = SettingsForm(VAESettings, ("beta",))
    qtbot.addWidget(form)
    form.set_value(VAESettings(latent_dim=5))
    form.controls["beta"].setValue(2.5)
    assert form.value() == VAESettings(latent_dim=5, beta=2.5)


def test_a_folded_section_stays_folded(qtbot) -> None:
    inspector = Inspector("inspector-x")
    qtbot.addWidget(inspector)
    inspector.add_section("Path").heading.setChecked(False)
    again = Inspector("inspector-x")
    qtbot.addWidget(again)
    assert not again.add_section("Path").heading.isChecked()
    assert again.add_section("Show").heading.isChecked()


# ---- words, tempo, messages -----------------------------------------------------------------------


def test_words_of_a_caption_follow_the_theme_and_can_be_clicked(qtbot) -> None:
    caption = Caption()
    qtbot.addWidget(caption)
    caption.set_text("D gives <generated>0.21</generated> and <a href='kl'>KL</a> is small")
    assert DARK.generated_text in caption.text()
    theme().set_mode("light")
    assert LIGHT.generated_text in caption.text() and DARK.generated_text not in caption.text()
    with qtbot.waitSignal(caption.word_clicked) as click:
        caption.linkActivated.emit("kl")
    assert click.args == ["kl"]


def test_the_tempo_asks_and_shows(qtbot) -> None:
    tempo = Tempo()
    qtbot.addWidget(tempo)
    tempo.resize(900, 48)
    tempo.show()
    asked: list[object] = []
    tempo.play_toggled.connect(partial(_note, asked, "play"))
    tempo.stepped.connect(partial(_note, asked, "step"))
    tempo.scrubbed.connect(partial(_note, asked, "scrub"))
    assert not tempo.first.isEnabled() and not tempo.scrubber.isEnabled()
    tempo.set_range(10)
    tempo.set_position(4)
    for button in (tempo.play, tempo.back, tempo.forward, tempo.first, tempo.last):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [("play", True), ("step", -1), ("step", 1), ("scrub", 0), ("scrub", 9)]
    tempo.set_playing(True)
    assert tempo.play.accessibleName() == "Pause"
    tempo.set_position(3)
    assert tempo.position() == 3 and len(asked) == 5


def _note(notes: list[object], what: str, value: object) -> None:
    notes.append((what, value))


def test_a_message_has_details_only_on_demand(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    bar = MessageBar(window)
    bar.resize(900, 28)
    window.show()
    bar.show_error("It failed; try again.", "Traceback: the long story")
    assert bar.text() == "It failed; try again." and bar.is_error() and not bar.panel.isVisible()
    QTest.mouseClick(bar.details, Qt.MouseButton.LeftButton)
    assert bar.panel.isVisible() and "long story" in bar.panel.text.toPlainText()
    bar.show_info("All is well.")
    assert not bar.panel.isVisible() and not bar.details.isVisible()
    bar.clear()
    assert bar.text() == ""


def test_a_notice_goes_by_itself_and_an_error_stays(qtbot, monkeypatch) -> None:
    monkeypatch.setattr("genstudio.ui.widgets.message_bar.SHORT_MS", 0)
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_info("Saved.")
    bar.show_error("It failed.")
    QTest.qWait(1)
    assert bar.text() == "It failed."
    bar.show_info("Saved.")
    qtbot.waitUntil(lambda: bar.text() == "")


def test_a_progress_can_be_cancelled(qtbot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show()
    cancelled: list[bool] = []
    bar.show_progress("Writing", 3, 10, partial(cancelled.append, True))
    assert bar.progress.value() / bar.progress.maximum() == 0.3
    QTest.mouseClick(bar.cancel, Qt.MouseButton.LeftButton)
    assert cancelled == [True]


# ---- bridge ---------------------------------------------------------------------------------------


def test_events_come_back_on_the_window_thread(qtbot) -> None:
    bridge = Bridge(makers(FakeSession()))
    threads: list[str] = []
    bridge.event.connect(partial(_note_thread, threads))
    with qtbot.waitSignal(bridge.event) as answer:
        bridge.submit("play", "x.decode", api.DecodeRequest("m", ((0.0, 0.0),)))
    assert answer.args[0] == "x.decode" and answer.args[1].images.shape == (1, 28, 28, 1)
    assert threads == [threading.current_thread().name]
    assert bridge.close()


def _note_thread(threads: list[str], slot: str, event: object) -> None:
    threads.append(threading.current_thread().name)


def test_lanes_with_the_same_maker_share_one_engine(qtbot) -> None:
    made: list[Engine] = []

    def make(on_wake):
        made.append(Engine(FakeSession, on_wake, name="shared"))
        return made[-1]

    bridge = Bridge({"play": make, "train": make})
    assert len(made) == 1 and bridge.close()


def test_a_lane_that_is_stuck_is_not_waited_for(qtbot) -> None:
    entered, release = threading.Event(), threading.Event()

    class Stuck(FakeSession):
        def handle(self, request):
            entered.set()
            assert release.wait(30)

    bridge = Bridge(makers(Stuck()))
    bridge.submit("play", "x.y", api.CatalogRequest())
    assert entered.wait(10)
    assert not bridge.close(timeout_s=0.01)
    release.set()
    assert bridge.close(timeout_s=10)
