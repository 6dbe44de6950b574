"""What the caption of the game on points says of a morph and of the past."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_desk import Desk
from points_desk import play_until, points_desk

from genstudio.ui.points.morph import Morph
from genstudio.ui.points.words import looking_back, on_the_way


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    made = points_desk(qtbot, tmp_path)
    yield made
    made.close()


def test_a_morph_says_where_it_is_and_how_many_points_are_between_the_islands(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 10)
    qtbot.waitUntil(lambda: "islands found" in page.caption.text(), timeout=20_000)
    page.run_pressed()
    slider = next(part for part in page.parts if isinstance(part, Morph)).slider
    slider.set_value(0.3)
    assert "30 %" in page.caption.text() and "lie between the islands" in page.caption.text()
    assert "islands found" not in page.caption.text()
    slider.set_value(1.0)
    assert "islands found" in page.caption.text() and "of the way" not in page.caption.text()


def test_without_islands_a_morph_says_only_where_it_is() -> None:
    assert "islands" not in on_the_way(0.5, None) and "<b>64 %</b> of" in on_the_way(0.5, 0.64)


def test_each_sentence_of_the_past_begins_with_a_capital() -> None:
    numbers = {name: np.float32([0.5, 0.1]) for name in ("wasserstein", "js")}
    assert "paused. <generated>Generated</generated> points lie" in looking_back(3, 9, False, numbers, -1)


def test_undo_says_what_it_has_changed_back_and_what_it_would_do_next(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 10)
    qtbot.waitUntil(lambda: len(page.run.rewinds) > 0 and len(page.run.history) > 2, timeout=30_000)
    page.run_pressed()
    page.remember()
    left = page.run
    page._scrubbed(1)
    page.rewind()
    qtbot.waitUntil(lambda: page.run is not left and page.run.left is None, timeout=30_000)
    page.controls.form.controls["lr_d"].setValue(0.02)
    qtbot.waitUntil(lambda: desk.messages[-1].endswith("on Rate D is 0.02."), timeout=30_000)
    assert page.undo() and page.run is not left
    qtbot.waitUntil(lambda: desk.messages[-1].startswith("Undone: "), timeout=30_000)
    assert desk.messages[-1].endswith("is 0.001. Undo again (Ctrl+Z) brings back the run that was put away.")
    assert page.undo() and page.run is left
