"""Pictures with words under them: the words have room where there is some, and the pictures are no smaller for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics

from genstudio.ui.widgets.scored_stage import ScoredStage

PICTURES = np.random.default_rng(0).integers(0, 255, (5, 32, 32, 3), np.uint8)
LONG = ("2.83 · stairs", "4.11 · stairs", "37.9 · stairs", "41.8 · cross", "45.8 · cross")


@pytest.fixture
def stage(qtbot: Any) -> ScoredStage:
    made = ScoredStage()
    qtbot.addWidget(made)
    made.resize(640, 110)
    return made


def wide(stage: ScoredStage) -> int:
    return max(QFontMetrics(stage._font()).horizontalAdvance(words) for words in stage.words())


def test_words_that_are_wider_than_their_pictures_do_not_touch(stage: ScoredStage) -> None:
    stage.set_scored(PICTURES, ("1", "2", "3", "4", "5"), 5)
    before = stage.picture_rect(0).size()
    stage.set_scored(PICTURES, LONG, 5)
    assert wide(stage) < stage.cell_rect(0).width(), "each is within its own cell"
    assert stage.picture_rect(0).size() == before, "and no picture is smaller"
    boxes = [stage.picture_rect(k) for k in range(5)]
    assert all(box.center().x() == pytest.approx(stage.cell_rect(k).center().x(), abs=1) for k, box in enumerate(boxes))
    stage.set_scored(PICTURES, LONG[::-1], 5)
    assert stage.picture_rect(0) == boxes[0], "other words of that length move nothing"


def test_margins_are_neither_copied_nor_pictures(stage: ScoredStage) -> None:
    stage.set_scored(PICTURES, LONG, 5)
    shown = stage.grab().toImage()
    assert np.array_equal(stage.seen(), PICTURES)
    box, ratio = stage.picture_rect(2), stage.devicePixelRatioF()
    corner = shown.pixelColor(round((box.left() + 1) * ratio), round((box.top() + 1) * ratio))
    assert (corner.red(), corner.green(), corner.blue()) == tuple(map(int, PICTURES[2, 0, 0]))


def test_without_room_letters_are_small_and_pictures_stay_as_large(stage: ScoredStage) -> None:
    stage.resize(230, 110)
    stage.set_scored(PICTURES, ("1",) * 5, 5)
    before = stage.picture_rect(0).size()
    stage.set_scored(PICTURES, LONG, 5)
    assert stage.picture_rect(0).size() == before and stage.columns() == 5


def test_numbers_that_would_touch_stand_there_without_decimals(stage: ScoredStage) -> None:
    numbers = ("36.7", "21.0", "35.6", "56.2", "…")
    stage.set_scored(PICTURES, numbers, 5)
    assert stage.written() == numbers, "there is room"
    stage.resize(150, 60)
    stage.set_scored(PICTURES[:, :, :24], ("1",) * 5, 5)
    stage.set_scored(PICTURES[:, :, :24], numbers, 5)
    assert wide(stage) > stage.cell_rect(0).width() - 6, "there is none"
    assert stage.written() == ("37", "21", "36", "56", "…") and stage.words() == numbers
