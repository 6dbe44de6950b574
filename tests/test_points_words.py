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
