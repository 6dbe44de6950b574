"""Games on points that nobody exported: what is kept of them, and how they are played again."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_desk import Desk, settle
from points_desk import play_until, points_desk

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import PointGANSettings
from genstudio.ui.points.page import PointsPage


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    made = points_desk(qtbot, tmp_path)
    yield made
    made.close()


def test_a_game_that_makes_room_or_is_closed_is_kept_and_played_again(desk: Desk, qtbot: Any, tmp_path: Path) -> None:
    page: PointsPage = desk.page
    page.player.set_wait(1.0)
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) > 0, timeout=20_000)
    assert not page.controls.save.isVisible() and not page.save() and page.farewell() == {}, "too little"
    page.player.set_wait(0.0)
    page.controls.set_value(PointGANSettings(hidden=8, batch_size=16))
    page.start_run()
    play_until(desk, qtbot, 125)
    page.reset()
    qtbot.waitUntil(lambda: list(tmp_path.glob("last run (ring, *).json")) != [], timeout=20_000)
    qtbot.waitUntil(lambda: "kept for the next start as “ring at" in desk.messages[-1], timeout=20_000)
    assert page.run.state == "none" and page.farewell() == {}, "it is on the disk"
    play_until(desk, qtbot, 125)
    page.run_pressed()
    (request,) = page.farewell()["train"]
    settle(desk, qtbot, "train")
    event = desk.session.handle(request)  # as the lane does at the end
    left, name = event.progress.iteration, Path(event.path).stem.removeprefix("last run (").split(",")[0]
    assert left >= 125 and name in ("ring", "ring 2"), "the one before may have been as long"
    again = points_desk(qtbot, tmp_path)
    try:
        assert again.messages[-1] == f"Your last game on points ({name}, {left} iterations) is kept."
        with qtbot.waitSignal(again.page.file_wanted) as wanted:
            again.offers[-1]()
        *_, restored = again.session.stream(api.RestoreRequest(*wanted.args))
        again.page.step_pressed()
        qtbot.waitUntil(lambda: again.page.run.iteration > 0, timeout=20_000)
        first = again.page.run
        again.page.restore(restored)
        assert again.messages[-1] == f"Replaying {Path(event.path).name} to iteration {left} …"
        assert again.page.standing == again.messages[-1]
        qtbot.waitUntil(lambda: again.page.run.state == "ended", timeout=60_000)
        assert again.page.run.iteration == left and "identical to the last pixel" in again.messages[-1]
        assert again.page.standing == again.messages[-1], "until something else is shown"
        assert again.page.farewell() == {}, "the file has it already"
        with qtbot.waitSignal(again.page.withdrawn):
            again.offers[-1]()
        assert again.page.run is first, "the run before is a press away"
    finally:
        again.close()


def test_of_the_games_that_were_kept_the_newest_three_stay(tmp_path: Path) -> None:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    settings = PointGANSettings(hidden=8, batch_size=16)
    for age, name in enumerate(("moons, 1", "moons, 2", "ring, 9"), 1):
        (tmp_path / f"last run ({name}).json").touch()
        os.utime(tmp_path / f"last run ({name}).json", (1e9 - age, 1e9 - age))
    (tmp_path / "mine.json").touch()
    request = api.TrainRequest("point-gan", "ring", settings, iterations=4, preview=1)
    list(session.stream(api.RunRequest(request, 4)))
    first = session.handle(api.KeepRequest(4))
    kept = {"last run (ring, 4).json", "last run (moons, 1).json", "last run (moons, 2).json"}
    assert {path.name for path in tmp_path.glob("*.json")} == kept | {"mine.json"}
    list(session.stream(api.RunRequest(dataclasses.replace(request, iterations=5), 4)))
    session.handle(api.KeepRequest(4, (), first.path))
    kept = {"last run (ring, 5).json", "last run (moons, 1).json", "last run (moons, 2).json"}
    assert {path.name for path in tmp_path.glob("*.json")} == kept | {"mine.json"}, "the same run, later"
