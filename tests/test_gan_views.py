"""The views over the stage of a run on pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from gan_desk import Counting, gan_desk, train, train_to
from page_desk import Desk
from PySide6.QtWidgets import QWidget

from genstudio.ui.tabs.training_run import Moment, TrainingRun


class Noting(QWidget):
    """A view that notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[Moment] = []

    def show_moment(self, moment: Moment, run: TrainingRun) -> None:
        self.moments.append(moment)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Counting())
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
