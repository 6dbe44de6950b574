"""The views over the stage of a run on pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from eye_desk import REAL, Seeing
from gan_desk import gan_desk, train, train_to
from page_desk import Desk
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from genstudio.ui.game.beside import NONE
from genstudio.ui.game.room import class_columns
from genstudio.ui.style_sheet import style_sheet
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.theme import theme
from genstudio.ui.widgets.picture_grid import fit
from genstudio.ui.widgets.segments import Segments


class Noting(QWidget):
    """A view that notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[Moment] = []

    def show_moment(self, moment: Moment, run: TrainingRun) -> None:
        self.moments.append(moment)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Seeing())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def press(page: Any, name: str) -> None:
    page.views.segments.button(name).click()


def test_only_the_view_that_is_seen_is_told_the_moment(desk, qtbot):
    noting = Noting()
    desk.page.views.add("noting", "Noting", "Notes", noting)
    page = train_to(desk, qtbot, 25)
    assert page.views.seen() == "samples" and not noting.moments and page.stage.isVisible()
    press(page, "noting")
    assert noting.moments == [page.run.shown()] and noting.isVisible() and not page.stage.isVisible()
    page.step(-1)
    assert noting.moments[-1] is page.run.shown() is page.run.history[len(page.run.history) - 2]
    press(page, "samples")
    told = len(noting.moments)
    page.step(-1)
    assert len(noting.moments) == told
    assert np.array_equal(page.stage.pictures(), page.run.shown().samples)


def test_samples_of_a_network_that_draws_classes_have_a_column_for_each(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    count = len(page.run.shown().samples)
    page.run.classes = tuple(map(str, range(count // 6)))
    page.show_samples()
    assert page.stage.columns() == count // 6
    narrow = fit(60, 28, 28, (500, 600), wish=10)
    assert narrow.zoom == 2 and narrow.columns < 10, "they are not made smaller for it"
    assert fit(60, 28, 28, (600, 600), wish=10).columns == 10 and fit(60, 28, 28, (600, 600)).columns != 10
    assert class_columns(60, 0) == 0 and class_columns(60, 47) == 0, "a row would end amid the classes"


def test_a_walk_and_an_invitation_have_the_stage_alone(desk, qtbot):
    page = train(desk, qtbot)
    page.views.add("noting", "Noting", "Notes", noting := Noting())
    press(page, "noting")
    page.show_model("mnist-dcgan")
    assert not page.views.row.isVisible() and page.stage.isVisible() and not noting.isVisible()
    page.show_run()
    assert page.views.row.isVisible() and noting.isVisible()
    page.reset()
    assert not page.views.row.isVisible() and page.stage.isVisible()


def test_the_page_remembers_the_view_and_undo_goes_back_to_the_one_before(desk, qtbot):
    page = train(desk, qtbot)
    page.views.add("noting", "Noting", "Notes", Noting())
    press(page, "noting")
    assert page.parameters()["view"] == "noting"
    page.undo()
    assert page.views.value() == page.parameters()["view"] == "samples"
    page.set_parameters({**page.parameters(), "view": "noting"})
    assert page.views.seen() == "noting"
    page.set_parameters({**page.parameters(), "view": "of another version"})
    assert page.views.value() == "noting"


def test_generated_pictures_stand_beside_the_real_ones_of_the_run(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    press(page, "beside")
    generated, real = page.beside.generated, page.beside.real
    shown = len(generated.pictures())
    assert 0 < shown < 60 and min(generated.zoom(), real.zoom()) >= 2
    assert np.array_equal(generated.pictures(), page.run.shown().samples[:shown])
    assert np.array_equal(real.pictures(), REAL[:shown])
    assert generated.columns() == real.columns() and generated.isVisible() and real.isVisible()
    page.step(-1)
    assert np.array_equal(generated.pictures(), page.run.shown().samples[:shown])
    page.resize(2800, 2600)
    assert len(generated.pictures()) == len(real.pictures()) == 60


def test_a_network_that_is_told_the_class_stands_beside_its_classes(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    page.run.request = dataclasses.replace(page.run.request, family="cgan")
    press(page, "beside")
    assert "class" in page.beside.headings[1].text()


def test_a_place_that_is_clicked_is_framed_in_every_view(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    press(page, "beside")
    page.beside.real.cell_clicked.emit(7)
    assert page.stage.selected() == page.beside.generated.selected() == page.beside.real.selected() == 7
    page.beside.generated.cell_clicked.emit(7)
    assert page.stage.selected() == page.beside.generated.selected() == page.beside.real.selected() == -1


def test_the_real_pictures_stay_with_a_run_that_goes_back_and_with_undo(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    press(page, "beside")
    page.step(-1)
    left = page.run
    page.rewind()
    qtbot.waitUntil(lambda: page.run is not left and page.run.left is None)
    assert np.array_equal(page.beside.real.pictures(), REAL[: len(page.beside.generated.pictures())])
    page.bring_back()
    assert page.run is left and np.array_equal(
        page.beside.real.pictures(), REAL[: len(page.beside.generated.pictures())]
    )


def test_a_run_of_which_no_real_pictures_are_known_says_so(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    page.run.real = None
    press(page, "beside")
    assert page.beside.real.pictures() is None
    assert any(label.text() == NONE for label in page.beside.real.findChildren(QLabel))


def test_the_words_are_closer_where_room_is_short(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    button = page.views.segments.button("samples")
    for width, is_tight in ((200, "true"), (2000, "false")):
        page.views.resize(width, 400)
        assert button.property("tight") == is_tight


def test_words_that_were_closer_are_whole_once_there_is_room(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setStyleSheet(style_sheet(theme().colors, theme().px, theme().gap))
    segments = Segments("View", (("a", "Samples", ""), ("b", "Beside real", ""), ("c", "Critic's eye", "")))
    row = QHBoxLayout(holder)
    row.addWidget(segments)
    row.addStretch(1)
    holder.resize(700, 60)
    holder.show()
    buttons = [segments.button(key) for key in "abc"]
    usual = [button.sizeHint().width() for button in buttons]
    segments.set_tight(True)
    qtbot.waitUntil(lambda: all(button.width() < wide for button, wide in zip(buttons, usual, strict=True)))
    segments.set_tight(False)
    qtbot.waitUntil(lambda: [button.width() for button in buttons] == usual)
